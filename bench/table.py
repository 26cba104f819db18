"""Tables for the terminal: one for each task as it is done, and one for all at the end.

The driver prints them. It computes nothing that the record does not hold.
"""

from __future__ import annotations

from record import Row
from tasks import Task

_STATUS = {"lacks": "has no such thing", "wrong": "WRONG ANSWER", "failed": "FAILED", "not installed": "not installed"}


def _amount(row: Row) -> str:
    figure = row.figure
    if figure is None:
        return "–"
    return f"{figure:.3f} s" if row.timed else f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}"


def _times(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}×"


def of(task: Task, rows: list[Row]) -> str:
    """One task, the best first; libraries without it are named in one line."""
    lines = [f"\n{task.name}: {task.title}; {task.threads} thread{'s' * (task.threads > 1)}"]
    lines.append(f"  {'':<28}{'img/s':>12}{'spread':>8}{'to best':>9}{'to antial.':>11}{'to limit':>10}{'CPU s/1000':>12}{'MB':>7}{'first s':>9}")
    ranked = sorted((r for r in rows if r.figure is not None), key=lambda r: r.figure if r.timed else -r.figure)
    for row in ranked:
        told = row.line(rows)
        lines.append(
            f"  {row.who.label:<28}{_amount(row):>12}{told['spread']:>8.0%}{_times(told.get('to_best_peer')):>9}"
            f"{_times(told.get('to_best_antialiased')):>11}{_times(told.get('to_limit')):>10}"
            f"{told.get('cpu_seconds_per_1000', ''):>12}{told.get('resident_mb', ''):>7}{told.get('first_batch_seconds', ''):>9}"
        )
    for status, text in _STATUS.items():
        named = [(r.who.label, r.reason) for r in rows if r.status == status]
        if status == "lacks" and named:
            lines.append(f"  {text}: {', '.join(label for label, _ in named)}")
        elif named:
            lines += [f"  {label}: {text}: {reason}" for label, reason in named]
    return "\n".join(lines)


def summary(tables: list[tuple[Task, list[Row]]]) -> str:
    """Every task in one line: Variegate's two variants, the best other library, and how they stand to each other."""
    heads = f"{'img/s':>12}{'antialias=F':>12}{'best peer':>12}  {'who':<30}{'to best':>9}{'plain':>8}{'antial.':>9}{'limit':>8}"
    lines = [f"\n{'task':<22}{heads}"]
    for task, rows in tables:
        named = {r.who.name: r for r in rows}
        ours, plain = named["variegate"], named["variegate-plain"]
        peers = [r for r in rows if r.figure is not None and r.who.module not in ("variegate", "limits")]
        best = min(peers, key=lambda r: r.figure if r.timed else -r.figure) if peers else None
        told, other = ours.line(rows), plain.line(rows)
        lines.append(
            f"{task.name:<22}{_amount(ours):>12}{_amount(plain):>12}{_amount(best) if best else '–':>12}  {best.who.label if best else '':<30}"
            f"{_times(told.get('to_best_peer')):>9}{_times(other.get('to_best_peer')):>8}{_times(told.get('to_best_antialiased')):>9}{_times(told.get('to_limit')):>8}"
        )
    lines.append("to best: Variegate as it comes against the best other library, whatever its filter; plain: the same without antialiasing;")
    lines.append("antial.: against the best that antialiases too. Above 1× Variegate is faster.")
    return "\n".join(lines)
