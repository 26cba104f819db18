"""Transforms with one outcome, on which the layers are compared with what Keras 3 makes of them.

`test_keras_facts` compares with values that were recorded, `tests_peers/test_keras` with Keras itself, and
`tests_peers/record_keras_facts.py` records them. Both ends of every range are the same, so that nothing is left to
chance but signs, which a case gives several outcomes for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

RECORDED = Path(__file__).parent / "keras_facts.npz"
KERAS3 = {"compat": "keras3"}
FILLS = [{"fill_mode": mode, "fill_value": 37.0} for mode in ("reflect", "nearest", "constant", "wrap")]

# (layer, arguments of both, arguments of ours alone)
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    *[("RandomRotation", {"factor": (0.07, 0.07), **fill}, {}) for fill in FILLS],
    *[("RandomTranslation", {"height_factor": (0.13, 0.13), "width_factor": (-0.21, -0.21), **f}, {}) for f in FILLS],
    *[("RandomZoom", {"height_factor": (-0.3, -0.3), **fill}, {}) for fill in FILLS],
    *[("RandomZoom", {"height_factor": (0.9, 0.9), **fill}, KERAS3) for fill in FILLS],
    ("RandomZoom", {"height_factor": (-0.6, -0.6), "width_factor": (0.8, 0.8)}, KERAS3),
    *[("RandomShear", {"x_factor": (0.3, 0.3), "y_factor": (0.2, 0.2), **fill}, KERAS3) for fill in FILLS],
    ("RandomPerspective", {"factor": (0.0, 0.0)}, {}),
    ("CenterCrop", {"height": 7, "width": 9}, {}),
    ("CenterCrop", {"height": 20, "width": 9}, {}),
    *[
        ("Resizing", {"height": 9, "width": 20, "interpolation": name, "antialias": smooth}, {})
        for name in ("bilinear", "bicubic", "lanczos3", "lanczos5")
        for smooth in (False, True)
    ],
    ("Resizing", {"height": 9, "width": 20, "interpolation": "nearest"}, {}),
    ("Resizing", {"height": 9, "width": 9, "crop_to_aspect_ratio": True}, {}),
    ("Resizing", {"height": 9, "width": 9, "pad_to_aspect_ratio": True, "fill_value": 9.0}, {}),
    ("RandomBrightness", {"factor": (0.3, 0.3)}, {}),
    ("RandomBrightness", {"factor": (-0.3, -0.3)}, {}),
    ("RandomContrast", {"factor": (0.0, 0.0)}, {}),
    ("RandomHue", {"factor": (1.0, 1.0)}, {}),
    ("RandomHue", {"factor": (0.4, 0.4)}, {}),
    ("RandomSaturation", {"factor": (0.3, 0.3)}, {}),
    ("RandomSaturation", {"factor": (0.7, 0.7)}, KERAS3),
    ("RandomColorDegeneration", {"factor": (0.4, 0.4)}, KERAS3),
    ("RandomGrayscale", {"factor": 1.0}, KERAS3),
    ("RandomInvert", {"factor": (1.0, 1.0)}, {}),
    ("RandomInvert", {"factor": (1.0, 1.0), "value_range": (-1, 255)}, KERAS3),
    ("RandomPosterization", {"factor": (3, 4)}, KERAS3),
    ("RandomSharpness", {"factor": (0.2, 0.2)}, KERAS3),
    ("RandomSharpness", {"factor": (0.9, 0.9)}, KERAS3),
    ("Solarization", {}, {}),
    ("Solarization", {"addition_factor": (0.0, 0.0), "threshold_factor": (0.0, 0.0)}, KERAS3),
    ("AutoContrast", {}, {}),
    ("Equalization", {}, KERAS3),
    ("Equalization", {"bins": 64}, KERAS3),
    ("ContrastLimitedAdaptiveHistogramEqualization", {}, {}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": 0.0, "tile_grid_size": (3, 2)}, {}),
    ("RandomGaussianBlur", {"factor": (1.0, 1.0), "sigma": (0.7, 0.7), "kernel_size": (5, 3)}, KERAS3),
    ("RandomErasing", {"factor": (1.0, 1.0), "scale": (1.0, 1.0), "fill_value": 7.0}, {}),
    ("Rescaling", {"scale": 1 / 127.5, "offset": -1.0}, {}),
    ("Normalization", {"mean": [100.0, 110.0, 120.0], "variance": [1600.0, 2500.0, 900.0]}, {}),
]
NAMES = [f"{k:02}-{name}" for k, (name, _, _) in enumerate(CASES)]


def pictures() -> np.ndarray:
    """Two smooth pictures of 11 by 16 with edges, float32 of 0 to 255 with fractions."""
    y, x = np.mgrid[0:11, 0:16].astype(np.float64)
    planes = [128 + 90 * np.sin(x / (2 + c) + c) * np.cos(y / (3 - c % 2)) + 35 * ((x + y * (c + 1)) % 5 < 2)
              for c in range(6)]
    both = np.stack([np.stack(planes[:3], -1), np.stack(planes[3:], -1)])
    return np.clip(both, 0, 255).astype(np.float32)


def outcomes(name: str, arguments: dict[str, Any]) -> list[np.ndarray]:
    """What Keras makes of the pictures, once for each sign that it may draw."""
    import keras

    x = pictures()
    layer = getattr(keras.layers, name)(**arguments)
    if name == "RandomShear":
        slant = np.array([[arguments["x_factor"][0], arguments["y_factor"][0]]] * 2, np.float32)
        made = [layer.transform_images(x, {"shear_factor": slant * sign}) for sign in (1, -1)]
    elif name == "RandomHue":
        turn = np.full(2, arguments["factor"][0] * 0.5, np.float32)
        made = [layer.transform_images(x, {"factor": turn * sign}) for sign in (1, -1)]
    else:
        made = [layer(x, training=True)]
    return [np.asarray(keras.ops.convert_to_numpy(value), np.float32) for value in made]


def departure(name: str, arguments: dict[str, Any], own: dict[str, Any], expected: list[np.ndarray]) -> float:
    """The most that our layer departs from the outcome it is nearest to, picture by picture."""
    from variegate.keras import layers

    made = np.asarray(getattr(layers, name)(**arguments, **own)(pictures(), training=True), np.float32)
    assert made.shape == expected[0].shape
    off = [np.abs(made - one).reshape(len(made), -1).max(axis=1) for one in expected]
    return float(np.min(off, axis=0).max())
