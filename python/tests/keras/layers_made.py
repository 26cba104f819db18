"""Every layer of pictures, made with arguments under which it does something, for the tests of all of them."""

from __future__ import annotations

import keras
import numpy as np
from pictures import photo

from variegate.keras import layers

RANGE = {"value_range": (0, 255)}
# What each layer is made with here, where it has arguments without defaults or a plain call would do nothing.
MADE = {
    "AugMix": {},
    "Augment": {"pipeline": "variegate: 1\nseed: 7\npipeline:\n- flip: {p: 0.5}\n- rotate: {degrees: [-20, 20]}\n"},
    "AutoContrast": {},
    "CenterCrop": {"height": 20, "width": 31},
    "ChannelShuffle": {},
    "ContrastLimitedAdaptiveHistogramEqualization": {},
    "CutMix": {},
    "Equalization": {},
    "FourierMix": {},
    "Grayscale": {"output_channels": 1},
    "GridMask": {"ratio_factor": (0.4, 0.6)},
    "JitteredResize": {"target_size": (20, 31), "scale_factor": (0.8, 1.2), "crop_size": (40, 50)},
    "MixUp": {},
    "Mosaic": {},
    "Posterization": {"bits": 3, **RANGE},
    "RandAugment": {"num_ops": 4},
    "RandomAspectRatio": {"factor": (0.7, 0.9)},
    "RandomBrightness": {"factor": 0.3},
    "RandomChannelShift": {"factor": (0.2, 0.4), **RANGE},
    "RandomColorDegeneration": {"factor": (0.3, 0.6)},
    "RandomColorJitter": {
        "brightness_factor": 0.2, "contrast_factor": 0.2, "saturation_factor": (0.2, 0.8), "hue_factor": 0.2,
    },
    "RandomContrast": {"factor": 0.3},
    "RandomCrop": {"height": 20, "width": 31},
    "RandomCropAndResize": {"target_size": (20, 31), "crop_area_factor": (0.3, 0.8), "aspect_ratio_factor": (0.8, 1.2)},
    "RandomCutout": {"height_factor": (0.3, 0.5), "width_factor": (0.3, 0.5)},
    "RandomElasticTransform": {"factor": (1.0, 1.0)},
    "RandomErasing": {"factor": (1.0, 1.0)},
    "RandomFlip": {},
    "RandomGaussianBlur": {"factor": (1.0, 1.0), "sigma": (0.5, 2.0), "kernel_size": 5},
    "RandomGrayscale": {"factor": 0.5},
    "RandomHue": {"factor": 0.5},
    "RandomInvert": {"factor": (0.4, 0.6)},
    "RandomJpegQuality": {"factor": (5, 60)},
    "RandomPerspective": {"factor": (1.0, 1.0), "scale": 0.5},
    "RandomPosterization": {"factor": (1, 5)},
    "RandomRotation": {"factor": 0.2},
    "RandomSaturation": {"factor": (0.1, 0.4)},
    "RandomSharpness": {"factor": 1.0},
    "RandomShear": {"x_factor": 0.3, "y_factor": (0.1, 0.2)},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3},
    "RandomZoom": {"height_factor": 0.4, "width_factor": 0.2},
    "Resizing": {"height": 20, "width": 31},
    "Solarization": {"addition_factor": 0.3, "threshold_factor": (0.3, 0.7)},
}  # fmt: skip
ALWAYS = {
    "AutoContrast", "CenterCrop", "ContrastLimitedAdaptiveHistogramEqualization", "Equalization", "Grayscale",
    "Posterization", "Resizing",
}  # fmt: skip
SIZED = {"RandomCrop", "RandomCropAndResize", "JitteredResize"}
# What draws nothing takes no seed.
RANDOM = sorted(set(MADE) - ALWAYS)


def made(name: str, **arguments: object) -> keras.layers.Layer:
    if name in RANDOM:
        arguments = {"seed": 3, **arguments}
    return getattr(layers, name)(**{**MADE[name], **arguments})


def pictures(count: int = 4) -> np.ndarray:
    return np.stack([photo(33, 48 + 3 * k)[:, 3 * k :] for k in range(count)])
