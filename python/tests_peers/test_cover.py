"""Crops and resolution against OpenCV and Albumentations, where they are installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from pictures import photo

import variegate as vg

cv2 = pytest.importorskip("cv2")
albumentations = pytest.importorskip("albumentations")


def ours(operation, **attached):
    return vg.Pipeline([operation])(image=photo(), sample=0, **attached)["image"]


@pytest.mark.parametrize(("border", "flag"), [("edge", "BORDER_REPLICATE"), ("mirror", "BORDER_REFLECT_101"), ("wrap", "BORDER_WRAP")])
def test_pad_to(border, flag):
    expected = cv2.copyMakeBorder(photo(), 6, 6, 15, 15, getattr(cv2, flag))
    assert (ours(vg.PadTo((60, 100), border=border)) == expected).all()


def test_pixelate():
    """1: OpenCV's mean of an area is rounded to 8 bits once, and so is variegate's, but halves may go either way."""
    small = cv2.resize(photo(), (70 // 2, 48 // 2), interpolation=cv2.INTER_AREA)
    expected = cv2.resize(small, (70, 48), interpolation=cv2.INTER_NEAREST)
    assert np.abs(ours(vg.Pixelate(2 / 48)).astype(int) - expected).max() <= 1


@pytest.mark.parametrize("length", [31, 64, 144])
def test_sizes_are_those_of_albumentations(length):
    """Both round sides; a side of half a pixel goes either way, and none of these is one."""
    longest = albumentations.LongestMaxSize(max_size=length)(image=photo())["image"]
    shortest = albumentations.SmallestMaxSize(max_size=length)(image=photo())["image"]
    assert ours(vg.ResizeLongest(length)).shape == longest.shape
    assert ours(vg.ResizeShortest(length)).shape == shortest.shape


def test_pad_if_needed_lies_in_the_middle():
    theirs = albumentations.PadIfNeeded(min_height=61, min_width=101, border_mode=cv2.BORDER_REFLECT_101)(image=photo())["image"]
    assert (ours(vg.PadTo((61, 101), border="mirror")) == theirs).all()
