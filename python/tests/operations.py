"""Operations with values for what must be given."""

from __future__ import annotations

import pytest

import variegate as vg

REQUIRED = {"size": (40, 56), "function": "identity"}
"""Values of the parameters that must be given, by kind."""


def only_alone(entry: dict) -> None:
    """Skips the test where an operation needs more than a picture and its targets: other samples, or a whole stack."""
    if "mask" not in entry["targets"]:
        pytest.skip("takes no picture with its targets")


def takes_pictures(entry: dict) -> bool:
    """Whether a single picture is enough for an operation of the registry."""
    return "image" in entry["targets"]


def build(entry: dict, **given):
    """An operation of the registry with its defaults, and something for what must be given."""
    for parameter in entry["parameters"]:
        if parameter["required"] and parameter["name"] not in given:
            given[parameter["name"]] = REQUIRED.get(parameter["kind"], parameter["usual"])
    return getattr(vg, entry["class"])(**given)
