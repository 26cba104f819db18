"""Keras's image layers on the engine: the same names and arguments, with masks, boxes and points.

It imports Keras, so `variegate.keras` imports it when it is used. Where Keras's code departs from its documentation, the
layers do what the documentation says; `compat="keras3"` does what the code does.
"""

from .colour import (
    RandomBrightness,
    RandomColorDegeneration,
    RandomContrast,
    RandomGrayscale,
    RandomHue,
    RandomInvert,
    RandomPosterization,
    RandomSharpness,
    Solarization,
)
from .cropping import CenterCrop, JitteredResize, RandomCrop, RandomCropAndResize, Resizing
from .erasing import RandomCutout, RandomErasing
from .filtering import RandomGaussianBlur, RandomSaturation
from .geometry import (
    RandomElasticTransform,
    RandomFlip,
    RandomPerspective,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
)
from .histograms import AutoContrast, ContrastLimitedAdaptiveHistogramEqualization, Equalization
from .mixing import CutMix, FourierMix, MixUp, Mosaic

__all__ = [
    "RandomElasticTransform",
    "RandomFlip",
    "RandomPerspective",
    "RandomRotation",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
]
