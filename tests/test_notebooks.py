"Every notebook runs, each in a process of its own"
import pytest
from checks import name, notebooks, run
from conftest import ROOT

NOTEBOOKS = notebooks(ROOT)
HEAVY_FIRST = sorted(NOTEBOOKS, key=lambda p: (not p.name.startswith('exp_'), name(p, ROOT)))   # so that no long one starts last

def test_there_are_notebooks(): assert len(NOTEBOOKS) > 10

@pytest.mark.parametrize('notebook', HEAVY_FIRST, ids=lambda p: name(p, ROOT/'nbs').removesuffix('.ipynb'))
def test_runs(notebook, tmp_path, request):
    slow = request.config.getoption('--run-slow')
    bad = run(notebook, tmp_path/'log', timeout=1800 if slow else 600, flags=['slow'] if slow else [])
    if bad: pytest.fail('\n'.join(bad), pytrace=False)
