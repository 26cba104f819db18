"""One progress bar for the whole job, with the time left.

The demo's long steps call it; it knows their total beforehand. It writes to stderr alone, so that what is printed stays
clean, and it never draws a bar where no terminal would show it: there it writes a plain line every ten percent.
"""

import shutil
import sys
import time


class Progress:
    """Shows how much of `total` units of work is done."""

    def __init__(self, total: float, stream=None):
        self.total = max(total, 1e-9)
        self.stream = stream or sys.stderr
        self.bar = self.stream.isatty()
        self.began = self.drawn = time.monotonic()
        self.done = 0.0
        self.said = -1
        self.what = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.bar:
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def start(self, what: str) -> None:
        """Names the step that follows."""
        self.what = what
        self._draw(force=True)

    def advance(self, amount: float) -> None:
        """Counts work as done."""
        self.done = min(self.total, self.done + amount)
        self._draw(force=False)

    def _draw(self, force: bool) -> None:
        now = time.monotonic()
        share = self.done / self.total
        if not self.bar:
            tenth = int(share * 10)
            if tenth > self.said:
                self.said = tenth
                print(f"{100 * share:3.0f} %  {self._left(share, now)}  {self.what}", file=self.stream, flush=True)
        elif force or now - self.drawn > 0.1:
            self.drawn = now
            filled = int(share * 30)
            line = f"[{'#' * filled}{'.' * (30 - filled)}] {100 * share:3.0f} %  {self._left(share, now)}  {self.what}"
            self.stream.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
            self.stream.flush()

    def _left(self, share: float, now: float) -> str:
        spent = now - self.began
        if share < 0.01 or spent < 2:
            return "time left: --:--"
        left = round(spent * (1 - share) / share)
        return f"time left: {left // 60:2d}:{left % 60:02d}"
