"""The same bytes on any number of threads and any instruction set."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from operations import build, takes_pictures
from pictures import photo

import variegate as vg


def everything() -> vg.Pipeline:
    """All that the default strengths of all operations do, one at a time, to one size."""
    entries = filter(takes_pictures, vg.operations())
    parts = [build(entry) for entry in entries if entry["family"] != "finish" and "mask" in entry["targets"]]
    return vg.Pipeline([vg.SomeOf(parts, n=3), vg.ResizedCrop((40, 56)), vg.Normalize("tf")], seed=11)


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.stack([np.roll(photo(), k, axis=1) for k in range(24)])


def test_threads_change_nothing(images):
    augment = everything()
    one = augment.batch(images, samples=range(24))
    for threads in (2, 7, None):
        assert (augment.batch(images, samples=range(24), threads=threads) == one).all()


def test_the_order_and_company_of_samples_change_nothing(images):
    augment = everything()
    whole = augment.batch(images, samples=range(24))
    order = np.random.default_rng(0).permutation(24)
    assert (augment.batch(images[order], samples=order) == whole[order]).all()
    assert (augment.batch(images[5:6], samples=[5])[0] == whole[5]).all()


def test_calls_from_many_threads_at_once_change_nothing(images):
    augment = everything()
    whole = augment.batch(images, samples=range(24))
    found: dict[int, np.ndarray] = {}

    def work(first: int) -> None:
        for k in range(first, 24, 4):
            found[k] = augment(images[k], sample=k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all((found[k] == whole[k]).all() for k in range(24))


def test_inserting_an_operation_leaves_the_draws_of_the_others_alone():
    before = vg.Pipeline([vg.Rotate((-30, 30)), vg.Gamma()], seed=1).draw((9, 9), sample=4).steps
    after = vg.Pipeline([vg.Invert(), vg.Rotate((-30, 30)), vg.Flip(), vg.Gamma()], seed=1).draw((9, 9), sample=4).steps
    assert [after[1], after[3]] == before


PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
import variegate as vg
from variegate import _variegate
from operations import build, takes_pictures
from pictures import photo
from test_determinism import everything
digest = hashlib.sha256()
for dtype in ("uint8", "uint16", "float32"):
    for entry in filter(takes_pictures, vg.operations()):
        if "mask" in entry["targets"]:
            out = vg.Pipeline([build(entry)], seed=3)(photo(61, 83, 3, dtype), sample=2)
            digest.update(out.tobytes())
images = np.stack([np.roll(photo(), k, axis=1) for k in range(6)])
digest.update(everything().batch(images, samples=range(6)).tobytes())
print(_variegate.simd_level(), digest.hexdigest())
"""


def test_instruction_sets_change_nothing():
    here = str(Path(__file__).parent)
    found = {}
    for level in ("scalar", "avx2", "avx512"):
        environment = os.environ | {"VARIEGATE_SIMD": level}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, here], env=environment, capture_output=True, text=True, check=True
        )
        used, digest = done.stdout.split()
        found[used] = digest
    assert "scalar" in found
    assert len(set(found.values())) == 1, found


def test_a_digest_is_kept():
    """Bytes that only a change of values can change; the value version and this line then change too. The picture is
    made of integers alone, so that no library of mathematics has a part in it."""
    y, x, c = np.ogrid[0:31, 0:44, 0:3]
    picture = ((x * 5 + y * 7 + c * 60) % 256).astype(np.uint8)
    augment = vg.Pipeline([vg.Rotate((-30, 30)), vg.Gamma(), vg.Flip(p=0.5)], seed=1)
    batch = augment.batch(np.stack([picture] * 4), epoch=2, samples=range(4))
    assert hashlib.sha256(batch.tobytes()).hexdigest() == "0759ef35c348b9848eaf31026cb635a00086ed03c9b40e22871098a5c044b729"
