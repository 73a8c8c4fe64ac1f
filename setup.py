"Install from settings.ini, the one place where name, version and requirements are written"
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup

ini = ConfigParser(delimiters=['='])
ini.read(Path(__file__).parent/'settings.ini', encoding='utf-8')
cfg = ini['DEFAULT']

suffix = '_requirements'
extras = {k[:-len(suffix)]: v.split() for k,v in cfg.items() if k.endswith(suffix)}
extras['dev'] = sorted({r for k,reqs in extras.items() if k != 'cuda' for r in reqs})   # everything that running every notebook needs

setup(
    name=cfg['lib_name'], version=cfg['version'], description=cfg['description'], keywords=cfg['keywords'],
    author=cfg['author'], author_email=cfg['author_email'], url=cfg['git_url'], license='Apache-2.0',
    packages=find_packages(include=['equilibrium', 'equilibrium.*']), python_requires='>=' + cfg['min_python'],
    install_requires=cfg['requirements'].split(), extras_require=extras,
    entry_points=dict(console_scripts=[f"{cfg['lib_name']} = equilibrium.cli:main"]),
    long_description=(Path(__file__).parent/'README.md').read_text(encoding='utf-8') if (Path(__file__).parent/'README.md').exists() else '',
    long_description_content_type='text/markdown', zip_safe=False,
)
