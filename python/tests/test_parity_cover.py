"""Crops, resolution and covers give what NumPy and Pillow give for the same numbers; each tolerance says why."""

from __future__ import annotations

import json

import numpy as np
import pytest
from pictures import photo

import variegate as vg

Image = pytest.importorskip("PIL.Image")
ImageOps = pytest.importorskip("PIL.ImageOps")

BOX, NEAREST, BILINEAR = Image.Resampling.BOX, Image.Resampling.NEAREST, Image.Resampling.BILINEAR


def ours(operation, picture=None, **attached):
    out = vg.Pipeline([operation])(image=photo() if picture is None else picture, sample=0, **attached)
    return out["image"]


def apart(a: np.ndarray, b: object) -> int:
    b = np.asarray(b)
    assert a.shape == b.shape
    return int(np.abs(a.astype(int) - b).max())


@pytest.mark.parametrize(("border", "mode"), [("constant", "constant"), ("reflect", "symmetric"), ("mirror", "reflect")])
def test_pads_are_exact(border, mode):
    rows, columns = (60 - 48) // 2, (96 - 70) // 2
    expected = np.pad(photo(), ((rows, 60 - 48 - rows), (columns, 96 - 70 - columns), (0, 0)), mode)
    assert (ours(vg.PadTo((60, 96), border=border)) == expected).all()
    expected = np.pad(photo(), ((11, 11), (0, 0), (0, 0)), mode)
    assert (ours(vg.PadSquare(border=border)) == expected).all()


def test_pad_to_multiples():
    assert ours(vg.PadTo(1, multiple_px=32)).shape == (64, 96, 3)


def test_zoom_out_lays_the_picture_on_a_canvas():
    out = ours(vg.ZoomOut(2, x=1, y=0, fill=[1.0, 0.0, 0.5]))
    expected = np.tile(np.array([255, 0, 128], np.uint8), (96, 140, 1))
    expected[:48, 70:] = photo()
    assert (out == expected).all()


def test_crop_borders_is_a_slice():
    assert (ours(vg.CropBorders(left=0.1, top=0.25, right=0.3, bottom=0.0)) == photo()[12:, 7:49]).all()


@pytest.mark.parametrize(("length", "size"), [(35, (24, 35)), (100, (69, 100))])
def test_resize_longest(length, size):
    """1: Pillow rounds to 8 bits between the two directions, variegate once at the end."""
    assert apart(ours(vg.ResizeLongest(length)), Image.fromarray(photo()).resize(size[::-1], BILINEAR)) <= 1


def test_resize_shortest_is_capped():
    assert ours(vg.ResizeShortest(96)).shape == (96, 140, 3)
    assert ours(vg.ResizeShortest(96, longest_px=100)).shape == (69, 100, 3)


def test_letterbox():
    """Inside, 1: Pillow rounds between the two directions. At the rim variegate blends with the bars, Pillow does not."""
    out = ours(vg.Letterbox((80, 80), fill=0.5))
    expected = np.asarray(ImageOps.pad(Image.fromarray(photo()), (80, 80), BILINEAR, (128, 128, 128)))
    top, height = (80 - 55) // 2, 55
    assert (out[: top - 1] == 128).all()
    assert (out[top + height + 1 :] == 128).all()
    inside = slice(top + 2, top + height - 2), slice(2, 78)
    assert apart(out[inside], expected[inside]) <= 1


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5])
def test_pixelate(fraction):
    """1: Pillow rounds to 8 bits between the two directions of its averages."""
    block = fraction * 48
    cells = round(70 / block), round(48 / block)
    expected = Image.fromarray(photo()).resize(cells, BOX).resize((70, 48), NEAREST)
    assert apart(ours(vg.Pixelate(fraction)), expected) <= 1


def test_downscale():
    """2: Pillow rounds to 8 bits four times, variegate twice."""
    small = Image.fromarray(photo()).resize((35, 24), BOX)
    assert apart(ours(vg.Downscale(0.5, shrink_filter="box")), small.resize((70, 48), BILINEAR)) <= 2


def test_a_downscale_leaves_masks_alone():
    mask = (np.arange(48 * 70).reshape(48, 70) % 251).astype(np.uint8)
    for operation in [vg.Downscale(0.3), vg.Pixelate(0.2)]:
        assert (vg.Pipeline([operation])(image=photo(), mask=mask)["mask"] == mask).all()


def test_grid_dropout_is_a_pattern():
    out = ours(vg.GridDropout(count=4, fraction=0.5, x=0, y=1))
    y, x = np.mgrid[0:48, 0:70]
    hidden = (x % 12 < 6) & (y % 12 >= 6)
    assert (out == np.where(hidden[..., None], 0, photo())).all()


@pytest.mark.parametrize("keep", [0.0, 0.25, 0.8, 1.0])
def test_patch_dropout_keeps_whole_patches(keep):
    white = np.full((64, 96), 255, np.uint8)
    patches = ours(vg.PatchDropout(keep, patch_px=16), white).reshape(4, 16, 6, 16)
    assert (patches.min(axis=(1, 3)) == patches.max(axis=(1, 3))).all()
    assert (patches.max(axis=(1, 3)) == 255).sum() == round(keep * 24)


def test_channel_dropout_fills_one_channel():
    out = ours(vg.ChannelDropout(1, fill=1.0))
    gone = [(out[..., c] == 255).all() for c in range(3)]
    assert sum(gone) == 1
    assert all((out[..., c] == photo()[..., c]).all() for c in range(3) if not gone[c])


def test_pixel_dropout_drops_its_share():
    white = np.full((200, 300, 3), 255, np.uint8)
    out = ours(vg.PixelDropout(0.2), white)
    dropped = (out == 0).all(axis=-1)
    assert (dropped == (out == 0).any(axis=-1)).all()
    assert abs(dropped.mean() - 0.2) < 0.01


def test_block_mask_covers_its_share():
    white = np.full((224, 224), 255, np.uint8)
    covered = ours(vg.BlockMask(0.4), white) == 0
    assert covered.reshape(14, 16, 14, 16).all(axis=(1, 3)).sum() == round(0.4 * 196)


BOXES = np.array([[10.0, 8.0, 30.0, 22.0], [40.0, 20.0, 52.0, 40.0]])


def test_a_box_safe_crop_keeps_boxes_whole_and_a_recipe_keeps_the_boxes():
    augment = vg.Pipeline([vg.BoxSafeCrop(), vg.Flip("horizontal")], seed=4)
    for sample in range(20):
        out = augment(image=photo(), boxes=BOXES, sample=sample)
        sides = BOXES[:, 2:] - BOXES[:, :2]
        assert out["boxes"][:, 2:] - out["boxes"][:, :2] == pytest.approx(sides)
        recipe = augment.draw((48, 70), sample=sample, boxes=BOXES)
        assert json.loads(recipe.to_json())["attached"]["boxes"] == BOXES.tolist()
        again = augment.apply(vg.Recipe.from_json(recipe.to_json()), photo())
        assert (again == out["image"]).all()
        back = augment.undo(recipe, image=out["image"], boxes=out["boxes"])
        assert back["boxes"] == pytest.approx(BOXES)


def test_a_crop_to_a_mask_shows_what_is_marked():
    mask = np.zeros((48, 70), np.uint8)
    mask[10:25, 33:50] = 7
    out = vg.Pipeline([vg.CropToMask(margin=0)])(image=photo(), mask=mask)
    assert (out["image"] == photo()[10:25, 33:50]).all()
    assert (out["mask"] == 7).all()
    assert (ours(vg.CropToMask(margin=0)) == photo()).all()


def test_an_iou_crop_meets_a_box():
    augment = vg.Pipeline([vg.IouCrop(overlap=0.3)], seed=1)
    for sample in range(30):
        recipe = augment.draw((48, 70), sample=sample, boxes=BOXES)
        out = augment.apply(recipe, image=photo(), boxes=BOXES, points=np.array([[0.0, 0.0]]))
        height, width = out["image"].shape[:2]
        x, y = -out["points"][0]
        x0, y0 = np.maximum(BOXES[:, 0], x), np.maximum(BOXES[:, 1], y)
        x1, y1 = np.minimum(BOXES[:, 2], x + width), np.minimum(BOXES[:, 3], y + height)
        common = np.clip(x1 - x0, 0, None) * np.clip(y1 - y0, 0, None)
        areas = (BOXES[:, 2] - BOXES[:, 0]) * (BOXES[:, 3] - BOXES[:, 1])
        whole = (height, width) == (48, 70)
        assert whole or (common / (areas + height * width - common)).max() >= 0.3


def test_attached_things_of_another_size_are_refused():
    augment = vg.Pipeline([vg.CropToMask()])
    with pytest.raises(vg.InputError, match="recipe is drawn for"):
        augment.draw((48, 70), mask=np.zeros((10, 10), np.uint8))
