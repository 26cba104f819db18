"""A line that says how far an epoch is: rate, share of time spent waiting, time that remains.

`Loader.batches` shows it on request. On a terminal and in a notebook one line is written over and over, elsewhere a
line every ten seconds. It writes to standard error, and changes nothing of what comes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from .batch import Batch

#: Seconds between two lines, where a line is written over and where it is not.
_OVER, _BELOW = 0.1, 10.0
_BAR = 24


def shown(batches: Iterator[Batch], steps: int, out: TextIO | None = None, now: Callable[[], float] = time.monotonic) -> Iterator[Batch]:
    """The batches as they come, with a line for each pass of `steps` batches."""
    line = _Line(steps, sys.stderr if out is None else out, now)
    try:
        while True:
            from_ = now()
            batch = next(batches, None)
            if batch is None:
                break
            line.waited(now() - from_)
            line.step(batch)
            yield batch
            # Nothing here may keep the memory of a batch that the caller let go of.
            del batch
    finally:
        line.close()


class _Line:
    def __init__(self, steps: int, out: TextIO, now: Callable[[], float]) -> None:
        self._steps, self._out, self._now = steps, out, now
        self._over = _is_notebook() or out.isatty()
        self._began = now()
        self._last = self._began if not self._over else -1e9
        self._epoch = self._done = self._made = self._images = self._width = 0
        self._waiting = 0.0

    def waited(self, seconds: float) -> None:
        self._waiting += seconds

    def step(self, batch: Batch) -> None:
        self._epoch, self._done = batch.epoch, batch.step + 1
        self._made += 1
        self._images += len(batch)
        if self._now() - self._last >= (_OVER if self._over else _BELOW):
            self._write()

    def close(self) -> None:
        if self._made:
            self._write()
            if self._over:
                self._out.write("\n")
                self._out.flush()

    def _write(self) -> None:
        self._last = self._now()
        seconds = max(self._last - self._began, 1e-9)
        left = (self._steps - self._done) * seconds / self._made
        parts = [
            f"epoch {self._epoch}",
            f"{self._done}/{self._steps} batches",
            f"{self._images / seconds:.0f} images/s",
            f"waiting {100 * self._waiting / seconds:.0f} %",
            f"{_clock(left)} left" if self._done < self._steps else f"took {_clock(seconds)}",
        ]
        if self._over:
            full = _BAR * self._done // max(self._steps, 1)
            parts.insert(1, "█" * full + "░" * (_BAR - full))
        text = "  ".join(parts)
        self._width = max(self._width, len(text))
        self._out.write(f"\r{text:<{self._width}}" if self._over else f"{text}\n")
        self._out.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _is_notebook() -> bool:
    """Whether output goes to a page that knows how to write a line over, though it is no terminal."""
    python = sys.modules.get("IPython")
    shell = python.get_ipython() if python is not None else None
    return type(shell).__name__ == "ZMQInteractiveShell"


__all__ = ["shown"]
