"""Everything attached moves with the picture; each is drawn into pixels, and those are moved too."""

from __future__ import annotations

import numpy as np
import pytest
from operations import build, only_alone
from pictures import centroid, disc, extent, photo

import variegate as vg

HEIGHT, WIDTH = 61, 92
PLACES = [(20.0, 18.0), (46.0, 30.5), (70.0, 22.0), (28.0, 44.0), (63.0, 41.0)]
RADIUS = 5.0


def moves(operation) -> bool:
    return any("Warp" in vg.Pipeline([operation]).plan((HEIGHT, WIDTH), sample=k).written for k in range(4))


def test_points_lie_where_the_pixels_go(entry):
    """The centre of mass of a disc is its centre, before and after. Under a perspective the two part by a fraction of a
    pixel (0.2 at these sizes); half a pixel holds for all. A policy changes tones
    besides, and with them the centre of mass."""
    only_alone(entry)
    if entry["family"] == "policy":
        pytest.skip("changes tones besides")
    if entry["family"] == "shape":
        pytest.skip("bends the disc, so that its middle is elsewhere; the laws follow each of its pixels")
    operation = build(entry)
    if not moves(operation):
        pytest.skip("moves nothing")
    augment = vg.Pipeline([operation], seed=5)
    seen = 0
    for sample in range(6):
        recipe = augment.draw((HEIGHT, WIDTH, 1), sample=sample)
        out = augment.apply(recipe, points=np.array(PLACES), mask=np.zeros((HEIGHT, WIDTH), np.uint8))
        height, width = out["mask"].shape
        for (x, y), (u, v), visible in zip(PLACES, out["points"], out["points_visible"], strict=True):
            moved = augment.apply(recipe, disc(HEIGHT, WIDTH, x, y, RADIUS))
            rows, columns = np.nonzero(moved > 0.01)
            whole = len(rows) and rows.min() > 0 and columns.min() > 0 and rows.max() < height - 1
            if not (whole and columns.max() < width - 1) or (moved > 0.5).sum() < 12:
                continue
            assert visible
            assert centroid(moved) == pytest.approx((u, v), abs=0.5)
            seen += 1
    assert seen >= 4


def test_boxes_lie_around_the_pixels(entry):
    """A box is the smallest one around the moved rectangle. A mask shows a pixel when its centre is inside, so the two
    agree within half a pixel where edges stay upright; where they turn, a sharp corner between pixel centres may stay
    unseen by 1.5 pixels more."""
    only_alone(entry)
    operation = build(entry)
    if not moves(operation):
        pytest.skip("moves nothing")
    augment = vg.Pipeline([operation], seed=6)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[20:39, 33:60] = 1
    box = np.array([[33.0, 20.0, 60.0, 39.0]])
    corners = np.array([[33.0, 20.0], [60.0, 20.0], [60.0, 39.0], [33.0, 39.0]])
    seen = 0
    for sample in range(8):
        recipe = augment.draw((HEIGHT, WIDTH), sample=sample)
        out = augment.apply(recipe, mask=mask, boxes=box, points=corners)
        if not out["mask"].any():
            assert len(out["boxes"]) == 0 or np.prod(out["boxes"][0, 2:] - out["boxes"][0, :2]) < 4
            continue
        assert len(out["boxes"]) == 1
        inner, outer = extent(out["mask"]), out["boxes"][0]
        grown = np.array([inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]])
        # Where a curved map magnifies, half a pixel of the drawing grows with it.
        assert (grown >= (-0.6 if entry["family"] == "shape" else -0.51)).all(), (inner, outer)
        edges = np.abs(out["points"] - np.roll(out["points"], 1, axis=0))
        upright = edges.min(axis=1).max() < 1e-6
        assert (grown <= (0.51 if upright else 2.0)).all(), (inner, outer, upright)
        seen += 1
    assert seen >= 4


def test_masks_go_where_the_picture_goes_with_their_ids(entry):
    only_alone(entry)
    operation = build(entry)
    augment = vg.Pipeline([operation], seed=8)
    ids = (np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) % 997).astype(np.int32)
    for sample in range(3):
        out = augment(image=photo(HEIGHT, WIDTH), mask=ids, sample=sample)
        assert out["mask"].shape == out["image"].shape[:2]
        assert set(np.unique(out["mask"])) <= set(np.unique(ids))


DTYPES = "bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 float32 float64 >i4".split()


@pytest.mark.parametrize("dtype", DTYPES)
def test_masks_keep_dtype_and_rank(dtype):
    augment = vg.Pipeline([vg.Rotate(30)], mask_fill=1)
    plain = (np.arange(48 * 70).reshape(48, 70) % 2).astype(dtype)
    out = augment(image=photo(), mask=plain, masks=[np.stack([plain, 1 - plain.astype(np.uint8)], -1).astype(dtype)])
    assert out["mask"].dtype == plain.dtype
    assert out["mask"].shape == (48, 70)
    assert out["masks"][0].shape == (48, 70, 2)
    assert out["masks"][0].dtype == plain.dtype
    assert (out["masks"][0][..., 0] == out["mask"]).all()
    assert out["mask"][0, 0] == 1, "the fill, in the mask's own dtype"


def test_ids_beyond_any_picture_dtype_survive():
    ids = np.full((10, 14), 2**63 - 25, np.int64)
    out = vg.Pipeline([vg.Flip()])(image=photo(10, 14), mask=ids)
    assert (out["mask"] == ids).all()


def test_a_fill_that_a_mask_cannot_hold_is_refused():
    augment = vg.Pipeline([vg.Rotate(30)], mask_fill=255)
    with pytest.raises(vg.ParameterError, match="mask_fill 255 is no value of its dtype int8"):
        augment(image=photo(), mask=np.zeros((48, 70), np.int8))
    assert augment(image=photo(), mask=np.zeros((48, 70), np.uint8))["mask"][0, 0] == 255


FORMATS = {
    "xyxy": [10, 20, 40, 44],
    "pascal_voc": [10, 20, 40, 44],
    "yxyx": [20, 10, 44, 40],
    "xywh": [10, 20, 30, 24],
    "coco": [10, 20, 30, 24],
    "center_xywh": [25, 32, 30, 24],
    "center_yxhw": [32, 25, 24, 30],
    "rel_xyxy": [10 / 70, 20 / 48, 40 / 70, 44 / 48],
    "albumentations": [10 / 70, 20 / 48, 40 / 70, 44 / 48],
    "rel_yxyx": [20 / 48, 10 / 70, 44 / 48, 40 / 70],
    "rel_xywh": [10 / 70, 20 / 48, 30 / 70, 24 / 48],
    "yolo": [25 / 70, 32 / 48, 30 / 70, 24 / 48],
    "rel_center_xywh": [25 / 70, 32 / 48, 30 / 70, 24 / 48],
    "rel_center_yxhw": [32 / 48, 25 / 70, 24 / 48, 30 / 70],
}
MIRRORED = {"xyxy": [30, 20, 60, 44], "yolo": [45 / 70, 32 / 48, 30 / 70, 24 / 48], "coco": [30, 20, 30, 24]}


@pytest.mark.parametrize("name", FORMATS)
def test_box_formats_come_back_as_they_went_in(name):
    box = np.array([FORMATS[name]], np.float64)
    there = vg.Pipeline([vg.Flip()])(image=photo(), boxes=box, box_format=name)["boxes"]
    if name in MIRRORED:
        assert there == pytest.approx(np.array([MIRRORED[name]]))
    back = vg.Pipeline([vg.Flip()])(image=photo(), boxes=there, box_format=name.upper())["boxes"]
    assert back == pytest.approx(box)


def test_oriented_boxes_turn():
    box = np.array([[35.0, 24.0, 20.0, 8.0, 10.0]])
    out = vg.Pipeline([vg.Rotate(25)])(image=photo(), boxes=box, box_format="oriented")["boxes"]
    assert out == pytest.approx(np.array([[35.0, 24.0, 20.0, 8.0, 35.0]]))


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        (np.array([[1, 1, 5, 5]], np.float64), "float64"),
        (np.array([[1, 1, 5, 5]], np.float32), "float32"),
        (np.array([[1, 1, 5, 5]], np.int64), "float32"),
        (np.array([[1, 1, 5, 5]], np.float16), "float32"),
        ([[1.0, 1.0, 5.0, 5.0]], "float64"),
        ([[1, 1, 5, 5]], "float32"),
        (np.array([[5, 5, 1, 1]], np.float32)[:, ::-1], "float32"),
    ],
)
def test_boxes_are_float32_unless_they_are_float64(given, dtype):
    out = vg.Pipeline([])(image=photo(), boxes=given)["boxes"]
    assert out.dtype == dtype


@pytest.mark.parametrize("empty", [np.zeros((0, 4), np.float32), np.zeros((0, 4)), [], np.zeros(0)])
def test_no_boxes_are_boxes_too(empty):
    out = vg.Pipeline([vg.Rotate(30)])(image=photo(), boxes=empty, box_labels=[])
    assert out["boxes"].shape == (0, 4)
    assert out["box_labels"] == []


def test_labels_leave_with_their_boxes():
    boxes = np.array([[0.0, 0.0, 8.0, 8.0], [30.0, 20.0, 40.0, 30.0], [60.0, 40.0, 69.0, 47.0]])
    augment = vg.Pipeline([vg.CenterCrop(20)])
    for labels, kept in [
        (["a", "b", "c"], ["b"]),
        (("a", "b", "c"), ("b",)),
        (np.array([7, 8, 9]), np.array([8])),
        (np.arange(6).reshape(3, 2), np.array([[2, 3]])),
    ]:
        out = augment(image=photo(), boxes=boxes, box_labels=labels)
        assert type(out["box_labels"]) is type(labels)
        assert np.array_equal(out["box_labels"], kept)
        assert out["boxes"] == pytest.approx(np.array([[5.0, 6.0, 15.0, 16.0]]))


def test_boxes_that_leave_follow_the_rules():
    boxes = [[20.0, 10.0, 40.0, 30.0]]
    crop = vg.Crop((48, 40), x=0.0)
    half = vg.Pipeline([vg.Translate(x=-30 / 70, y=0)])(image=photo(), boxes=boxes)["boxes"]
    assert half == pytest.approx(np.array([[0.0, 10.0, 10.0, 30.0]]))
    whole = vg.Pipeline([vg.Translate(x=-30 / 70, y=0)], clip_boxes=False)(image=photo(), boxes=boxes)["boxes"]
    assert whole == pytest.approx(np.array([[-10.0, 10.0, 10.0, 30.0]]))
    strict = vg.Pipeline([vg.Translate(x=-30 / 70, y=0)], min_visibility=0.6)
    assert len(strict(image=photo(), boxes=boxes)["boxes"]) == 0
    large = vg.Pipeline([crop], min_area=500)
    assert len(large(image=photo(), boxes=boxes)["boxes"]) == 0


def test_points_exchange_places_under_a_mirror():
    augment = vg.Pipeline([vg.Flip()], swap=[(0, 1)])
    out = augment(image=photo(), points=[[10.0, 5.0], [60.0, 6.0], [35.0, 7.0]])
    assert out["points"] == pytest.approx(np.array([[10.0, 6.0], [60.0, 5.0], [35.0, 7.0]]))
    turned = vg.Pipeline([vg.Flip("both")], swap=[(0, 1)])(image=photo(), points=[[10.0, 5.0], [60.0, 6.0]])
    assert turned["points"] == pytest.approx(np.array([[60.0, 43.0], [10.0, 42.0]])), "a turn mirrors nothing"


def test_points_carry_angle_and_scale():
    augment = vg.Pipeline([vg.Affine(degrees=30, zoom=2, x=0, y=0, shear_x=0, shear_y=0)])
    out = augment(image=photo(), points=[[35.0, 24.0, 10.0, 1.5]])
    assert out["points"] == pytest.approx(np.array([[35.0, 24.0, 40.0, 3.0]]), abs=1e-3)


def test_points_keep_their_number_and_say_whether_they_are_seen():
    out = vg.Pipeline([vg.CenterCrop(20)])(image=photo(), points=np.array([[1, 1], [35, 24]], np.float32))
    assert out["points"].dtype == np.float32
    assert out["points"].shape == (2, 2)
    assert out["points_visible"].tolist() == [False, True]
    assert vg.Pipeline([vg.Flip()])(image=photo(), points=[])["points"].shape == (0, 2)


def test_a_mask_alone_has_a_size():
    mask = np.eye(48, 70, dtype=np.uint8)
    assert (vg.Pipeline([vg.Flip()])(mask=mask)["mask"] == mask[:, ::-1]).all()
