"""Mixing against NumPy and Pillow: the same partner and share give the same picture; each tolerance says why."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo

import variegate as vg

N = 6


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.stack([photo(48, 70) if k == 0 else np.roll(255 - photo(48, 70), 9 * k, axis=1) for k in range(N)])


def mixed(images, operation):
    """(own picture, partner's picture, partner's share, result) of each sample that is mixed with one other."""
    batch, labels = vg.Pipeline([operation], seed=4).batch(images, np.eye(N), samples=range(N))
    for k in range(N):
        others = [j for j in np.flatnonzero(labels[k]) if j != k]
        if len(others) == 1:
            yield images[k].astype(float), images[others[0]].astype(float), float(labels[k, others[0]]), batch[k]


def test_mix_up_is_the_weighted_mean(images):
    """0.51: NumPy's exact mean, rounded to bytes once; the label's share is a float32."""
    cases = list(mixed(images, vg.MixUp(alpha=1.0)))
    assert len(cases) >= 4
    for own, partner, share, out in cases:
        assert np.abs(own + share * (partner - own) - out).max() <= 0.51


def test_cut_mix_is_a_rectangle_of_the_partner(images):
    """Exact: pixels are copied, and the label is their count."""
    cases = list(mixed(images, vg.CutMix()))
    assert len(cases) >= 4
    for own, partner, share, out in cases:
        taken = (out == partner).all(axis=-1) & (out != own).any(axis=-1)
        rows, columns = np.flatnonzero(taken.any(axis=1)), np.flatnonzero(taken.any(axis=0))
        inside = np.zeros(taken.shape, bool)
        inside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
        assert (out == np.where(inside[..., None], partner, own)).all()
        assert inside.mean() == pytest.approx(share, abs=1e-6)


@pytest.mark.parametrize("operation", [vg.FMix(), vg.PatchMix(grid=5, fraction=0.4)], ids=repr)
def test_masks_take_as_many_pixels_as_the_label_says(images, operation):
    """Exact but for pixels where both pictures agree, which tell nothing: none in these."""
    for own, partner, share, out in mixed(images, operation):
        same = (own == partner).all(axis=-1)
        taken = (out == partner).all(axis=-1) & ~same
        assert ((out == own).all(axis=-1) | (out == partner).all(axis=-1)).all()
        assert abs(taken.mean() - share) <= same.mean() + 1e-6


def test_resize_mix_is_a_thumbnail_as_pillow_makes_it(images):
    """3 levels inside: Pillow rounds between the two directions and drops taps beyond the edge, where this repeats the
    edge; a border of two pixels, where the thumbnail's edge is, is left out."""
    Image = pytest.importorskip("PIL.Image")
    batch, labels = vg.Pipeline([vg.ResizeMix(0.5, x=0.0, y=0.0)], seed=4).batch(images, np.eye(N), samples=range(N))
    for k in range(N):
        (other,) = [j for j in np.flatnonzero(labels[k]) if j != k]
        assert labels[k, other] == pytest.approx(0.25)
        theirs = np.asarray(Image.fromarray(images[other]).resize((35, 24), Image.Resampling.BILINEAR))
        differ = np.abs(batch[k, :24, :35].astype(int) - theirs)[2:-2, 2:-2]
        assert differ.max() <= 3
        assert (batch[k, 24:] == images[k, 24:]).all() and (batch[k, :, 35:] == images[k, :, 35:]).all()


def test_a_mosaic_is_a_frame_of_four_tiles(images):
    """Exact: whole pixels are moved."""
    batch, labels = vg.Pipeline([vg.Mosaic(x=0.5, y=0.25)], seed=4).batch(images, np.eye(N), samples=range(N))
    for k in range(N):
        assert (batch[k, :12, :35] == images[k, 36:, 35:]).all()
        corners = {
            "right": (batch[k, :12, 35:], lambda image: image[36:, :35]),
            "below": (batch[k, 12:, :35], lambda image: image[:36, 35:]),
            "across": (batch[k, 12:, 35:], lambda image: image[:36, :35]),
        }
        areas = np.zeros(N)
        areas[k] = 12 * 35
        for shown, cut in corners.values():
            (who,) = [j for j in range(N) if (cut(images[j]) == shown).all()]
            assert who != k
            areas[who] += shown.shape[0] * shown.shape[1]
        assert np.allclose(labels[k], areas / (48 * 70), atol=1e-6)


def test_cut_blur_is_pillows_small_picture_in_a_rectangle(images):
    """Away from edges of the picture: cells are averaged as Pillow's box filter does; both interpolate linearly between
    their centres. 1 for its two roundings."""
    Image = pytest.importorskip("PIL.Image")
    own = images[0][:, :68]
    out = vg.Pipeline([vg.CutBlur(factor=4.0, area=0.25, x=0.5, y=0.5)])(own)
    small = Image.fromarray(own).resize((17, 12), Image.Resampling.BOX)
    large = np.asarray(small.resize((68, 48), Image.Resampling.BILINEAR))
    assert np.abs(out[12:36, 17:51].astype(int) - large[12:36, 17:51]).max() <= 1
    outside = np.ones((48, 68), bool)
    outside[12:36, 17:51] = False
    assert (out[outside] == own[outside]).all()
