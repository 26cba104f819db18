"""kornia-rs: its image functions called by hand, the draws being the user's."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import kornia_rs
import numpy as np
from contestants import Lacks, Operation, SetUp, feeding, pipeline_of
from kornia_rs import augmentations, imgproc
from tasks import MEAN, STD

#: Its normalisation divides by nothing before, whatever its documentation says.
_MEAN, _STD = tuple(255 * m for m in MEAN), tuple(255 * s for s in STD)
Picture = np.ndarray


def crop(picture: Picture, v: SimpleNamespace, flip: bool = True) -> Picture:
    height, width = picture.shape[:2]
    low, high = math.log(v.aspect[0]), math.log(v.aspect[1])
    for _ in range(10):
        area, aspect = random.uniform(*v.area) * height * width, math.exp(random.uniform(low, high))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < w <= width and 0 < h <= height:
            break
    else:
        w = h = min(width, height)
    cut = imgproc.crop(picture, random.randint(0, width - w), random.randint(0, height - h), w, h)
    out = imgproc.resize(cut, (v.size, v.size), "bilinear", False)
    return imgproc.horizontal_flip(out) if flip and random.random() < v.flip else out


def moved(picture: Picture, degrees: float, zoom: float, x: float, y: float, shear: float, flip: bool = False) -> Picture:
    """One affine transform; its matrix maps input to output."""
    height, width = picture.shape[:2]
    angle, lean = math.radians(degrees), math.tan(math.radians(shear))
    cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
    a, b, c, d = cos, sin - cos * lean, -sin, cos + sin * lean
    cx, cy = (width - 1) / 2, (height - 1) / 2
    e, f = cx + x * width - a * cx - b * cy, cy + y * height - c * cx - d * cy
    if flip:
        a, b, e = -a, -b, width - 1 - e
    return imgproc.warp_affine(picture, (a, b, e, c, d, f), (height, width), "bilinear")


def between(limit: float) -> float:
    return random.uniform(-limit, limit)


def perspective(picture: Picture, v: SimpleNamespace) -> Picture:
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    size = np.array([width, height], float)
    to = (corners + (1 - 2 * corners) * np.random.uniform(0, v.strength / 2, (4, 2))) * size
    rows = []
    for (x, y), (u, w) in zip(corners * size, to):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -w * x, -w * y]]
    matrix = [*np.linalg.solve(np.array(rows), to.ravel()).tolist(), 1.0]
    return imgproc.warp_perspective(picture, matrix, (height, width), "bilinear")


def classic(picture: Picture, v: SimpleNamespace, light: Any) -> Picture:
    flip = random.random() < v.flip
    return light(moved(picture, between(v.degrees), random.uniform(*v.zoom), between(v.shift), between(v.shift), between(v.shear), flip))


def jitter(v: Any) -> Any:
    """One for each thread, because it cannot be shared."""
    here = threading.local()

    def change(picture: Picture) -> Picture:
        if not hasattr(here, "jitter"):
            here.jitter = augmentations.ColorJitter(v.brightness, v.contrast, v.saturation, v.hue)
        return np.asarray(here.jitter(kornia_rs.image.Image.from_numpy(picture)))

    return change


def normalise(picture: Picture, out: Picture) -> None:
    np.copyto(out, imgproc.normalize_mean_std(picture, _MEAN, _STD))


def fills() -> dict[str, Callable[[SimpleNamespace], feeding.Fill]]:
    return {
        "crop": lambda v: lambda picture, out: normalise(crop(picture, v), out),
        "classic": lambda v: (lambda light: lambda picture, out: normalise(classic(picture, v, light), out))(
            jitter(SimpleNamespace(brightness=v.brightness[1] - 1, contrast=0.0, saturation=0.0, hue=0.0))
        ),
    }


def grey(picture: Picture) -> Picture:
    return imgproc.rgb_from_gray(imgproc.gray_from_rgb(picture))


OPERATIONS: dict[str, Callable[[SimpleNamespace], Callable[[Picture], Picture]]] = {
    "affine": lambda v: lambda p: moved(p, between(v.degrees), random.uniform(*v.zoom), between(v.shift), between(v.shift), between(v.shear)),
    "color_jitter": jitter,
    "gaussian_blur": lambda v: lambda p: imgproc.gaussian_blur(p, (v.taps, v.taps), (v.sigma, v.sigma)),
    "grayscale": lambda v: grey,
    "flip": lambda v: imgproc.horizontal_flip,
    "normalize": lambda v: lambda p: imgproc.normalize_mean_std(p, _MEAN, _STD),
    "perspective": lambda v: lambda p: perspective(p, v),
    "resized_crop": lambda v: lambda p: crop(p, v, flip=False),
    "resize_bilinear": lambda v: lambda p: imgproc.resize(p, (v.size, v.size), "bilinear", False),
    "resize_lanczos": lambda v: lambda p: imgproc.resize(p, (v.size, v.size), "lanczos", False),
    "rotate": lambda v: lambda p: moved(p, between(v.degrees), 1.0, 0.0, 0.0, 0.0),
}


def memory(set_up: SetUp) -> Iterator[Picture]:
    return feeding.endless(set_up.pictures, pipeline_of(set_up, fills()), set_up.threads)


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    fill = pipeline_of(set_up, fills())
    if set_up.task.does == "packed":
        raise Lacks("nothing packed")
    return lambda: feeding.one_pass(set_up.paths, lambda path, out: fill(kornia_rs.io.read_image_jpegturbo(path), out), set_up.threads)


def operation(set_up: SetUp) -> Operation:
    return Operation(pipeline_of(set_up, OPERATIONS))
