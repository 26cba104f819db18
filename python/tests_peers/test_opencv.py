"""Against OpenCV, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pictures import photo

import variegate as vg

cv2 = pytest.importorskip("cv2")


@pytest.mark.parametrize("degrees", [-33.0, 7.5, 20.0])
def test_rotate(degrees):
    """OpenCV's centre of a pixel is a whole number, hence the half; 6: its weights are 5 bits of a pixel."""
    height, width = photo().shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    theirs = cv2.warpAffine(photo(), matrix, (width, height), flags=cv2.INTER_LINEAR)
    augment = vg.Pipeline([vg.Rotate(degrees)])
    inside = augment(np.full((height, width), 255, np.uint8)) == 255
    assert np.abs(augment(photo()).astype(int) - theirs)[inside].max() <= 6


def test_gaussian_blur():
    """1: OpenCV sums in fixed point. Its radius is given, since it would choose another."""
    sigma = 1.5
    side = 2 * int(np.ceil(3 * sigma)) + 1
    theirs = cv2.GaussianBlur(photo(), (side, side), sigma, borderType=cv2.BORDER_REFLECT)
    ours = vg.Pipeline([vg.GaussianBlur(sigma)])(photo())
    assert np.abs(ours.astype(int) - theirs).max() <= 1
