"""Variegate: the contestant this is about, by its public API alone, from the release wheel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import variegate as vg
from contestants import Lacks, Operation, SetUp, pipeline_of
from tasks import BATCH


def jitter(v: Any, **more: Any) -> Any:
    return vg.ColorJitter(v.brightness, contrast=v.contrast, saturation=v.saturation, hue=v.hue, **more)


def crop(v: SimpleNamespace, antialias: bool) -> list[Any]:
    return [
        vg.ResizedCrop(v.size, area=v.area, aspect=v.aspect, antialias=antialias),
        vg.Flip("horizontal", p=v.flip),
    ]


def pipelines(antialias: bool) -> dict[str, Callable[[SimpleNamespace], list[Any]]]:
    return {
        "crop": lambda v: [*crop(v, antialias), vg.Normalize("imagenet")],
        "packed": lambda v: [*crop(v, antialias), vg.Normalize("imagenet")],
        "simclr": lambda v: [
            *crop(v, antialias),
            jitter(SimpleNamespace(**v.jitter), p=v.jitter["p"]),
            vg.Grayscale(p=v.grey),
            vg.GaussianBlur(v.blur["sigma"], p=v.blur["p"]),
            vg.Normalize("imagenet"),
        ],
        "classic": lambda v: [
            vg.Rotate((-v.degrees, v.degrees)),
            vg.Translate((-v.shift, v.shift), y=(-v.shift, v.shift)),
            vg.Zoom(v.zoom),
            vg.Shear((-v.shear, v.shear), y=0.0),
            vg.Flip("horizontal", p=v.flip),
            vg.Brightness(v.brightness),
            vg.Normalize("imagenet"),
        ],
        "policy": lambda v: [
            vg.RandAugment(v.count, magnitude=v.strength),
            vg.Erase(v.erase["area"], aspect=v.erase["aspect"], p=v.erase["p"]),
            vg.MixUp(v.mixup),
            vg.Normalize("imagenet"),
        ],
    }


def operations(antialias: bool) -> dict[str, Callable[[SimpleNamespace], Any]]:
    def affine(v: SimpleNamespace) -> Any:
        shift, lean = (-v.shift, v.shift), (-v.shear, v.shear)
        return vg.Affine((-v.degrees, v.degrees), zoom=v.zoom, x=shift, y=shift, shear_x=lean, shear_y=0.0)

    return {
        "affine": affine,
        "color_jitter": jitter,
        "erase": lambda v: vg.Erase(v.area, aspect=v.aspect, fill=0.0),
        "gaussian_blur": lambda v: vg.GaussianBlur(v.sigma),
        "gaussian_noise": lambda v: vg.GaussianNoise(v.sigma),
        "grayscale": lambda v: vg.Grayscale(),
        "flip": lambda v: vg.Flip("horizontal"),
        "normalize": lambda v: vg.Normalize("imagenet"),
        "perspective": lambda v: vg.Perspective(v.strength),
        "posterize": lambda v: vg.Posterize(v.bits),
        "solarize": lambda v: vg.Solarize(v.threshold / 255),
        "resized_crop": lambda v: vg.ResizedCrop(v.size, area=v.area, aspect=v.aspect, antialias=antialias),
        "resize_bilinear": lambda v: vg.Resize(v.size, antialias=antialias),
        "resize_lanczos": lambda v: vg.Resize(v.size, filter="lanczos3", antialias=antialias),
        "rotate": lambda v: vg.Rotate((-v.degrees, v.degrees)),
        "equalize": lambda v: vg.Equalize(),
        "jpeg": lambda v: vg.JpegQuality(v.quality),
    }


def plain_variant_only_where_it_differs(set_up: SetUp) -> None:
    if not set_up.antialias and not set_up.task.shrinks:
        raise Lacks("the same as the default where nothing shrinks")


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    plain_variant_only_where_it_differs(set_up)
    augment = vg.Pipeline(pipeline_of(set_up, pipelines(set_up.antialias)), seed=7)
    pictures, threads = set_up.pictures, set_up.threads
    ring = [np.empty((BATCH, 224, 224, 3), np.float32) for _ in range(4)]
    number = 0
    while True:
        first = number * BATCH
        chosen = [pictures[i % len(pictures)] for i in range(first, first + BATCH)]
        yield augment.batch(chosen, samples=range(first, first + BATCH), threads=threads, out=ring[number % 4])
        number += 1


def operation(set_up: SetUp) -> Operation:
    plain_variant_only_where_it_differs(set_up)
    return Operation(vg.Pipeline([pipeline_of(set_up, operations(set_up.antialias))], seed=7))


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does == "packed":
        return packed(set_up)
    if set_up.task.does == "views":
        return views(set_up)
    return passes(set_up, vg.folder(str(set_up.folder)))


def passes(set_up: SetUp, source: vg.Source) -> Callable[[], Iterator[Any]]:
    """One loader for all passes, as in a training: each pass is an epoch."""
    augment = vg.Pipeline(pipeline_of(set_up, pipelines(set_up.antialias)), seed=7)
    loader = vg.Loader(source, augment, batch_size=BATCH, threads=set_up.threads, seed=7)

    def one_pass() -> Iterator[np.ndarray]:
        for images, _ in loader:
            yield images

    return one_pass


def packed(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    """Raw shards, made once before the clock starts; pictures keep their size."""
    place = Path.cwd() / f"packed-{set_up.name}"
    vg.pack(vg.folder(str(set_up.folder)), place)
    return passes(set_up, vg.tar(str(place / "*.tar")))


def views(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    """Several crops of a file: the loader's own views."""
    v = set_up.v
    kinds = [(SimpleNamespace(**v.wide), getattr(v, "global")), (SimpleNamespace(**v.narrow), v.local)]
    made = [(vg.Pipeline([*crop(w, set_up.antialias), vg.Normalize("imagenet")], seed=7), n) for w, n in kinds]
    source = vg.folder(str(set_up.folder))

    loader = vg.Loader(source, made, batch_size=16, threads=set_up.threads, seed=7)
    few = made[0][1]

    def one_pass() -> Iterator[Any]:
        for images, _ in loader:
            yield images[:few], images[few:]

    return one_pass
