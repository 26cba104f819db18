"""A few points of the matrix of guarantees; `make test-guarantees` runs all of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import variegate as vg

FOLDER = Path(__file__).parents[1] / "tests_guarantees"


def run(program: str, *arguments: str) -> str:
    paths = os.pathsep.join([str(Path(vg.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(FOLDER / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=os.environ | {"PYTHONPATH": paths})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(os.name != "posix", reason="kills by signal")
def test_killed_and_resumed_is_uninterrupted():
    assert "over 6 kills: the same bytes" in run("matrix.py", "6", "1")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the system's count of resident memory")
def test_a_consumer_that_stops_bounds_the_memory():
    assert "with a consumer that stops" in run("memory.py")
