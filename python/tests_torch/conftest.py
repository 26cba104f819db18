"""The folder of the modules that tests share, on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

pytest.importorskip("torch")
