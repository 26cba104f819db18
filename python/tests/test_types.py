"""The script that checkers of types read also runs: what it says of the package is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from files import python

import variegate as vg

SCRIPT = Path(__file__).parents[1] / "tests_types" / "user_script.py"


pytestmark = pytest.mark.skipif(not SCRIPT.exists(), reason="the script is not beside the tests")


def test_the_script_of_a_user_runs(tmp_path):
    pytest.importorskip("keras")
    code = f"import pathlib, runpy; runpy.run_path({str(SCRIPT)!r})['main'](pathlib.Path({str(tmp_path)!r}))"
    done = python(code, KERAS_BACKEND="jax", JAX_PLATFORMS="cpu")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pipeline.yaml").exists() and (tmp_path / "shards" / "index.json").exists()


def test_the_script_names_all_that_is_public():
    """Operations apart, all of which have one form."""
    text = SCRIPT.read_text(encoding="utf-8")
    assert [name for name in vg.__all__ if name not in vg.ops.__all__ and f"vg.{name}" not in text] == []
