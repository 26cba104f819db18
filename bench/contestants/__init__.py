"""What every contestant's file may use: what it is asked for, and how to say that it has no such thing.

A file defines any of three functions; `worker.py` calls them.

    memory(set_up) -> iterator of float32 batches without end, NHWC or NCHW
    files(set_up) -> function that gives one pass over a folder as an iterator of such batches
    operation(set_up) -> Operation, from one 8-bit picture to the next

It never measures, checks or pins: `rounds.py`, `checks.py` and `run.py` do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from tasks import Task


class Lacks(Exception):
    """The library has no such thing; the text says what."""


def same(value: Any) -> Any:
    return value


@dataclass
class Operation:
    """run: what is timed. accept and give: from and to NumPy pictures, not timed, for libraries with a type of their own."""

    run: Callable[[Any], Any]
    accept: Callable[[np.ndarray], Any] = same
    give: Callable[[Any], Any] = same


@dataclass
class SetUp:
    """What a contestant is asked for."""

    name: str
    task: Task
    data: Path
    threads: int
    antialias: bool

    @property
    def v(self) -> SimpleNamespace:
        return self.task.v

    @cached_property
    def pictures(self) -> list[np.ndarray]:
        """The decoded pictures of the task, 8-bit RGB."""
        with np.load(self.data / f"{self.task.data}.npz") as store:
            return [store[name] for name in sorted(store.files)]

    @cached_property
    def folder(self) -> Path:
        """Class folders of JPEG files."""
        return (self.data / self.task.data).resolve()

    @cached_property
    def paths(self) -> list[str]:
        """Its files, in an order mixed once and for all, so that everyone reads the same ones at the same time."""
        found = sorted(str(p) for p in self.folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
        np.random.default_rng(7).shuffle(found)
        return found


def pipeline_of(set_up: SetUp, table: dict[str, Callable[[Any], Any]]) -> Any:
    """What the table has for the task, built from the task's values."""
    if set_up.task.does not in table:
        raise Lacks(f"no {set_up.task.does}")
    return table[set_up.task.does](set_up.v)
