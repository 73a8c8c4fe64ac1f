"The command line of the suite, and the notebooks it goes over"
import sys
from pathlib import Path
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT/'tests'))

def pytest_addoption(parser):
    parser.addoption('--run-slow', action='store_true', help='run the cells flagged `#| slow` too')

@pytest.fixture(scope='session')
def root(): return ROOT
