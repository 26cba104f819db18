"""Every operation and annotated data set for the tests that ask for one, and the folder of shared modules on the path."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import variegate as vg

sys.path.insert(0, str(Path(__file__).parent))

from annotated_files import write_coco, write_masks, write_pictures  # noqa: E402


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`entry` runs through every operation."""
    if "entry" in metafunc.fixturenames:
        entries = vg.operations()
        metafunc.parametrize("entry", entries, ids=[entry["name"] for entry in entries])


@pytest.fixture(scope="module")
def boxed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> vg.Source:
    """Boxes of a COCO file, for as many pictures as the module's `COUNT`."""
    root = tmp_path_factory.mktemp("boxed")
    return vg.coco(write_coco(root, request.module.COUNT), root / "images")


@pytest.fixture(scope="module")
def masked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> vg.Source:
    """Masks of the same pictures."""
    root, count = tmp_path_factory.mktemp("masked"), request.module.COUNT
    return vg.masks(write_pictures(root / "images", count), write_masks(root / "masks", count))
