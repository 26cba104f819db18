"""A loader in a process of its own: the same batches, in memory that is shared and never left behind."""

from __future__ import annotations

import gc
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from annotated_files import write_coco
from files import augment, make_folder, python

import variegate as vg
from variegate.arena import Slots, anonymous, check_room

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs memory without a name")
BESIDE = {"process": "sidecar"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    root = make_folder(tmp_path_factory.mktemp("broken"), 60)
    for k in (3, 17, 31):
        next(root.rglob(f"{k:03}.*")).write_bytes(b"<html>" * 9)
    return root


def loader(root, **options):
    return vg.Loader(vg.folder(root), augment(), **({"batch_size": 4, "threads": 2} | options))


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


def told(batch):
    """Everything that a batch says."""
    return batch.epoch, batch.step, batch.ids.tolist(), digest(batch.images), np.asarray(batch.labels).tolist()


def stream(root, epochs=2, **options):
    with loader(root, **options) as load:
        return [told(batch) for _ in range(epochs) for batch in load.batches()]


@pytest.mark.parametrize("shards", [1, 2])
def test_the_stream_is_that_of_this_process(root, shards):
    for shard in range(shards):
        share = {"num_shards": shards, "shard_id": shard, "rest": "wrap"}
        wanted = stream(root, threads=1, **share)
        assert len(wanted) == 12 // shards
        for threads in (1, 3):
            assert stream(root, threads=threads, **share, **BESIDE) == wanted


def test_arrays_are_views_of_aligned_memory_that_live_on(root):
    load, kept = loader(root, **BESIDE), []
    for _ in range(5):
        for batch in load.batches():
            images = batch.images
            assert images.ctypes.data % 64 == 0 and images.flags.writeable and not images.flags.owndata
            kept.append((images[1:], digest(images[1:])))
    load.close()
    del load, batch, images
    gc.collect()
    assert len({images.ctypes.data for images, _ in kept}) == 30
    assert all(digest(images) == wanted for images, wanted in kept)


def test_memory_of_dropped_batches_is_used_again(root):
    load = loader(root, **BESIDE)
    assert len({images.ctypes.data for _ in range(10) for images, _ in load}) <= 4
    load.close()


def test_resume_and_state(root):
    load = loader(root, **BESIDE)
    batches = load.batches()
    next(batches), next(batches)
    token = load.state()
    rest = [told(batch) for batch in batches]
    with loader(root, threads=1) as plain:
        plain.resume(token)
        assert plain.state() == token and [told(batch) for batch in plain.batches()] == rest
    load.resume(token)
    assert load.state() == token and [told(batch) for batch in load.batches()] == rest
    # Places that are gone to while a batch is under way.
    whole = stream(root, 1)
    for step in (3, 0, 5, 2) * 3:
        load.seek(0, step)
        assert told(next(load.batches())) == whole[step]
    with pytest.raises(vg.ParameterError, match="6 steps"):
        load.seek(0, 6)
    load.close()


def test_leaving_early_and_beginning_again(root):
    def ways(**options):
        with loader(root, **options) as load:
            places = []
            for _ in range(3):
                for batch in load.batches():
                    places.append(told(batch))
                    if batch.step == 2:
                        break
            return places, load.epoch, len(load)

    assert ways(**BESIDE) == ways()


@pytest.mark.parametrize("policy", ["quarantine", "skip", "raise"])
def test_bad_samples_are_the_same(broken, policy):
    def met(**options):
        with loader(broken, on_bad=policy, **options) as load:
            found, batches = [], load.batches()
            while True:
                try:
                    found.append(told(next(batches)))
                except StopIteration:
                    break
                except vg.InputError as error:
                    found.append((type(error), str(error), error.path))
            return found, load.bad, load.report()["bad"], load.report()["batches"]

    made = met(**BESIDE)
    assert made == met() and made[2] == 3


def test_boxes_and_masks(tmp_path):
    source = vg.coco(write_coco(tmp_path, 10), tmp_path / "images", masks="classes")
    steps = vg.Pipeline([vg.Resize((40, 44)), vg.Flip("horizontal", p=0.5)])
    with vg.Loader(source, steps, batch_size=4) as plain, vg.Loader(source, steps, batch_size=4, **BESIDE) as load:
        for (a, b), (c, d) in zip(plain, load, strict=True):
            assert (a == c).all() and b.keys() == d.keys() and "masks" in b and "boxes" in b
            assert all(np.array_equal(b[name], d[name]) and b[name].dtype == d[name].dtype for name in b)


def test_views_and_sizes_that_grow(root):
    grow = vg.Pipeline([vg.ResizedCrop(vg.schedule({0: 16, 1: 64, 2: 150}))], seed=3)
    both = [grow, vg.Pipeline([vg.Resize((20, 30))])]
    kept = []
    with vg.Loader(vg.folder(root), both, batch_size=5) as plain, vg.Loader(vg.folder(root), both, batch_size=5, **BESIDE) as load:
        for _ in range(3):
            for ours, theirs in zip(plain.batches(), load.batches(), strict=True):
                kept += zip(ours.images, theirs.images, strict=True)
    assert len(kept) == 30 and all((a == b).all() for a, b in kept)


@pytest.mark.parametrize("make", ["split", "select", "relabel", "filter", "concat", "arrays"])
def test_every_source_is_made_again(root, make):
    folder = vg.folder(root)
    images = np.random.default_rng(1).integers(0, 255, (12, 30, 40, 3), np.uint8)
    source = {
        "split": lambda: folder.split(0.3, seed=2)[1],
        "select": lambda: folder.select([5, 1, 7, 2]),
        "relabel": lambda: folder.relabel([k % 2 for k in range(24)]),
        "filter": lambda: folder.filter(lambda path, label: label == 1),
        "concat": lambda: folder.concat(folder.select([1, 2]), weights=[1, 1]),
        "arrays": lambda: vg.arrays(images, [k % 3 for k in range(12)]),
    }[make]()
    with vg.Loader(source, augment()) as plain, vg.Loader(source, augment(), **BESIDE) as load:
        assert [told(b) for b in plain.batches()] == [told(b) for b in load.batches()]


def test_a_source_that_changed_is_refused(tmp_path):
    source = vg.folder(make_folder(tmp_path, 6))
    next(tmp_path.rglob("003.*")).unlink()
    with pytest.raises(vg.InputError, match="has changed since"):
        vg.Loader(source, augment(), **BESIDE)


CUSTOM = """
def half(image, rng):
    return image // 2
"""


def test_functions_of_ones_own(root, tmp_path, monkeypatch):
    (tmp_path / "of_ones_own.py").write_text(CUSTOM)
    monkeypatch.syspath_prepend(tmp_path)
    import of_ones_own

    steps = vg.Pipeline([vg.Resize((20, 30)), vg.custom(of_ones_own.half)])
    with vg.Loader(vg.folder(root), steps) as plain, vg.Loader(vg.folder(root), steps, **BESIDE) as load:
        assert [told(b) for b in plain.batches()] == [told(b) for b in load.batches()]
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    with pytest.raises(vg.UnsupportedError, match="into a module of its own, or install cloudpickle"):
        vg.Loader(vg.folder(root), vg.Pipeline([vg.custom(lambda image, rng: None)]), **BESIDE)


def test_errors_of_construction_carry_over(root):
    with pytest.raises(vg.ParameterError, match="lower batch_size or raise memory"):
        loader(root, memory=100, **BESIDE)
    with pytest.raises(vg.ParameterError, match='"own" or "sidecar"'):
        loader(root, process="other")


def test_a_killed_sidecar_is_told(root):
    load = loader(root, **BESIDE)
    batches = load.batches()
    first = told(next(batches))
    os.kill(load._engine._process.pid, signal.SIGKILL)
    with pytest.raises(vg.IoError, match="was ended by SIGKILL"):
        list(batches)
    token = load.state()
    load.close()
    again = loader(root, **BESIDE)
    again.resume(token)
    assert told(next(again.batches()))[:2] >= first[:2]
    again.close()


def test_closing(root):
    load = loader(root, **BESIDE)
    next(iter(load))
    child = load._engine._process
    load.close()
    assert child.poll() is not None and load.report()["batches"] == 1 and load.bad == []
    with pytest.raises(vg.ParameterError, match="closed"):
        next(iter(load))
    load = loader(root, **BESIDE)
    child = load._engine._process
    del load
    gc.collect()
    assert child.poll() is not None


SCRIPT = """
import os, sys, time, variegate as vg
from files import augment
load = vg.Loader(vg.folder({root!r}), augment(), batch_size=4, process="sidecar")
batch = next(load.batches())
print(load._engine._process.pid, flush=True)
time.sleep(60)
"""


def gone(pid):
    """Whether a process ends within seconds."""
    for _ in range(200):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


def test_a_killed_trainer_leaves_nothing(root, tmp_path):
    # A script without a guard: it is not run again in the sidecar.
    script = tmp_path / "train.py"
    script.write_text(SCRIPT.format(root=str(root)))
    paths = os.pathsep.join([str(Path(__file__).parent), str(Path(vg.__file__).parent.parent)])
    before = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
    trainer = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}
    )
    child = int(trainer.stdout.readline())
    trainer.kill()
    trainer.wait()
    assert gone(child)
    trainer.stdout.close()
    assert not before or not {name for name in set(os.listdir("/dev/shm")) - before if "variegate" in name}


FORK = """
import os, time, variegate as vg
from files import augment
load = vg.Loader(vg.folder({root!r}), augment(), batch_size=4, process="sidecar")
batches = load.batches()
next(batches)
child = os.fork()
if child == 0:
    from_ = time.monotonic()
    for ask in (lambda: next(batches), load.report, load.state, lambda: load.bad):
        try:
            ask()
        except vg.UnsupportedError:
            pass
        else:
            os._exit(3)
    load.close()
    del load, batches
    os._exit(0 if time.monotonic() - from_ < 1 else 4)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert len(list(batches)) == 5
print("fine")
"""


def test_a_fork_is_told_and_the_parent_goes_on(root):
    done = python(FORK.format(root=str(root)), timeout=60)
    assert done.stdout == "fine\n", done.stderr


INTERRUPT = """
import os, signal, threading, time, variegate as vg
signal.signal(signal.SIGINT, signal.default_int_handler)
load = vg.Loader(vg.folder({root!r}), vg.Pipeline([vg.Resize((500, 500)), vg.GaussianBlur(sigma=20.0)]),
                 batch_size=24, threads=1, dtype="uint8", process="sidecar")
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
batches = load.batches()
try:
    next(batches)
except KeyboardInterrupt:
    print("stopped", load.report()["batches"], load.state() != "")
print(len(next(batches)))
"""


def test_ctrl_c_ends_a_wait_and_the_batch_comes_later(root):
    done = python(INTERRUPT.format(root=str(root)), timeout=120)
    assert done.stdout == "stopped 0 True\n24\n", done.stderr


def test_room_is_looked_at_first(monkeypatch):
    with pytest.raises(vg.LimitError, match="needs .* MiB of shared memory, and .* leaves .* MiB; lower batch_size"):
        check_room(2**60, "a batch")
    slots = Slots(anonymous("test"))
    with pytest.raises(vg.LimitError, match="lower batch_size"):
        slots.new(2**60, 3)
    place = slots.new(5000, 1)
    assert slots.size(place) == 8192 and len(slots) == 1
    slots.drop(place)
    assert len(slots) == 0


def test_a_limit_on_files_is_told(root):
    code = f"""
import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
import variegate as vg
from files import augment
try:
    list(vg.Loader(vg.folder({str(root)!r}), augment(), batch_size=24, process="sidecar"))
except vg.LimitError as error:
    print(error)
"""
    done = python(code)
    assert "ulimit -f" in done.stdout, done.stderr
