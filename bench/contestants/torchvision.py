"""torchvision v2, on 8-bit tensors and on Pillow pictures; files in torch's DataLoader with worker processes."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from contestants import Lacks, Operation, SetUp, feeding, pipeline_of
from PIL import Image
from tasks import BATCH, MEAN, STD
from torchvision.io import ImageReadMode, decode_image
from torchvision.transforms import v2

torch.set_num_threads(1)
CHW = (3, 224, 224)


def jitter(v: Any, p: float = 1.0) -> Any:
    change = v2.ColorJitter(v.brightness, v.contrast, v.saturation, v.hue)
    return change if p == 1 else v2.RandomApply([change], p)


def cropped(v: SimpleNamespace) -> Any:
    return v2.RandomResizedCrop(v.size, v.area, v.aspect, antialias=True)


def affine(v: SimpleNamespace) -> Any:
    shear = (-v.shear, v.shear)
    return v2.RandomAffine(v.degrees, (v.shift, v.shift), v.zoom, shear, interpolation=v2.InterpolationMode.BILINEAR)


PIPELINES: dict[str, Callable[[SimpleNamespace], list[Any]]] = {
    "crop": lambda v: [cropped(v), v2.RandomHorizontalFlip(v.flip)],
    "simclr": lambda v: [
        cropped(v),
        v2.RandomHorizontalFlip(v.flip),
        jitter(SimpleNamespace(**v.jitter), v.jitter["p"]),
        v2.RandomGrayscale(v.grey),
        v2.RandomApply([v2.GaussianBlur(13, v.blur["sigma"])], v.blur["p"]),
    ],
    "classic": lambda v: [affine(v), v2.RandomHorizontalFlip(v.flip), v2.ColorJitter(brightness=v.brightness)],
    # Its strength counts to 30; 9 is its default.
    "policy": lambda v: [v2.RandAugment(v.count, v.strength)],
}


def ending(set_up: SetUp, pil: bool) -> list[Any]:
    steps = [v2.PILToTensor()] if pil else []
    steps += [v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
    if set_up.task.does == "policy":
        v = SimpleNamespace(**set_up.v.erase)
        steps.append(v2.RandomErasing(v.p, v.area, v.aspect))
    return steps


def is_pil(set_up: SetUp) -> bool:
    return set_up.name.endswith("-pil")


def chain(set_up: SetUp) -> Any:
    return v2.Compose(pipeline_of(set_up, PIPELINES) + ending(set_up, is_pil(set_up)))


def tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1).contiguous()


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    augment = chain(set_up)
    pictures = [Image.fromarray(p) if is_pil(set_up) else tensor(p) for p in set_up.pictures]

    def fill(picture: Any, out: np.ndarray) -> None:
        np.copyto(out, augment(picture).numpy())

    batches = feeding.endless(pictures, fill, set_up.threads, CHW)
    if set_up.task.does != "policy":
        return batches
    mix = v2.MixUp(alpha=set_up.v.mixup, num_classes=10)
    labels = torch.zeros(BATCH, dtype=torch.int64)
    return (mix(torch.from_numpy(batch), labels)[0].numpy() for batch in batches)


class Photos(torch.utils.data.Dataset):
    def __init__(self, set_up: SetUp) -> None:
        self.paths, self.pil, self.augment = set_up.paths, is_pil(set_up), chain(set_up)

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        if self.pil:
            return self.augment(Image.open(self.paths[index]).convert("RGB"))
        return self.augment(decode_image(self.paths[index], ImageReadMode.RGB))


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does != "crop":
        raise Lacks(f"no {set_up.task.does} here; a collate function of the user's")
    loader = torch.utils.data.DataLoader(
        Photos(set_up), BATCH, num_workers=set_up.threads, persistent_workers=True, worker_init_fn=one_thread
    )
    return lambda: (batch.numpy() for batch in loader)


def one_thread(_: int) -> None:
    torch.set_num_threads(1)


def jpeg(v: SimpleNamespace, pil: bool) -> Any:
    if not pil:
        return v2.JPEG(v.quality)

    def change(picture: Image.Image) -> Image.Image:
        file = io.BytesIO()
        picture.save(file, "jpeg", quality=v.quality)
        out = Image.open(file)
        out.load()
        return out

    return change


def normalised(pil: bool) -> Any:
    return v2.Compose(([v2.PILToTensor()] if pil else []) + [v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)])


def operations(pil: bool) -> dict[str, Callable[[SimpleNamespace], Any]]:
    def noise(v: SimpleNamespace) -> Any:
        if pil:
            raise Lacks("no noise for Pillow pictures")
        return v2.GaussianNoise(0.0, v.sigma)

    def erase(v: SimpleNamespace) -> Any:
        if pil:
            raise Lacks("erases tensors alone")
        return v2.RandomErasing(1.0, v.area, v.aspect)

    return {
        "affine": affine,
        "color_jitter": jitter,
        "erase": erase,
        "gaussian_blur": lambda v: v2.GaussianBlur(v.taps, (v.sigma, v.sigma)),
        "gaussian_noise": noise,
        "grayscale": lambda v: v2.Grayscale(3),
        "flip": lambda v: v2.RandomHorizontalFlip(1.0),
        "normalize": lambda v: normalised(pil),
        "perspective": lambda v: v2.RandomPerspective(v.strength, 1.0, v2.InterpolationMode.BILINEAR),
        "posterize": lambda v: v2.RandomPosterize(v.bits, 1.0),
        "solarize": lambda v: v2.RandomSolarize(v.threshold, 1.0),
        "resized_crop": cropped,
        "resize_bilinear": lambda v: v2.Resize((v.size, v.size), antialias=True),
        "resize_lanczos": lambda v: lanczos(v, pil),
        "rotate": lambda v: v2.RandomRotation(v.degrees, v2.InterpolationMode.BILINEAR),
        "equalize": lambda v: v2.RandomEqualize(1.0),
        "jpeg": lambda v: jpeg(v, pil),
    }


def lanczos(v: SimpleNamespace, pil: bool) -> Any:
    if not pil:
        raise Lacks("no Lanczos for tensors")
    return v2.Resize((v.size, v.size), v2.InterpolationMode.LANCZOS)


def to_numpy(out: Any) -> np.ndarray:
    return out.permute(1, 2, 0).numpy() if isinstance(out, torch.Tensor) else np.asarray(out)


def operation(set_up: SetUp) -> Operation:
    pil = is_pil(set_up)
    random.seed(3)
    return Operation(pipeline_of(set_up, operations(pil)), Image.fromarray if pil else tensor, to_numpy)
