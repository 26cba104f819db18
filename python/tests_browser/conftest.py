"""A studio on pictures made here, and a browser in front of it.

`scripts/test-browser.sh` names the command line in VARIEGATE. Where it or Chromium is missing, every test says so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import variegate as vg

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; run make test-browser")

CHROMIUM = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
QUIET = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic",
]  # fmt: skip
PIPELINE = """\
variegate: 1
seed: 3
pipeline:
  - flip: {p: 0.5}
  - rotate: {degrees: [-20, 20], border: reflect}
"""


class Served:
    """A studio that runs: its address, its folder, the file it may save to, and its files of pictures in order."""

    def __init__(self, address: str, folder: Path, saved: Path) -> None:
        self.address, self.folder, self.saved = address, folder, saved
        self.files = sorted(folder.glob("*.png"))
        self.host, self.token = address.removeprefix("http://").rstrip("/").split("/")


def make_pictures(folder: Path) -> None:
    """Eighteen pictures, so two pages of them: a slope, a disc and a grain, each in colours of its own."""
    folder.mkdir()
    y, x = np.mgrid[0:120, 0:160]
    for k in range(18):
        disc = ((x - 30 - 6 * k) ** 2 + (y - 60) ** 2 < 900) * 120.0
        grain = np.random.default_rng(k).integers(0, 20, (120, 160))
        image = np.stack([x + 5.0 * k, y + disc, 200 - x + grain], axis=-1).clip(0, 255).astype(np.uint8)
        (folder / f"{k:02}.png").write_bytes(vg.encode(image, "png"))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The command line's own studio, as a person starts it."""
    place = tmp_path_factory.mktemp("studio")
    make_pictures(place / "photos")
    (place / "secret.txt").write_text("not for the page")
    (place / "p.yaml").write_text(PIPELINE)
    with running(place, place / "photos", "18 pictures") as served:
        yield served


@pytest.fixture(scope="module")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A studio on a COCO file: a box, its outline and three points in each of the same pictures."""
    place = tmp_path_factory.mktemp("data-set")
    make_pictures(place / "photos")
    (place / "p.yaml").write_text("variegate: 1\nseed: 3\npipeline:\n  - flip: {p: 0.5}\n")
    files = sorted((place / "photos").glob("*.png"))
    images = [{"id": k, "file_name": file.name, "height": 120, "width": 160} for k, file in enumerate(files)]
    outline = [20, 30, 60, 30, 60, 90, 20, 90]
    things = [{"id": k, "image_id": k, "category_id": 1, "bbox": [20, 30, 40, 60], "area": 2400, "iscrowd": 0,
               "segmentation": [outline], "keypoints": [25, 35, 2, 40, 60, 2, 0, 0, 0]} for k in range(len(files))]  # fmt: skip
    document = {"images": images, "annotations": things, "categories": [{"id": 1, "name": "box"}]}
    (place / "instances.json").write_text(json.dumps(document))
    with running(place, place / "instances.json", "18 pictures", "--images", str(place / "photos")) as served:
        yield served


@contextmanager
def running(place: Path, source: Path, begins: str, *more: str) -> Iterator[Served]:
    """A studio on `place`'s pipeline, ended with the block."""
    program = os.environ.get("VARIEGATE")
    if program is None:
        pytest.skip("VARIEGATE does not name the command line; run make test-browser")
    saved = place / "saved.yaml"
    arguments = [program, "studio", source, "--no-open", "--pipeline", place / "p.yaml", "--save", saved, *more]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said.startswith(f"{begins}: http://127.0.0.1:"), said
            yield Served(said.split(": ", 1)[1].strip(), place / "photos", saved)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, which asks nobody for anything."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (looked for chromium, chromium-browser, google-chrome)")
    with playwright.sync_playwright() as control:
        made = control.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield made
        made.close()


def opened(browser: Any, studio: Served, **screen: Any) -> Any:
    """A fresh page on the studio, drawn; every fault of its scripts fails the test that closes it."""
    page = browser.new_context(**screen).new_page()
    page.faults = []
    page.asked = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(studio.address)
    page.wait_for_selector("#details pre", state="attached")
    return page


@pytest.fixture
def page(browser: Any, studio: Served) -> Iterator[Any]:
    made = opened(browser, studio, viewport={"width": 1280, "height": 800}, accept_downloads=True)
    yield made
    elsewhere = [url for url in made.asked if not url.startswith((studio.address, "blob:", "data:"))]
    made.context.close()
    assert made.faults == []
    assert elsewhere == []
