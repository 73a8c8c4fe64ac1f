"What `pip install equilibrium` gives, without the extras"
import importlib.metadata as md, re, subprocess, sys
import checks

def python(code, *args): return subprocess.run([sys.executable, '-c', code, *args], capture_output=True, text=True, timeout=120)

def test_import_is_light():
    "The package itself imports no torch: `import equilibrium` costs what starting Python costs"
    r = python("import sys, equilibrium; assert 'torch' not in sys.modules and 'numpy' not in sys.modules; print(equilibrium.__version__)")
    assert r.returncode == 0, r.stderr

def names_of(*dists):
    "The modules that these distributions and all they require bring"
    from packaging.requirements import Requirement
    todo, seen = [*dists], set()
    while todo:
        d = re.sub(r'[-_.]+', '-', todo.pop()).lower()
        if d in seen: continue
        seen.add(d)
        todo += [q.name for q in map(Requirement, md.requires(d) or []) if q.marker is None or q.marker.evaluate(dict(extra=''))]
    return {m for m,ds in md.packages_distributions().items() if {re.sub(r'[-_.]+', '-', d).lower() for d in ds} & seen}

ONLY = '''
import importlib, importlib.abc, sys
allowed = set(sys.argv[1].split()) | sys.stdlib_module_names | {'equilibrium'}
class Only(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if (top := name.partition('.')[0]) not in allowed: raise ModuleNotFoundError(f'No module named {top!r}', name=top)
sys.meta_path.insert(0, Only())
for m in sys.argv[2].split(): importlib.import_module(m)
'''

def test_floors_1_to_4_need_only_the_light_requirements(root):
    "Every module up to the models imports where nothing else is installed"
    floors = set().union(*checks.FLOORS[:4])
    mods = ['.'.join(p.relative_to(root).with_suffix('').parts).removesuffix('.__init__') for p in checks.modules(root)]
    mods = [m for m in mods if m == 'equilibrium' or m.split('.')[1] in floors]
    assert len(mods) > 5
    r = python(ONLY, ' '.join(names_of(*checks.LIGHT)), ' '.join(mods))
    assert r.returncode == 0, r.stderr
    r = python(ONLY, ' '.join(names_of(*checks.LIGHT)), 'matplotlib')
    assert "No module named 'matplotlib'" in r.stderr   # the block blocks
