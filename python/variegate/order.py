"""An order of n things that is computed place by place, so that nobody has to hold or send a list.

`variegate.offline` deals records out to shards with it. Four rounds of a keyed Feistel network permute the numbers
below a power of four; numbers from n on are sent through again until they fall below it.
"""

from __future__ import annotations

import hashlib

from .errors import ParameterError

_ROUNDS = 4


class Order:
    """A permutation of range(count) that `seed` chooses: `order[place]` is what stands there.

    The same on every machine and in every version of Python.

    Args:
        count: How many things, from 0.
        seed: A whole number from 0, below 2⁶⁴.
    """

    def __init__(self, count: int, seed: int) -> None:
        if count < 0 or not 0 <= seed < 2**64:
            raise ParameterError(f"an order: expected a count from 0 and a seed below 2⁶⁴, found {count} and {seed}")
        self.count = count
        # Half the bits of the numbers, at least one.
        self._half = max(1, (max(count - 1, 1).bit_length() + 1) // 2)
        self._key = seed.to_bytes(8, "little")

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, place: int) -> int:
        if not 0 <= place < self.count:
            raise IndexError(f"place {place}: the order has {self.count}")
        number = self._turned(place)
        while number >= self.count:
            number = self._turned(number)
        return number

    def _turned(self, number: int) -> int:
        mask = (1 << self._half) - 1
        left, right = number >> self._half, number & mask
        for turn in range(_ROUNDS):
            said = bytes((turn,)) + right.to_bytes(8, "little")
            mixed = int.from_bytes(hashlib.blake2b(said, key=self._key, digest_size=8).digest(), "little")
            left, right = right, left ^ mixed & mask
        return left << self._half | right


__all__ = ["Order"]
