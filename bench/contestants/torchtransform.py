"""torchtransform: geometry fused into one resampling, on float tensors; a batch is one call where sizes agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
import torchtransform as tt
from contestants import Operation, SetUp, pipeline_of
from tasks import BATCH, MEAN, STD


def jitter(v: Any, p: float = 1.0) -> Any:
    return tt.ColorJitter((1 - v.brightness, 1 + v.brightness), (1 - v.contrast, 1 + v.contrast), (1 - v.saturation, 1 + v.saturation), (-v.hue, v.hue), p=p)


def cropped(v: SimpleNamespace) -> Any:
    return tt.RandomResizedCrop((v.size, v.size), v.area, v.aspect)


def affine(v: SimpleNamespace) -> Any:
    return tt.Affine((-v.degrees, v.degrees), v.zoom, translation=(-v.shift, v.shift), shear=(-v.shear, v.shear))


#: It shrinks by mipmaps: another way of averaging, a few levels from Pillow's.
APPROXIMATE = ("resize_bilinear",)
#: Whether pictures go one by one, because they differ in size, and the steps.
PIPELINES: dict[str, Callable[[SimpleNamespace], tuple[bool, list[Any]]]] = {
    "crop": lambda v: (True, [cropped(v), tt.HorizontalFlip(v.flip), tt.Normalize(MEAN, STD)]),
    "simclr": lambda v: (
        True,
        [
            cropped(v),
            tt.HorizontalFlip(v.flip),
            jitter(SimpleNamespace(**v.jitter), v.jitter["p"]),
            tt.Grayscale(v.grey),
            tt.GaussianBlur(v.blur["sigma"], p=v.blur["p"]),
            tt.Normalize(MEAN, STD),
        ],
    ),
    "classic": lambda v: (False, [affine(v), tt.HorizontalFlip(v.flip), tt.Brightness(v.brightness), tt.Normalize(MEAN, STD)]),
}

OPERATIONS: dict[str, Callable[[SimpleNamespace], Any]] = {
    "affine": affine,
    "color_jitter": jitter,
    "erase": lambda v: tt.Erasing(1, tuple(a**0.5 for a in v.area)),
    "gaussian_blur": lambda v: tt.GaussianBlur(v.sigma),
    "gaussian_noise": lambda v: tt.GaussianNoise(v.sigma),
    "grayscale": lambda v: tt.Grayscale(),
    "flip": lambda v: tt.HorizontalFlip(1.0),
    "normalize": lambda v: tt.Normalize(MEAN, STD),
    "perspective": lambda v: tt.Perspective(v.strength / 2),
    "posterize": lambda v: tt.Posterize(v.bits),
    "solarize": lambda v: tt.Solarize(v.threshold / 255),
    "resized_crop": cropped,
    "resize_bilinear": lambda v: tt.Resize((v.size, v.size)),
    "rotate": lambda v: tt.Rotate((-v.degrees, v.degrees)),
    "equalize": lambda v: tt.Equalize(),
    "jpeg": lambda v: tt.JpegCompression(v.quality),
}


def accept(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1)[None].float() / 255


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    torch.set_num_threads(set_up.threads)
    single, steps = pipeline_of(set_up, PIPELINES)
    augment = tt.Compose(*steps)
    pictures, number = set_up.pictures, 0
    while True:
        with torch.no_grad():
            chosen = [accept(pictures[i % len(pictures)]) for i in range(number, number + BATCH)]
            batch = torch.cat([augment(p) for p in chosen]) if single else augment(torch.cat(chosen))
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
