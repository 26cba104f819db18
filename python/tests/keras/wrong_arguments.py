"""Arguments that Keras 3 refuses, by layer, and what it raises: for the suite and for the comparison with Keras."""

from __future__ import annotations

from typing import Any

# What each layer cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "RandomRotation": {"factor": 0.1},
    "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "RandomZoom": {"height_factor": 0.1},
    "RandomBrightness": {"factor": 0.1},
    "RandomContrast": {"factor": 0.1},
    "RandomHue": {"factor": 0.1},
    "RandomSaturation": {"factor": 0.1},
    "RandomColorDegeneration": {"factor": 0.1},
    "RandomPosterization": {"factor": 3},
    "RandomSharpness": {"factor": 0.1},
    "RandomCrop": {"height": 4, "width": 5},
    "CenterCrop": {"height": 4, "width": 5},
    "Resizing": {"height": 4, "width": 5},
    "MaxNumBoundingBoxes": {"max_number": 3},
}
# Layers that take an argument, values that it must not have, and what is raised.
_REFUSED: list[tuple[tuple[str, ...], str, list[Any], type[Exception]]] = [
    (
        ("RandomRotation", "RandomBrightness", "RandomContrast", "RandomHue", "RandomSaturation", "RandomSharpness",
         "RandomColorDegeneration", "RandomPerspective", "RandomElasticTransform", "RandomInvert", "RandomErasing",
         "RandomGaussianBlur", "RandAugment", "AugMix", "CutMix"),
        "factor", ["a", (0.1, 0.2, 0.3), 2.0, -2.0, (2.5, 3.0)], ValueError,
    ),
    (("RandomPosterization",), "factor", ["a", (1, 2, 3), 9, 0], ValueError),
    (("RandomGrayscale",), "factor", [2.0, -0.5], ValueError),
    (("RandomGrayscale",), "factor", ["a", (0.1, 0.2)], TypeError),
    (("RandomTranslation", "RandomZoom"), "height_factor", ["a", (1, 2, 3), 2.0], ValueError),
    (("RandomTranslation", "RandomZoom"), "width_factor", ["a", (1, 2, 3), 2.0], ValueError),
    (("RandomShear",), "x_factor", ["a", (1, 2, 3), 2.0, -0.5, (-0.1, 0.1)], ValueError),
    (("RandomShear",), "y_factor", ["a", (1, 2, 3), 2.0, -0.5], ValueError),
    (("RandomPerspective",), "scale", [2.0, -1.0], ValueError),
    (("RandomPerspective",), "scale", ["a", (1, 2, 3)], TypeError),
    (("RandomElasticTransform", "RandomErasing"), "scale", ["a", (1, 2, 3), 2.0, -1.0], ValueError),
    (("RandomGaussianBlur",), "sigma", ["a", (1, 2, 3), -1.0], ValueError),
    (("RandomGaussianBlur",), "kernel_size", ["a", (1, 2, 3)], ValueError),
    (("Solarization",), "addition_factor", ["a", (1, 2, 3), 2.0, -0.5], ValueError),
    (("Solarization",), "threshold_factor", ["a", 2.0, -0.5], ValueError),
    (("RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear"), "fill_mode", ["mirror", "x"],
     NotImplementedError),
    (("RandomElasticTransform",), "fill_mode", ["x"], NotImplementedError),
    (
        ("RandomRotation", "RandomTranslation", "RandomZoom", "RandomShear", "RandomPerspective", "RandAugment",
         "RandomElasticTransform", "AugMix"),
        "interpolation", ["cubic", "x"], NotImplementedError,
    ),
    (
        ("RandomBrightness", "RandomSaturation", "RandomSharpness", "RandomColorDegeneration", "RandomPosterization",
         "AutoContrast", "Solarization"),
        "value_range", [(0, 1, 2), 3], ValueError,
    ),
    (("RandomFlip", "RandomRotation", "RandomCrop", "CenterCrop", "Resizing", "MixUp", "RandAugment"), "data_format",
     ["first"], ValueError),
    (("RandomFlip", "RandomRotation", "RandomCrop", "CenterCrop", "RandomHue", "CutMix"), "nonsense", [1], ValueError),
]  # fmt: skip
WRONG = [
    (name, {**NEEDED.get(name, {}), argument: value}, kind)
    for names, argument, values, kind in _REFUSED
    for name in names
    for value in values
]
