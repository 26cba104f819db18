"""Small filters, corner windows and shares of pixels against Pillow and NumPy; each tolerance says why."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo

import variegate as vg

Image = pytest.importorskip("PIL.Image")
ImageFilter = pytest.importorskip("PIL.ImageFilter")

FILTERS = [
    ("detail", "DETAIL"),
    ("edges", "EDGE_ENHANCE"),
    ("more_edges", "EDGE_ENHANCE_MORE"),
    ("smooth", "SMOOTH"),
    ("smoother", "SMOOTH_MORE"),
]


@pytest.mark.parametrize(("kind", "theirs"), FILTERS)
def test_enhance(kind, theirs):
    """1: sums in another order may be rounded to the other side. Pillow leaves a rim of two pixels as it was."""
    ours = vg.Pipeline([vg.Enhance(kind, strength=1.0)])(photo())
    expected = np.asarray(Image.fromarray(photo()).filter(getattr(ImageFilter, theirs)))
    inner = (slice(2, -2), slice(2, -2))
    assert np.abs(ours[inner].astype(int) - expected[inner]).max() <= 1


@pytest.mark.parametrize("side", [3, 5, 7])
def test_mode_filter_is_exact(side):
    coarse = photo() // 32 * 32
    ours = vg.Pipeline([vg.ModeFilter(side)])(coarse)
    # Pillow filters one channel at a time.
    for c in range(3):
        expected = Image.fromarray(np.ascontiguousarray(coarse[..., c])).filter(ImageFilter.ModeFilter(side))
        assert (ours[..., c] == np.asarray(expected)).all()


@pytest.mark.parametrize(("kind", "reduce"), [("max", np.max), ("min", np.min), ("average", np.mean)])
def test_pooling(kind, reduce):
    """1: a mean that ends in a half may be rounded to either side."""
    height, width = photo().shape[0] // 4 * 4, photo().shape[1] // 4 * 4
    image = photo()[:height, :width]
    blocks = image.reshape(height // 4, 4, width // 4, 4, 3)
    expected = reduce(blocks, axis=(1, 3)).repeat(4, axis=0).repeat(4, axis=1)
    ours = vg.Pipeline([vg.Pooling(4, kind=kind)])(image)
    assert np.abs(ours - expected).max() <= (1 if kind == "average" else 0)


def test_shuffled_pixels_are_the_same_pixels():
    ours = vg.Pipeline([vg.ShufflePixels(0.5)], seed=3)(photo())
    assert not (ours == photo()).all()
    pixels = [np.sort(a.reshape(-1, 3).astype(int) @ [65536, 256, 1]) for a in (ours, photo())]
    assert (pixels[0] == pixels[1]).all()
