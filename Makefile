# Equilibrium. `make` lists the commands.
PRESET ?= cpu
JOBS   ?= 2
PY     := .venv/bin/python
STAMP  := .venv/.stamp
export PYTHON TORCH_INDEX

# An environment that was copied or moved here, or whose Python is gone, is set up again
ifneq ($(shell [ -x $(PY) ] && cat $(STAMP) 2>/dev/null),$(shell pwd -P))
stale := stale
endif

.PHONY: help exp-01 exp-02 exp-04 exp-05 exp-06 exp-07 bench test test-all lab docs readme quarto clean stale

help: ## list the commands
	@echo "Equilibrium, a literate laboratory for small hybrid language models"
	@awk -F ' ?## ?' '/^[a-z0-9-]+:.*##/ { sub(/:.*/, "", $$1); printf "  make %-9s %s\n", $$1, $$2 }' Makefile
	@echo "Each sets up .venv first where it is missing (once, about two minutes). Settings, given after the command:"
	@echo "  PYTHON=python3.12   the Python to set up with (default: the first of python3.11, 3.12, ... that works)"
	@echo "  TORCH_INDEX=https://download.pytorch.org/whl/cpu   a second index for torch: on Linux PyPI's own is a CUDA build of gigabytes"

$(STAMP): constraints.txt settings.ini setup.py $(stale)
	@.ci/setup

exp-01: ## the main job: train and compare a Transformer, Mamba-2 and a hybrid (PRESET=cpu|smoke|cpu_long|h100, FORCE=1 repeats finished runs)
exp-02: ## a fair race of optimizers: AdamW, Muon, SOAP, COSMOS, with and without a schedule (PRESET, FORCE as above)
exp-04: ## what the cache of each kind of attention costs, in bytes and in time (PRESET, FORCE as above)
exp-05: ## train short, read long: positions beyond the training length (PRESET, FORCE as above)
exp-06: ## who goes where: four ways to use experts, and what a router knows of the subject (PRESET, FORCE as above)
exp-07: ## what to read: a crawl, the part a filter keeps, and more and more generated text (PRESET, FORCE as above)

exp-01 exp-02 exp-04 exp-05 exp-06 exp-07: name = $(subst -,_,$@)
exp-01 exp-02 exp-04 exp-05 exp-06 exp-07: nb = $(notdir $(wildcard nbs/$(name)_*.ipynb))
exp-01 exp-02 exp-04 exp-05 exp-06 exp-07: $(STAMP)
	@mkdir -p runs
	$(PY) -m papermill nbs/$(nb) runs/$(nb) -p preset $(PRESET) $(if $(FORCE),-p force True) --no-progress-bar --stdout-file - --stderr-file -
	@$(PY) -m equilibrium.devlog show $(name) --preset $(PRESET)
	@echo; $(PY) -m equilibrium.devlog render
	@echo "executed notebook: runs/$(nb)"
	@echo "figures:           runs/figures/$(name)_*_$(PRESET).png"
	@echo "results files:     results/$(name)/$(PRESET)-*.json"
	@echo "DEVLOG rows:       $(if $(filter cpu_long h100,$(PRESET)),DEVLOG.md,runs/DEVLOG_local.md, beside the kept ones in DEVLOG.md)"

bench: $(STAMP) ## time the scan, the experts and the optimizers against public implementations (PRESET=cpu|smoke|cpu_long|h100, FORCE=1 repeats finished runs)
	@mkdir -p runs
	@for n in 01_ssd 02_moe 03_optim; do $(PY) -m papermill nbs/bench/$$n.ipynb runs/bench_$$n.ipynb -p preset $(PRESET) $(if $(FORCE),-p force True) --no-progress-bar --stdout-file - --stderr-file - || exit 1; done
	@echo; $(PY) -m equilibrium.devlog render
	@echo "executed notebooks: runs/bench_01_ssd.ipynb runs/bench_02_moe.ipynb runs/bench_03_optim.ipynb"

test: $(STAMP) ## the whole fast suite: every notebook and the state of the repository (JOBS=2 processes)
	@$(PY) -m pytest -v -n $(JOBS)

test-all: $(STAMP) ## the same with the slow cells
	@$(PY) -m pytest -v -n $(JOBS) --run-slow

lab: $(STAMP) ## open JupyterLab; notebooks are saved in the form that is committed
	@$(PY) -m jupyterlab --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/nbs --ContentsManager.pre_save_hook=nbdev.clean.clean_jupyter

readme: $(STAMP) ## write README.md from nbs/index.ipynb
	@$(PY) tests/readme.py

quarto:
	@command -v quarto >/dev/null || { \
	  echo "make docs needs Quarto, which is no Python package: https://quarto.org/docs/get-started"; \
	  echo "(Debian and Ubuntu: the .deb there; macOS: brew install --cask quarto; conda install -c conda-forge quarto)"; exit 1; }

docs: quarto $(STAMP) ## build the site in _docs/ (needs Quarto)
	$(PY) .ci/site
	rm -rf _docs
	cd _proc && PATH="$(CURDIR)/.venv/bin:$$PATH" quarto render --no-cache
	mv _proc/_docs _docs
	@echo "the site: _docs/index.html"

clean: ## remove what the other commands make again: .venv, the site, caches (runs/ and results/ stay)
	rm -rf .venv _proc _docs build dist *.egg-info .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
