"""The programs of the page about Keras run, one after the other, as a reader would type them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "keras.md"
pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the tests are not beside the pages")


def test_the_page_runs():
    pytest.importorskip("keras")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 4
    known: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), known)


def test_every_layer_is_named():
    pytest.importorskip("keras")
    from variegate.keras import layers

    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in layers.__all__ if f"`{name}`" not in text and f"layers.{name}(" not in text] == []
