"""Ids for calls that say none, so that no two processes of one job draw the same.

`variegate.torch.Transform` and `variegate.huggingface.Columns` take theirs here. It must not import torch: where torch
is not loaded, no worker of torch can be calling.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys

# An id has 63 bits: who calls (2), what tells callers of one kind apart (22), and how many calls there were (39).
_KIND, _TELLING, _COUNTING = 61, 22, 39
_MAIN, _CHILD, _WORKER = 0, 1, 2


class Stream:
    """A counter whose ids differ from those of its copies in other processes.

    In the main process it counts from 0. In worker w of W of a torch `DataLoader` the call k has the number k·W + w,
    which no other worker has, and the ids of a pass are told from another's by the pass's own seed: they follow
    `torch.manual_seed` and the number of workers. In any other child process the process number tells them apart, which
    nothing can repeat.
    """

    def __init__(self) -> None:
        self._count = 0

    def take(self) -> int:
        """The id of the next call, below 2⁶³."""
        count, self._count = self._count, self._count + 1
        torch = sys.modules.get("torch")
        worker = torch.utils.data.get_worker_info() if torch is not None else None
        if worker is not None:
            # The seeds of the workers of one pass follow each other.
            return _id(_WORKER, _mixed(worker.seed - worker.id), count * worker.num_workers + worker.id)
        if multiprocessing.parent_process() is not None:
            return _id(_CHILD, os.getpid(), count)
        return _id(_MAIN, 0, count)


def _id(kind: int, telling: int, number: int) -> int:
    return kind << _KIND | (telling % 2**_TELLING) << _COUNTING | number % 2**_COUNTING


def _mixed(seed: int) -> int:
    return int.from_bytes(hashlib.blake2b(seed.to_bytes(16, "little", signed=True), digest_size=8).digest(), "little")


__all__ = ["Stream"]
