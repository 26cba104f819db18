"""Curved maps and morphology against OpenCV, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pictures import photo

import variegate as vg

cv2 = pytest.importorskip("cv2")


@pytest.mark.parametrize("k", [(0.25, 0.0), (-0.2, 0.03)])
def test_lens(k):
    """OpenCV's camera matrix counts from the middle of the first pixel, hence the half; 6: its weights are 5 bits of a
    pixel."""
    height, width = photo().shape[:2]
    unit = np.hypot(height, width) / 2
    camera = np.array([[unit, 0, width / 2 - 0.5], [0, unit, height / 2 - 0.5], [0, 0, 1]])
    numbers = np.array([*k, 0.01, -0.005])
    maps = cv2.initUndistortRectifyMap(camera, numbers, None, camera, (width, height), cv2.CV_32FC1)
    theirs = cv2.remap(photo(), *maps, cv2.INTER_LINEAR)
    ours = vg.Pipeline([vg.Lens(k1=k[0], k2=k[1], k3=0.0, p1=0.01, p2=-0.005)])
    inside = ours(np.full((height, width), 255, np.uint8)) == 255
    assert np.abs(ours(photo()).astype(int) - theirs)[inside].max() <= 6


def test_polar():
    """6 as above."""
    height, width = photo().shape[:2]
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    angle, distance = 2 * np.pi * x / width, y / 2
    maps = width / 2 + distance * np.cos(angle) - 0.5, height / 2 + distance * np.sin(angle) - 0.5
    theirs = cv2.remap(photo(), *(m.astype(np.float32) for m in maps), cv2.INTER_LINEAR)
    assert np.abs(vg.Pipeline([vg.Polar("to")])(photo()).astype(int) - theirs).max() <= 6


@pytest.mark.parametrize(
    ("kind", "theirs"),
    [("erode", "ERODE"), ("dilate", "DILATE"), ("open", "OPEN"), ("close", "CLOSE"), ("gradient", "GRADIENT")],
)
@pytest.mark.parametrize("radius", [1, 3])
def test_morphology_is_exact(kind, theirs, radius):
    square = np.ones((2 * radius + 1, 2 * radius + 1), np.uint8)
    expected = cv2.morphologyEx(photo(), getattr(cv2, f"MORPH_{theirs}"), square)
    assert (vg.Pipeline([vg.Morphology(radius, kind=kind)])(photo()) == expected).all()
