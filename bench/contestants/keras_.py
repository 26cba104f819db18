"""Keras 3's image layers, inside tf.data and called eagerly. Values run from 0 to 255, as its layers expect.

Several layers take a range of chances where others take a range of strengths; a chance is given as a pair of equals. Its
blur goes to σ = 1 at most and fills with zeros beyond the edge, and its RandAugment moves to one side alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from contestants import Lacks, Operation, SetUp, pipeline_of
from contestants.tensorflow_ import cropped, finished, options, pin, stored
from keras import layers
from tasks import BATCH, MEAN, STD

_WHITE = (0, 255)
#: Its jitter turns every picture, in a fixed order, and stretches saturation in HSV: pictures come out more vivid.
APPROXIMATE = ("simclr", "color_jitter")


def normalise() -> Any:
    return layers.Normalization(mean=[255 * m for m in MEAN], variance=[(255 * s) ** 2 for s in STD])


def moves(v: SimpleNamespace) -> list[Any]:
    """One layer for each movement; its zoom counts the other way, out being positive."""
    low, high = 1 / v.zoom[1] - 1, 1 / v.zoom[0] - 1
    kept = {"fill_mode": "constant", "fill_value": 0.0}
    return [
        layers.RandomRotation(v.degrees / 360, **kept),
        layers.RandomTranslation(v.shift, v.shift, **kept),
        layers.RandomZoom((low, high), **kept),
        layers.RandomShear(x_factor=np.tan(np.radians(v.shear)), **kept),
    ]


def jitter(v: Any) -> Any:
    """Its hue counts half turns, and its saturation u means u / (1 − u) times as much."""
    low, high = 1 - v.saturation, 1 + v.saturation
    return layers.RandomColorJitter(_WHITE, v.brightness, (v.contrast, v.contrast), (low / (1 + low), high / (1 + high)), 2 * v.hue)


#: What is done to batches; crops are tf.image's.
LAYERS: dict[str, Callable[[SimpleNamespace], list[Any]]] = {
    "crop": lambda v: [layers.RandomFlip("horizontal"), normalise()],
    "simclr": lambda v: [
        layers.RandomFlip("horizontal"),
        layers.RandomApply(jitter(SimpleNamespace(**v.jitter)), v.jitter["p"]) if hasattr(layers, "RandomApply") else jitter(SimpleNamespace(**v.jitter)),
        layers.RandomGrayscale(v.grey),
        layers.RandomGaussianBlur((v.blur["p"],) * 2, 13, 1.0, value_range=_WHITE),
        normalise(),
    ],
    "classic": lambda v: [*moves(v), layers.RandomFlip("horizontal"), layers.RandomBrightness((v.brightness[0] - 1, v.brightness[1] - 1), _WHITE), normalise()],
    "policy": lambda v: [
        layers.RandAugment(_WHITE, v.count, v.strength / 30),
        layers.RandomErasing((v.erase["p"],) * 2, scale=v.erase["area"], value_range=_WHITE),
        layers.MixUp(v.mixup),
        normalise(),
    ],
}


def lacks(reason: str) -> list[Any]:
    raise Lacks(reason)


def eager(set_up: SetUp) -> bool:
    return set_up.name == "keras-eager"


def through(steps: list[Any]) -> Callable[[Any], Any]:
    def call(batch: Any) -> Any:
        batch = tf.cast(batch, tf.float32)
        for step in steps:
            batch = step(batch, training=True) if not isinstance(step, layers.Normalization) else step(batch)
        return batch

    return call


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    pin(set_up.threads)
    v, does, threads = set_up.v, set_up.task.does, set_up.threads
    keras.utils.set_random_seed(5)
    change = through(pipeline_of(set_up, LAYERS))
    if eager(set_up):
        if does in ("crop", "simclr"):
            raise Lacks("no random resized crop")
        return called(change, np.stack(set_up.pictures))
    if does in ("crop", "simclr"):
        still = SimpleNamespace(**{**set_up.task.values, "flip": 0})
        numbers, picture = stored(set_up.pictures)
        data = numbers.map(lambda i: finished(cropped(picture(i), v), still, False), threads).batch(BATCH)
    else:
        data = tf.data.Dataset.from_tensor_slices(np.stack(set_up.pictures)).repeat().batch(BATCH)
    data = options(data.map(change, threads).prefetch(1), threads)
    return (batch.numpy() for batch in data)


def called(change: Callable[[Any], Any], pictures: np.ndarray) -> Iterator[np.ndarray]:
    number = 0
    while True:
        yield np.asarray(change(pictures[number % len(pictures) :][:BATCH]))
        number += BATCH


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    """image_dataset_from_directory brings every picture to one size first; the crop is taken from that."""
    if eager(set_up) or set_up.task.does != "crop":
        raise Lacks(f"no {set_up.task.does}")
    pin(set_up.threads)
    v, threads = set_up.v, set_up.threads
    change = through(LAYERS["crop"](v))
    still = SimpleNamespace(**{**set_up.task.values, "flip": 0})
    whole = keras.utils.image_dataset_from_directory(str(set_up.folder), batch_size=None, image_size=(320, 320), shuffle=True, seed=1, verbose=False)
    data = whole.map(lambda picture, _: finished(cropped(picture, v), still, False), threads).batch(BATCH).map(change, threads)
    data = options(data.prefetch(1), threads)
    return lambda: (batch.numpy() for batch in data)


OPERATIONS: dict[str, Callable[[SimpleNamespace], list[Any]]] = {
    "affine": lambda v: moves(v),
    "color_jitter": lambda v: [jitter(v)],
    "erase": lambda v: [layers.RandomErasing((1.0, 1.0), scale=v.area, fill_value=0.0, value_range=_WHITE)],
    "gaussian_blur": lambda v: [layers.RandomGaussianBlur((1.0, 1.0), v.taps, (v.sigma, v.sigma), value_range=_WHITE)],
    "grayscale": lambda v: [layers.RandomGrayscale(1.0)],
    "normalize": lambda v: [normalise()],
    "perspective": lambda v: lacks("its top left corner never moves"),
    "posterize": lambda v: [layers.RandomPosterization((v.bits, v.bits), _WHITE)],
    "solarize": lambda v: lacks("its threshold cannot be fixed: the lower end is not scaled to 255"),
    "resize_bilinear": lambda v: [layers.Resizing(v.size, v.size)],
    "rotate": lambda v: [layers.RandomRotation(v.degrees / 360, "constant")],
    "equalize": lambda v: [layers.Equalization(_WHITE)],
}


def operation(set_up: SetUp) -> Operation:
    if not eager(set_up):
        raise Lacks("see the layers called eagerly")
    pin(1)
    call = through(pipeline_of(set_up, OPERATIONS))
    floats = set_up.task.does == "normalize"

    def give(out: Any) -> np.ndarray:
        values = np.asarray(out)[0]
        return values.astype(np.float32) if floats else np.clip(np.rint(values), 0, 255).astype(np.uint8)

    return Operation(call, lambda picture: tf.constant(picture[np.newaxis].astype(np.float32)), give)
