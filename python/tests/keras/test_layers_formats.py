"""Boxes in every format of Keras, through every layer that moves pictures, on pictures that are not square.

A coloured rectangle is painted into the picture; where it is seen afterwards is where the box must say it is.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from pictures import extent

keras = pytest.importorskip("keras")

from test_layers_targets import FORMATS, HEIGHT, WIDTH  # noqa: E402

from variegate.keras import layers  # noqa: E402

BOX = np.array([24, 18, 52, 40], np.float32)
CONSTANT = {"fill_mode": "constant"}
KERAS3 = {"compat": "keras3"}
# Arguments under which the rectangle stays in sight, and by how many pixels its seen extent may differ from its box: by
# the grey rim of one pixel, and by the corners of what is turned, which thin out.
MOVES = [
    ("RandomFlip", {}, 0.01),
    ("RandomFlip", KERAS3, 0.01),
    ("RandomRotation", {"factor": (0.03, 0.06), **CONSTANT}, 1.6),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.2, **CONSTANT}, 1.0),
    ("RandomZoom", {"height_factor": (-0.2, 0.4), "width_factor": (-0.2, 0.4), **CONSTANT}, 1.0),
    ("RandomZoom", {"height_factor": (-0.2, 0.4), "width_factor": (-0.2, 0.4), **CONSTANT, **KERAS3}, 1.0),
    ("RandomShear", {"x_factor": (0.1, 0.2), "y_factor": (0.1, 0.2), **CONSTANT}, 1.6),
    ("RandomShear", {"x_factor": (0.1, 0.2), "y_factor": (0.05, 0.1), **CONSTANT, **KERAS3}, 1.6),
    ("RandomPerspective", {"factor": (1.0, 1.0), "scale": 0.3}, 1.6),
    ("RandomPerspective", {"factor": (1.0, 1.0), "scale": 0.3, **KERAS3}, 1.6),
    ("RandomElasticTransform", {"factor": (1.0, 1.0), **CONSTANT}, 2.0),
    ("RandomCrop", {"height": 50, "width": 80}, 0.01),
    ("RandomCrop", {"height": 50, "width": 80, **KERAS3}, 0.01),
    ("CenterCrop", {"height": 50, "width": 70}, 0.01),
    ("Resizing", {"height": 77, "width": 51}, 1.0),
    ("Resizing", {"height": 70, "width": 70, "pad_to_aspect_ratio": True}, 1.0),
    ("Resizing", {"height": 70, "width": 70, "crop_to_aspect_ratio": True}, 1.0),
    ("JitteredResize", {"target_size": (70, 80), "scale_factor": (0.8, 1.1)}, 1.0),
    ("RandomCropAndResize",
     {"target_size": (70, 80), "crop_area_factor": (0.9, 1.0), "aspect_ratio_factor": (0.9, 1.1)}, 1.0),
    ("RandomAspectRatio", {"factor": (0.8, 1.2)}, 1.0),
]  # fmt: skip
NAMES = [f"{name}-{arguments.get('compat', 'own')}-{k}" for k, (name, arguments, _) in enumerate(MOVES)]


def edges(row: np.ndarray, format: str, height: int, width: int) -> tuple[float, ...]:
    """Left, top, right and bottom in pixels of a row of a format, by formulas of this test's own."""
    a, b, c, d = map(float, row)
    form = format.removeprefix("rel_")
    if form in ("yxyx", "center_yxhw"):
        a, b, c, d = b, a, d, c
    if form != format:
        a, b, c, d = a * width, b * height, c * width, d * height
    if form.startswith("center"):
        return a - c / 2, b - d / 2, a + c / 2, b + d / 2
    return (a, b, a + c, b + d) if form == "xywh" else (a, b, c, d)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("name", "arguments", "near"), MOVES, ids=NAMES)
def test_a_box_is_where_its_rectangle_is_seen(name, arguments, near, format):
    count = 6
    left, top, right, bottom = BOX.astype(int)
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[top:bottom, left:right] = (200, 40, 220)
    data = {
        "images": np.stack([image] * count),
        "segmentation_masks": np.stack([image[..., :1] // 200] * count).astype(np.int32),
        "bounding_boxes": {
            "boxes": np.tile(np.array(FORMATS[format](*BOX), np.float32), (count, 1, 1)),
            "labels": np.ones((count, 1), np.int32),
        },
    }
    seed = {} if name in ("CenterCrop", "Resizing") else {"seed": 8}
    layer = getattr(layers, name)(**arguments, **seed, bounding_box_format=format)
    made = keras.tree.map_structure(np.asarray, layer(data))
    height, width = made["images"].shape[1:3]
    for image, mask, row in zip(
        made["images"], made["segmentation_masks"], made["bounding_boxes"]["boxes"][:, 0], strict=True
    ):
        box = np.array(edges(row, format, height, width))
        assert np.abs(box - extent(image[..., 0] > 100)).max() <= near
        assert np.abs(box - extent(mask[..., 0] == 1)).max() <= near
    assert made["segmentation_masks"].dtype == np.int32
    if name not in ("CenterCrop", "Resizing", "JitteredResize"):
        assert len(np.unique(made["bounding_boxes"]["boxes"], axis=0)) > 1 or "compat" in arguments
