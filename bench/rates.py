"""Writes `docs/rates.md`: how fast each operation runs by itself, on one thread.

    python bench/rates.py [--least 500] [--seconds 0.4]

It needs the package built for release (`make wheel`, installed) and a quiet machine. A picture of 224 × 224 × 3 bytes goes in
and one comes out, with the operation at its defaults and drawn anew each time; volumes and clips are 16 slices of
64 × 64. Operations below the least rate are listed, the others by family alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import variegate as vg

PAGE = Path(__file__).parent.parent / "docs" / "rates.md"
GIVEN = {"size": 160, "function": "identity"}


def picture(entry: dict[str, Any]) -> dict[str, np.ndarray]:
    """What an operation is tried on: a photograph's smooth parts and its grain."""
    rng = np.random.default_rng(0)
    stacked = entry["family"] in ("volume", "video")
    shape = (16, 64, 64, 1) if stacked else (224, 224, 3)
    grid = np.indices(shape).sum(0) / 17
    values = (110 + 90 * np.sin(grid) + rng.normal(0, 12, shape)).clip(0, 255).astype(np.uint8)
    return {entry["family"] if stacked else "image": values}


def built(entry: dict[str, Any]) -> vg.Pipeline:
    """A pipeline of the operation alone."""
    needed = [parameter for parameter in entry["parameters"] if parameter["required"]]
    given = {p["name"]: GIVEN.get(p["kind"], p["bounds"][0] if p["bounds"] else None) for p in needed}
    banks = {p["name"]: "procedural" for p in entry["parameters"] if p["kind"] == "folder"}
    return vg.Pipeline([getattr(vg, entry["class"])(**given, **banks)], seed=1)


def rate(augment: vg.Pipeline, data: dict[str, np.ndarray], seconds: float) -> float:
    """Calls a second: the median of five parts, each over other draws."""
    sample, rates = 0, []
    augment(**data, sample=0)
    for _ in range(5):
        begin, calls = time.perf_counter(), 0
        while time.perf_counter() - begin < seconds / 5:
            augment(**data, sample=sample)
            sample, calls = sample + 1, calls + 1
        rates.append(calls / (time.perf_counter() - begin))
    return statistics.median(rates)


def page(rates: list[tuple[str, str, float]], least: float) -> str:
    """The text of the page."""
    slow = sorted((r for r in rates if r[2] < least), key=lambda r: r[2])
    lines = [
        "<!-- Written by bench/rates.py; do not edit. -->",
        "# Rates",
        "",
        "Pictures of 224 × 224 × 3 bytes that each operation makes in a second by itself, on one thread, with a picture handed over",
        "and handed back; of volumes and clips, stacks of 16 × 64 × 64. Draws differ, so these are means over what is usual.",
        f"Measured with version {vg.__version__}, a release build, on {date.today()}; on another machine all differ alike.",
        f"{len(rates) - len(slow)} of {len(rates)} operations make {least:g} or more.",
        "",
        f"## Below {least:g} a second",
        "",
        "| Operation | Family | A second |",
        "|---|---|---|",
        *(f"| {name} | {family} | {value:,.0f} |" for name, family, value in slow),
        "",
        "## All by family",
        "",
        "| Family | Operations | Slowest | Median | Fastest |",
        "|---|---|---|---|---|",
    ]
    for family in sorted({family for _, family, _ in rates}):
        values = sorted(value for _, kind, value in rates if kind == family)
        middle = statistics.median(values)
        lines.append(f"| {family} | {len(values)} | {values[0]:,.0f} | {middle:,.0f} | {values[-1]:,.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--least", type=float, default=500.0)
    arguments.add_argument("--seconds", type=float, default=0.4)
    options = arguments.parse_args()
    rates = []
    for entry in vg.operations():
        try:
            augment = built(entry)
            rates.append((entry["name"], entry["family"], rate(augment, picture(entry), options.seconds)))
        except vg.Error as error:
            # What mixes samples needs a data set, and is measured as P4 of the benchmark.
            print(f"{entry['name']}: not by itself: {error}")
    PAGE.write_text(page(rates, options.least), encoding="utf-8")
    print(f"{PAGE.name}: {len(rates)} operations")


if __name__ == "__main__":
    main()
