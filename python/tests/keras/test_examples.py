"""The examples run to their end and say what they say they would."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import variegate as vg

pytest.importorskip("keras")

EXAMPLES = Path(__file__).parents[3] / "examples"
#: The last line of each, up to its figures. Those that take more than ten seconds run with VARIEGATE_EXAMPLES=1.
QUICK = {
    "detection": "on pictures held back",
    "legacy_generator": "accuracy on 8 pictures held back",
}
SLOW = {
    "mixing": "accuracy on 12 pictures held back",
    "segmentation": "mean intersection over union on pictures held back",
    "vgg16": "accuracy on 8 pictures held back",
}
slow = pytest.mark.skipif(not os.environ.get("VARIEGATE_EXAMPLES"), reason="VARIEGATE_EXAMPLES=1 runs it")


def test_each_folder_has_a_page_and_is_run():
    assert {folder.parent.name for folder in EXAMPLES.glob("*/train.py")} == {*QUICK, *SLOW}
    for name in (*QUICK, *SLOW):
        assert f"examples/{name}/train.py" in (EXAMPLES / name / "README.md").read_text()


@pytest.mark.parametrize(
    ("name", "last"), [*QUICK.items(), *(pytest.param(*item, marks=slow) for item in SLOW.items())]
)
def test_an_example_runs(name, last, tmp_path):
    path = os.pathsep.join([str(Path(vg.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(EXAMPLES / name / "train.py"), "--quick"]
    environment = os.environ | {"PYTHONPATH": path}
    run = {"cwd": tmp_path, "env": environment, "timeout": 300, "check": False}
    done = subprocess.run(command, capture_output=True, text=True, **run)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith(last)
