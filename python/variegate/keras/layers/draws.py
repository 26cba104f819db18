"""Where a call's random numbers come from: a seed, and a number for each sample that no other call has.

`base` makes one for each call; layers hand it to the engine or take a generator of their own from it.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

# A batch has no more samples than this, so that calls never share a number.
PLACES = 1 << 24


class Draws(NamedTuple):
    """The address of every sample of one call."""

    seed: int
    samples: list[int]

    @classmethod
    def of(cls, state: np.ndarray, count: int) -> Draws:
        """From the state of a Keras seed generator: its seed, and how often it was asked."""
        seed, calls = (int(value) & 0xFFFFFFFF for value in state)
        first = calls * PLACES
        return cls(seed, list(range(first, first + count)))

    def generator(self, k: int, owner: str) -> np.random.Generator:
        """NumPy's generator of sample `k` for one kind of layer, the same wherever and whenever it is made."""
        return np.random.Generator(np.random.Philox(key=[self.seed << 32 | salt(owner), self.samples[k]]))

    def within(self, place: int | str, seed: int | None = None) -> Draws:
        """The draws of one layer of several, by its place, or by a seed of its own."""
        return Draws(crc32(f"{self.seed}/{place}".encode()) if seed is None else seed & 0x7FFFFFFF, self.samples)


def salt(owner: str) -> int:
    """A number for a name, so that layers of one seed do not draw alike."""
    return crc32(owner.encode())


Batch = dict[str, Any]
"""Arrays by name: images (n, height, width, channels), segmentation_masks (n, height, width[, channels]), boxes
(n, m, 4) of edges in pixels, box_labels (n, m) with −1 for none, keypoints (n, k, 2), labels."""
