"""What was measured, one JSON line for each task and contestant: `record/<date>-<commit>.jsonl`.

The driver fills rows and writes them task by task, so that a run that is broken off keeps what it has. `render.py` and
`table.py` read them. The first line of a file is the run itself: machine, versions, data, load.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
from pathlib import Path
from typing import Any

import machine
from roster import ROSTER, Contestant
from tasks import Task


class Row:
    """The rounds of one contestant at one task."""

    def __init__(self, task: Task, who: Contestant) -> None:
        self.task, self.who = task, who
        self.status, self.reason = "", ""
        self.answer: dict[str, Any] | None = None
        self.rates: list[float] = []
        self.seconds: list[float] = []
        self.firsts: list[float] = []
        self.images = 0
        self.cpu = self.peak_mb = 0.0

    def fail(self, status: str, reason: str) -> None:
        self.status, self.reason = status, reason

    def add(self, images: int, seconds: float, cpu: float, first: float | None) -> None:
        self.rates.append(images / seconds)
        self.seconds.append(seconds)
        self.images += images
        self.cpu += cpu
        if first is not None:
            self.firsts.append(first)

    @property
    def timed(self) -> bool:
        """Whether the task is a time to be short, not a rate to be high."""
        return self.task.kind in ("first", "import")

    @property
    def figure(self) -> float | None:
        """The median: images a second, or seconds."""
        values = self.seconds if self.timed else self.rates
        return None if self.status or not values else statistics.median(values)

    def line(self, rows: list[Row]) -> dict[str, Any]:
        figure = self.figure
        told: dict[str, Any] = {
            "task": self.task.name,
            "contestant": self.who.name,
            "status": self.status or "measured",
            "reason": self.reason,
            "threads": self.task.threads,
            "antialias": self.who.antialias,
            "note": self.who.note,
        }
        if figure is None:
            return told
        values = self.seconds if self.timed else self.rates
        unit = "seconds" if self.timed else "images_per_second"
        told |= {
            unit: round(figure, 4 if self.timed else 1),
            "rounds": [round(v, 4 if self.timed else 1) for v in values],
            "spread": round((max(values) - min(values)) / figure, 3),
            "answer": self.answer,
        }
        # A third of a second of processor time is thirty of the kernel's ticks.
        if self.images and self.task.kind != "first" and self.cpu > 0.3:
            told["cpu_seconds_per_1000"] = round(1000 * self.cpu / self.images, 3)
        if self.peak_mb and self.task.kind in ("files", "first"):
            told["resident_mb"] = round(self.peak_mb)
        if self.firsts:
            told["first_batch_seconds"] = round(statistics.median(self.firsts), 3)
        return told | ratios(self, rows)


def ratios(row: Row, rows: list[Row]) -> dict[str, float]:
    """How a figure stands to the best other library, to the best other antialiased one, and to the limit; above 1 is better."""
    figure = row.figure

    def against(others: list[Row]) -> float | None:
        found = [r.figure for r in others if r.figure is not None]
        if not found or not figure:
            return None
        return min(found) / figure if row.timed else figure / max(found)

    if row.who.limit:
        return {}
    peers = [r for r in rows if not r.who.limit and r.who.module != row.who.module]
    found = {
        "to_best_peer": against(peers),
        "to_best_antialiased": against([r for r in peers if r.who.antialias]) if row.task.shrinks and row.who.antialias else None,
        "to_limit": against([r for r in rows if r.who.limit]),
    }
    return {k: round(v, 3) for k, v in found.items() if v is not None}


class Book:
    """The file of one run."""

    def __init__(self, options: argparse.Namespace, data: Path, remarks: list[str]) -> None:
        self.options, self.data, self.remarks = options, data, remarks
        self.versions: dict[str, Any] = {}
        self.path = Path()

    def open(self, now: datetime.datetime, commit: str, facts: dict[str, Any]) -> None:
        folder: Path = self.options.record
        folder.mkdir(parents=True, exist_ok=True)
        stem, number = f"{now:%Y-%m-%d}-{commit.replace('+', '-changed')}", 1
        self.path = folder / f"{stem}.jsonl"
        while self.path.exists():
            number += 1
            self.path = folder / f"{stem}-{number}.jsonl"
        self._append(
            {
                "run": f"{now:%Y-%m-%d %H:%M} UTC",
                "commit": commit,
                "machine": facts,
                "load_before": machine.busy(),
                "rounds": self.options.rounds,
                "length": self.options.length,
                "data": json.loads((self.data / "facts.json").read_text()),
                "remarks": self.remarks,
                "contestants": {
                    who.name: {"label": who.label, "note": who.note, "antialias": who.antialias, "group": who.group, **self.versions.get(who.name, {})}
                    for who in ROSTER.values()
                },
            }
        )

    def write(self, task: Task, rows: list[Row]) -> None:
        for row in rows:
            self._append(row.line(rows) | {"load": machine.busy()})

    def kernels(self, lines: list[str]) -> None:
        self._append({"kernels": lines})

    def _append(self, line: dict[str, Any]) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
