"""variopinta: compiled pipelines, one call a picture; from a file it decodes and augments in one call."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import variopinta as vp
from contestants import Lacks, Operation, SetUp, feeding, pipeline_of


def around(limit: float) -> tuple[float, float]:
    return (-limit, limit)


def jitter(v: Any, p: float = 1.0) -> vp.ColorJitter:
    return vp.ColorJitter(
        brightness_range=(1 - v.brightness, 1 + v.brightness),
        contrast_range=(1 - v.contrast, 1 + v.contrast),
        saturation_range=(1 - v.saturation, 1 + v.saturation),
        hue_range=around(v.hue),
        p=p,
    )


def cropped(v: SimpleNamespace, antialias: bool) -> vp.RandomResizedCrop:
    return vp.RandomResizedCrop(v.size, v.size, area_range=v.area, aspect_ratio_range=v.aspect, antialias=antialias)


def affine(v: SimpleNamespace) -> vp.Affine:
    return vp.Affine(degrees_range=around(v.degrees), translate_max_fraction=(v.shift, v.shift), scale_range=v.zoom, shear_x_range=around(v.shear))


def pipelines(antialias: bool) -> dict[str, Callable[[SimpleNamespace], list[Any]]]:
    def crop(v: SimpleNamespace) -> list[Any]:
        return [cropped(v, antialias), vp.HorizontalFlip(p=v.flip)]

    return {
        "crop": lambda v: [*crop(v), vp.Normalize()],
        "simclr": lambda v: [
            *crop(v),
            jitter(SimpleNamespace(**v.jitter), v.jitter["p"]),
            vp.Grayscale(p=v.grey),
            vp.GaussianBlur(kernel_size=13, sigma_range=v.blur["sigma"], p=v.blur["p"]),
            vp.Normalize(),
        ],
        "classic": lambda v: [
            affine(v),
            vp.HorizontalFlip(p=v.flip),
            vp.ColorJitter(brightness_range=v.brightness, contrast_range=(1.0, 1.0), saturation_range=(1.0, 1.0)),
            vp.Normalize(),
        ],
    }


def operations(antialias: bool) -> dict[str, Callable[[SimpleNamespace], Any]]:
    def erase(v: SimpleNamespace) -> vp.CoarseDropout:
        """One hole whose sides are drawn apart, of about the same size."""
        sides = tuple(a**0.5 for a in v.area)
        return vp.CoarseDropout(num_holes_range=(1, 1), hole_height_range=sides, hole_width_range=sides, p=1.0)

    return {
        "affine": affine,
        "color_jitter": jitter,
        "erase": erase,
        "gaussian_blur": lambda v: vp.GaussianBlur(kernel_size=v.taps, sigma_range=(v.sigma, v.sigma)),
        "gaussian_noise": lambda v: vp.GaussianNoise(std_range=(v.sigma * 255, v.sigma * 255)),
        "grayscale": lambda v: vp.Grayscale(),
        "flip": lambda v: vp.HorizontalFlip(p=1.0),
        "normalize": lambda v: vp.Normalize(),
        "perspective": lambda v: vp.Perspective(distortion_scale_range=(0.0, v.strength / 3)),
        "posterize": lambda v: vp.Posterize(v.bits),
        "solarize": lambda v: vp.Solarize(v.threshold),
        "resized_crop": lambda v: cropped(v, antialias),
        "resize_bilinear": lambda v: vp.Resize(v.size, v.size, antialias=antialias),
        "rotate": lambda v: vp.RandomRotation(around(v.degrees)),
    }


def variant_only_where_it_differs(set_up: SetUp) -> None:
    if set_up.antialias and not set_up.task.shrinks:
        raise Lacks("the same as its default where nothing shrinks")


def keyed(augment: Any) -> Callable[[Any], np.ndarray]:
    """With a key of its own for each call; without one, calls from several threads wait for each other."""
    keys = itertools.count()
    return lambda picture: augment(picture, key=next(keys))


def fill(set_up: SetUp, values: SimpleNamespace | None = None) -> feeding.Fill:
    table = pipelines(set_up.antialias)
    steps = pipeline_of(set_up, table) if values is None else table["crop"](values)
    augment = keyed(vp.Pipeline(steps, seed=7).compile())
    return lambda picture, out: np.copyto(out, augment(picture))


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    variant_only_where_it_differs(set_up)
    return feeding.endless(set_up.pictures, fill(set_up), set_up.threads)


def operation(set_up: SetUp) -> Operation:
    variant_only_where_it_differs(set_up)
    return Operation(keyed(vp.Pipeline([pipeline_of(set_up, operations(set_up.antialias))], seed=7).compile()))


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does == "packed":
        raise Lacks("nothing packed")
    if set_up.task.does == "views":
        v = set_up.v
        wide, narrow = (fill(set_up, SimpleNamespace(**w)) for w in (v.wide, v.narrow))
        return lambda: feeding.views(set_up.paths, vp.read_image, wide, narrow, (getattr(v, "global"), v.local), set_up.threads)
    source = vp.Image(vp.Path(), name="image", decode_mode="rgb")
    augment = vp.Pipeline(pipeline_of(set_up, pipelines(set_up.antialias)), seed=7, targets=source).compile()
    keys = itertools.count()

    def put(path: str, out: np.ndarray) -> None:
        np.copyto(out, augment(image=source.bind(Path(path)), key=next(keys)).image.array)

    return lambda: feeding.one_pass(set_up.paths, put, set_up.threads)
