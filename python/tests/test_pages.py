"""The programs on the pages about other libraries run, where those libraries are."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path

import pytest
from files import make_folder

PAGES = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(?:<!-- needs: (\w+) -->\n)?```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("page", "needs"), [("torch.md", "torch"), ("ray.md", None), ("loader.md", None)])
def test_programs_run(page, needs, tmp_path, monkeypatch):
    """Block after block, in a folder that has `photos`; of a block whose library is not there, nothing is run."""
    if needs is not None:
        pytest.importorskip(needs)
    make_folder(tmp_path / "photos")
    monkeypatch.chdir(tmp_path)
    # Workers of a cluster look for the package where this process found it.
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(PAGES.parent / "python"), os.environ.get("PYTHONPATH", "")]))
    names: dict = {"__name__": "page"}
    run = 0
    try:
        for library, program in BLOCK.findall((PAGES / page).read_text(encoding="utf-8")):
            if library and importlib.util.find_spec(library) is None:
                continue
            exec(compile(program, page, "exec"), names)
            run += 1
    finally:
        if "ray" in names:
            names["ray"].shutdown()
    assert run >= 2
