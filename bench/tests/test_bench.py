"""The benchmark's own arithmetic: ratios, choices, and that nobody is left out of the page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

import record  # noqa: E402
import render  # noqa: E402
from roster import ROSTER, taking_part  # noqa: E402
from tasks import TASKS, chosen  # noqa: E402


def row(task: str, who: str, *rates: float, status: str = "") -> record.Row:
    made = record.Row(TASKS[task], ROSTER[who])
    for rate in rates:
        made.add(100, 100 / rate, 0.0, None)
    if status:
        made.fail(status, "why")
    return made


def test_the_figure_is_the_median_and_a_failure_has_none() -> None:
    assert row("P1/1", "opencv", 10, 1000, 20).figure == pytest.approx(20)
    assert row("P1/1", "opencv", 10, status="failed").figure is None


def test_ratios_leave_out_oneself_the_own_variants_and_the_limit() -> None:
    rows = [row("P1/1", "variegate", 30), row("P1/1", "variegate-plain", 90), row("P1/1", "opencv", 60), row("P1/1", "pillow", 15), row("P1/1", "limit", 300)]
    assert record.ratios(rows[0], rows) == {"to_best_peer": 0.5, "to_best_antialiased": 2.0, "to_limit": 0.1}
    assert record.ratios(rows[1], rows) == {"to_best_peer": 1.5, "to_limit": 0.3}
    assert record.ratios(rows[4], rows) == {}


def test_where_time_counts_less_is_better() -> None:
    rows = [row("import", "variegate", 100), row("import", "opencv", 25)]
    assert record.ratios(rows[0], rows)["to_best_peer"] == 4.0


def test_tasks_are_chosen_by_name_stem_and_group() -> None:
    assert [t.name for t in chosen("P1")] == ["P1/1", "P1/2"]
    assert {t.kind for t in chosen("ops")} == {"operation"}
    assert chosen("") == list(TASKS.values())
    with pytest.raises(SystemExit, match="no such task"):
        chosen("P9")


def test_variegate_and_the_limit_always_take_part() -> None:
    assert {c.name for c in taking_part("opencv")} == {"variegate", "variegate-plain", "opencv", "limit"}
    assert len(taking_part("all")) == len(ROSTER)
    with pytest.raises(SystemExit, match="expected one or more"):
        taking_part("opencvv")


def test_every_contestant_has_code_and_packages() -> None:
    here = Path(__file__).parent.parent
    for who in ROSTER.values():
        assert (here / "contestants" / f"{who.module}.py").exists()
        assert (here / "peers" / f"{who.venv}.txt").exists()


def test_the_page_names_losses_and_those_that_failed(tmp_path: Path) -> None:
    rows = [row("P1/1", "variegate", 30), row("P1/1", "opencv", 60), row("P1/1", "pillow", status="wrong")]
    data = dict(photos="a", files=1, megapixels=1, kilobytes=1, large="b", large_files=1, large_megapixels=1)
    machine = dict(cpu="c", simd=[], cores=2, memory_gib=1)
    told = {who.name: {"label": who.label, "note": who.note} for who in ROSTER.values()}
    head = dict(run="now", commit="abc", machine=machine, load_before=0, rounds=1, data=data, remarks=[], contestants=told)
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(map(json.dumps, [head, *(r.line(rows) for r in rows)])))
    text = render.Page(path).text()
    assert "**P1/1**: 0.50× of OpenCV 5 by hand" in text
    assert "Pillow (wrong: why)" in text
