"""The memory of a loader whose consumer stops, with large pictures and with many batches asked for ahead.

`make test-guarantees` and `python/tests/test_matrix.py` run it; the loader is in a process of its own, whose resident
memory the system counts.

    python python/tests_guarantees/memory.py
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import variegate as vg

MEGABYTE = 1 << 20
#: What batches made ahead may hold.
BUDGET = 64 * MEGABYTE
THREADS = 2
SIDE = 2400
#: One worker's file, decoded picture and scratch: a decoded picture and two of its size in work.
WORKER = 3 * SIDE * SIDE * 3
#: Allocator, thread stacks and the batch in the consumer's hand.
CONSTANT = 48 * MEGABYTE


def make_pictures(root: Path) -> None:
    """Twelve large pictures."""
    rows = np.arange(SIDE, dtype=np.uint32)
    for k in range(12):
        plane = ((rows[:, None] * (k + 3) + rows[None, :] * 5) >> 4).astype(np.uint8)
        (root / f"{k:02}.jpg").write_bytes(vg.encode(np.stack([plane, plane.T, 255 - plane], axis=-1), "jpeg"))


def child(root: Path) -> None:
    """Takes two batches, stops, and prints by how much the resident memory had grown at most, in bytes."""
    source = vg.folder(root)
    augment = vg.Pipeline([vg.Rotate(10), vg.Resize((512, 512))], seed=1)
    # Ahead as much as the budget allows: 500 batches of 12 MB would be 6 GB.
    before = resident("VmRSS")
    with vg.Loader(
        source, augment, batch_size=4, threads=THREADS, memory=BUDGET, prefetch=500, rest="wrap", partial_decode=False
    ) as loader:
        batches = loader.batches()
        next(batches), next(batches)
        made = -1
        while made != loader.report()["images"]:
            made = loader.report()["images"]
            # Longer than a large picture takes; workers that make nothing more have met the bound.
            time.sleep(2.0)
    print(resident("VmHWM") - before, made)


def resident(what: str) -> int:
    """Resident memory of this process in bytes: now (VmRSS) or at most so far (VmHWM)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("the system does not tell resident memory")


def check() -> str:
    """Measures; returns what was found.

    Raises:
        AssertionError: If the loader held more than its budget, its workers and a constant.
    """
    with tempfile.TemporaryDirectory() as folder:
        make_pictures(Path(folder))
        command = [sys.executable, __file__, "--child", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    grown, made = map(int, done.stdout.split())
    most = BUDGET + THREADS * WORKER + CONSTANT
    # Two batches were taken and as many made ahead as fit: a loader that made nothing ahead would prove nothing.
    assert made > 8, f"only {made} pictures were made"
    assert grown <= most, f"{grown / MEGABYTE:.0f} MiB, more than {most / MEGABYTE:.0f}"
    return f"{grown / MEGABYTE:.0f} MiB of at most {most / MEGABYTE:.0f} with a consumer that stops"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(Path(sys.argv[2]))
    else:
        print(check())
