"""Limits of the machine, measured in the same run: what no contestant that does all the work can pass.

Files: libjpeg-turbo decodes every file whole to RGB and nothing else is done (region and early-stop decoders may pass
that). Pictures in memory and operations: NumPy copies what has to be written, and nothing is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from contestants import Lacks, Operation, SetUp
from tasks import BATCH

#: Answers that are not pictures of the task, so the check does not look at them.
UNCHECKED = True


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    source = np.random.default_rng(1).normal(size=(8, 224, 224, 3)).astype(np.float32)
    ring = [np.empty((BATCH, 224, 224, 3), np.float32) for _ in range(4)]
    number = 0

    def fill(batch: np.ndarray, rows: range) -> None:
        for row in rows:
            np.copyto(batch[row], source[row % 8])

    with ThreadPoolExecutor(set_up.threads) as pool:
        while True:
            batch = ring[number % 4]
            shares = [range(k, BATCH, set_up.threads) for k in range(set_up.threads)]
            list(pool.map(lambda rows: fill(batch, rows), shares))
            yield batch
            number += 1


def operation(set_up: SetUp) -> Operation:
    task = set_up.task
    side = task.values.get("size", set_up.pictures[0].shape[0])
    kind = np.float32 if task.does == "normalize" else np.uint8
    given = np.zeros((side, side, 3), kind)
    return Operation(lambda _: given.copy())


def files(set_up: SetUp) -> Callable[[], Iterator[np.ndarray]]:
    if set_up.task.does == "packed":
        raise Lacks("packed data need no decoder")
    import simplejpeg

    def decode(path: str) -> np.ndarray:
        with open(path, "rb") as file:
            return simplejpeg.decode_jpeg(file.read())

    def one_pass() -> Iterator[list[np.ndarray]]:
        paths = set_up.paths
        with ThreadPoolExecutor(set_up.threads) as pool:
            for first in range(0, len(paths), BATCH):
                yield list(pool.map(lambda p: decode(p) is not None, paths[first : first + BATCH]))

    return one_pass
