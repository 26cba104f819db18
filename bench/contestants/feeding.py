"""Batches by hand: Python threads that fill one batch after another.

Contestants that only know one picture at a time are fed by it, as a user would feed them. Batches lie in a ring that is
used again and again, because a fresh batch costs as much in page faults as the pixels do. It knows no library.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np
from tasks import BATCH

#: Pictures that a thread takes at once; batches in the making beside the one the consumer holds.
_SHARE, _AHEAD = 8, 2

Fill = Callable[[Any, np.ndarray], None]


def _in_order(count: int, begin: Callable[[int], Any], end: Callable[[Any], np.ndarray]) -> Iterator[np.ndarray]:
    """Begins `count` batches (without end if negative), at most `_AHEAD` before they are asked for."""
    waiting: deque[Any] = deque()
    number = 0
    while True:
        while number != count and len(waiting) <= _AHEAD:
            waiting.append(begin(number))
            number += 1
        if not waiting:
            return
        yield end(waiting.popleft())


def _batches(items: Sequence[Any], fill: Fill, threads: int, count: int, shape: tuple[int, ...], size: int) -> Iterator[np.ndarray]:
    ring = [np.empty((size, *shape), np.float32) for _ in range(_AHEAD + 2)]

    def part(batch: np.ndarray, first: int, rows: range) -> None:
        for row in rows:
            fill(items[(first + row) % len(items)], batch[row])

    def rows_of(number: int) -> int:
        return size if count < 0 else min(size, len(items) - number * size)

    if threads == 1 and count < 0:
        number = 0
        while True:
            batch = ring[number % len(ring)]
            part(batch, number * size, range(size))
            yield batch
            number += 1

    with ThreadPoolExecutor(threads) as pool:

        def begin(number: int) -> tuple[np.ndarray, list[Any]]:
            batch = ring[number % len(ring)][: rows_of(number)]
            shares = [range(a, min(a + _SHARE, len(batch))) for a in range(0, len(batch), _SHARE)]
            return batch, [pool.submit(part, batch, number * size, rows) for rows in shares]

        def end(begun: tuple[np.ndarray, list[Any]]) -> np.ndarray:
            for share in begun[1]:
                share.result()
            return begun[0]

        yield from _in_order(count, begin, end)


def endless(pictures: Sequence[Any], fill: Fill, threads: int, shape: tuple[int, ...] = (224, 224, 3)) -> Iterator[np.ndarray]:
    """Batches of pictures in memory, without end."""
    return _batches(pictures, fill, threads, -1, shape, BATCH)


def one_pass(files: Sequence[Any], fill: Fill, threads: int, shape: tuple[int, ...] = (224, 224, 3)) -> Iterator[np.ndarray]:
    """Batches of files, each once."""
    return _batches(files, fill, threads, -(-len(files) // BATCH), shape, BATCH)


def views(files: Sequence[str], load: Callable[[str], Any], wide: Fill, narrow: Fill, counts: tuple[int, int], threads: int) -> Iterator[Any]:
    """Pairs of batches of large and small crops, each file decoded once. A step is 16 files."""
    step, (many, few) = 16, (counts[1], counts[0])
    ring = [
        (np.empty((step, few, 224, 224, 3), np.float32), np.empty((step, many, 96, 96, 3), np.float32)) for _ in range(_AHEAD + 2)
    ]
    with ThreadPoolExecutor(threads) as pool:

        def one(name: str, large: np.ndarray, small: np.ndarray) -> None:
            picture = load(name)
            for out in large:
                wide(picture, out)
            for out in small:
                narrow(picture, out)

        def begin(number: int) -> Any:
            names = files[number * step : (number + 1) * step]
            large, small = ring[number % len(ring)]
            return large[: len(names)], small[: len(names)], [pool.submit(one, *row) for row in zip(names, large, small)]

        def end(begun: Any) -> Any:
            for share in begun[2]:
                share.result()
            return begun[0].reshape(-1, 224, 224, 3), begun[1].reshape(-1, 96, 96, 3)

        yield from _in_order(-(-len(files) // step), begin, end)


def mixed(batches: Iterable[np.ndarray], alpha: float) -> Iterator[np.ndarray]:
    """MixUp within the batch, for libraries that leave it to the user."""
    generator = np.random.default_rng(3)
    for batch in batches:
        weight = np.float32(generator.beta(alpha, alpha))
        yield batch * weight + np.roll(batch, 1, axis=0) * (1 - weight)


def first(batches: Iterable[Any], count: int) -> list[Any]:
    return list(islice(batches, count))
