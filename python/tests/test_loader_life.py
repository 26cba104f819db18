"""A loader's memory and life: views without a copy, bounds, reports, closing, forks, signals and the end."""

from __future__ import annotations

import gc
import hashlib
import threading
import time

import numpy as np
import pytest
from files import augment, make_folder, python

import variegate as vg


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


@pytest.fixture
def source(root):
    return vg.folder(root)


def loader(source, **options):
    return vg.Loader(source, augment(), **({"batch_size": 4, "threads": 2} | options))


# Memory


def test_arrays_are_views_of_aligned_memory_that_live_on(source):
    load = loader(source)
    kept = []
    for _ in range(4):
        for batch in load.batches():
            assert batch.images.ctypes.data % 64 == 0
            assert batch.images.flags.c_contiguous and batch.images.flags.writeable
            assert not batch.images.flags.owndata
            kept.append((batch.images, hashlib.sha256(batch.images.tobytes()).digest()))
    load.close()
    del load, batch
    gc.collect()
    assert len({images.ctypes.data for images, _ in kept}) == len(kept)
    assert all(hashlib.sha256(images.tobytes()).digest() == digest for images, digest in kept)


def test_memory_of_dropped_batches_is_used_again(source):
    places = [images.ctypes.data for _ in range(5) for images, _ in loader(source)]
    load = loader(source)
    places = {images.ctypes.data for _ in range(20) for images, _ in load}
    assert len(places) < 20, "120 batches share a few buffers"
    del places


def test_memory_is_bounded(source):
    one = 4 * 32 * 36 * 3 * 4
    load = loader(source, memory=2 * one, prefetch=100)
    time.sleep(0.5)
    assert load.report()["images"] == 8
    with pytest.raises(vg.ParameterError, match="lower batch_size or raise memory"):
        loader(source, memory=one - 1)
    with pytest.raises(vg.ParameterError, match='"512MiB"'):
        loader(source, memory="lots")
    assert loader(source, memory="1.5 MB") and loader(source, memory="1g")


def test_jax_shares_the_memory(source):
    jax = pytest.importorskip("jax")
    batch = next(loader(source).batches())
    shared = jax.dlpack.from_dlpack(batch.images)
    assert shared.unsafe_buffer_pointer() == batch.images.ctypes.data
    images, labels = batch.jax()
    assert images.unsafe_buffer_pointer() == batch.images.ctypes.data
    assert labels.tolist() == batch.labels.tolist()
    before = np.array(images)
    del batch, shared
    gc.collect()
    assert np.array_equal(before, np.array(images))


def test_torch_shares_the_memory(source):
    torch = pytest.importorskip("torch")
    batch = next(loader(source).batches())
    images, labels = batch.torch()
    assert images.data_ptr() == batch.images.ctypes.data and labels.dtype == torch.int64


# Reports


def test_the_report_tells_where_time_went(source):
    load = loader(source)
    list(load)
    report = load.report()
    assert report["batches"] == 6 and report["images"] >= 24 and report["threads"] == 2 and report["bad"] == 0
    assert report["bottleneck"] in ("read", "plan", "decode", "augment", "trainer")
    stages = [report[f"{stage}_seconds"] for stage in ("read", "plan", "decode", "augment")]
    assert report["cpu_seconds"] == pytest.approx(sum(stages)) and min(stages) > 0
    lines = str(report).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["read", "plan", "decode", "augment", "idle", "waiting", "bad"]


# Life and death


def test_a_second_loop_ends_the_first(source):
    load = loader(source)
    first = load.batches()
    next(first)
    second = load.batches()
    assert next(second).epoch == 1
    with pytest.raises(vg.ParameterError, match="make a second loader"):
        next(first)
    assert len(list(second)) == 5


def test_close(source):
    with loader(source) as load:
        next(iter(load))
    assert load.report()["batches"] == 1 and load.bad == []
    with pytest.raises(vg.ParameterError, match="closed"):
        next(iter(load))
    load.close()


def test_deleting_a_loader_ends_its_threads(source):
    def threads():
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Threads:"))

    before = threads()
    load = loader(source, threads=5)
    assert threads() == before + 5
    started = time.perf_counter()
    del load
    gc.collect()
    assert threads() == before and time.perf_counter() - started < 2


def test_several_threads_may_take_from_one_loop(source):
    load, taken, lock = loader(source), [], threading.Lock()
    batches = load.batches()
    first = next(batches)

    def take():
        for batch in batches:
            with lock:
                taken.append(batch.step)

    workers = [threading.Thread(target=take) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert first.step == 0 and sorted(taken) == [1, 2, 3, 4, 5]


def test_other_threads_run_while_a_batch_is_waited_for(source):
    # One batch of hundreds of milliseconds, so that some ticks fall into the wait on any machine.
    slow = vg.Pipeline([vg.ResizedCrop(900), vg.Rotate((5, 15)), vg.GaussianBlur(3.0), vg.GaussianNoise()])
    load = vg.Loader(source, slow, batch_size=24, threads=1, prefetch=1)
    ticks, over = [], threading.Event()

    def tick():
        while not over.is_set():
            ticks.append(1)
            time.sleep(0.001)

    worker = threading.Thread(target=tick)
    worker.start()
    next(iter(load))
    over.set()
    worker.join()
    assert len(ticks) > 5


FORK = """
import os, sys, variegate as vg
from files import augment
load = vg.Loader(vg.folder({root!r}), augment(), batch_size=4)
batches = load.batches()
first = next(batches)
child = os.fork()
if child == 0:
    try:
        next(batches)
    except vg.UnsupportedError as error:
        assert "make the loader in the child process" in str(error), error
    else:
        os._exit(3)
    for ask in (load.report, load.state, lambda: load.bad):
        try:
            ask()
        except vg.UnsupportedError:
            pass
        else:
            os._exit(4)
    load.close()
    del load, batches, first
    again = vg.Loader(vg.folder({root!r}), augment(), batch_size=4)
    os._exit(0 if len(list(again)) == 6 else 5)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert len(list(batches)) == 5
print("fine")
"""


def test_a_fork_is_told_and_both_processes_go_on(root):
    done = python(FORK.format(root=str(root)), timeout=30)
    assert done.stdout == "fine\n", done.stderr


INTERRUPT = """
import os, signal, threading, time, variegate as vg
signal.signal(signal.SIGINT, signal.default_int_handler)  # A job in the background starts without one.
from files import augment
load = vg.Loader(vg.folder({root!r}), augment(), batch_size=24, threads=1)
load._engine.seek(0, 0)
def stop():
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=stop).start()
started = time.perf_counter()
try:
    while time.perf_counter() - started < 10:
        list(load)
except KeyboardInterrupt:
    print("stopped", time.perf_counter() - started < 2)
"""

STALLED = """
import os, signal, threading, time, variegate as vg
signal.signal(signal.SIGINT, signal.default_int_handler)  # A job in the background starts without one.
load = vg.Loader(vg.folder({root!r}), vg.Pipeline([vg.Resize((2000, 2000)), *[vg.GaussianBlur(sigma=40.0)] * 3]),
                 batch_size=24, threads=1, dtype="uint8")
def stop():
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=stop).start()
started = time.perf_counter()
try:
    next(iter(load))
except KeyboardInterrupt:
    print("stopped", time.perf_counter() - started < 2, flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("code", [INTERRUPT, STALLED], ids=["between batches", "while waiting for one"])
def test_ctrl_c_ends_a_wait(root, code):
    done = python(code.format(root=str(root)), timeout=60)
    assert done.stdout == "stopped True\n", done.stderr


EXIT = """
import sys, variegate as vg
from files import augment
load = vg.Loader(vg.folder({root!r}), augment(), batch_size=4)
batches = load.batches()
kept = next(batches)
sys.kept = load
{how}
"""


@pytest.mark.parametrize("how", ["pass", "sys.exit(0)", "import gc; gc.disable()", "raise SystemExit(0)"])
def test_the_interpreter_may_end_with_a_loader_alive(root, how):
    done = python(EXIT.format(root=str(root), how=how), timeout=30)
    assert (done.returncode, done.stderr) == (0, "")
