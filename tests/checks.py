"What must hold of a folder laid out as this repository. Each check takes the folder and returns what is wrong, a line each"
import ast, difflib, json, os, re, shutil, signal, subprocess, sys, tempfile
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
import run_notebook

def settings(root):
    ini = ConfigParser(delimiters=['=']); ini.read(root/'settings.ini', encoding='utf-8')
    return ini['DEFAULT']

def notebooks(root):
    "The notebooks nbdev goes over, in reading order"
    found = (root/'nbs').rglob('*.ipynb')
    return sorted(p for p in found if not any(s[0] in '_.' for s in p.relative_to(root).parts))

def name(path, root): return path.relative_to(root).as_posix()
def modules(root): return sorted(p for p in (root/'equilibrium').rglob('*.py') if '__pycache__' not in p.parts)
def load(path): return json.loads(path.read_text(encoding='utf-8'))
def source(cell): return ''.join(cell['source'])
def directives(cell): return set(re.findall(r'^#\|\s*([\w]+)', source(cell), re.M))

@contextmanager
def copy_of(root, *parts):
    "A throw-away copy of some files and folders of `root`"
    with tempfile.TemporaryDirectory() as d:
        for part in parts:
            a, b = root/part, Path(d)/part
            b.parent.mkdir(parents=True, exist_ok=True)
            if a.is_dir(): shutil.copytree(a, b, symlinks=True, ignore=shutil.ignore_patterns('.ipynb_checkpoints', '__pycache__', '_proc'))
            elif a.exists(): shutil.copy2(a, b)
        yield Path(d)

def python(root, *args):
    "Run Python in `root`, with no trace of a notebook test in its environment"
    env = {k: v for k,v in os.environ.items() if k != 'IN_TEST'}
    return subprocess.run([sys.executable, *args], cwd=root, env=env | dict(OMP_NUM_THREADS='1'), capture_output=True, text=True, timeout=600)

# --- notebooks run

def run(notebook, log, timeout=600, flags=()):
    "Run one notebook in a process group of its own, its output into the file `log`; what it left running is killed"
    env = os.environ | dict(OMP_NUM_THREADS='1', PYTHONUNBUFFERED='1', HF_HUB_OFFLINE='1', HF_DATASETS_OFFLINE='1', WANDB_MODE='disabled',
        EQ_TEST_OUT=str(Path(log).parent/'out'))   # experiments write here, and find nothing finished
    with open(log, 'w+', encoding='utf-8') as out:
        p = subprocess.Popen([sys.executable, run_notebook.__file__, str(notebook), *flags], env=env, stdin=subprocess.DEVNULL,
                             stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        try: status = f'exit status {p.wait(timeout)}'
        except subprocess.TimeoutExpired: status = f'still running after {timeout} s'
        finally:
            try: os.killpg(p.pid, signal.SIGKILL)
            except ProcessLookupError: pass
            p.wait()
        out.seek(0); text = out.read()
    return [] if status == 'exit status 0' and run_notebook.DONE in text else [f'{notebook}: {status}', *text.splitlines()[-60:]]

# --- the package is what the notebooks export

def not_exported(root):
    "Differences between the package and a fresh export of the notebooks"
    bad = []
    with copy_of(root, 'nbs', 'settings.ini') as d:
        r = python(d, '-c', 'from nbdev.doclinks import nbdev_export; nbdev_export.__wrapped__()')
        if r.returncode: return ['nbdev_export failed'] + r.stderr.splitlines()[-20:]
        if 'default_exp' in r.stderr: bad += [l for l in r.stderr.splitlines() if 'default_exp' in l]
        old, new = ({name(p, top): p.read_text(encoding='utf-8') for p in modules(top)} for top in (root, d))
    for m in sorted(old | new):
        if m not in new: bad.append(f'{m}: no notebook exports it')
        elif m not in old: bad.append(f'{m}: exported by a notebook, missing here (run nbdev_export)')
        elif old[m] != new[m]:
            bad.append(f'{m}: is not what its notebook exports (run nbdev_export)')
            bad += list(difflib.unified_diff(old[m].splitlines(), new[m].splitlines(), 'here', 'exported', lineterm='', n=0))[:8]
    return bad

def exported_twice(root):
    "Modules that two notebooks name: nbdev keeps the last one and says nothing"
    seen, bad = {}, []
    for p in notebooks(root):
        for m in {m for c in load(p)['cells'] if c['cell_type'] == 'code' for m in re.findall(r'^#\|\s*default_exp\s+(\S+)', source(c), re.M)}:
            if m in seen: bad.append(f'{m}: exported by {name(seen[m], root)} and {name(p, root)}')
            seen[m] = p
    return bad

def unclean(root):
    "Notebooks that nbdev_clean would change"
    with copy_of(root, 'nbs', 'settings.ini') as d:
        r = python(d, '-c', 'from nbdev.clean import nbdev_clean; nbdev_clean.__wrapped__()')
        if r.returncode: return ['nbdev_clean failed'] + r.stderr.splitlines()[-20:]
        return [f'{name(p, root)}: nbdev_clean changes it' for p in notebooks(root) if p.read_bytes() != (d/name(p, root)).read_bytes()]

def undefined(root):
    "Names a module uses and nothing in it defines: they may work in its notebook and fail in the package"
    from pyflakes import checker, messages as m
    kinds = m.UndefinedName, m.UndefinedExport, m.UndefinedLocal, m.ImportStarUsed, m.ImportStarUsage   # a star import hides the rest
    bad = []
    for p in modules(root):
        for msg in checker.Checker(ast.parse(p.read_text(encoding='utf-8')), name(p, root)).messages:
            if isinstance(msg, kinds): bad.append(str(msg))
    return bad

# --- what a reader sees

def no_outputs(root):
    "Notebooks without their outputs, cells that print and show nothing, outputs that are errors"
    bad = []
    for p in notebooks(root):
        code = [c for c in load(p)['cells'] if c['cell_type'] == 'code' and source(c).strip()]
        if code and not any(c['outputs'] for c in code): bad.append(f'{name(p, root)}: no stored outputs')
        for c in code:
            if any(o['output_type'] == 'error' for o in c['outputs']): bad.append(f'{name(p, root)}: cell {c["id"]} stores an error')
            if not c['outputs'] and prints(c): bad.append(f'{name(p, root)}: cell {c["id"]} prints, but its output is not stored')
    return bad

def prints(cell):
    "Does the cell call print at its top level?"
    if re.search(r'^#\|\s*eval:\s*false', source(cell), re.M): return False
    try: body = ast.parse(source(cell)).body
    except SyntaxError: return False   # a magic or a shell line
    return any(isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) and getattr(s.value.func, 'id', '') == 'print' and not s.value.keywords for s in body)

def remote(root):
    "Stored outputs that a browser would fetch something for"
    bad = []
    for p in notebooks(root):
        for c in load(p)['cells']:
            for o in c.get('outputs', []):
                data = o.get('data', {})
                html = ''.join(data.get('text/html', '')) + ''.join(data.get('text/markdown', ''))
                if 'application/javascript' in data or any('widget' in k for k in data) or re.search(r'<script|<iframe|<link|src="?https?:|!\[[^]]*\]\(http', html):
                    bad.append(f'{name(p, root)}: the output of cell {c["id"]} needs a network or a kernel')
    return bad

FOREIGN = re.compile(r'\bissues?\s+#?\d+|\b(?:this|previous|next|earlier|later|last) session\b|\bthe (?:lead|CEO)\b|/work/|/root/|/home/\w+|\.pyenv', re.I)

def foreign_words(root):
    "Text that means nothing to a reader: numbers of issues, paths of the machine the notebook was run on"
    bad = []
    for p in notebooks(root):
        for c in load(p)['cells']:
            texts = [source(c)] + [''.join(o.get('text', '')) + ''.join(o.get('data', {}).get('text/plain', '')) for o in c.get('outputs', [])]
            bad += [f'{name(p, root)}: cell {c["id"]}: {m[0]!r}' for t in texts for m in FOREIGN.finditer(t)]
    return bad

def prose(cell): return re.sub(r'```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$', '', source(cell), flags=re.S)
def links(text): return re.findall(r'\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"', text)

def broken_links(root):
    "Links of notebooks, README and DEVLOG that lead to no file of the repository; badges that open another notebook"
    cfg = settings(root); bad = []
    here = f"{cfg['git_url']}/blob/{cfg['branch']}/"
    colab = f"https://colab.research.google.com/github/{cfg['user']}/{cfg['repo']}/blob/{cfg['branch']}/"
    pages = [(p, ''.join(prose(c)+'\n' for c in load(p)['cells'] if c['cell_type'] == 'markdown')) for p in notebooks(root)]
    pages += [(p, prose(dict(source=p.read_text(encoding='utf-8')))) for p in (root/'README.md', root/'DEVLOG.md') if p.exists()]
    for p,text in pages:
        for link in (a or b for a,b in links(text)):
            link = link.partition('#')[0]
            if link.startswith(colab): ok = root/link[len(colab):] == p
            elif link.startswith(here): ok = (root/link[len(here):]).exists()
            elif not link or re.match(r'[a-z]+:', link): continue
            else: ok = (p.parent/link).exists()
            if not ok: bad.append(f'{name(p, root)}: {link}')
    return bad

def no_badge(root):
    "Notebooks that do not open in Colab from their head"
    return [name(p, root) for p in notebooks(root) if p.name != 'index.ipynb'
            and not any('colab.research.google.com/github/' in source(c) for c in load(p)['cells'][:3])]

# --- the house

FLOORS = [{'core', 'config', 'devlog', 'tables'}, {'data', 'optim'}, {'layers'}, {'models'}, {'train'}, {'align'}, {'eval', 'export', 'quant'}, {'cli'}]

def imports(tree, package):
    "(the module imported, whether at the top of the file) for each import of the project itself"
    top = set(map(id, tree.body))
    for n in ast.walk(tree):
        if isinstance(n, ast.Import): mods = [a.name for a in n.names]
        elif isinstance(n, ast.ImportFrom):
            base = package[:len(package)+1-n.level] if n.level else []
            base = '.'.join([*base, *filter(None, [n.module])])
            mods = [f'{base}.{a.name}' for a in n.names]
        else: continue
        for m in mods: yield m, id(n) in top

def upstairs(root):
    "Imports from a higher floor, or from a neighbour on the same floor"
    floor = {part: i for i,parts in enumerate(FLOORS) for part in parts}
    bad = []
    for p in modules(root):
        parts = p.relative_to(root).with_suffix('').parts
        if p.name.startswith('_'): continue
        for m,_ in imports(ast.parse(p.read_text(encoding='utf-8')), parts[:-1]):
            m = m.split('.')
            if m[0] != 'equilibrium' or len(m) < 2: continue
            a, b = parts[1], m[1]
            if a not in floor: bad.append(f'{name(p, root)}: {a!r} is on no floor'); break
            if b in floor and a != b and (floor[b] > floor[a] or floor[b] == floor[a] > 0): bad.append(f'{name(p, root)}: imports {".".join(m)}')
    return bad

LIGHT = 'torch', 'numpy', 'einops', 'safetensors', 'tokenizers', 'tqdm'

def heavy_imports(root):
    "Modules that import, at the top of the file, what the light installation does not name"
    bad = []
    for p in modules(root):
        parts = p.relative_to(root).with_suffix('').parts
        if len(parts) > 1 and parts[1] in set().union(*FLOORS[4:]): continue
        for m,top in imports(ast.parse(p.read_text(encoding='utf-8')), parts[:-1]):
            m = m.partition('.')[0]
            if top and m != 'equilibrium' and m not in LIGHT and m not in sys.stdlib_module_names: bad.append(f'{name(p, root)}: {m}')
    return bad

def sidebar(root):
    "Notebooks the site's sidebar leaves out, names twice, or names out of reading order; the home page's map likewise"
    import yaml
    def walk(x):
        if isinstance(x, dict): x = [x.get('href'), x.get('file'), *(x.get('contents') or [])]
        if isinstance(x, str): yield x
        elif isinstance(x, list):
            for y in x: yield from walk(y)
    yml = yaml.safe_load((root/'nbs'/'sidebar.yml').read_text(encoding='utf-8'))
    listed = [x for x in walk(yml['website']['sidebar']['contents']) if x.endswith('.ipynb')]
    there = [name(p, root/'nbs') for p in notebooks(root)]
    index = root/'nbs'/'index.ipynb'
    linked = ''.join(source(c) for c in load(index)['cells']) if index.exists() else ''
    bad = [f'{x}: not in nbs/sidebar.yml' for x in there if x not in listed]
    bad += [f'{x}: in nbs/sidebar.yml, but there is no such notebook' for x in listed if x not in there]
    bad += [f'{x}: twice in nbs/sidebar.yml' for x in sorted({x for x in listed if listed.count(x) > 1})]
    bad += [f'{x}: no link from nbs/index.ipynb' for x in there if x != 'index.ipynb' and f']({x})' not in linked]
    for folder in {Path(x).parent for x in listed}:
        inside = [x for x in listed if Path(x).parent == folder and x != 'index.ipynb' and '/' in x]
        if inside != sorted(inside): bad.append(f'{folder}: not in reading order in nbs/sidebar.yml')
    return bad
