"""The legacy ImageDataGenerator: NumPy and SciPy, one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from contestants import Lacks, SetUp
from keras.src.legacy.preprocessing.image import ImageDataGenerator
from tasks import BATCH, MEAN, STD

_SCALE, _SHIFT = (1 / (255 * np.array(STD))).astype(np.float32), (-np.array(MEAN) / np.array(STD)).astype(np.float32)


def normalise(picture: np.ndarray) -> np.ndarray:
    return picture * _SCALE + _SHIFT


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    if set_up.task.does != "classic":
        raise Lacks(f"no {set_up.task.does}")
    if set_up.threads > 1:
        raise Lacks("one thread; more are several processes of a trainer's")
    v = set_up.v
    generator = ImageDataGenerator(
        rotation_range=v.degrees,
        width_shift_range=v.shift,
        height_shift_range=v.shift,
        zoom_range=v.zoom,
        shear_range=v.shear,
        horizontal_flip=True,
        brightness_range=v.brightness,
        fill_mode="constant",
        cval=0.0,
        preprocessing_function=normalise,
    )
    return generator.flow(np.stack(set_up.pictures), batch_size=BATCH, shuffle=False, seed=3)


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    """It has no random crop: whole pictures are brought to size, mirrored and normalised."""
    if set_up.task.does != "crop":
        raise Lacks(f"no {set_up.task.does}")
    generator = ImageDataGenerator(horizontal_flip=True, preprocessing_function=normalise)
    flow = generator.flow_from_directory(str(set_up.folder), (224, 224), batch_size=BATCH, interpolation="bilinear", seed=3)
    return lambda: (next(flow)[0] for _ in range(len(flow)))
