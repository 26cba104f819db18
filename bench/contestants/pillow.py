"""Pillow, with NumPy for what it has not."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
from contestants import Lacks, Operation, SetUp, feeding, pipeline_of
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps
from tasks import MEAN, STD

_SCALE = np.tile((1 / (255 * np.array(STD))).astype(np.float32), 224)
_SHIFT = np.tile((-np.array(MEAN) / np.array(STD)).astype(np.float32), 224)
Picture = Image.Image


def normalise(picture: Any, out: np.ndarray) -> None:
    flat, wide = np.asarray(picture).reshape(out.shape[0], -1), out.reshape(out.shape[0], -1)
    repeats = wide.shape[1] // 3
    scale, shift = (_SCALE, _SHIFT) if repeats == 224 else (np.tile(_SCALE[:3], repeats), np.tile(_SHIFT[:3], repeats))
    np.multiply(flat, scale, out=wide, dtype=np.float32)
    np.add(wide, shift, out=wide)


def crop(picture: Picture, v: SimpleNamespace, flip: bool = True) -> Picture:
    width, height = picture.size
    low, high = math.log(v.aspect[0]), math.log(v.aspect[1])
    for _ in range(10):
        area, aspect = random.uniform(*v.area) * height * width, math.exp(random.uniform(low, high))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < w <= width and 0 < h <= height:
            break
    else:
        w = h = min(width, height)
    x, y = random.randint(0, width - w), random.randint(0, height - h)
    out = picture.resize((v.size, v.size), Image.Resampling.BILINEAR, (x, y, x + w, y + h))
    return out.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if flip and random.random() < v.flip else out


def jitter(picture: Picture, v: Any) -> Picture:
    order = [0, 1, 2, 3]
    random.shuffle(order)
    for step in order:
        if step == 3:
            hue, saturation, value = picture.convert("HSV").split()
            turn = round(random.uniform(-v.hue, v.hue) * 255)
            picture = Image.merge("HSV", (hue.point([(x + turn) % 256 for x in range(256)]), saturation, value)).convert("RGB")
        else:
            kind = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)[step]
            width = (v.brightness, v.contrast, v.saturation)[step]
            picture = kind(picture).enhance(random.uniform(1 - width, 1 + width))
    return picture


def moved(picture: Picture, degrees: float, zoom: float, x: float, y: float, shear: float, flip: bool = False) -> Picture:
    """One affine transform about the centre, on black."""
    width, height = picture.size
    angle, lean = math.radians(degrees), math.tan(math.radians(shear))
    cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
    a, b, c, d = cos, sin - cos * lean, -sin, cos + sin * lean
    if flip:
        a, b = -a, -b
    scale = 1 / (a * d - b * c)
    a, b, c, d = d * scale, -b * scale, -c * scale, a * scale
    cx, cy = width / 2, height / 2
    tx, ty = cx + (-x if flip else x) * width, cy + y * height
    return picture.transform((width, height), Image.Transform.AFFINE, (a, b, cx - a * tx - b * ty, c, d, cy - c * tx - d * ty), Image.Resampling.BILINEAR)


def between(limit: float) -> float:
    return random.uniform(-limit, limit)


def simclr(picture: Picture, v: SimpleNamespace) -> Picture:
    out = crop(picture, v)
    if random.random() < v.jitter["p"]:
        out = jitter(out, SimpleNamespace(**v.jitter))
    if random.random() < v.grey:
        out = out.convert("L").convert("RGB")
    if random.random() < v.blur["p"]:
        out = out.filter(ImageFilter.GaussianBlur(random.uniform(*v.blur["sigma"])))
    return out


def classic(picture: Picture, v: SimpleNamespace) -> Picture:
    flip = random.random() < v.flip
    out = moved(picture, between(v.degrees), random.uniform(*v.zoom), between(v.shift), between(v.shift), between(v.shear), flip)
    return ImageEnhance.Brightness(out).enhance(random.uniform(*v.brightness))


PICTURES: dict[str, Callable[[SimpleNamespace], Callable[[Picture], Picture]]] = {
    "crop": lambda v: lambda p: crop(p, v),
    "simclr": lambda v: lambda p: simclr(p, v),
    "classic": lambda v: lambda p: classic(p, v),
}


def erase(picture: Picture, v: SimpleNamespace) -> Picture:
    width, height = picture.size
    area, aspect = random.uniform(*v.area) * width * height, math.exp(random.uniform(*map(math.log, v.aspect)))
    w, h = min(width, round(math.sqrt(area * aspect))), min(height, round(math.sqrt(area / aspect)))
    x, y = random.randint(0, width - w), random.randint(0, height - h)
    out = picture.copy()
    ImageDraw.Draw(out).rectangle((x, y, x + w - 1, y + h - 1), (0, 0, 0))
    return out


def perspective(picture: Picture, v: SimpleNamespace) -> Picture:
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    to = (corners + (1 - 2 * corners) * np.random.uniform(0, v.strength / 2, (4, 2))) * picture.size
    rows, ends = [], corners * picture.size
    for (x, y), (u, w) in zip(to, ends):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -w * x, -w * y]]
    matrix = np.linalg.solve(np.array(rows), ends.ravel())
    return picture.transform(picture.size, Image.Transform.PERSPECTIVE, tuple(matrix), Image.Resampling.BILINEAR)


def jpeg(picture: Picture, v: SimpleNamespace) -> Picture:
    file = io.BytesIO()
    picture.save(file, "jpeg", quality=v.quality)
    out = Image.open(file)
    out.load()
    return out


def to_float(picture: Picture) -> np.ndarray:
    out = np.empty((picture.height, picture.width, 3), np.float32)
    normalise(picture, out)
    return out


OPERATIONS: dict[str, Callable[[SimpleNamespace], Callable[[Picture], Any]]] = {
    "affine": lambda v: lambda p: moved(p, between(v.degrees), random.uniform(*v.zoom), between(v.shift), between(v.shift), between(v.shear)),
    "color_jitter": lambda v: lambda p: jitter(p, v),
    "erase": lambda v: lambda p: erase(p, v),
    "gaussian_blur": lambda v: (lambda blur: lambda p: p.filter(blur))(ImageFilter.GaussianBlur(v.sigma)),
    "grayscale": lambda v: lambda p: p.convert("L").convert("RGB"),
    "flip": lambda v: lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "normalize": lambda v: to_float,
    "perspective": lambda v: lambda p: perspective(p, v),
    "posterize": lambda v: lambda p: ImageOps.posterize(p, v.bits),
    "solarize": lambda v: lambda p: ImageOps.solarize(p, v.threshold),
    "resized_crop": lambda v: lambda p: crop(p, v, flip=False),
    "resize_bilinear": lambda v: lambda p: p.resize((v.size, v.size), Image.Resampling.BILINEAR),
    "resize_lanczos": lambda v: lambda p: p.resize((v.size, v.size), Image.Resampling.LANCZOS),
    "rotate": lambda v: lambda p: p.rotate(between(v.degrees), Image.Resampling.BILINEAR),
    "equalize": lambda v: ImageOps.equalize,
    "jpeg": lambda v: lambda p: jpeg(p, v),
}


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    change = pipeline_of(set_up, PICTURES)
    pictures = [Image.fromarray(p) for p in set_up.pictures]
    return feeding.endless(pictures, lambda picture, out: normalise(change(picture), out), set_up.threads)


def load(path: str) -> Picture:
    return Image.open(path).convert("RGB")


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does == "packed":
        raise Lacks("nothing packed")
    if set_up.task.does == "views":
        v = set_up.v
        wide, narrow = (
            (lambda w: lambda picture, out: normalise(crop(picture, w), out))(SimpleNamespace(**w)) for w in (v.wide, v.narrow)
        )
        return lambda: feeding.views(set_up.paths, load, wide, narrow, (getattr(v, "global"), v.local), set_up.threads)
    change = pipeline_of(set_up, PICTURES)
    return lambda: feeding.one_pass(set_up.paths, lambda path, out: normalise(change(load(path)), out), set_up.threads)


def operation(set_up: SetUp) -> Operation:
    return Operation(pipeline_of(set_up, OPERATIONS), Image.fromarray, np.asarray)
