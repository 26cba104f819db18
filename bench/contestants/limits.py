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
    made = np.random.default_rng(1).normal(size=(8, 224, 224, 3)).astype(np.float32)
    ring = [np.empty((BATCH, 224, 224, 3), np.float32) for _ in range(4)]
    pictures, number = set_up.pictures, 0
    # Rows of every crop are copied here: reading alone has no call in NumPy that is as fast.
    rooms = [np.empty(max(p.nbytes for p in pictures), np.uint8) for _ in range(set_up.threads)]

    def fill(batch: np.ndarray, rows: range, room: np.ndarray, seed: int) -> None:
        random = np.random.default_rng(seed)
        for row in rows:
            seen = _seen(pictures[random.integers(len(pictures))], set_up, random)
            np.copyto(room[: seen.size].reshape(seen.shape), seen)
            np.copyto(batch[row], made[row % 8])

    with ThreadPoolExecutor(set_up.threads) as pool:
        while True:
            batch = ring[number % 4]
            shares = [range(k, BATCH, set_up.threads) for k in range(set_up.threads)]
            seeds = [number * set_up.threads + k for k in range(set_up.threads)]
            list(pool.map(fill, [batch] * set_up.threads, shares, rooms, seeds))
            yield batch
            number += 1


def _seen(picture: np.ndarray, set_up: SetUp, random: np.random.Generator) -> np.ndarray:
    """What a sample has to read of a picture: the crop it draws, or all of it."""
    if not hasattr(set_up.v, "area"):
        return picture
    height, width = picture.shape[:2]
    area = random.uniform(*set_up.v.area) * height * width
    aspect = np.exp(random.uniform(*np.log(set_up.v.aspect)))
    h, w = min(height, round((area / aspect) ** 0.5)), min(width, round((area * aspect) ** 0.5))
    y, x = random.integers(height - h + 1), random.integers(width - w + 1)
    return picture[y : y + h, x : x + w]


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

    def one_pass() -> Iterator[np.ndarray]:
        paths = set_up.paths
        with ThreadPoolExecutor(set_up.threads) as pool:
            for first in range(0, len(paths), BATCH):
                yield np.array(list(pool.map(lambda p: decode(p) is not None, paths[first : first + BATCH])))

    return one_pass
