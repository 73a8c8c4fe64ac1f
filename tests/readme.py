"README.md from nbs/index.ipynb: `python tests/readme.py` writes it, `make readme` too"
import json, posixpath, re, sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = '<!-- Made from nbs/index.ipynb by `make readme`: edit the notebook -->\n'

def fence(text, lang=''): return f'```{lang}\n{text.rstrip()}\n```'

def relink(text, here):
    "Links of a page in nbs/ as seen from the top of the repository"
    def at_top(link):
        if link.startswith(here): return link[len(here):]
        return link if re.match(r'[a-z]+:|#', link) else posixpath.normpath(posixpath.join('nbs', link))
    return re.sub(r'(\]\(|src="|href=")([^)\s"]+)', lambda m: m[1] + at_top(m[2]), text)

def render(root=ROOT):
    "The text of README.md: prose as it stands, code and its text outputs fenced, hidden cells left out"
    ini = ConfigParser(delimiters=['=']); ini.read(root/'settings.ini', encoding='utf-8')
    here = f"{ini['DEFAULT']['git_url']}/blob/{ini['DEFAULT']['branch']}/"
    parts = [HEAD]
    for c in json.loads((root/'nbs'/'index.ipynb').read_text(encoding='utf-8'))['cells']:
        src = ''.join(c['source'])
        if re.search(r'^#\|\s*hide\b', src, re.M): continue
        if c['cell_type'] == 'markdown': parts.append(relink(src, here)); continue
        code = re.sub(r'^#\|.*\n?', '', src, flags=re.M).strip('\n')
        if code and not re.search(r'^#\|\s*echo:\s*false', src, re.M): parts.append(fence(code, 'python'))
        for o in c['outputs']:
            data = o.get('data', {})
            if any(k.startswith('image/') for k in data): raise ValueError('index.ipynb: save the figure under nbs/images and show it from a markdown cell')
            if text := ''.join(o.get('text', '') or data.get('text/plain', '')): parts.append(fence(text))
    return '\n\n'.join(p.strip('\n') for p in parts) + '\n'

if __name__ == '__main__':
    (ROOT/'README.md').write_text(render(), encoding='utf-8')
    print('README.md written')
