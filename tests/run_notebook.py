"Run the cells of one notebook as nbdev_test does: python tests/run_notebook.py NOTEBOOK [flag ...]   (flags: cells to run that are normally skipped)"
import os, signal, sys, threading, time
from pathlib import Path

DONE = 'every cell ran'   # printed last: a cell that ends the process early, with whatever status, is no pass

def end_with_parent():
    "When the process that started this one is gone, end this process group: an aborted pytest leaves nothing running"
    parent = os.getppid()
    def watch():
        while os.getppid() == parent: time.sleep(0.5)
        os.killpg(0, signal.SIGKILL)
    if os.getpgrp() == os.getpid(): threading.Thread(target=watch, daemon=True).start()

def main(path, *flags):
    from nbdev.config import get_config
    from nbdev.test import test_nb
    cfg = get_config(path=path.parent)
    passed, seconds = test_nb(path, skip_flags=cfg.tst_flags.split(), force_flags=flags, basepath=cfg.config_path)
    if not passed: sys.exit(1)
    print(DONE, f'in {seconds:.1f} s', flush=True)

if __name__ == '__main__':
    end_with_parent()
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
