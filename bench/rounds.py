"""Rounds: how a prepared task is run under the clock, for each kind of task.

`worker.py` calls it. Every contestant is timed by the same loops; nothing here knows a library.
"""

from __future__ import annotations

import time
from itertools import islice
from types import ModuleType
from typing import Any

import numpy as np
from contestants import Lacks, SetUp
from tasks import VIEWS

#: Batches taken before the clock starts, so that what was made ahead between rounds is not counted as made within one.
_QUEUED = 4
#: Batches whose answers are checked.
_CHECKED = 4
#: Times that a random operation is drawn for each picture when it is checked.
_DRAWS = 4


def images_of(batch: Any) -> int:
    """Source pictures of a batch."""
    if not isinstance(batch, tuple):
        return len(batch)
    wide = batch[0]
    return (sum(map(len, wide)) if isinstance(wide, list) else len(wide)) // VIEWS["global"]


def kept(part: Any) -> np.ndarray:
    """A copy of a batch; views that came apart, one after another."""
    return np.concatenate(part) if isinstance(part, list) else np.array(part)


class Run:
    """A prepared task."""

    @staticmethod
    def of(module: ModuleType, set_up: SetUp) -> Run:
        kind = {"memory": Memory, "files": Files, "operation": Single}[set_up.task.kind]
        if not hasattr(module, set_up.task.kind):
            raise Lacks({"memory": "pictures in memory are not its task", "files": "it reads no files", "operation": "it has no single operations"}[set_up.task.kind])
        return kind(module, set_up)

    def sample(self) -> Any:
        raise NotImplementedError

    def remarks(self) -> dict[str, Any]:
        """What is worth knowing beside a right answer."""
        return {}

    def round(self, seconds: float) -> dict[str, Any]:
        raise NotImplementedError

    def close(self) -> None:
        pass


class Memory(Run):
    """Batches without end."""

    def __init__(self, module: ModuleType, set_up: SetUp) -> None:
        self.task = set_up.task
        self.batches = iter(module.memory(set_up))

    def sample(self) -> list[np.ndarray]:
        # Copies: most contestants use their memory again.
        return [np.array(b) for b in islice(self.batches, _CHECKED)]

    def round(self, seconds: float) -> dict[str, Any]:
        for _ in range(_QUEUED if seconds > 0.2 else 1):
            next(self.batches)
        images, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds:
            images += len(next(self.batches))
        return {"images": images, "seconds": spent}

    def close(self) -> None:
        if hasattr(self.batches, "close"):
            self.batches.close()


class Files(Run):
    """Whole passes over a folder, each from nothing: threads, queues and batches are made anew where the library does so."""

    def __init__(self, module: ModuleType, set_up: SetUp) -> None:
        self.task = set_up.task
        self.one_pass = module.files(set_up)

    def sample(self) -> list[Any]:
        answer, seen = [], 0
        for batch in self.one_pass():
            if len(answer) < _CHECKED:
                answer.append(tuple(map(kept, batch)) if isinstance(batch, tuple) else kept(batch))
            seen += images_of(batch)
        self.pictures = seen
        return answer

    def round(self, seconds: float) -> dict[str, Any]:
        images, first, start = 0, None, time.perf_counter()
        while True:
            for batch in self.one_pass():
                if first is None:
                    first = time.perf_counter() - start
                images += images_of(batch)
            if (spent := time.perf_counter() - start) >= seconds:
                return {"images": images, "seconds": spent, "first": first}


class Single(Run):
    """One operation on one picture after another."""

    def __init__(self, module: ModuleType, set_up: SetUp) -> None:
        self.task = set_up.task
        self.operation = module.operation(set_up)
        self.pictures = [self.operation.accept(p) for p in set_up.pictures]

    def sample(self) -> list[np.ndarray]:
        run, give = self.operation.run, self.operation.give
        # Random operations once more for each picture, as in `expected.py`: their mean is what is compared.
        passes = 1 if self.task.check == "pixels" else _DRAWS
        return [np.array(give(run(p))) for _ in range(passes) for p in self.pictures]

    def remarks(self) -> dict[str, Any]:
        # A step backwards through the caller's memory: nothing was written, and whoever reads it next pays.
        out = self.operation.give(self.operation.run(self.pictures[0]))
        return {"view": True} if min(out.strides) < 0 else {}

    def round(self, seconds: float) -> dict[str, Any]:
        run, pictures = self.operation.run, self.pictures
        run(pictures[0])
        images, start = 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds:
            for picture in pictures:
                run(picture)
            images += len(pictures)
        return {"images": images, "seconds": spent}
