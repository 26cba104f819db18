"""The layers against Keras's own, under the same transform: where a range has one value, or both ends are equal.

Whole numbers may differ by 1 of 255, which is the rounding to 8 bits; floats by 1e-5 of the range, float32's own error.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from pictures import photo

keras = pytest.importorskip("keras")

from variegate.keras import layers  # noqa: E402

SHAPE = (33, 48)
FACTS = {
    "RandomRotation": [{"factor": (0.07, 0.07)}, {"factor": (-0.4, -0.4)}],
    "RandomTranslation": [{"height_factor": (0.13, 0.13), "width_factor": (-0.21, -0.21)}],
    "RandomZoom": [
        {"height_factor": (-0.3, -0.3)},
        {"height_factor": (0.3, 0.3)},
        {"height_factor": (-0.3, -0.3), "width_factor": (0.2, 0.2)},
    ],
}
COLOURS = [
    ("RandomBrightness", {"factor": (0.3, 0.3)}),
    ("RandomBrightness", {"factor": (-0.3, -0.3)}),
    ("RandomContrast", {"factor": (0.0, 0.0)}),
    ("RandomHue", {"factor": (1.0, 1.0)}),
    ("RandomSaturation", {"factor": (0.3, 0.3)}),
    ("RandomPosterization", {"factor": (3, 4), "compat": "keras3"}),
    ("Solarization", {}),
    ("AutoContrast", {}),
    ("Equalization", {"compat": "keras3"}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {}),
    ("ContrastLimitedAdaptiveHistogramEqualization", {"clip_limit": 0.0, "tile_grid_size": (3, 5)}),
    ("RandomGaussianBlur", {"factor": (1.0, 1.0), "sigma": (0.7, 0.7), "kernel_size": (5, 3), "compat": "keras3"}),
]


def pictures(dtype: str = "uint8") -> np.ndarray:
    """Two different pictures of 0 to 255."""
    both = np.stack([photo(*SHAPE), photo(SHAPE[0], SHAPE[1] + 9)[:, 9:, ::-1]])
    return both if dtype == "uint8" else both.astype(dtype) + np.float32(0.3) * (both < 255)


def theirs(name: str, x: np.ndarray, **arguments: object) -> np.ndarray:
    arguments.pop("compat", None)
    return np.asarray(getattr(keras.layers, name)(**arguments)(x.astype(np.float32), training=True))


def ours(name: str, x: np.ndarray, **arguments: object) -> np.ndarray:
    return np.asarray(getattr(layers, name)(**arguments)(x, training=True))


@pytest.mark.parametrize("fill_mode", ["reflect", "nearest", "constant", "wrap"])
@pytest.mark.parametrize(("name", "arguments"), [(name, one) for name, some in FACTS.items() for one in some])
def test_geometry(name, arguments, fill_mode):
    arguments = {**arguments, "fill_mode": fill_mode, "fill_value": 37.0}
    x = pictures("float32")
    assert np.abs(ours(name, x, **arguments) - theirs(name, x, **arguments)).max() <= 255e-5
    x = pictures()
    made = ours(name, x, **arguments)
    assert made.dtype == np.uint8
    assert np.abs(made - theirs(name, x, **arguments)).max() <= 1


@pytest.mark.parametrize("name", ["RandomRotation", "RandomTranslation"])
def test_the_nearest_pixel(name):
    """Exact. A zoom about the centre reads half-way between pixels, where backends choose as they like."""
    arguments = {**FACTS[name][0], "interpolation": "nearest"}
    x = pictures("float32")
    assert np.array_equal(ours(name, x, **arguments), theirs(name, x, **arguments))


@pytest.mark.parametrize(("name", "arguments"), COLOURS)
def test_colour(name, arguments):
    x = pictures("float32")
    assert np.abs(ours(name, x, **arguments) - theirs(name, x, **arguments)).max() <= 255e-5
    x = pictures()
    made = ours(name, x, **arguments)
    assert made.dtype == np.uint8
    assert np.abs(made - theirs(name, x, **arguments)).max() <= 1


@pytest.mark.parametrize("value_range", [(0, 1), (-1, 1)])
@pytest.mark.parametrize(("name", "arguments"), [row for row in COLOURS if row[0] != "RandomSaturation"])
def test_ranges_of_values(name, arguments, value_range):
    """Keras reads the saturation of negative values, which has no meaning, and is left out."""
    low, high = value_range
    x = (pictures("float32") / 255 * (high - low) + low).astype(np.float32)
    arguments = {**arguments, "value_range": value_range}
    assert np.abs(ours(name, x, **arguments) - theirs(name, x, **arguments)).max() <= 1e-5 * (high - low)


@pytest.mark.parametrize(("name", "factor"), [("RandomGrayscale", 1.0), ("RandomColorDegeneration", (0.4, 0.4))])
def test_grey(name, factor):
    """0.0001 of the range more than elsewhere: Keras's weights of grey sum to 0.9999."""
    x = pictures("float32")
    assert np.abs(ours(name, x, factor=factor) - theirs(name, x, factor=factor)).max() <= 255e-5 + 255e-4
    x = pictures()
    assert np.abs(ours(name, x, factor=factor) - theirs(name, x, factor=factor)).max() <= 1


@pytest.mark.parametrize("factor", [0.2, 0.9])
def test_sharpness_within_the_rim(factor):
    """Keras's filter mixes the rim with black; here the rim stays."""
    x = pictures("float32")
    made = ours("RandomSharpness", x, factor=(factor, factor))
    expected = theirs("RandomSharpness", x, factor=(factor, factor))
    inner = np.s_[:, 1:-1, 1:-1]
    assert np.abs(made[inner] - expected[inner]).max() <= 255e-5
    assert np.abs(made[:, 0] - x[:, 0]).max() <= 255e-5


def test_contrast_of_one_strength():
    """A pair is 1 − lower to 1 + upper, so that only a strength read off the result can be compared."""
    x = pictures("float32") * 0.4 + 70
    made = ours("RandomContrast", x, factor=(0.3, 0.3), seed=3)
    mean = x.mean(axis=(1, 2), keepdims=True)
    for k in range(len(x)):
        strength = np.polyfit((x - mean)[k].ravel(), (made - mean)[k].ravel(), 1)[0]
        assert 0.7 <= strength <= 1.3
        assert np.abs(made[k] - ((x - mean)[k] * strength + mean[k])).max() < 0.01


@pytest.mark.parametrize("size", [(20, 31), (20, 51), (50, 61)])
def test_centre_crop(size):
    x = pictures("float32")
    made, expected = (crop("CenterCrop", x, height=size[0], width=size[1]) for crop in (ours, theirs))
    assert made.shape == expected.shape
    assert np.abs(made - expected).max() <= 255e-5


@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("interpolation", ["nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"])
@pytest.mark.parametrize("size", [(20, 31), (50, 61), (17, 60)])
def test_resizing(size, interpolation, antialias):
    if interpolation == "nearest" and antialias:
        pytest.skip("there is nothing to average")
    arguments = {"height": size[0], "width": size[1], "interpolation": interpolation, "antialias": antialias}
    x = pictures("float32")
    assert np.abs(ours("Resizing", x, **arguments) - theirs("Resizing", x, **arguments)).max() <= 255e-5
    x = pictures()
    made = ours("Resizing", x, **arguments)
    kept = np.asarray(keras.layers.Resizing(**arguments)(x))
    assert made.dtype == kept.dtype == np.uint8
    assert np.abs(made.astype(int) - kept).max() <= 1


@pytest.mark.parametrize("how", [{"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 9.0}])
@pytest.mark.parametrize("size", [(20, 20), (40, 21), (21, 70)])
def test_resizing_to_an_aspect(size, how):
    x = pictures("float32")
    arguments = {"height": size[0], "width": size[1], **how}
    assert np.abs(ours("Resizing", x, **arguments) - theirs("Resizing", x, **arguments)).max() <= 255e-5


def test_values():
    x = pictures()
    given = {"mean": [100.0, 110.0, 120.0], "variance": [1600.0, 2500.0, 900.0]}
    for name, arguments in (("Rescaling", {"scale": 1 / 127.5, "offset": -1.0}), ("Normalization", given)):
        expected = theirs(name, x, **arguments)
        layer = getattr(layers, name)(**arguments)
        assert np.array_equal(np.asarray(layer(x)), expected)
        assert np.abs(np.asarray(layers.Pipeline([layer])(x)) - expected).max() < 1e-5
    learnt = layers.Normalization()
    learnt.adapt(x)
    assert np.abs(np.asarray(layers.Pipeline([learnt])(x))).mean() < 1
    assert np.allclose(np.asarray(layers.Pipeline([learnt])(x)).mean(axis=(0, 1, 2)), 0, atol=1e-4)


def test_boxes_that_are_too_many():
    boxes = {"boxes": np.arange(24, dtype=np.float32).reshape(2, 3, 4), "labels": np.array([[1, 2, 3], [4, 5, 6]])}
    for number in (2, 5):
        made = layers.MaxNumBoundingBoxes(number)({"bounding_boxes": boxes})["bounding_boxes"]
        expected = keras.layers.MaxNumBoundingBoxes(number, bounding_box_format="xyxy")(
            {"images": np.zeros((2, 8, 8, 3), np.float32), "bounding_boxes": dict(boxes)}
        )["bounding_boxes"]
        for key in ("boxes", "labels"):
            assert np.array_equal(np.asarray(made[key]), np.asarray(expected[key])), (number, key)


@pytest.mark.parametrize("name", [name for name in layers.__all__ if hasattr(keras.layers, name)])
def test_arguments_and_defaults(name):
    """Whatever Keras's layer takes, in its order, with its defaults."""
    import inspect

    def taken(layer):
        found = inspect.signature(layer.__init__).parameters.values()
        return [(p.name, p.default) for p in found if p.kind is p.POSITIONAL_OR_KEYWORD and p.name != "self"]

    assert taken(getattr(layers, name)) == taken(getattr(keras.layers, name))


def test_every_layer_of_pictures_is_there():
    wanted = {name for name in dir(keras.layers) if _is_of_pictures(getattr(keras.layers, name))}
    assert wanted | {"Rescaling", "Normalization", "Pipeline"} <= set(layers.__all__)
    assert len(wanted) >= 31


def _is_of_pictures(layer):
    return "image_preprocessing" in getattr(layer, "__module__", "")
