"""The programs on the Keras page run, one after the other, as a reader would type them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from files import make_folder

pytest.importorskip("keras")

PAGE = Path(__file__).parents[3] / "docs" / "keras.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the tests are not beside the pages")


def test_what_the_page_says_runs(tmp_path, monkeypatch):
    programs = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) >= 7
    make_folder(tmp_path / "photos")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for program in programs:
        exec(compile(program, str(PAGE), "exec"), names)
    assert len(names["history"]["loss"]) == 2


def test_every_layer_is_named():
    from variegate.keras import layers

    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in layers.__all__ if f"`{name}`" not in text and f"layers.{name}(" not in text] == []
