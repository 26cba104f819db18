"""What several test files share: the operations with values for what must be given."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import variegate as vg

sys.path.insert(0, str(Path(__file__).parent))

REQUIRED = {"size": (40, 56)}
"""Values of the parameters that must be given, by kind."""


def build(entry: dict, **given):
    """An operation of the registry with its defaults, and something for what must be given."""
    for parameter in entry["parameters"]:
        if parameter["required"] and parameter["name"] not in given:
            given[parameter["name"]] = REQUIRED.get(parameter["kind"], parameter["usual"])
    return getattr(vg, entry["class"])(**given)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`entry` runs through every operation."""
    if "entry" in metafunc.fixturenames:
        entries = vg.operations()
        metafunc.parametrize("entry", entries, ids=[entry["name"] for entry in entries])
