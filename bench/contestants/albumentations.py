"""Albumentations 2.0.8, AlbumentationsX and augrs: one vocabulary, three libraries.

AlbumentationsX is used as a black box by its public names; augrs follows Albumentations' names but has no decoder.
"""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from contestants import Lacks, Operation, SetUp, feeding, pipeline_of

AUGRS = importlib.util.find_spec("augrs") is not None
if AUGRS:
    import augrs as A
else:
    import albumentations as A
    import cv2

    cv2.setNumThreads(1)
_LANCZOS = 4
#: What AlbumentationsX calls arguments; it ignores the older names, with a warning.
_NEWER = {
    "limit": "angle_range", "blur_limit": "blur_range", "sigma_limit": "sigma_range", "brightness": "brightness_range",
    "contrast": "contrast_range", "saturation": "saturation_range", "hue": "hue_range",
}  # fmt: skip
Picture = np.ndarray


def has(name: str, *values: Any, **named: Any) -> Any:
    """A transform by name; what a library lacks is said, and so is an argument that it does not know."""
    if not hasattr(A, name):
        raise Lacks(f"no {name}")
    known = inspect.signature(getattr(A, name)).parameters
    return getattr(A, name)(*values, **{_NEWER[k] if k not in known and _NEWER.get(k) in known else k: v for k, v in named.items()})


def jitter(v: Any, p: float = 1.0) -> Any:
    return has(
        "ColorJitter",
        brightness=(1 - v.brightness, 1 + v.brightness),
        contrast=(1 - v.contrast, 1 + v.contrast),
        saturation=(1 - v.saturation, 1 + v.saturation),
        hue=(-v.hue, v.hue),
        p=p,
    )


def cropped(v: SimpleNamespace) -> Any:
    return has("RandomResizedCrop", size=(v.size, v.size), scale=v.area, ratio=v.aspect, p=1.0)


def crop(v: SimpleNamespace) -> list[Any]:
    return [cropped(v), has("HorizontalFlip", p=v.flip)]


def affine(v: SimpleNamespace) -> Any:
    """Keeping its shape: one magnification for both axes."""
    return has(
        "Affine",
        scale=getattr(v, "zoom", (1.0, 1.0)),
        translate_percent={"x": (-v.shift, v.shift), "y": (-v.shift, v.shift)},
        rotate=(-v.degrees, v.degrees),
        shear={"x": (-v.shear, v.shear), "y": (0.0, 0.0)},
        keep_ratio=True,
        p=1.0,
    )


def erase(v: SimpleNamespace, p: float = 1.0) -> Any:
    """Random erasing where the library has it, otherwise one hole of about the same size."""
    if hasattr(A, "Erasing"):
        return A.Erasing(scale=v.area, ratio=v.aspect, fill=0, p=p)
    low, high = (a**0.5 for a in v.area)
    return has("CoarseDropout", num_holes_range=(1, 1), hole_height_range=(low, high), hole_width_range=(low, high), fill=0, p=p)


def policy(v: SimpleNamespace) -> list[Any]:
    """It has no RandAugment: two of thirteen operations at RandAugment's strength of 9 in 10."""
    turn = 30 * v.strength / 10
    lean = 17 * v.strength / 10
    shift = 0.45 * v.strength / 10
    many = [
        has("Rotate", limit=(-turn, turn), p=1.0),
        has("Affine", shear={"x": (-lean, lean), "y": (0, 0)}, p=1.0),
        has("Affine", shear={"x": (0, 0), "y": (-lean, lean)}, p=1.0),
        has("Affine", translate_percent={"x": (-shift, shift), "y": (0, 0)}, p=1.0),
        has("Affine", translate_percent={"x": (0, 0), "y": (-shift, shift)}, p=1.0),
        *[has("ColorJitter", **{**dict(brightness=(1, 1), contrast=(1, 1), saturation=(1, 1), hue=(0, 0)), name: (0.19, 1.81)}, p=1.0)
          for name in ("brightness", "contrast", "saturation")],
        has("Posterize", num_bits=(4, 4), p=1.0), has("Solarize", threshold_range=(0.1, 0.1), p=1.0),
        has("AutoContrast", p=1.0), has("Equalize", p=1.0), has("Sharpen", p=1.0),
    ]  # fmt: skip
    erased = SimpleNamespace(**v.erase)
    return [A.SomeOf(many, n=v.count, replace=False, p=1.0), erase(erased, erased.p), A.Normalize(p=1.0)]


PIPELINES: dict[str, Callable[[SimpleNamespace], list[Any]]] = {
    "crop": lambda v: [*crop(v), has("Normalize", p=1.0)],
    "simclr": lambda v: [
        *crop(v),
        jitter(SimpleNamespace(**v.jitter), v.jitter["p"]),
        has("ToGray", p=v.grey),
        # A kernel of 0 takes its width from σ.
        has("GaussianBlur", blur_limit=(0, 0), sigma_limit=v.blur["sigma"], p=v.blur["p"]),
        has("Normalize", p=1.0),
    ],
    "classic": lambda v: [affine(v), has("HorizontalFlip", p=v.flip), jitter(SimpleNamespace(brightness=v.brightness[1] - 1, contrast=0, saturation=0, hue=0)), has("Normalize", p=1.0)],
    "policy": policy,
}


def lanczos(v: SimpleNamespace) -> Any:
    return has("Resize", v.size, v.size, interpolation=_LANCZOS, p=1.0)


def jpeg(v: SimpleNamespace) -> Any:
    return has("ImageCompression", quality_range=(v.quality, v.quality), p=1.0)


OPERATIONS: dict[str, Callable[[SimpleNamespace], Any]] = {
    "affine": affine,
    "color_jitter": jitter,
    "erase": erase,
    "gaussian_blur": lambda v: has("GaussianBlur", blur_limit=(v.taps, v.taps), sigma_limit=(v.sigma, v.sigma), p=1.0),
    "gaussian_noise": lambda v: has("GaussNoise", std_range=(v.sigma, v.sigma), per_channel=True, p=1.0),
    "grayscale": lambda v: has("ToGray", p=1.0),
    "flip": lambda v: has("HorizontalFlip", p=1.0),
    "normalize": lambda v: has("Normalize", p=1.0),
    "perspective": lambda v: has("Perspective", scale=(0.0, v.strength / 3), p=1.0),
    "posterize": lambda v: has("Posterize", num_bits=(v.bits, v.bits), p=1.0),
    "solarize": lambda v: has("Solarize", threshold_range=(v.threshold / 255, v.threshold / 255), p=1.0),
    "resized_crop": cropped,
    "resize_bilinear": lambda v: has("Resize", v.size, v.size, p=1.0),
    "resize_lanczos": lanczos,
    "rotate": lambda v: has("Rotate", limit=(-v.degrees, v.degrees), p=1.0),
    "equalize": lambda v: has("Equalize", mode="cv", by_channels=True, p=1.0),
    "jpeg": jpeg,
}


def fill(augment: Any) -> feeding.Fill:
    return lambda picture, out: np.copyto(out, augment(image=picture)["image"])


def per_thread(build: Callable[[], Any]) -> Any:
    """A pipeline for each thread: Albumentations' random state is not made to be shared."""
    import threading

    here = threading.local()

    def call(**named: Any) -> Any:
        if not hasattr(here, "augment"):
            here.augment = build()
        return here.augment(**named)

    return call


def built(set_up: SetUp) -> feeding.Fill:
    pipeline_of(set_up, PIPELINES)
    return fill(per_thread(lambda: A.Compose(pipeline_of(set_up, PIPELINES))))


def memory(set_up: SetUp) -> Iterator[Picture]:
    batches = augrs_batches(set_up) if AUGRS else feeding.endless(set_up.pictures, built(set_up), set_up.threads)
    return feeding.mixed(batches, set_up.v.mixup) if set_up.task.does == "policy" else batches


def augrs_batches(set_up: SetUp) -> Iterator[Picture]:
    """Its own batch call on its own threads where there are two; one picture at a time copies less on one."""
    if set_up.threads == 1:
        return feeding.endless(set_up.pictures, built(set_up), 1)
    augment, pictures = A.Compose(pipeline_of(set_up, PIPELINES)), set_up.pictures

    def batches() -> Iterator[Picture]:
        ring, number = [np.empty((64, 224, 224, 3), np.float32) for _ in range(4)], 0
        while True:
            chosen = [pictures[i % len(pictures)] for i in range(number * 64, number * 64 + 64)]
            out = ring[number % 4]
            for row, found in zip(out, augment.augment_batch(chosen, num_threads=set_up.threads)):
                np.copyto(row, found["image"])
            yield out
            number += 1

    return batches()


def load(path: str) -> Picture:
    if AUGRS:
        import simplejpeg

        with open(path, "rb") as file:
            return simplejpeg.decode_jpeg(file.read())
    return cv2.imread(path, cv2.IMREAD_COLOR_RGB)


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does == "packed":
        raise Lacks("it reads no files; see OpenCV by hand")
    if set_up.task.does == "views":
        v = set_up.v
        wide, narrow = (fill(per_thread(lambda w=w: A.Compose(PIPELINES["crop"](SimpleNamespace(**w))))) for w in (v.wide, v.narrow))
        return lambda: feeding.views(set_up.paths, load, wide, narrow, (getattr(v, "global"), v.local), set_up.threads)
    put = built(set_up)
    return lambda: feeding.one_pass(set_up.paths, lambda path, out: put(load(path), out), set_up.threads)


def operation(set_up: SetUp) -> Operation:
    augment = A.Compose([pipeline_of(set_up, OPERATIONS)])
    return Operation(lambda picture: augment(image=picture)["image"])
