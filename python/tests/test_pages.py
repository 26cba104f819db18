"""The programs on the pages run, one after another, as a reader would type them, in a folder that has what they name."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path

import numpy as np
import pytest
from annotated_files import write_coco, write_masks, write_pictures
from files import make_folder

import variegate as vg

PAGES = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"(?:<!-- needs: (\w+) -->\n)?```python\n(.*?)```", re.DOTALL)
# Pages that another test runs, in a folder of its own.
ELSEWHERE = {
    "detection.md": "test_loader_targets.py",
    "keras.md": "keras/test_page.py",
    "sources.md": "test_sources.py",
}
# What a page cannot begin without; a block that alone needs something says so in front of it.
NEEDS = {"guides/classification.md": "keras", "torch.md": "torch"}
WITH_PROGRAMS = [
    path.relative_to(PAGES).as_posix()
    for path in sorted([*PAGES.glob("*.md"), *PAGES.glob("guides/*.md")])
    if "```python\n" in path.read_text(encoding="utf-8") and path.name not in ELSEWHERE
]

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="the tests are not beside the pages")


def make_files(root: Path) -> None:
    """`photos` in class folders, one `photo.jpg`; `street` with masks `street-classes`; `people.json` with `images`."""
    make_folder(root / "photos")
    (root / "photo.jpg").write_bytes(next((root / "photos").rglob("*.jpg")).read_bytes())
    write_pictures(root / "street", 12)
    write_masks(root / "street-classes", 12)
    write_coco(root, 12).rename(root / "people.json")


@pytest.mark.parametrize("page", WITH_PROGRAMS)
def test_programs_run(page, tmp_path, monkeypatch):
    """Block after block; of a block whose library is not there, nothing is run."""
    if page in NEEDS:
        pytest.importorskip(NEEDS[page])
    make_files(tmp_path)
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
    assert run >= 1


def test_no_page_is_left_out():
    """Each page with programs is run here or by the test that is named, and every guide has some."""
    here = Path(__file__).parent
    for page, test in ELSEWHERE.items():
        assert f'"{page}"' in (here / test).read_text(encoding="utf-8") and (PAGES / page).exists()
    guides = {f"guides/{path.name}" for path in PAGES.glob("guides/*.md")} - {"guides/index.md"}
    assert guides <= set(WITH_PROGRAMS) and len(guides) >= 12


def test_links_between_pages_lead_somewhere():
    """Relative links of the pages and of the front page, without their anchors."""
    pages = [*PAGES.glob("*.md"), *PAGES.glob("guides/*.md"), *PAGES.glob("api/*.md"), PAGES.parent / "README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)\s#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_runs(tmp_path, monkeypatch):
    """The first program of the front page, on a picture and a folder."""
    make_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    programs = BLOCK.findall((PAGES.parent / "README.md").read_text(encoding="utf-8"))
    names = {"vg": vg, "np": np}
    exec(compile(programs[0][1], "README.md", "exec"), names)
