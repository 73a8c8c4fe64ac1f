"The main experiment at its smallest size: same seed same bits, Ctrl-C keeps what is finished, wrong input is named"
import json, os, signal, subprocess, sys, time
import pytest
from conftest import ROOT

NB = ROOT/'nbs'/'exp_01_hybrid_vs_transformer.ipynb'
ENV = {k: v for k,v in os.environ.items() if k != 'IN_TEST'} | dict(OMP_NUM_THREADS='1', TQDM_DISABLE='1')

def run(out, *args, **kw):
    "One view of the smoke preset in plain Python"
    argv = [sys.executable, '-m', 'equilibrium.devlog', 'run', str(NB), '--preset', 'smoke', '--workers', '0', '--out', str(out), *args]
    return subprocess.run(argv, cwd=ROOT, env=ENV, capture_output=True, text=True, timeout=280, **kw)

def results(out): return {p.stem: json.loads(p.read_text()) for p in sorted((out/'results'/'exp_01').glob('*.json'))}

def test_same_seed_same_bits(tmp_path):
    a, b = (tmp_path/n for n in 'ab')
    for out in (a, b):
        r = run(out, '--view', 'tokens', '--arm', 'hybrid', '--seed', '1', '--budget', '0.3'); assert r.returncode == 0, r.stderr[-3000:]
    a, b = results(a), results(b)
    assert list(a) == list(b) == ['smoke-tokens-hybrid-s1'] and not a['smoke-tokens-hybrid-s1']['partial']
    same = lambda r: (r['metrics']['bpb'], r['metrics']['train_loss'], [(p['bpb'], p['train_loss']) for p in r['metrics']['curve']])
    assert same(a['smoke-tokens-hybrid-s1']) == same(b['smoke-tokens-hybrid-s1'])

def test_ctrl_c_keeps_what_is_finished(tmp_path):
    "papermill, Ctrl-C to its group as a terminal sends it, and a second start that goes on"
    argv = [sys.executable, '-m', 'papermill', str(NB), str(tmp_path/'nb.ipynb'), '-p', 'preset', 'smoke', '-p', 'view', 'tokens', '-p', 'arm', 'transformer,hybrid', '-p', 'seed', '0',
            '-p', 'workers', '1', '-p', 'out', str(tmp_path), '--no-progress-bar', '--log-output']
    with open(tmp_path/'log', 'w') as log:
        p = subprocess.Popen(argv, cwd=ROOT, env=ENV, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                             preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))   # a suite started in the background of a shell has Ctrl-C switched off
        try:
            end = time.time() + 200
            while time.time() < end and p.poll() is None:
                r = results(tmp_path)
                if any(not v['partial'] for v in r.values()) and any(v['partial'] for v in r.values()): break
                time.sleep(.05)
            assert p.poll() is None, (tmp_path/'log').read_text()[-3000:]
            os.killpg(p.pid, signal.SIGINT); code = p.wait(60)
        finally:
            if p.poll() is None: os.killpg(p.pid, signal.SIGKILL)
    log = (tmp_path/'log').read_text(); first = results(tmp_path)
    assert code != 0 and 'finished runs are kept' in log and '1 of 2 runs of preset smoke are finished: the tables below are partial' in log, log[-4000:]
    done = [k for k,v in first.items() if not v['partial']]; assert len(done) == 1
    r = run(tmp_path, '--view', 'tokens', '--arm', 'transformer,hybrid', '--seed', '0'); assert r.returncode == 0, r.stderr[-3000:]
    assert 'run 1 of 1' in r.stdout and '2 of 2 runs' in r.stdout            # only the unfinished one was run
    second = results(tmp_path); assert second[done[0]] == first[done[0]] and not any(v['partial'] for v in second.values())

@pytest.mark.parametrize('args, says', [
    (('--arms', 'hybrid'), 'arms'), (('--arm', 'hybird'), "'hybird' is not known"), (('--seed', '7'), 'seed'), (('--view', 'token'), 'view'), (('--device', 'tpu'), 'use auto, cpu or cuda'),
    (('--budget', '-1'), 'budget'), (('--corpus', '/no/such/folder'), '/no/such/folder')], ids=lambda a: ' '.join(a) if isinstance(a, tuple) else '')
def test_wrong_parameters_are_named(tmp_path, args, says):
    r = run(tmp_path, '--view', 'tokens', *args) if args[0] != '--view' else run(tmp_path, *args)
    assert r.returncode not in (0, 130) and says in r.stderr.splitlines()[-1], r.stderr[-2000:]
    assert not results(tmp_path)

def test_a_misspelt_papermill_parameter_is_an_error(tmp_path):
    argv = [sys.executable, '-m', 'papermill', str(NB), str(tmp_path/'nb.ipynb'), '-p', 'preset', 'smoke', '-p', 'sedd', '1', '-p', 'out', str(tmp_path), '--no-progress-bar']
    r = subprocess.run(argv, cwd=ROOT, env=ENV, capture_output=True, text=True, timeout=120)
    assert r.returncode != 0 and 'unknown parameter sedd' in r.stderr and not results(tmp_path)

def corpus(folder, lines):
    folder.mkdir(); (folder/'a.jsonl').write_text(''.join(lines)); return str(folder)

def test_malformed_lines_are_counted_and_an_empty_corpus_is_an_error(tmp_path):
    good = [json.dumps(dict(text=f'Document {i} says that {i} + {i} = {2*i}. ' * 8)) + '\n' for i in range(400)]
    r = run(tmp_path/'a', '--view', 'tokens', '--arm', 'transformer', '--seed', '0', '--budget', '0.1', '--corpus', corpus(tmp_path/'bad', good + ['{"text": \n', '[1]\n'])); text = r.stdout + r.stderr
    assert r.returncode == 0 and '2 of 402 lines' in text, text[-3000:]
    r = run(tmp_path/'b', '--view', 'tokens', '--corpus', corpus(tmp_path/'empty', [])); assert r.returncode not in (0, 130) and 'empty' in r.stderr.splitlines()[-1].lower() + r.stderr.lower(), r.stderr[-2000:]
    r = run(tmp_path/'c', '--view', 'tokens', '--corpus', corpus(tmp_path/'awful', good[:50] + ['nonsense\n']*50)); assert r.returncode not in (0, 130) and '50 of 100' in r.stderr, r.stderr[-2000:]
