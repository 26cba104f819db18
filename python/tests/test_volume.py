"""Volumes and clips as a whole: what goes along, what is refused, and what the others do to every slice."""

from __future__ import annotations

import numpy as np
import pytest
from operations import build, takes_pictures
from pictures import photo

import variegate as vg

STACKED = [entry for entry in vg.operations() if not takes_pictures(entry)]


def volume(depth: int = 6, height: int = 20, width: int = 28, channels: int = 1, dtype: str = "uint8") -> np.ndarray:
    """Slices of a larger picture, each further to the right than the one before."""
    wide = photo(height, width + 3 * depth, channels, dtype)
    return np.stack([wide[:, 3 * k : 3 * k + width] for k in range(depth)])


@pytest.mark.parametrize("stacked", STACKED, ids=[entry["name"] for entry in STACKED])
def test_every_operation_runs_on_every_kind_of_stack(stacked):
    augment = vg.Pipeline([build(stacked)], seed=1)
    for dtype in ("uint8", "uint16", "float32"):
        for channels in (1, 3, 4, 7):
            for sides in ((6, 20, 28), (1, 1, 1), (3, 1, 9)):
                stack = volume(*sides, channels, dtype)
                kept = stack.copy()
                out = augment(volume=stack, sample=2)["volume"]
                assert out.dtype == stack.dtype
                assert out.ndim == 4
                assert out.shape[3] == channels
                assert np.isfinite(out).all()
                assert (stack == kept).all()


@pytest.mark.parametrize("stacked", STACKED, ids=[entry["name"] for entry in STACKED])
def test_a_recipe_is_what_a_call_does_and_a_video_is_a_volume(stacked):
    augment = vg.Pipeline([build(stacked)], seed=2)
    recipe = vg.Recipe.from_json(augment.draw((20, 28), epoch=1, sample=9).to_json())
    made = augment(volume=volume(), epoch=1, sample=9)["volume"]
    assert (augment.apply(recipe, volume=volume())["volume"] == made).all()
    assert (augment.apply(recipe, video=volume())["video"] == made).all()


@pytest.mark.parametrize("stacked", STACKED, ids=[entry["name"] for entry in STACKED])
def test_a_picture_by_itself_is_refused(stacked):
    augment = vg.Pipeline([build(stacked)], seed=1)
    for call in (lambda: augment(photo()), lambda: augment(image=photo()), lambda: augment.batch([photo()])):
        with pytest.raises(vg.UnsupportedError, match=f"{stacked['name']} works on a whole volume or video"):
            call()


def test_masks_go_along_and_keep_their_ids_and_dtype():
    ids = np.zeros((6, 20, 28), np.int32)
    ids[1:4, 5:12, 8:20] = 70_000
    out = vg.Pipeline([vg.Rotate3d(12, degrees_y=-9, degrees_x=7)])(volume=volume(), volume_mask=ids)
    assert out["volume_mask"].dtype == np.int32
    assert set(np.unique(out["volume_mask"])) == {0, 70_000}
    assert 0.8 < (out["volume_mask"] > 0).sum() / (ids > 0).sum() < 1.2
    assert (vg.Pipeline([vg.Motion(3)])(volume=volume(), volume_mask=ids)["volume_mask"] == ids).all()


def test_masks_with_channels_and_a_fill():
    ids = np.ones((2, 3, 4, 2), np.uint16)
    out = vg.Pipeline([vg.Pad3d(depth_px=1)], mask_fill=9)(volume=volume(2, 3, 4), volume_mask=ids)["volume_mask"]
    assert out.shape == (4, 3, 4, 2)
    assert (out[[0, 3]] == 9).all()
    assert (out[1:3] == 1).all()


def test_other_operations_stand_before_between_and_after():
    stack = volume(8, 20, 20, 3)
    augment = vg.Pipeline([vg.Invert(), vg.Reverse(), vg.Flip("horizontal"), vg.TemporalCrop(4, t=0.0), vg.Invert()])
    out = augment(video=stack, video_mask=stack[..., 0])
    assert (out["video"] == stack[::-1, :, ::-1][:4]).all()
    assert (out["video_mask"] == stack[::-1, :, ::-1, 0][:4]).all()
    assert augment.plan((8, 20, 20, 3)).written == ["Lut", "Stack", "Warp", "Stack", "Lut"]
    assert "temporal_crop, 8 × 20 × 20 → 4 × 20 × 20" in augment.explain((8, 20, 20, 3))


def test_a_normalised_volume_is_float():
    out = vg.Pipeline([vg.Flip3d("depth"), vg.Normalize("tf")])(volume=volume())["volume"]
    assert out.dtype == np.float32
    assert np.abs(out - (volume()[::-1] / np.float32(127.5) - 1)).max() < 1e-6


def test_two_steps_on_the_whole_leave_values_unrounded_between_them():
    """Means of 10⅓ and 11⅓ are 10⅚, which is stored as 11; from bytes between the steps it would be 10½."""
    stack = np.array([10, 10, 11, 11, 11, 12], np.uint8).reshape(6, 1, 1, 1)
    steps = [vg.Resize3d(1, depth_px=n, filter="box") for n in (2, 1)]
    assert vg.Pipeline(steps)(volume=stack)["volume"].ravel() == [11]


def test_what_moves_a_whole_stack_refuses_what_lies_in_single_frames():
    augment = vg.Pipeline([vg.Flip3d("depth")])
    flat = {
        "mask": np.zeros((20, 28), np.uint8),
        "boxes": np.array([[1.0, 2.0, 5.0, 6.0]]),
        "points": np.array([[1.0, 2.0]]),
    }
    for name, value in flat.items():
        with pytest.raises(vg.UnsupportedError, match="flip3d moves a whole volume or video; masks go with it as"):
            augment(volume=volume(), **{name: value})
        assert name in vg.Pipeline([vg.BiasField(0.3)])(volume=volume(), **{name: value})
    with pytest.raises(vg.UnsupportedError, match="flip3d moves a whole volume or video, which cannot be undone"):
        augment.undo(augment.draw((20, 28)), volume=volume())


def test_arguments_that_do_not_fit_are_named():
    augment = vg.Pipeline([vg.Flip3d("depth")])
    with pytest.raises(vg.InputError, match="volume_mask: expected one mask for each of the 6 of volume, found 5"):
        augment(volume=volume(), volume_mask=np.zeros((5, 20, 28), np.uint8))
    with pytest.raises(vg.InputError, match="all that moves together has one size"):
        augment(volume=volume(), volume_mask=np.zeros((6, 20, 27), np.uint8))
    with pytest.raises(TypeError, match='did you mean "volume_mask"'):
        augment(volume=volume(), mask3d=np.zeros((6, 20, 28), np.uint8))


def test_a_volume_and_its_mask_alone_go_back():
    """Operations on every slice can still be undone, slices and their masks too."""
    augment = vg.Pipeline([vg.Flip("horizontal")])
    recipe = augment.draw((20, 28))
    out = augment.apply(recipe, volume=volume(), volume_mask=volume()[..., 0])
    back = augment.undo(recipe, volume=out["volume"], volume_mask=out["volume_mask"])
    assert (back["volume"] == volume()).all()
    assert (back["volume_mask"] == volume()[..., 0]).all()
