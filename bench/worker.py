"""One contestant in a process of its own: answers the driver's lines.

`run.py` starts it with the interpreter of the contestant's environment and speaks JSON lines with it; what libraries
print goes to standard error. It prepares a task, has the answer checked, and runs rounds when asked. It decides nothing,
never downloads, and keeps no pixels beyond what the contestant itself keeps.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_STARTED = time.perf_counter()


def _private_output() -> Any:
    """Standard output for the driver alone."""
    line = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return line


class Worker:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.runs: dict[str, Any] = {}

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        return getattr(self, message["do"])(**{k: v for k, v in message.items() if k != "do"})

    def versions(self, packages: list[str]) -> dict[str, Any]:
        found = {}
        for package in packages:
            try:
                found[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                found[package] = "missing"
        return {"versions": found, "python": sys.version.split()[0]}

    def prepare(self, task: str) -> dict[str, Any]:
        """Builds what a task runs, and checks its answer."""
        import checks
        import rounds
        from contestants import Lacks, SetUp
        from tasks import TASKS

        work = TASKS[task]
        set_up = SetUp(self.options.name, work, Path(self.options.data), work.threads, self.options.antialias)
        try:
            module = importlib.import_module(f"contestants.{self.options.module}")
            run = rounds.Run.of(module, set_up)
            answer = run.sample()
            loose = work.does in getattr(module, "APPROXIMATE", ())
            verdict = None if getattr(module, "UNCHECKED", False) else checks.check(set_up, answer, loose) | run.remarks()
        except Lacks as reason:
            return {"ok": False, "status": "lacks", "reason": str(reason)}
        except checks.Wrong as reason:
            return {"ok": False, "status": "wrong", "reason": str(reason)}
        except Exception as error:
            traceback.print_exc()
            return {"ok": False, "status": "failed", "reason": f"{type(error).__name__}: {str(error)[:300]}"}
        self.runs[task] = run
        return {"ok": True, "answer": verdict}

    def round(self, task: str, seconds: float) -> dict[str, Any]:
        return self.runs[task].round(seconds)

    def drop(self, task: str) -> dict[str, Any]:
        run = self.runs.pop(task, None)
        if run is not None:
            run.close()
        return {}

    def first(self, task: str) -> dict[str, Any]:
        """Seconds from the start of this process to the first batch, the library not yet imported."""
        import rounds
        from contestants import SetUp
        from tasks import TASKS

        work = TASKS[task]
        set_up = SetUp(self.options.name, work, Path(self.options.data), work.threads, self.options.antialias)
        module = importlib.import_module(f"contestants.{self.options.module}")
        stream: Iterator[Any] = iter(module.files(set_up)())
        images = rounds.images_of(next(stream))
        return {"images": images, "seconds": time.perf_counter() - _STARTED}

    def imported(self, module: str) -> dict[str, Any]:
        import numpy  # noqa: F401  every contestant needs it

        start = time.perf_counter()
        importlib.import_module(module)
        return {"seconds": time.perf_counter() - start}


def main() -> None:
    line = _private_output()
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--module", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--antialias", action="store_true")
    worker = Worker(parser.parse_args())
    for text in sys.stdin:
        message = json.loads(text)
        if message["do"] == "quit":
            break
        try:
            answer = worker.answer(message)
        except Exception as error:
            traceback.print_exc()
            answer = {"ok": False, "status": "failed", "reason": f"{type(error).__name__}: {str(error)[:300]}"}
        print(json.dumps(answer), file=line, flush=True)
    # Some libraries hang or crash while they are taken down; nothing is left to save.
    os._exit(0)


if __name__ == "__main__":
    main()
