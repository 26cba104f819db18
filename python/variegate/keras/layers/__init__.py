"""Keras's image layers on the engine: the same names and arguments, with masks, boxes and points.

It imports Keras, so `variegate.keras` imports it when it is used. Where Keras's code departs from its documentation,
the layers do what the documentation says; `compat="keras3"` does what the code does.
"""

from .augment import Augment
from .bounding import MaxNumBoundingBoxes
from .chain import Pipeline, RandomColorJitter
from .choice import RandomApply, RandomAugmentationPipeline, RandomChoice, RepeatedAugmentation
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
from .distortion import RandomElasticTransform, RandomPerspective
from .erasing import RandomCutout, RandomErasing
from .extras import (
    ChannelShuffle,
    Grayscale,
    GridMask,
    Posterization,
    RandomAspectRatio,
    RandomChannelShift,
    RandomJpegQuality,
)
from .filtering import RandomGaussianBlur, RandomSaturation
from .geometry import (
    RandomFlip,
    RandomRotation,
    RandomShear,
    RandomTranslation,
    RandomZoom,
)
from .histograms import AutoContrast, ContrastLimitedAdaptiveHistogramEqualization, Equalization
from .mixing import CutMix, FourierMix, MixUp, Mosaic
from .numbers import Normalization, Rescaling
from .policy import AugMix, RandAugment

__all__ = [
    "AugMix",
    "Augment",
    "AutoContrast",
    "CenterCrop",
    "ChannelShuffle",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "CutMix",
    "Equalization",
    "FourierMix",
    "Grayscale",
    "GridMask",
    "JitteredResize",
    "MaxNumBoundingBoxes",
    "MixUp",
    "Mosaic",
    "Normalization",
    "Pipeline",
    "Posterization",
    "RandAugment",
    "RandomApply",
    "RandomAspectRatio",
    "RandomAugmentationPipeline",
    "RandomBrightness",
    "RandomChannelShift",
    "RandomChoice",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomCropAndResize",
    "RandomCutout",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomJpegQuality",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "RepeatedAugmentation",
    "Rescaling",
    "Resizing",
    "Solarization",
]
