"""What Keras's arguments mean: factors as ranges, sizes and ranges of values, checked when a layer is made.

Every layer reads its arguments through these. Nothing here draws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

Range = tuple[float, float]
FILTERS = {
    "nearest": "nearest",
    "bilinear": "bilinear",
    "bicubic": "bicubic",
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
    "area": "box",
    "gaussian": "gaussian",
    "mitchellcubic": "mitchell",
}
BORDERS = {"constant": "constant", "nearest": "edge", "reflect": "reflect", "wrap": "wrap"}


class UnknownWordError(NotImplementedError, ValueError):
    """A word that is not known, where Keras raises NotImplementedError; a ValueError like all wrong arguments here."""


class NoNumberError(TypeError, ValueError):
    """No number, where Keras raises TypeError; a ValueError like all wrong arguments here."""


def spread(layer: str, name: str, value: Any, low: float, high: float, *, signed: bool = True) -> Range:
    """The range a factor means: a pair is itself in order, one number f is −f to f, or 0 to f where it has no sign.

    Raises:
        ValueError: If it is neither a number nor a pair, or out of `low` to `high`.
    """
    expected = (
        f"{layer}: the `{name}` argument should be a number (or a list of two numbers) in the range [{low}, {high}]. "
        f"Received: {name}={value}"
    )
    if isinstance(value, Sequence) and not isinstance(value, str):
        if len(value) != 2 or not all(_is_number(v) for v in value):
            raise ValueError(expected)
        first, last = sorted(float(v) for v in value)
        if first < low or last > high:
            raise ValueError(expected)
        return first, last
    if not _is_number(value) or not low <= value <= high:
        raise ValueError(expected)
    size = abs(float(value))
    return (max(-size, low) if signed else max(0.0, low), size)


def chance(layer: str, value: Any) -> float:
    """The chance that a range of chances comes to: one is drawn from it and then tried, which is its middle."""
    low, high = spread(layer, "factor", value, 0.0, 1.0, signed=False)
    return (low + high) / 2


def values(layer: str, value_range: Any) -> Range:
    """The least and the greatest value of a picture.

    Raises:
        ValueError: If it is no pair of numbers in rising order.
    """
    fine = isinstance(value_range, Sequence) and not isinstance(value_range, str) and len(value_range) == 2
    if not fine or not all(_is_number(v) for v in value_range) or not value_range[0] < value_range[1]:
        raise ValueError(
            f"{layer}: the `value_range` argument should be a list of two numbers, the lower one first. "
            f"Received: value_range={value_range}"
        )
    return float(value_range[0]), float(value_range[1])


def word(layer: str, name: str, value: Any, known: Sequence[str] | dict[str, str]) -> Any:
    """The word, where it is known.

    Raises:
        UnknownWordError: If it is not.
    """
    if value not in known:
        raise UnknownWordError(
            f"{layer}: the `{name}` argument should be one of {tuple(known)}. Received: {name}={value!r}"
        )
    return value


def whole(layer: str, name: str, value: Any, least: int = 1) -> int:
    """A whole number of at least `least`.

    Raises:
        ValueError: If it is not one.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(
            f"{layer}: the `{name}` argument should be an integer of at least {least}. Received: {name}={value!r}"
        )
    return value


def number(layer: str, name: str, value: Any, low: float = -math.inf, high: float = math.inf) -> Any:
    """A number from `low` to `high`, as it is.

    Raises:
        ValueError: If it is not one; a NoNumberError where it is no number at all.
    """
    if not _is_number(value) or not low <= value <= high:
        within = "" if low == -math.inf else f" from {low}" + ("" if high == math.inf else f" to {high}")
        kind = ValueError if _is_number(value) else NoNumberError
        raise kind(f"{layer}: the `{name}` argument should be a number{within}. Received: {name}={value!r}")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
