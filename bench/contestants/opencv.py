"""OpenCV, every call written by hand: what someone who knows it well would write for each task.

The standard to beat, in its fifth and its fourth version. One variant shrinks with INTER_LINEAR, the other with INTER_AREA. Files are decoded by simplejpeg.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import cv2
import numpy as np
from contestants import Lacks, Operation, SetUp, feeding, pipeline_of
from tasks import MEAN, STD

cv2.setNumThreads(1)
cv2.ocl.setUseOpenCL(False)

#: Normalisation as a matrix of three rows with an offset.
_NORMALISING = np.hstack([np.diag(1 / (255 * np.array(STD))), (-np.array(MEAN) / np.array(STD))[:, None]]).astype(np.float32)
_LEVELS = np.arange(256, dtype=np.float32)
Picture = np.ndarray


def normalise(picture: Picture, out: Picture) -> None:
    """The fastest of eight ways that were tried: cv2.LUT of three channels takes 2.6 times as long, NumPy twice."""
    cv2.transform(picture.astype(np.float32), _NORMALISING, dst=out)


def window(height: int, width: int, v: SimpleNamespace) -> tuple[int, int, int, int]:
    low, high = math.log(v.aspect[0]), math.log(v.aspect[1])
    for _ in range(10):
        area, aspect = random.uniform(*v.area) * height * width, math.exp(random.uniform(low, high))
        w, h = round(math.sqrt(area * aspect)), round(math.sqrt(area / aspect))
        if 0 < w <= width and 0 < h <= height:
            return random.randint(0, width - w), random.randint(0, height - h), w, h
    side = min(height, width)
    return (width - side) // 2, (height - side) // 2, side, side


def crop(picture: Picture, v: SimpleNamespace, area: bool, flip: bool = True) -> Picture:
    x, y, w, h = window(*picture.shape[:2], v)
    filter = cv2.INTER_AREA if area and (w > v.size or h > v.size) else cv2.INTER_LINEAR
    out = cv2.resize(picture[y : y + h, x : x + w], (v.size, v.size), interpolation=filter)
    return cv2.flip(out, 1) if flip and random.random() < v.flip else out


def jitter(picture: Picture, v: Any) -> Picture:
    order = [0, 1, 2, 3]
    random.shuffle(order)
    for step in order:
        if step == 3:
            hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
            hue, saturation, value = cv2.split(hsv)
            table = ((np.arange(256) + round(random.uniform(-v.hue, v.hue) * 180)) % 180).astype(np.uint8)
            picture = cv2.cvtColor(cv2.merge((cv2.LUT(hue, table), saturation, value)), cv2.COLOR_HSV2RGB)
        elif step == 2:
            share = random.uniform(1 - v.saturation, 1 + v.saturation)
            grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
            picture = cv2.addWeighted(picture, share, grey, 1 - share, 0)
        else:
            width = (v.brightness, v.contrast)[step]
            share = random.uniform(1 - width, 1 + width)
            middle = cv2.mean(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))[0] * (1 - share) if step == 1 else 0.0
            table = np.clip(np.rint(_LEVELS * share + middle), 0, 255).astype(np.uint8)
            picture = cv2.LUT(picture, table)
    return picture


def grey(picture: Picture) -> Picture:
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def simclr(picture: Picture, v: SimpleNamespace, area: bool, colours: SimpleNamespace) -> Picture:
    out = crop(picture, v, area)
    if random.random() < v.jitter["p"]:
        out = jitter(out, colours)
    if random.random() < v.grey:
        out = grey(out)
    if random.random() < v.blur["p"]:
        sigma = random.uniform(*v.blur["sigma"])
        side = 2 * max(1, math.ceil(3 * sigma)) + 1
        out = cv2.GaussianBlur(out, (side, side), sigma)
    return out


def warped(picture: Picture, degrees: float, zoom: float, x: float, y: float, shear: float, flip: bool = False) -> Picture:
    """All in one warpAffine: out = centre + shift + turn · shear · zoom · (in − centre), then the mirror."""
    height, width = picture.shape[:2]
    angle, lean = math.radians(degrees), math.tan(math.radians(shear))
    cos, sin = math.cos(angle) * zoom, math.sin(angle) * zoom
    a, b, c, d = cos, sin - cos * lean, -sin, cos + sin * lean
    cx, cy = (width - 1) / 2, (height - 1) / 2
    e, f = cx + x * width - a * cx - b * cy, cy + y * height - c * cx - d * cy
    if flip:
        a, b, e = -a, -b, width - 1 - e
    return cv2.warpAffine(picture, np.array([[a, b, e], [c, d, f]]), (width, height), flags=cv2.INTER_LINEAR)


def between(limit: float) -> float:
    return random.uniform(-limit, limit)


def classic(picture: Picture, v: SimpleNamespace, out: Picture) -> None:
    flip = random.random() < v.flip
    moved = warped(picture, between(v.degrees), random.uniform(*v.zoom), between(v.shift), between(v.shift), between(v.shear), flip)
    table = np.clip(np.rint(_LEVELS * random.uniform(*v.brightness)), 0, 255).astype(np.uint8)
    normalise(cv2.LUT(moved, table), out)


def fills(area: bool) -> dict[str, Callable[[SimpleNamespace], feeding.Fill]]:
    def simclr_fill(v: SimpleNamespace) -> feeding.Fill:
        colours = SimpleNamespace(**v.jitter)
        return lambda picture, out: normalise(simclr(picture, v, area, colours), out)

    return {
        "crop": lambda v: lambda picture, out: normalise(crop(picture, v, area), out),
        "packed": lambda v: lambda picture, out: normalise(crop(picture, v, area), out),
        "simclr": simclr_fill,
        "classic": lambda v: lambda picture, out: classic(picture, v, out),
    }


def variant_only_where_it_differs(set_up: SetUp) -> None:
    if set_up.antialias and not set_up.task.shrinks:
        raise Lacks("the same as INTER_LINEAR where nothing shrinks")


def memory(set_up: SetUp) -> Iterator[Picture]:
    variant_only_where_it_differs(set_up)
    return feeding.endless(set_up.pictures, pipeline_of(set_up, fills(set_up.antialias)), set_up.threads)


def load(path: str) -> Picture:
    import simplejpeg

    with open(path, "rb") as file:
        return simplejpeg.decode_jpeg(file.read())


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    v, area = set_up.v, set_up.antialias
    if set_up.task.does == "views":
        wide, narrow = (fills(area)["crop"](SimpleNamespace(**w)) for w in (v.wide, v.narrow))
        counts = (getattr(v, "global"), v.local)
        return lambda: feeding.views(set_up.paths, load, wide, narrow, counts, set_up.threads)
    fill = pipeline_of(set_up, fills(area))
    if set_up.task.does == "packed":
        items = packed(set_up)
        return lambda: feeding.one_pass(items, fill, set_up.threads)
    return lambda: feeding.one_pass(set_up.paths, lambda path, out: fill(load(path), out), set_up.threads)


def packed(set_up: SetUp) -> list[Picture]:
    """Decoded once into one file that is mapped into memory: the simplest cache a user writes."""
    place = Path.cwd() / f"packed-{set_up.name}.bin"
    pictures = [load(path) for path in set_up.paths]
    place.write_bytes(b"".join(p.tobytes() for p in pictures))
    store, at, items = np.memmap(place, np.uint8, "r"), 0, []
    for picture in pictures:
        items.append(store[at : at + picture.size].reshape(picture.shape))
        at += picture.size
    return items


def erase(picture: Picture, v: SimpleNamespace) -> Picture:
    x, y, w, h = window(*picture.shape[:2], v)
    out = picture.copy()
    out[y : y + h, x : x + w] = 0
    return out


def noise(picture: Picture, v: SimpleNamespace) -> Picture:
    field = np.empty(picture.shape, np.int16)
    cv2.randn(field, (0, 0, 0), (v.sigma * 255,) * 3)
    return cv2.add(picture, field, dtype=cv2.CV_8U)


def perspective(picture: Picture, v: SimpleNamespace) -> Picture:
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    inward = np.random.uniform(0, v.strength / 2, (4, 2)).astype(np.float32)
    size = np.array([width, height], np.float32)
    matrix = cv2.getPerspectiveTransform(corners * size, (corners + (1 - 2 * corners) * inward) * size)
    return cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_LINEAR)


def table(values: Any) -> Callable[[Picture], Picture]:
    levels = np.asarray(values).astype(np.uint8)
    return lambda picture: cv2.LUT(picture, levels)


def normalised(picture: Picture) -> Picture:
    out = np.empty(picture.shape, np.float32)
    normalise(picture, out)
    return out


def resize(v: SimpleNamespace, filter: int) -> Callable[[Picture], Picture]:
    return lambda p: cv2.resize(p, (v.size, v.size), interpolation=filter)


def lanczos(v: SimpleNamespace, area: bool) -> Callable[[Picture], Picture]:
    if area:
        raise Lacks("its Lanczos does not average where it shrinks")
    return resize(v, cv2.INTER_LANCZOS4)


def jpeg(picture: Picture, v: SimpleNamespace) -> Picture:
    return cv2.imdecode(cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, v.quality))[1], cv2.IMREAD_COLOR)


def operations(area: bool) -> dict[str, Callable[[SimpleNamespace], Callable[[Picture], Picture]]]:
    return {
        "affine": lambda v: lambda p: warped(p, between(v.degrees), random.uniform(*v.zoom), between(v.shift), between(v.shift), between(v.shear)),
        "color_jitter": lambda v: lambda p: jitter(p, v),
        "erase": lambda v: lambda p: erase(p, v),
        "gaussian_blur": lambda v: lambda p: cv2.GaussianBlur(p, (v.taps, v.taps), v.sigma),
        "gaussian_noise": lambda v: lambda p: noise(p, v),
        "grayscale": lambda v: grey,
        "flip": lambda v: lambda p: cv2.flip(p, 1),
        "normalize": lambda v: normalised,
        "perspective": lambda v: lambda p: perspective(p, v),
        "posterize": lambda v: table(np.arange(256) & (256 - (1 << (8 - v.bits)))),
        "solarize": lambda v: table([x if x < v.threshold else 255 - x for x in range(256)]),
        "resized_crop": lambda v: lambda p: crop(p, v, area, flip=False),
        "resize_bilinear": lambda v: resize(v, cv2.INTER_AREA if area else cv2.INTER_LINEAR),
        "resize_lanczos": lambda v: lanczos(v, area),
        "rotate": lambda v: lambda p: warped(p, between(v.degrees), 1.0, 0.0, 0.0, 0.0),
        "equalize": lambda v: lambda p: cv2.merge([cv2.equalizeHist(c) for c in cv2.split(p)]),
        "jpeg": lambda v: lambda p: jpeg(p, v),
    }


def operation(set_up: SetUp) -> Operation:
    variant_only_where_it_differs(set_up)
    return Operation(pipeline_of(set_up, operations(set_up.antialias)))
