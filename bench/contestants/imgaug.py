"""imgaug 0.4, the last there is. It has no random resized crop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import imgaug.augmenters as iaa
import numpy as np
from contestants import Operation, SetUp, feeding, pipeline_of
from tasks import MEAN, STD

_SCALE = np.tile((1 / (255 * np.array(STD))).astype(np.float32), 224)
_SHIFT = np.tile((-np.array(MEAN) / np.array(STD)).astype(np.float32), 224)


def affine(v: SimpleNamespace) -> Any:
    shift = {"x": (-v.shift, v.shift), "y": (-v.shift, v.shift)}
    return iaa.Affine(rotate=(-v.degrees, v.degrees), scale=v.zoom, translate_percent=shift, shear=(-v.shear, v.shear))


def erase(v: SimpleNamespace, p: float = 1.0) -> Any:
    """One rectangle of the size, of random aspect."""
    return iaa.Sometimes(p, iaa.Cutout(nb_iterations=1, size=tuple(a**0.5 for a in v.area), squared=False, cval=0))


PIPELINES: dict[str, Callable[[SimpleNamespace], list[Any]]] = {
    "classic": lambda v: [affine(v), iaa.Fliplr(v.flip), iaa.Multiply(v.brightness)],
    # Its strengths go to 30; RandAugment's 9 of 10 is 27 of 30, but its own default for 9 is what users take.
    "policy": lambda v: [iaa.RandAugment(n=v.count, m=v.strength), erase(SimpleNamespace(**v.erase), v.erase["p"])],
}

OPERATIONS: dict[str, Callable[[SimpleNamespace], Any]] = {
    "affine": affine,
    "erase": erase,
    "gaussian_blur": lambda v: iaa.GaussianBlur(v.sigma),
    "gaussian_noise": lambda v: iaa.AdditiveGaussianNoise(scale=v.sigma * 255, per_channel=True),
    "grayscale": lambda v: iaa.Grayscale(1.0),
    "flip": lambda v: iaa.Fliplr(1.0),
    "perspective": lambda v: iaa.PerspectiveTransform(scale=(0.0, v.strength / 3), keep_size=True),
    "posterize": lambda v: iaa.Posterize(v.bits),
    "solarize": lambda v: iaa.Solarize(1.0, threshold=v.threshold),
    "resize_bilinear": lambda v: iaa.Resize({"height": v.size, "width": v.size}, interpolation="linear"),
    "rotate": lambda v: iaa.Affine(rotate=(-v.degrees, v.degrees)),
    "equalize": lambda v: iaa.AllChannelsHistogramEqualization(),
    "jpeg": lambda v: iaa.JpegCompression(compression=100 - v.quality),
}


def normalise(picture: np.ndarray, out: np.ndarray) -> None:
    wide = out.reshape(len(out), -1)
    np.multiply(picture.reshape(len(out), -1), _SCALE, out=wide, dtype=np.float32)
    np.add(wide, _SHIFT, out=wide)


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    import copy
    import threading

    steps = iaa.Sequential(pipeline_of(set_up, PIPELINES))
    here = threading.local()

    def fill(picture: np.ndarray, out: np.ndarray) -> None:
        if not hasattr(here, "augment"):
            here.augment = copy.deepcopy(steps)
            here.augment.seed_(threading.get_ident() % 2**31)
        normalise(here.augment.augment_image(picture), out)

    batches = feeding.endless(set_up.pictures, fill, set_up.threads)
    return feeding.mixed(batches, set_up.v.mixup) if set_up.task.does == "policy" else batches


def operation(set_up: SetUp) -> Operation:
    return Operation(pipeline_of(set_up, OPERATIONS).augment_image)
