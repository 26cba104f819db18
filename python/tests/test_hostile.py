"""Hostile values, pictures and boxes for every operation: a clear error where they are written, or a result; never a panic.

What no operation may do with such input is break down: a panic would reach Python as no `vg.Error`, and fail these tests.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import variegate as vg
from operations import build, takes_pictures

ENTRIES = vg.operations()
NUMBERS = ("real", "integer", "colour")
NO_NUMBERS = [math.nan, math.inf, -math.inf, (0.0, math.nan), (math.inf, 1.0), 1e308, -1e308, 10**30]
SHAPES = [(1, 1, 3), (1, 7, 3), (5, 1, 1), (2, 3, 4), (3, 3, 7), (9, 8, 2)]
BOXES = [
    [[-50.0, -50.0, -10.0, -10.0]],
    [[4.0, 4.0, 4.0, 4.0]],
    [[9.0, 9.0, 2.0, 2.0]],
    [[0.0, 0.0, 1e9, 1e9]],
    np.zeros((0, 4)),
]


def named(entry: dict[str, Any]) -> str:
    return entry["name"]


def hostile(parameter: dict[str, Any]) -> list[Any]:
    """Values that lie beyond what a parameter can be."""
    kind, bounds = parameter["kind"], parameter["bounds"]
    if kind == "size":
        return [0, -3, (0, 8), (8, -1), math.nan, 10**12]
    if kind in ("word", "folder", "function"):
        return ["no such word", 7, math.nan]
    if kind == "flag":
        return [math.nan, "perhaps"]
    values = list(NO_NUMBERS)
    if kind in ("real", "integer") and bounds:
        low, high = bounds
        values += [low - 1, high + 1, (high, low) if high > low else (low + 1, low), (low, high + 1)]
    return values


@pytest.mark.parametrize("operation", ENTRIES, ids=named)
def test_what_is_no_value_is_refused_where_it_is_written(operation: dict[str, Any]) -> None:
    for parameter in operation["parameters"]:
        if parameter["kind"] == "numbers":
            continue
        for value in hostile(parameter):
            if parameter["kind"] == "folder" and isinstance(value, str):
                continue  # A folder is looked for when it is opened.
            if parameter["kind"] == "function" and isinstance(value, str):
                continue  # A name may be registered later.
            with pytest.raises((vg.Error, TypeError)) as caught:
                build(operation, **{parameter["name"]: value})
            told = str(caught.value)
            assert parameter["name"] in told and operation["name"] in told, (value, told)


@pytest.mark.parametrize("value", [math.nan, -0.1, 1.1, "often", (0.9, 0.1)])
def test_a_chance_is_a_chance(value: Any) -> None:
    with pytest.raises((vg.Error, TypeError), match="p"):
        vg.Invert(p=value)


def tried(call: Any) -> Any:
    """What a call gives; none where it says clearly why it cannot."""
    try:
        return call()
    except vg.Error as error:
        assert len(str(error)) > 20 and "internal" not in type(error).__name__.lower(), error
        return None


@pytest.mark.parametrize("operation", [e for e in ENTRIES if takes_pictures(e)], ids=named)
def test_odd_pictures_give_a_result_or_a_reason(operation: dict[str, Any]) -> None:
    augment = tried(lambda: vg.Pipeline([build(operation)], seed=1))
    if augment is None:
        return
    for shape in SHAPES:
        for dtype in (np.uint8, np.float32):
            image = np.full(shape, 0.5 if dtype is np.float32 else 128, dtype)
            out = tried(lambda: augment(image, sample=3))
            assert out is None or (out.size > 0 and np.isfinite(out).all())


@pytest.mark.parametrize("operation", [e for e in ENTRIES if takes_pictures(e)], ids=named)
def test_numbers_that_are_none_in_a_picture_break_nothing(operation: dict[str, Any]) -> None:
    augment = tried(lambda: vg.Pipeline([build(operation)], seed=1))
    if augment is None:
        return
    image = np.full((12, 10, 3), 0.5, np.float32)
    image[3, 4], image[5, 6], image[7, 8] = np.nan, np.inf, -1e30
    tried(lambda: augment(image, sample=3))


@pytest.mark.parametrize("operation", [e for e in ENTRIES if takes_pictures(e)], ids=named)
def test_odd_boxes_give_boxes_or_a_reason(operation: dict[str, Any]) -> None:
    augment = tried(lambda: vg.Pipeline([build(operation)], seed=1))
    if augment is None:
        return
    image = np.full((24, 20, 3), 90, np.uint8)
    for boxes in BOXES:
        out = tried(lambda: augment(image=image, boxes=boxes, box_format="xyxy", sample=2))
        if out is not None:
            found = np.asarray(out["boxes"])
            assert found.shape[1:] == (4,) and np.isfinite(found).all()
            assert (found[:, 2:] >= found[:, :2]).all()
