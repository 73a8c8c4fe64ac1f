"The checks see what they are there for: each fault is planted in a small project of the same form"
import json, os, shutil, time, zlib
import psutil, pytest, checks, readme

def cell(kind, source, outputs=None, id=None):
    c = dict(cell_type=kind, id=id or f'{zlib.crc32(source.encode()):08x}', metadata={}, source=source.splitlines(True))
    return c | (dict(execution_count=None, outputs=outputs or []) if kind == 'code' else {})

def stdout(text): return [dict(name='stdout', output_type='stream', text=[text])]

def write(path, *cells):
    nb = dict(cells=list(cells), metadata=dict(kernelspec=dict(display_name='python3', language='python', name='python3')), nbformat=4, nbformat_minor=5)
    path.write_text(json.dumps(nb, sort_keys=True, indent=1, ensure_ascii=False) + '\n', encoding='utf-8')

TITLE = cell('markdown', '# Core\n\n> One function', id='aaaaaaaa')
EXP   = cell('code', '#| default_exp core', id='bbbbbbbb')
TWICE = cell('code', '#| export\ndef twice(x): return 2*x', id='cccccccc')
TEST  = cell('code', 'assert twice(2) == 4\nprint(twice(2))', stdout('4\n'), id='dddddddd')

@pytest.fixture(scope='module')
def sound(tmp_path_factory, root):
    "A project with one module in which nothing is wrong"
    d = tmp_path_factory.mktemp('sound'); (d/'nbs').mkdir()
    shutil.copy(root/'settings.ini', d)
    write(d/'nbs'/'00_core.ipynb', TITLE, EXP, TWICE, TEST)
    write(d/'nbs'/'index.ipynb', cell('markdown', '# A project\n\n[the core](00_core.ipynb)', id='eeeeeeee'), TEST | dict(source=['print(4)']))
    r = checks.python(d, '-c', 'from nbdev.doclinks import nbdev_export; nbdev_export.__wrapped__()')
    assert r.returncode == 0, r.stderr
    (d/'README.md').write_text(readme.render(d))
    return d

@pytest.fixture
def project(sound, tmp_path): return shutil.copytree(sound, tmp_path/'project')

STATE = checks.not_exported, checks.exported_twice, checks.unclean, checks.undefined, checks.no_outputs, checks.remote, checks.foreign_words, checks.broken_links, checks.upstairs, checks.heavy_imports

@pytest.mark.parametrize('check', STATE, ids=lambda f: f.__name__)
def test_nothing_is_seen_in_a_sound_project(check, sound): assert check(sound) == []

def run(project, tmp_path, *cells, **kw):
    write(project/'nbs'/'00_core.ipynb', TITLE, EXP, *cells)
    return '\n'.join(checks.run(project/'nbs'/'00_core.ipynb', tmp_path/'log', **kw))

# 1. every notebook runs
def test_a_sound_notebook_passes(project, tmp_path): assert run(project, tmp_path, TWICE, TEST) == ''
def test_a_failing_cell_is_seen(project, tmp_path): assert 'AssertionError' in run(project, tmp_path, TWICE, cell('code', 'assert twice(2) == 5'))
def test_an_early_end_is_seen(project, tmp_path): assert 'exit status 0' in run(project, tmp_path, cell('code', 'import os; os._exit(0)'))
def test_flags_choose_the_cells(project, tmp_path):
    fails = cell('code', '#| slow\nassert False')
    assert run(project, tmp_path, fails) == '' and 'AssertionError' in run(project, tmp_path, fails, flags=['slow'])
def test_state_does_not_leak(project, tmp_path):
    assert run(project, tmp_path, cell('code', 'import os; os.environ["LEAK"] = "1"')) == '' and 'LEAK' not in os.environ

def test_a_hang_is_ended_with_its_children(project, tmp_path):
    pid = tmp_path/'pid'
    hang = f'import subprocess, sys, time\np = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])\nopen({str(pid)!r}, "w").write(str(p.pid))\ntime.sleep(600)'
    assert 'still running after 8 s' in run(project, tmp_path, cell('code', hang), timeout=8)
    def gone():
        try: return psutil.Process(int(pid.read_text())).status() == psutil.STATUS_ZOMBIE   # ended; a container may have nobody to reap it
        except psutil.NoSuchProcess: return True
    assert any(gone() or time.sleep(0.1) for _ in range(50))

# 2. the package is what the notebooks export
def test_a_stale_module_is_seen(project):
    p = project/'equilibrium'/'core.py'; p.write_text(p.read_text().replace('2*x', '3*x'))
    assert 'equilibrium/core.py: is not what its notebook exports (run nbdev_export)' in checks.not_exported(project)
def test_an_orphaned_module_is_seen(project):
    (project/'equilibrium'/'old.py').write_text('x = 1\n')
    assert 'equilibrium/old.py: no notebook exports it' in checks.not_exported(project)
def test_a_missing_module_is_seen(project):
    (project/'equilibrium'/'core.py').unlink()
    assert 'equilibrium/core.py: exported by a notebook, missing here (run nbdev_export)' in checks.not_exported(project)
def test_a_module_exported_twice_is_seen(project):
    write(project/'nbs'/'01_core.ipynb', TITLE, EXP, TWICE)
    assert checks.exported_twice(project) == ['core: exported by nbs/00_core.ipynb and nbs/01_core.ipynb']
def test_an_export_to_nowhere_is_seen(project):
    write(project/'nbs'/'01_more.ipynb', TITLE, TWICE)
    assert any('default_exp' in b for b in checks.not_exported(project))

# 3. nbdev_clean changes nothing
def test_a_notebook_that_was_not_cleaned_is_seen(project):
    write(project/'nbs'/'00_core.ipynb', TITLE, EXP, TWICE, TEST | dict(execution_count=3))
    assert checks.unclean(project) == ['nbs/00_core.ipynb: nbdev_clean changes it']

# 4. no undefined names
def test_a_name_of_an_unexported_cell_is_seen(project, tmp_path):
    cells = cell('code', 'import math'), cell('code', '#| export\ndef root(x): return math.sqrt(x)'), cell('code', 'assert root(4) == 2')
    assert run(project, tmp_path, *cells) == ''   # the notebook is content
    checks.python(project, '-c', 'from nbdev.doclinks import nbdev_export; nbdev_export.__wrapped__()')
    assert len(bad := checks.undefined(project)) == 1 and "undefined name 'math'" in bad[0]

# 5. README and stored outputs
def test_a_readme_that_was_edited_is_seen(project):
    p = project/'README.md'; assert p.read_text() == readme.render(project)
    write(project/'nbs'/'index.ipynb', cell('markdown', '# Another project'))
    assert p.read_text() != readme.render(project)
def test_missing_outputs_are_seen(project):
    write(project/'nbs'/'00_core.ipynb', TITLE, EXP, TWICE, TEST | dict(outputs=[]))
    assert checks.no_outputs(project) == ['nbs/00_core.ipynb: no stored outputs', 'nbs/00_core.ipynb: cell dddddddd prints, but its output is not stored']
def test_a_stored_error_is_seen(project):
    write(project/'nbs'/'00_core.ipynb', TITLE, EXP, TWICE, TEST | dict(outputs=[dict(output_type='error', ename='E', evalue='', traceback=[])]))
    assert checks.no_outputs(project) == ['nbs/00_core.ipynb: cell dddddddd stores an error']

# the house
def test_an_import_from_above_is_seen(project):
    (project/'equilibrium'/'layers.py').write_text('from .models import x\nfrom equilibrium.data.loader import y\nimport pandas\ndef f(): import sympy\n')
    assert checks.upstairs(project) == ['equilibrium/layers.py: imports equilibrium.models.x']
    assert checks.heavy_imports(project) == ['equilibrium/layers.py: pandas']
def test_links_words_and_remote_outputs_are_seen(project):
    html = [dict(output_type='display_data', metadata={}, data={'text/html': ['<script src="https://x.y/z.js"></script>']})]
    write(project/'nbs'/'00_core.ipynb', TITLE, cell('markdown', 'see [there](nowhere.ipynb) and issue 7, `[not](this)`'), TEST | dict(outputs=html))
    assert checks.broken_links(project) == ['nbs/00_core.ipynb: nowhere.ipynb']
    assert len(checks.foreign_words(project)) == len(checks.remote(project)) == 1
