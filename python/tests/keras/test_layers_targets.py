"""Masks, boxes and points follow what the layers do to pictures, on pictures that are not square."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from pictures import extent

keras = pytest.importorskip("keras")

from variegate.keras import layers  # noqa: E402

HEIGHT, WIDTH = 60, 90
BOXES = np.array([[20, 16, 44, 40], [50, 30, 70, 44], [0, 0, 0, 0]], np.float32)
LABELS = np.array([1, 2, -1])
FORMATS = {
    "xyxy": lambda x0, y0, x1, y1: (x0, y0, x1, y1),
    "yxyx": lambda x0, y0, x1, y1: (y0, x0, y1, x1),
    "xywh": lambda x0, y0, x1, y1: (x0, y0, x1 - x0, y1 - y0),
    "center_xywh": lambda x0, y0, x1, y1: ((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0),
    "center_yxhw": lambda x0, y0, x1, y1: ((y0 + y1) / 2, (x0 + x1) / 2, y1 - y0, x1 - x0),
    "rel_xyxy": lambda x0, y0, x1, y1: (x0 / WIDTH, y0 / HEIGHT, x1 / WIDTH, y1 / HEIGHT),
    "rel_yxyx": lambda x0, y0, x1, y1: (y0 / HEIGHT, x0 / WIDTH, y1 / HEIGHT, x1 / WIDTH),
    "rel_xywh": lambda x0, y0, x1, y1: (x0 / WIDTH, y0 / HEIGHT, (x1 - x0) / WIDTH, (y1 - y0) / HEIGHT),
    "rel_center_xywh": lambda x0, y0, x1, y1: (
        (x0 + x1) / 2 / WIDTH, (y0 + y1) / 2 / HEIGHT, (x1 - x0) / WIDTH, (y1 - y0) / HEIGHT,
    ),
}  # fmt: skip
# Arguments under which both boxes stay in sight; constant borders, so that no copy of a box is reflected in.
LAYERS = {
    "RandomFlip": {},
    "RandomRotation": {"factor": (0.05, 0.1), "fill_mode": "constant"},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.2, "fill_mode": "constant"},
    "RandomZoom": {"height_factor": (0.1, 0.4), "width_factor": (0.2, 0.5), "fill_mode": "constant"},
    "RandomShear": {"x_factor": 0.2, "y_factor": 0.1, "fill_mode": "constant"},
    "RandomPerspective": {"factor": (1.0, 1.0), "scale": 0.3},
    "RandomElasticTransform": {"factor": (1.0, 1.0), "fill_mode": "constant"},
    "RandomCrop": {"height": 50, "width": 80},
    "CenterCrop": {"height": 51, "width": 81},
    "Resizing": {"height": 77, "width": 51},
    "JitteredResize": {"target_size": (70, 80), "scale_factor": (0.8, 1.1)},
    "RandomCropAndResize": {"target_size": (70, 80), "crop_area_factor": (0.9, 1.0), "aspect_ratio_factor": (0.9, 1.1)},
    "RandomAspectRatio": {"factor": (0.8, 1.2)},
}


def sample(format: str = "xyxy", count: int = 4) -> dict[str, object]:
    """Pictures with two bright rectangles, their masks, boxes, and points at two corners of the first."""
    mask = np.zeros((HEIGHT, WIDTH, 1), np.int16)
    for (x0, y0, x1, y1), label in zip(BOXES[:2].astype(int), LABELS, strict=False):
        mask[y0:y1, x0:x1] = label
    points = np.array([[20, 16], [44, 40]], np.float32)
    one = {
        "images": (mask * 100).astype(np.uint8).repeat(3, axis=-1),
        "segmentation_masks": mask,
        "bounding_boxes": {"boxes": np.array([FORMATS[format](*box) for box in BOXES], np.float32), "labels": LABELS},
        "keypoints": points,
        "labels": np.float32(7),
    }
    return keras.tree.map_structure(lambda value: np.stack([value] * count), one)


@pytest.mark.parametrize("name", LAYERS)
def test_everything_moves_together(name):
    """To a pixel: masks take the nearest one, and boxes the corners of what is turned."""
    seed = {} if name in ("CenterCrop", "Resizing") else {"seed": 11}
    layer = getattr(layers, name)(**LAYERS[name], **seed, bounding_box_format="xyxy")
    made = keras.tree.map_structure(np.asarray, layer(sample()))
    turned = name in ("RandomRotation", "RandomShear", "RandomPerspective", "RandomElasticTransform")
    assert made["segmentation_masks"].dtype == np.int16
    assert set(np.unique(made["segmentation_masks"])) <= {0, 1, 2}
    assert np.array_equal(made["labels"], sample()["labels"])
    for k in range(4):
        mask = made["segmentation_masks"][k, ..., 0]
        for place, label in enumerate(LABELS[:2]):
            box = made["bounding_boxes"]["boxes"][k, place]
            assert made["bounding_boxes"]["labels"][k, place] == label
            # A turned box reaches to the corners of what it holds, of which the last pixel may be thin.
            assert np.abs(box - extent(mask == label)).max() <= (1.5 if turned else 1.0), (k, label)
        assert made["bounding_boxes"]["labels"][k, 2] == -1
        seen = made["images"][k, ..., 0] > 60
        assert (seen != (mask > 0)).mean() < 0.04
        x0, y0, x1, y1 = made["bounding_boxes"]["boxes"][k, 0]
        assert ((made["keypoints"][k] >= (x0 - 1, y0 - 1)) & (made["keypoints"][k] <= (x1 + 1, y1 + 1))).all()


@pytest.mark.parametrize("format", FORMATS)
def test_every_format(format):
    """Formulas written by hand give what the layer gives, for a shift that is known: all of it, right and down."""
    layer = layers.RandomTranslation((0.1, 0.1), (0.2, 0.2), bounding_box_format=format.upper(), fill_mode="constant")
    made = np.asarray(layer(sample(format))["bounding_boxes"]["boxes"])
    moved = np.array([FORMATS[format](*np.clip(box + (18, 6, 18, 6), 0, (90, 60, 90, 60))) for box in BOXES[:2]])
    assert np.abs(made[:, :2] - moved).max() < 1e-3


def test_a_box_that_leaves():
    data = sample()
    layer = layers.RandomTranslation((0.0, 0.0), (0.6, 0.6), bounding_box_format="xyxy")
    made = layer(data)["bounding_boxes"]
    assert np.asarray(made["labels"])[0].tolist() == [1, -1, -1]
    assert not np.asarray(made["boxes"])[0, 1].any()


def test_a_right_angle_turns_boxes_as_edges():
    """x → W − x: half a pixel from a rule that turns corners about the centre of the middle pixel."""
    made = layers.RandomRotation((0.5, 0.5), bounding_box_format="xyxy")(sample())["bounding_boxes"]["boxes"]
    expected = [[WIDTH - x1, HEIGHT - y1, WIDTH - x0, HEIGHT - y0] for x0, y0, x1, y1 in BOXES[:2]]
    assert np.abs(np.asarray(made)[:, :2] - expected).max() < 1e-3


def test_resizing_with_margins():
    """By hand: 60 × 90 on a square of 90, then to 180: everything is 15 lower and twice as large."""
    layer = layers.Resizing(180, 180, pad_to_aspect_ratio=True, bounding_box_format="xyxy")
    made = layer(sample())
    assert np.asarray(made["bounding_boxes"]["boxes"])[0, 0].tolist() == [40, 62, 88, 110]
    assert np.asarray(made["keypoints"])[0].tolist() == [[40, 62], [88, 110]]
    assert extent(np.asarray(made["segmentation_masks"])[0, ..., 0] == 1) == (40, 62, 88, 110)


def test_resizing_with_a_cut():
    """By hand: the middle 60 × 60 of 60 × 90, halved: everything is 15 further left, then half as large."""
    layer = layers.Resizing(30, 30, crop_to_aspect_ratio=True, bounding_box_format="xyxy")
    made = layer(sample())["bounding_boxes"]
    assert np.asarray(made["boxes"])[0, :2].tolist() == [[2.5, 8, 14.5, 20], [17.5, 15, 27.5, 22]]


def test_boxes_of_one_picture_and_lists_of_boxes():
    one = keras.tree.map_structure(lambda value: value[0], sample())
    layer = layers.RandomTranslation((0.1, 0.1), (0.2, 0.2), bounding_box_format="xyxy")
    made = layer(one)
    assert np.asarray(made["bounding_boxes"]["boxes"])[0].tolist() == pytest.approx([38, 22, 62, 46])
    data = sample(count=2)
    data["bounding_boxes"] = {"boxes": [BOXES[:1], BOXES[:2]], "classes": [LABELS[:1], LABELS[:2]]}
    made = layer(data)["bounding_boxes"]
    assert np.asarray(made["classes"]).tolist() == [[1, -1], [1, 2]]


def test_inputs_are_left_alone():
    data = sample()
    held = keras.tree.map_structure(np.copy, data)
    layers.RandomRotation((0.1, 0.1), bounding_box_format="xyxy")(data)
    keras.tree.map_structure(np.testing.assert_array_equal, data, held)


def test_colour_leaves_the_rest_and_needs_no_format():
    data = sample()
    made = layers.RandomBrightness((0.2, 0.2))(data)
    assert made["segmentation_masks"] is data["segmentation_masks"]
    assert made["bounding_boxes"] is data["bounding_boxes"]


def test_boxes_without_a_format():
    with pytest.raises(ValueError, match="write RandomFlip\\(…, bounding_box_format='xyxy'\\)"):
        layers.RandomFlip()(sample())


def test_mixing_pixels_mixes_everything_else():
    """Every pixel of a mixed picture is one of its mask, and the boxes are the extents of what is seen."""
    rng = np.random.default_rng(5)
    count = 6
    masks, boxes = np.zeros((count, HEIGHT, WIDTH), np.uint8), np.zeros((count, 1, 4), np.float32)
    for k in range(count):
        x, y = rng.integers(5, 50), rng.integers(5, 30)
        masks[k, y : y + 20, x : x + 25] = k + 1
        boxes[k, 0] = x, y, x + 25, y + 20
    labels = np.eye(count, dtype=np.float32)
    data = {
        "images": (masks * 20)[..., None],
        "segmentation_masks": masks,
        "labels": labels,
        "keypoints": boxes[:, :, :2],
        "bounding_boxes": {"boxes": boxes, "labels": np.arange(1, count + 1)[:, None]},
    }
    seen = 0
    cut = layers.CutMix((1.0, 1.0), seed=5, bounding_box_format="xyxy")
    four = layers.Mosaic(seed=3, bounding_box_format="xyxy")
    for layer, parts in ((cut, 2), (four, 4)):
        for _ in range(4):
            made = keras.tree.map_structure(np.asarray, layer(data))
            assert np.array_equal(made["images"][..., 0], made["segmentation_masks"] * 20)
            assert np.allclose(made["labels"].sum(axis=1), 1, atol=1e-6)
            found = made["bounding_boxes"]
            assert found["boxes"].shape == (count, parts, 4)
            assert made["keypoints"].shape == (count, parts, 2)
            for mask, rows, names in zip(made["segmentation_masks"], found["boxes"], found["labels"], strict=True):
                # The picture's own boxes may be hidden in part, which a box does not show, so those behind are
                # compared.
                for row, name in zip(rows[1:], names[1:], strict=True):
                    if name != -1 and (names == name).sum() == 1:
                        assert extent(mask == name) == tuple(row)
                        seen += 1
    assert seen > 20


def test_mixup_keeps_both():
    data = sample(count=3)
    data["images"] = data["images"] * np.array([0, 1, 2], np.uint8)[:, None, None, None]
    data["labels"] = np.eye(3, dtype=np.float32)
    made = keras.tree.map_structure(np.asarray, layers.MixUp(1.0, seed=4, bounding_box_format="xyxy")(data))
    shares = made["labels"]
    mixed = np.einsum("ij,jhwc->ihwc", shares, data["images"].astype(np.float32))
    assert np.abs(mixed - made["images"]).max() <= 1
    assert made["bounding_boxes"]["boxes"].shape == (3, 6, 4)
    assert (made["bounding_boxes"]["labels"][:, :3] == LABELS).all()


def test_labels_must_be_shares():
    with pytest.raises(ValueError, match="one-hot, of shape \\(batch, classes\\)"):
        layers.MixUp()({"images": np.zeros((2, 8, 9, 3), np.uint8), "labels": np.array([1, 2])})
    with pytest.raises(ValueError, match="Use CutMix or Mosaic"):
        layers.FourierMix(bounding_box_format="xyxy")(sample())


@pytest.mark.parametrize("name", LAYERS)
def test_a_transform_that_is_drawn_first(name):
    """Applied to one part after the other it is what the layer does to all of them at once."""
    seed = {} if name in ("CenterCrop", "Resizing") else {"seed": 11}
    one, other = (getattr(layers, name)(**LAYERS[name], **seed, bounding_box_format="rel_xyxy") for _ in range(2))
    data = sample("rel_xyxy")
    expected = keras.tree.map_structure(np.asarray, one(data))
    drawn = other.get_random_transformation(data)
    made = {
        "images": other.transform_images(data["images"], drawn),
        "segmentation_masks": other.transform_segmentation_masks(data["segmentation_masks"], drawn),
        "bounding_boxes": other.transform_bounding_boxes(data["bounding_boxes"], drawn),
        "labels": other.transform_labels(data["labels"], drawn),
    }
    expected.pop("keypoints")
    keras.tree.map_structure(np.testing.assert_array_equal, keras.tree.map_structure(np.asarray, made), expected)
    again = other.get_random_transformation(data, seed=5)
    assert again == other.get_random_transformation(data, seed=5)
    if name not in ("CenterCrop", "Resizing"):
        assert other.get_random_transformation(data, training=False) is None


def test_a_drawn_mix_of_labels():
    data = sample()
    data["labels"] = np.eye(4, dtype=np.float32)
    one, other = layers.CutMix((1.0, 1.0), seed=4), layers.CutMix((1.0, 1.0), seed=4)
    del data["bounding_boxes"]
    drawn = other.get_random_transformation(data)
    assert np.array_equal(other.transform_labels(data["labels"], drawn), one(data)["labels"])
