"""Every operation for the tests that ask for one, and the folder of shared modules on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import variegate as vg

sys.path.insert(0, str(Path(__file__).parent))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`entry` runs through every operation."""
    if "entry" in metafunc.fixturenames:
        entries = vg.operations()
        metafunc.parametrize("entry", entries, ids=[entry["name"] for entry in entries])
