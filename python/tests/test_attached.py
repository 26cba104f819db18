"""Polygons, instance masks, heat maps, depth, flow, normals and visibility go where the picture goes."""

from __future__ import annotations

import numpy as np
import pytest
from operations import build, only_alone
from pictures import disc, photo

import variegate as vg

HEIGHT, WIDTH = 40, 56


def area(polygon: np.ndarray) -> float:
    x, y = polygon.T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def filled(polygon: np.ndarray, height: int, width: int) -> np.ndarray:
    """Which pixel centres a polygon holds, by crossings."""
    v, u = np.mgrid[0:height, 0:width] + 0.5
    inside = np.zeros((height, width), bool)
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if ay != by:
            inside ^= ((ay > v) != (by > v)) & (u < ax + (v - ay) * (bx - ax) / (by - ay))
    return inside


def test_a_polygon_covers_the_mask_that_was_drawn_from_it(entry):
    """The outline and a mask of it part by the pixels on the edge alone: a tenth of the area at this size."""
    only_alone(entry)
    polygon = np.array([[12.0, 8.0], [40.0, 10.0], [44.0, 30.0], [24.0, 34.0], [10.0, 24.0]])
    mask = filled(polygon, HEIGHT, WIDTH).astype(np.uint8)
    augment = vg.Pipeline([build(entry)], seed=4)
    for sample in range(3):
        try:
            out = augment(image=photo(HEIGHT, WIDTH), mask=mask, polygons=[polygon], sample=sample)
        except vg.UnsupportedError as error:
            assert "instance_masks" in str(error)
            return
        (moved,) = out["polygons"]
        again = filled(moved, *out["mask"].shape)
        apart = (again != out["mask"].astype(bool)).sum()
        assert apart <= 0.1 * max(again.sum(), out["mask"].sum()) + 12, (sample, apart)


def test_forms_of_polygons_are_kept():
    flat = [0, 0, 10, 0, 10, 10]
    rows = np.array([[30.0, 10.0], [40.0, 10.0], [40.0, 20.0]], np.float32)
    augment = vg.Pipeline([vg.Flip("horizontal")])
    out = augment(image=photo(HEIGHT, WIDTH), polygons=[flat, rows, [flat, rows]])["polygons"]
    np.testing.assert_allclose(out[0], [56, 0, 46, 0, 46, 10])
    np.testing.assert_allclose(out[1], [[26, 10], [16, 10], [16, 20]])
    assert out[1].dtype == np.float32
    assert [part.shape for part in out[2]] == [(6,), (3, 2)]


def test_what_leaves_the_picture_is_empty_or_goes_with_its_box():
    gone, stays = [[50.0, 5], [55, 5], [55, 9]], [[2.0, 2], [20, 2], [20, 20]]
    crop = vg.Pipeline([vg.CenterCrop((40, 40))])
    alone = crop(image=photo(HEIGHT, WIDTH), polygons=[gone, stays])["polygons"]
    assert [len(polygon) for polygon in alone] == [0, 4] and area(alone[1]) == pytest.approx(area(np.array(stays)) - 18)
    masks = np.zeros((2, HEIGHT, WIDTH), np.int32)
    masks[0, 5:9, 50:55], masks[1, 2:20, 2:20] = 7, 9
    boxes = [[50.0, 5, 55, 9], [2, 2, 20, 20]]
    out = crop(image=photo(HEIGHT, WIDTH), boxes=boxes, box_labels=["a", "b"], polygons=[gone, stays], instance_masks=masks)
    assert (len(out["boxes"]), out["box_labels"], len(out["polygons"])) == (1, ["b"], 1)
    assert out["instance_masks"].shape == (1, 40, 40) and out["instance_masks"].dtype == np.int32
    assert set(np.unique(out["instance_masks"])) == {0, 9}


def test_one_of_each_is_asked_for():
    augment, image = vg.Pipeline([vg.Flip()]), photo(HEIGHT, WIDTH)
    with pytest.raises(vg.Error, match="polygons: expected one for each of the 1 boxes, found 2"):
        augment(image=image, boxes=[[1.0, 2, 3, 4]], polygons=[[[0, 0], [1, 0], [1, 1]]] * 2)
    with pytest.raises(vg.Error, match="instance_masks: expected one for each of the 1 boxes, found 3"):
        augment(image=image, boxes=[[1.0, 2, 3, 4]], instance_masks=np.zeros((3, HEIGHT, WIDTH)))
    with pytest.raises(vg.Error, match="points_visible: expected one for each of the 1 points, found 2"):
        augment(image=image, points=[[1.0, 2]], points_visible=[1, 1])
    with pytest.raises(vg.Error, match="polygons: expected a list"):
        augment(image=image, polygons=5)
    with pytest.raises(vg.Error, match=r"polygons\[0\]: expected a polygon"):
        augment(image=image, polygons=[[[0, 0], [1, 1]]])


def test_a_heat_map_has_its_top_where_the_point_is(entry):
    """Within a pixel and a half, at the scale it was enlarged by: the top of a smooth hill lies between pixels."""
    only_alone(entry)
    v, u = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
    hill = 50 * np.exp(-((u - 30) ** 2 + (v - 18) ** 2) / 40)
    augment = vg.Pipeline([build(entry)], seed=6)
    for sample in range(3):
        out = augment(image=photo(HEIGHT, WIDTH), points=[[30.0, 18.0]], heatmap=hill, sample=sample)
        assert out["heatmap"].dtype == np.float64 and out["heatmap"].shape == out["image"].shape[:2]
        (x, y), (seen,) = out["points"][0], out["points_visible"]
        if seen and entry["family"] not in ("shape", "policy", "crop") and entry["name"] != "downscale":
            row, column = np.unravel_index(out["heatmap"].argmax(), out["heatmap"].shape)
            near = 1.5 * max(1.0, out["image"].shape[0] / HEIGHT)
            assert abs(column + 0.5 - x) < near and abs(row + 0.5 - y) < near


def rotation(degrees: float) -> np.ndarray:
    a = np.radians(degrees)
    return np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])


def test_a_turn_turns_flow_and_normals():
    """Counter-clockwise as seen, so (right, down) goes by [[c, s], [−s, c]]."""
    flow = np.tile(np.array([3.0, 1.0], np.float32), (HEIGHT, WIDTH, 1))
    normals = np.tile(np.array([0.6, 0.0, 0.8], np.float32), (HEIGHT, WIDTH, 1))
    out = vg.Pipeline([vg.Rotate(30)])(image=photo(HEIGHT, WIDTH), flow=flow, normals=normals)
    middle = np.s_[15:25, 20:36]
    np.testing.assert_allclose(out["flow"][middle], np.broadcast_to(rotation(30) @ [3, 1], (10, 16, 2)), atol=1e-5)
    expected = [*(rotation(30) @ [0.6, 0]), 0.8]
    np.testing.assert_allclose(out["normals"][middle], np.broadcast_to(expected, (10, 16, 3)), atol=1e-5)
    assert (out["flow"][0, 0] == 0).all()


def test_a_flow_still_points_at_the_match():
    """Frame two is frame one moved by the flow; after any bending of both, the moved flow leads from pixel to pixel: to a
    twentieth of the step, since a bend is straight only nearby."""
    step = np.array([1.0, 0.5])
    flow = np.tile(step, (HEIGHT, WIDTH, 1))
    augment = vg.Pipeline([vg.Perspective(0.2), vg.Resize((60, 50))], seed=2)
    starts = np.array([[20.0, 15.0], [35.0, 20.0], [28.0, 25.0]])
    recipe = augment.draw((HEIGHT, WIDTH))
    here = augment.apply(recipe, image=photo(HEIGHT, WIDTH), points=starts, flow=flow)
    there = augment.apply(recipe, image=photo(HEIGHT, WIDTH), points=starts + step)["points"]
    for (x, y), target in zip(here["points"], there, strict=True):
        led = np.array([x, y]) + here["flow"][int(y), int(x)]
        assert np.abs(led - target).max() < 0.05 * np.abs(target - [x, y]).max() + 0.02


def test_depth_is_never_mixed():
    depth = np.where(disc(HEIGHT, WIDTH, 20, 20, 9) > 0.5, 1.5, 80.0).astype(np.float32)
    out = vg.Pipeline([vg.Rotate(17, border="reflect"), vg.Resize((33, 71))])(image=photo(HEIGHT, WIDTH), depth=depth)
    assert out["depth"].dtype == np.float32 and set(np.unique(out["depth"])) == {np.float32(1.5), np.float32(80)}


def test_visibility_is_kept_swapped_and_lost():
    augment = vg.Pipeline([vg.Flip("horizontal"), vg.CenterCrop((40, 40))], swap=[(0, 1)])
    points = [[10.0, 5], [40, 5], [30, 5], [1, 5]]
    out = augment(image=photo(HEIGHT, WIDTH), points=points, points_visible=[2, 1, 0, 2])
    assert out["points_visible"].tolist() == [1, 2, 0, 0]
    plain = augment(image=photo(HEIGHT, WIDTH), points=points)
    assert plain["points_visible"].tolist() == [True, True, True, False]


def test_undo_brings_them_back():
    polygon = np.array([[10.0, 10], [30, 10], [30, 30]])
    flow = np.tile(np.array([3.0, 1.0], np.float32), (HEIGHT, WIDTH, 1))
    augment = vg.Pipeline([vg.QuarterTurn(1), vg.Flip("horizontal")])
    recipe = augment.draw((HEIGHT, WIDTH))
    out = augment.apply(recipe, image=photo(HEIGHT, WIDTH), polygons=[polygon], flow=flow)
    back = augment.undo(recipe, polygons=out["polygons"], flow=out["flow"])
    np.testing.assert_allclose(back["polygons"][0], polygon, atol=1e-6)
    np.testing.assert_allclose(back["flow"], flow, atol=1e-5)


@pytest.mark.parametrize(("foreign", "ours"), [("optical_flow", "flow"), ("surface_normals", "normals"), ("depth_map", "depth")])
def test_foreign_names_are_answered(foreign, ours):
    with pytest.raises(TypeError, match=f'did you mean "{ours}"'):
        vg.Pipeline([vg.Flip()])(image=photo(), **{foreign: photo()})


def test_every_target_that_the_registry_names_is_an_argument():
    names = {name for entry in vg.operations() for name in entry["targets"]}
    assert {"flow", "polygons", "volume_mask"} <= names
    out = vg.Pipeline([vg.Flip()])(**{"image": photo(), **dict.fromkeys(names - {"image"})})
    assert set(out) == names
