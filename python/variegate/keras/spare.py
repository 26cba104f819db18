"""Memory of batches that nobody holds any more, for the next ones.

`iterators` takes its batches from here: fresh memory of this size costs more time than the pixels that are written to it.
It never hands out memory that an array, a tensor or a view still looks at.
"""

from __future__ import annotations

import math
import sys

import numpy as np

# How many batches are kept: those that a consumer holds while it waits for the next.
KEPT = 4


class Spare:
    """Float32 arrays, lent for as long as anything refers to them."""

    def __init__(self) -> None:
        self._owners: list[np.ndarray] = []
        # Counts of references are exact only where one thread at a time changes them.
        self._counted = sys.implementation.name == "cpython" and getattr(sys, "_is_gil_enabled", lambda: True)()

    def take(self, shape: tuple[int, ...]) -> np.ndarray:
        """An array of a shape, its values left over."""
        size = math.prod(shape)
        if not self._counted:
            return np.empty(shape, np.float32)
        for k in range(len(self._owners)):
            # Every view refers to its owner; a free one is held by the list and the call alone.
            if self._owners[k].size >= size and sys.getrefcount(self._owners[k]) <= 2:
                return self._owners[k][:size].reshape(shape)
        owner = np.empty(size, np.float32)
        self._owners = [owner, *self._owners[: KEPT - 1]]
        return owner[:size].reshape(shape)
