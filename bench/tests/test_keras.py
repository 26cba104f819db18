"""What `bench/keras` prints, and that a training of each way runs."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

KERAS = Path(__file__).parents[1] / "keras"
sys.path.insert(0, str(KERAS))

from outcome import Run, curve, settled, spread, table  # noqa: E402


def runs():
    return [
        Run("keras", 1, [0.25, 0.5], [9.0, 2.0], [0.0, 0.1], 20.0, 100),
        Run("keras", 2, [0.75, 1.0], [9.0, 4.0], [0.0, 0.3], 30.0, 100),
        Run("variegate", 1, [0.5, 0.5], [3.0, 1.0], [0.9, 0.0], 10.0, 100),
    ]


def test_the_first_epoch_does_not_count_where_there_is_another():
    assert (settled([9.0, 2.0, 4.0]), settled([9.0])) == (3.0, 9.0)


def test_the_table_has_means_and_spreads():
    lines = table(runs()).splitlines()
    assert lines[3] == "    1  0.500 (0.250 to 0.750)  0.500"
    assert "seconds of a run, all in          25.0 (20.0 to 30.0)     10.0" in lines
    assert "pictures a second, compiled       38 (25 to 50)           100" in lines
    assert "share of time spent waiting, %    20.0 (10.0 to 30.0)     0.0" in lines
    assert curve(runs()[:2]) == "▅▇" and spread([1.0], "{:.0f}") == "1"


@pytest.mark.skipif(not os.environ.get("VARIEGATE_EXAMPLES"), reason="VARIEGATE_EXAMPLES=1 runs it")
def test_both_ways_train(tmp_path):
    vg = pytest.importorskip("variegate")
    pytest.importorskip("keras")
    rng = np.random.default_rng(1)
    for name in ("ant", "bee"):
        (tmp_path / name).mkdir()
        for k in range(32):
            (tmp_path / name / f"{k}.png").write_bytes(vg.encode(rng.integers(0, 255, (40, 40, 3), np.uint8), "png"))
    command = [sys.executable, str(KERAS / "run.py"), "--quick", "--side", "32", "--photos", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert "share of time spent waiting, %" in done.stdout
