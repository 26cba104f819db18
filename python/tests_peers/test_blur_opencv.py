"""Blurs and kernels against OpenCV, whose borders and formulae they say they have, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pictures import photo

import variegate as vg

cv2 = pytest.importorskip("cv2")


def ours(operation) -> np.ndarray:
    return vg.Pipeline([operation])(photo(), sample=0)


def apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.abs(ours.astype(float) - theirs).max())


@pytest.mark.parametrize("side", [3, 7, 15])
def test_box(side):
    """1: a mean that lies half way between two levels is rounded either way."""
    assert apart(ours(vg.BoxBlur(side)), cv2.blur(photo(), (side, side))) <= 1


@pytest.mark.parametrize("side", [3, 5, 7])
def test_median(side):
    assert apart(ours(vg.MedianBlur(side)), cv2.medianBlur(photo(), side)) == 0


def test_bilateral():
    """1: OpenCV weighs by a table of its own steps."""
    theirs = cv2.bilateralFilter(photo(), 9, 0.2 * 255, 3)
    assert apart(ours(vg.BilateralBlur(9, sigma_value=0.2, sigma_place=3 / 9)), theirs) <= 1


def test_sharpen_and_emboss_are_their_kernels():
    """1: halves are rounded either way."""
    one = np.zeros((3, 3))
    one[1, 1] = 1
    apart_from_neighbours = np.array([[-1, -1, -1], [-1, 8.8, -1], [-1, -1, -1]])
    relief = np.array([[-1.5, -0.5, 0], [-0.5, 1, 0.5], [0, 0.5, 1.5]])
    for operation, kernel in [
        (vg.Sharpen(0.4, lightness=0.8), 0.6 * one + 0.4 * apart_from_neighbours),
        (vg.Emboss(0.5, depth=0.5), 0.5 * one + 0.5 * relief),
        (vg.Convolve(tuple(relief.ravel()), strength=1.0), relief),
    ]:
        assert apart(ours(operation), cv2.filter2D(photo(), -1, kernel.astype(np.float32))) <= 1


def test_unsharp_mask():
    """0.51: a rounded value against a real one."""
    plain = photo().astype(np.float32)
    theirs = np.clip(plain + 0.7 * (plain - cv2.GaussianBlur(plain, (11, 11), 1.5)), 0, 255)
    assert apart(ours(vg.UnsharpMask(1.5, amount=0.7)), theirs) <= 0.51


def test_edges():
    """1.5: OpenCV's grey is rounded before the gradients, which are a quarter of sums of weight four."""
    grey = cv2.cvtColor(photo(), cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0) / 4, cv2.Sobel(grey, cv2.CV_32F, 0, 1) / 4
    theirs = np.minimum(np.hypot(across, down), 255)[..., None]
    assert apart(ours(vg.Edges(1.0)), theirs) <= 1.5
