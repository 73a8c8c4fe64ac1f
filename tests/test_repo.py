"The state of the repository: package, notebooks, README and site agree"
import importlib.metadata as md, os, re
import pytest, checks, readme

def holds(bad): 
    if bad: pytest.fail('\n'.join(bad), pytrace=False)

@pytest.mark.parametrize('check', [checks.not_exported, checks.exported_twice, checks.unclean, checks.undefined, checks.no_outputs,
    checks.remote, checks.foreign_words, checks.broken_links, checks.no_badge, checks.upstairs, checks.heavy_imports, checks.sidebar], ids=lambda f: f.__name__)
def test_repository(check, root): holds(check(root))

def test_readme_is_what_index_says(root): assert (root/'README.md').read_text(encoding='utf-8') == readme.render(root), 'run `make readme`'

def test_devlog_says_what_the_results_files_say(root):
    r = checks.python(root, '-m', 'equilibrium.devlog', 'check', 'DEVLOG.md')
    assert r.returncode == 0, r.stderr

def test_every_requirement_is_pinned(root):
    "What equilibrium[dev] needs, and what that needs in turn, is in constraints.txt with one exact version"
    from packaging.requirements import Requirement
    norm = lambda s: re.sub(r'[-_.]+', '-', s).lower()
    lines = [l for l in (root/'constraints.txt').read_text().splitlines() if l and not l.startswith('#')]
    assert all(re.fullmatch(r'[A-Za-z0-9._-]+==[A-Za-z0-9.]+', l) for l in lines)
    pinned = {norm(l.partition('==')[0]) for l in lines}
    assert len(pinned) == len(lines)
    todo, seen = [Requirement(r) for k,v in checks.settings(root).items() if k.endswith('requirements') and k != 'cuda_requirements' for r in v.split()], set()
    while todo:
        r = todo.pop()
        for extra in ('', *r.extras):
            if (key := (norm(r.name), extra)) in seen: continue
            seen.add(key)
            for q in map(Requirement, md.requires(r.name) or []):
                if q.marker is None or q.marker.evaluate(dict(extra=extra)): todo.append(q)
    holds([f'{n}: not in constraints.txt' for n in sorted({n for n,_ in seen} - pinned)])

def test_site_pages_come_from_stored_outputs(root):
    "The step before Quarto works by itself, makes a page of every notebook, and leaves nothing on it that is fetched"
    parts = 'nbs', 'settings.ini', 'equilibrium', '_quarto.yml', '.ci/site'
    with checks.copy_of(root, *parts) as d:
        before = (d/'nbs'/'nbdev.yml').read_text()
        r = checks.python(d, '-c', 'from nbdev.quarto import refresh_quarto_yml as f; f()')
        assert r.returncode == 0 and (d/'nbs'/'nbdev.yml').read_text() == before, 'settings.ini changed: write nbs/nbdev.yml anew with nbdev.quarto.refresh_quarto_yml()'
        r = checks.python(d, '.ci/site')
        assert r.returncode == 0, r.stderr[-3000:]
        pages = {p: checks.load(p) for p in (d/'_proc').rglob('*.ipynb')}
        assert sorted(checks.name(p, d/'_proc') for p in pages) == sorted(checks.name(p, root/'nbs') for p in checks.notebooks(root))
        for extra in '_quarto.yml', 'nbdev.yml', 'sidebar.yml', 'styles.css': assert (d/'_proc'/extra).exists()
        bad = []
        for p,nb in pages.items():
            text = '\n'.join(checks.prose(c) for c in nb['cells'] if c['cell_type'] == 'markdown')
            bad += [f'{checks.name(p, d/"_proc")}: {m}' for m in re.findall(r'!\[[^]]*\]\(https?:[^)]*\)|<(?:img|script|iframe|link)[^>]*https?:[^>]*>', text)]
            bad += [f'{checks.name(p, d/"_proc")}: no file {m}' for m in re.findall(r'!\[[^]]*\]\((?!https?:)([^)\s]+)', text) if not (p.parent/m).exists()]
        holds(bad)

def test_quarto_settings(root):
    import yaml
    link = root/'nbs'/'_quarto.yml'
    assert link.is_symlink() and os.readlink(link) == '../_quarto.yml'
    q = yaml.safe_load(link.read_text())
    assert q['execute']['enabled'] is False and q['format']['html']['html-math-method'] == 'mathml'
    assert q['metadata-files'] == ['nbdev.yml', 'sidebar.yml'] and q['website']['search']
