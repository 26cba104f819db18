"""kornia: float tensors, one draw for each picture of a batch. Crops of pictures of several sizes go one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import kornia.augmentation as K
import numpy as np
import torch
from contestants import Operation, SetUp, pipeline_of
from kornia.augmentation.auto import RandAugment
from tasks import BATCH, MEAN, STD


def jitter(v: Any, p: float = 1.0) -> Any:
    return K.ColorJitter(v.brightness, v.contrast, v.saturation, v.hue, p=p)


def cropped(v: SimpleNamespace) -> Any:
    return K.RandomResizedCrop((v.size, v.size), v.area, v.aspect)


def affine(v: SimpleNamespace) -> Any:
    return K.RandomAffine(v.degrees, (v.shift, v.shift), v.zoom, (-v.shear, v.shear), p=1.0)


def normalise() -> Any:
    return K.Normalize(torch.tensor(MEAN), torch.tensor(STD))


#: For each pipeline what is done to a picture, and what to a batch.
PIPELINES: dict[str, Callable[[SimpleNamespace], tuple[Any, list[Any]]]] = {
    "crop": lambda v: (cropped(v), [K.RandomHorizontalFlip(v.flip), normalise()]),
    "simclr": lambda v: (
        cropped(v),
        [
            K.RandomHorizontalFlip(v.flip),
            jitter(SimpleNamespace(**v.jitter), v.jitter["p"]),
            K.RandomGrayscale(p=v.grey),
            K.RandomGaussianBlur((13, 13), v.blur["sigma"], p=v.blur["p"]),
            normalise(),
        ],
    ),
    "classic": lambda v: (None, [affine(v), K.RandomHorizontalFlip(v.flip), K.ColorJitter(brightness=v.brightness), normalise()]),
    "policy": lambda v: (
        None,
        [
            RandAugment(v.count, v.strength),
            K.RandomErasing(v.erase["area"], v.erase["aspect"], p=v.erase["p"]),
            K.RandomMixUpV2(data_keys=["input"]),
            normalise(),
        ],
    ),
}

OPERATIONS: dict[str, Callable[[SimpleNamespace], Any]] = {
    "affine": affine,
    "color_jitter": jitter,
    "erase": lambda v: K.RandomErasing(v.area, v.aspect, p=1.0),
    "gaussian_blur": lambda v: K.RandomGaussianBlur((v.taps, v.taps), (v.sigma, v.sigma), p=1.0),
    "gaussian_noise": lambda v: K.RandomGaussianNoise(0.0, v.sigma, p=1.0),
    "grayscale": lambda v: K.RandomGrayscale(p=1.0),
    "flip": lambda v: K.RandomHorizontalFlip(1.0),
    "normalize": lambda v: normalise(),
    "perspective": lambda v: K.RandomPerspective(v.strength, p=1.0),
    "posterize": lambda v: K.RandomPosterize((v.bits, v.bits), p=1.0),
    "solarize": lambda v: K.RandomSolarize((v.threshold / 255, v.threshold / 255), (0.0, 0.0), p=1.0),
    "resized_crop": cropped,
    "resize_bilinear": lambda v: K.Resize((v.size, v.size), align_corners=False),
    "rotate": lambda v: K.RandomRotation(v.degrees, p=1.0),
    "equalize": lambda v: K.RandomEqualize(p=1.0),
    "jpeg": lambda v: K.RandomJPEG((v.quality, v.quality), p=1.0),
}


def accept(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    torch.set_num_threads(set_up.threads)
    one, many = pipeline_of(set_up, PIPELINES)
    pictures, number = set_up.pictures, 0
    while True:
        with torch.no_grad():
            chosen = [accept(pictures[i % len(pictures)]) for i in range(number, number + BATCH)]
            batch = torch.cat([one(p) for p in chosen] if one else chosen)
            for step in many:
                batch = step(batch)
        yield batch.contiguous().numpy()
        number += BATCH


def operation(set_up: SetUp) -> Operation:
    torch.set_num_threads(1)
    change = pipeline_of(set_up, OPERATIONS)
    floats = set_up.task.does == "normalize"

    def run(picture: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            return change(picture)

    def give(out: torch.Tensor) -> np.ndarray:
        values = out[0].permute(1, 2, 0)
        return values.numpy() if floats else (values * 255).round().clamp(0, 255).to(torch.uint8).numpy()

    return Operation(run, accept, give)
