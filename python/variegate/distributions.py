"""What a parameter may be drawn from, where a value or a pair does not say it.

A scalar means itself and a pair a uniform range, so most pipelines never need this module. Every function returns plain
data in front of a parameter; it draws nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


class Distribution:
    """A distribution in front of a parameter, in the form that files hold. Made by the functions of this module."""

    __slots__ = ("form",)

    def __init__(self, form: dict[str, Any]) -> None:
        self.form = form

    def __repr__(self) -> str:
        return written(self.form)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Distribution) and self.form == other.form

    def __hash__(self) -> int:
        return hash(repr(self.form))


def uniform(low: float, high: float) -> Distribution:
    """Any number from `low` to `high`, equally likely; whole parameters include both ends.

    A pair `(low, high)` means the same, except for parameters whose pairs are drawn by ratio.
    """
    return Distribution({"uniform": [plain(low), plain(high)]})


def log_uniform(low: float, high: float) -> Distribution:
    """Any number from `low` to `high`, both above 0, equally likely by ratio: 1/2 to 1 as likely as 1 to 2."""
    return Distribution({"log_uniform": [plain(low), plain(high)]})


def normal(mean: float, sd: float) -> Distribution:
    """A bell around `mean` of standard deviation `sd`, cut at the bounds of the parameter."""
    return Distribution({"normal": [plain(mean), plain(sd)]})


def beta(a: float, b: float) -> Distribution:
    """Beta(a, b) on 0 to 1; both shapes above 0."""
    return Distribution({"beta": [plain(a), plain(b)]})


def one_of(*values: Any, weights: Sequence[float] | None = None) -> Distribution:
    """One of the values: numbers, words, sizes or colours.

    Args:
        values: The values, one by one or as one list.
        weights: As many numbers, none negative; equal chances where they are left out.

    >>> one_of("reflect", "edge")
    one_of('reflect', 'edge')
    >>> one_of([0, 90, 180], weights=[2, 1, 1])
    one_of(0, 90, 180, weights=(2, 1, 1))
    """
    if len(values) == 1 and isinstance(values[0], (list, tuple, np.ndarray)):
        values = tuple(values[0])
    form: dict[str, Any] = {"one_of": [plain(value) for value in values]}
    if weights is not None:
        form["weights"] = plain(list(weights))
    return Distribution(form)


def schedule(points: Mapping[int, Any], *, linear: bool = False) -> Distribution:
    """A value or distribution that depends on the epoch, for progressive sizes or strengths.

    Args:
        points: From which epoch on which value; one of them from epoch 0 on.
        linear: Whether numbers glide from point to point; otherwise they step.

    >>> schedule({0: 128, 30: 224})
    schedule({0: 128, 30: 224})
    """
    return Distribution({"schedule": {str(epoch): plain(value) for epoch, value in points.items()}, "linear": linear})


def plain(value: Any) -> Any:
    """A value as a file holds it: distributions in their form, tuples and arrays as lists, NumPy numbers as Python's."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Distribution):
        return value.form
    if isinstance(value, (list, tuple, range)):
        return [plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    message = f"expected a number, a pair, a word, a list or a distribution, found {type(value).__name__}"
    raise TypeError(message)


def written(form: Any) -> str:
    """The Python a form is written in; the other way round of `plain`."""
    if isinstance(form, float) and form.is_integer():
        return repr(int(form))
    if isinstance(form, list):
        items = ", ".join(map(written, form))
        return f"({items},)" if len(form) == 1 else f"({items})"
    if not isinstance(form, Mapping):
        return repr(form)
    for name in ("uniform", "log_uniform", "normal", "beta"):
        if name in form:
            return name + written(form[name])
    if "one_of" in form:
        values = ", ".join(map(written, form["one_of"]))
        weights = f", weights={written(form['weights'])}" if "weights" in form else ""
        return f"one_of({values}{weights})"
    if "schedule" in form:
        points = ", ".join(f"{epoch}: {written(value)}" for epoch, value in form["schedule"].items())
        return f"schedule({{{points}}}{', linear=True' if form.get('linear') else ''})"
    return repr(form)
