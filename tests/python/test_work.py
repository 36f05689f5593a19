"""Long work: threads, progress, stops."""
import os
import pathlib
import subprocess
import sys
import threading

import pytest
import skein
from conftest import bits

WORK = {"arch": "3;cache:4,gaussian:4,sin:2", "size": 48, "steps": 150}


def test_two_threads_train_at_once_to_the_same_bits():
    alone = [skein.train(None, "@face", seed=seed, **WORK) for seed in (1, 2)]
    together, met = {}, threading.Barrier(2)

    def work(seed):
        met.wait()
        together[seed] = skein.train(None, "@face", seed=seed, **WORK)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, wanted in zip((1, 2), alone):
        assert bits(together[seed].net) == bits(wanted.net)
    assert bits(skein.train(None, "@face", seed=1, threads=1, **WORK).net) == bits(alone[0].net)


def test_other_threads_run_while_work_goes_on():
    began, answered = threading.Event(), threading.Event()
    endless = {**WORK, "steps": 10**7}
    stopped = []

    def on_step(event):
        began.set()
        return not answered.is_set()

    def work():
        try:
            with pytest.raises(skein.Interrupted):
                skein.train(None, "@face", on_step=on_step, **endless)
            stopped.append(True)
        finally:
            began.set()  # work that cannot begin fails the test instead of hanging it

    thread = threading.Thread(target=work)
    thread.start()
    began.wait()
    answered.set()  # only this ends the work, and only a thread that runs beside it can say it
    thread.join()
    assert stopped == [True]


def test_progress_is_told_and_may_stop_or_fail():
    events = []
    skein.train(None, "@face", on_step=events.append, **WORK)
    assert [event["done"] for event in events] == [50, 100, 150]
    assert all(event["stage"] == "train" and event["total"] == 150 and event["loss"] > 0 for event in events)
    with pytest.raises(skein.Interrupted):
        skein.train(None, "@face", on_step=lambda event: event["done"] < 100, **WORK)
    with pytest.raises(ZeroDivisionError):
        skein.train(None, "@face", on_step=lambda event: 1 / 0, **WORK)
    with pytest.raises(skein.Interrupted):
        net = skein.dense(WORK["arch"])
        skein.prune(net, "@face", method="magnitude", keep=0.5, steps=200, size=16, on_step=lambda event: False)


def test_a_run_that_was_stopped_goes_on_to_the_same_bits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(skein.Interrupted, match="the same command resumes run"):
        skein.train(None, "@face", out="run", on_step=lambda event: event["done"] < 100, **WORK)
    assert pathlib.Path("run/checkpoint").exists()
    first = []
    resumed = skein.train(None, "@face", out="run", on_step=lambda event: first.append(event["done"]), **WORK)
    assert first[0] == 150 and bits(resumed.net) == bits(skein.train(None, "@face", **WORK).net)


def stopped(tmp_path, call):
    """Runs `call` in another Python that presses Ctrl-C itself; what it printed, and its exit code."""
    script = (
        "import os, signal, skein\n"
        "def press(event, pressed=[]):\n"
        "    if not pressed:\n"
        "        pressed.append(True)\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        f"try:\n    {call}\nexcept KeyboardInterrupt:\n    print('stopped', flush=True)\nelse:\n    print('finished', flush=True)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    return run.stdout, run.returncode


def test_ctrl_c_stops_work_in_memory(tmp_path):
    call = "skein.train(None, '@face', arch='3;cache:4,gaussian:4', size=48, steps=10**7, on_step=press)"
    assert stopped(tmp_path, call) == ("stopped\n", 0)


def test_ctrl_c_leaves_what_the_command_line_leaves(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = "arch='3;cache:4,gaussian:4', size=48, steps=3000, out='run'"
    assert stopped(tmp_path, f"skein.train(None, '@face', {settings}, on_step=press)") == ("stopped\n", 0)
    assert pathlib.Path("run/checkpoint").exists() and not pathlib.Path("run/network.mlp").exists()
    subprocess.run(
        [os.environ["SKEIN_PROGRAM"], "train", "@face", "--arch", "3;cache:4,gaussian:4", "--size", "48", "--steps", "3000", "--out", "run", "--quiet"],
        check=True,
    )
    whole = skein.train(None, "@face", arch="3;cache:4,gaussian:4", size=48, steps=3000)
    assert bits(skein.load("run")) == bits(whole.net)
