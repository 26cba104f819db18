"""Histograms against OpenCV, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pictures import photo

import variegate as vg

cv2 = pytest.importorskip("cv2")


def ours(operation: object, picture: np.ndarray) -> np.ndarray:
    return vg.Pipeline([operation])(picture, sample=0).astype(int)


def test_equalize_is_exact():
    theirs = np.stack([cv2.equalizeHist(photo()[..., c]) for c in range(3)], axis=-1)
    assert (ours(vg.Equalize(formula="opencv"), photo()) == theirs).all()


@pytest.mark.parametrize("size", [(64, 96), (50, 71), (48, 70)])
@pytest.mark.parametrize("clip_limit", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("tiles", [2, 8])
def test_clahe_of_grey(size, clip_limit, tiles):
    """1: both round to a byte at the end, after 32-bit arithmetic in another order."""
    grey = photo(*size, channels=1)
    theirs = cv2.createCLAHE(clip_limit, (tiles, tiles)).apply(grey[..., 0])
    assert np.abs(ours(vg.Clahe(clip_limit=clip_limit, tiles=tiles), grey)[..., 0] - theirs).max() <= 1


@pytest.mark.parametrize("clip_limit", [1.0, 3.0])
def test_clahe_of_colours(clip_limit):
    """OpenCV rounds L, a and b to bytes before and after: a level in the mean, three in one value of a hundred, more where a
    strong colour turns a step of a or b into several levels. Tiles are large here: in one of few pixels a changed count of
    one, which rounding makes, moves what is cut off to other values."""
    picture = photo(64, 96)
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    lab[..., 0] = cv2.createCLAHE(clip_limit, (2, 2)).apply(np.ascontiguousarray(lab[..., 0]))
    theirs = cv2.cvtColor(lab, cv2.COLOR_LAB2RGB)
    differ = np.abs(ours(vg.Clahe(clip_limit=clip_limit, tiles=2), picture) - theirs)
    assert differ.mean() <= 1
    assert np.percentile(differ, 99) <= 4
