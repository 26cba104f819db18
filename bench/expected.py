"""What right answers look like, computed with Pillow and NumPy alone.

`prepare.py` calls it. For exact tasks it keeps the pixels of the first pictures, for random ones the mean and the standard
deviation of each channel. It is slow and plain, and takes no part in the race.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from tasks import MEAN, STD, TASKS, Task

#: Pictures whose pixels are compared; times that a random operation is drawn for each picture.
PIXELS, DRAWS = 4, 4
Picture = np.ndarray
Draw = np.random.Generator


def normalised(picture: Any) -> Picture:
    return ((np.asarray(picture, np.float32) / 255 - MEAN) / STD).astype(np.float32)


def crop(picture: Picture, v: SimpleNamespace, draw: Draw) -> Image.Image:
    height, width = picture.shape[:2]
    for _ in range(10):
        area, aspect = draw.uniform(*v.area) * height * width, np.exp(draw.uniform(*np.log(v.aspect)))
        w, h = round((area * aspect) ** 0.5), round((area / aspect) ** 0.5)
        if w <= width and h <= height:
            break
    else:
        w = h = min(width, height)
    x, y = draw.integers(width - w + 1), draw.integers(height - h + 1)
    out = Image.fromarray(picture[y : y + h, x : x + w]).resize((v.size, v.size), Image.Resampling.BILINEAR)
    return ImageOps.mirror(out) if draw.random() < v.flip else out


def jitter(picture: Image.Image, v: SimpleNamespace, draw: Draw) -> Image.Image:
    for step in draw.permutation(4):
        if step == 3:
            hue, saturation, value = picture.convert("HSV").split()
            turned = (np.asarray(hue, np.int16) + round(draw.uniform(-v.hue, v.hue) * 255)) % 256
            picture = Image.merge("HSV", (Image.fromarray(turned.astype(np.uint8)), saturation, value)).convert("RGB")
        else:
            kind = (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color)[step]
            width = (v.brightness, v.contrast, v.saturation)[step]
            picture = kind(picture).enhance(draw.uniform(1 - width, 1 + width))
    return picture


def simclr(picture: Picture, v: SimpleNamespace, draw: Draw) -> Image.Image:
    out = crop(picture, v, draw)
    if draw.random() < v.jitter["p"]:
        out = jitter(out, SimpleNamespace(**v.jitter), draw)
    if draw.random() < v.grey:
        out = out.convert("L").convert("RGB")
    if draw.random() < v.blur["p"]:
        out = out.filter(ImageFilter.GaussianBlur(draw.uniform(*v.blur["sigma"])))
    return out


def moved(picture: Any, degrees: float, zoom: float, shift: tuple[float, float], shear: float) -> Image.Image:
    """Turned, zoomed, sheared along x and shifted about the centre, on black."""
    image = Image.fromarray(np.asarray(picture))
    angle, lean = np.radians(degrees), np.tan(np.radians(shear))
    matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) @ [[1, -lean], [0, 1]] * zoom
    centre = np.array(image.size) / 2
    back = np.linalg.inv(matrix)
    offset = centre - back @ (centre + np.array(shift) * image.size)
    return image.transform(image.size, Image.Transform.AFFINE, (*back[0], offset[0], *back[1], offset[1]), Image.Resampling.BILINEAR)


def classic(picture: Picture, v: SimpleNamespace, draw: Draw) -> Image.Image:
    shift = draw.uniform(-v.shift, v.shift, 2)
    out = moved(picture, draw.uniform(-v.degrees, v.degrees), draw.uniform(*v.zoom), shift, draw.uniform(-v.shear, v.shear))
    out = ImageOps.mirror(out) if draw.random() < v.flip else out
    return ImageEnhance.Brightness(out).enhance(draw.uniform(*v.brightness))


def affine(picture: Picture, v: SimpleNamespace, draw: Draw) -> Image.Image:
    shift = draw.uniform(-v.shift, v.shift, 2)
    return moved(picture, draw.uniform(-v.degrees, v.degrees), draw.uniform(*v.zoom), shift, draw.uniform(-v.shear, v.shear))


def erase(picture: Picture, v: SimpleNamespace, draw: Draw) -> Picture:
    out = picture.copy()
    area, aspect = draw.uniform(*v.area) * picture.shape[0] * picture.shape[1], np.exp(draw.uniform(*np.log(v.aspect)))
    w, h = min(picture.shape[1], round((area * aspect) ** 0.5)), min(picture.shape[0], round((area / aspect) ** 0.5))
    x, y = draw.integers(picture.shape[1] - w + 1), draw.integers(picture.shape[0] - h + 1)
    out[y : y + h, x : x + w] = 0
    return out


def perspective(picture: Picture, v: SimpleNamespace, draw: Draw, inwards: bool = True) -> Image.Image:
    """Each corner moves inwards by up to half the strength of the side; or what lies there moves to the corner."""
    size = np.array(picture.shape[1::-1], float)
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    to = (corners + (1 - 2 * corners) * draw.uniform(0, v.strength / 2, (4, 2))) * size
    rows = []
    ends = corners * size
    for (x, y), (u, w) in zip(*((to, ends) if inwards else (ends, to))):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -w * x, -w * y]]
    map_ = np.linalg.solve(np.array(rows), (ends if inwards else to).ravel())
    return Image.fromarray(picture).transform(picture.shape[1::-1], Image.Transform.PERSPECTIVE, tuple(map_), Image.Resampling.BILINEAR)


def jpeg(picture: Picture, v: SimpleNamespace, _: Draw) -> Image.Image:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "jpeg", quality=v.quality)
    return Image.open(file).convert("RGB")


#: A random picture of each kind. What has no entry is only looked at for its shape, its type and being finite.
DRAWN: dict[str, Callable[[Picture, SimpleNamespace, Draw], Any]] = {
    "crop": crop, "packed": crop, "simclr": simclr, "classic": classic, "affine": affine, "erase": erase, "perspective": perspective,
    "views": lambda p, v, d: crop(p, SimpleNamespace(**v.wide), d),
    # Two operations, of which half move colours, leave the mean about where it was.
    "policy": lambda p, v, d: p,
    "resized_crop": crop,
    "color_jitter": lambda p, v, d: jitter(Image.fromarray(p), v, d),
    "gaussian_noise": lambda p, v, d: np.clip(p + d.normal(0, v.sigma * 255, p.shape), 0, 255).round().astype(np.uint8),
    "rotate": lambda p, v, d: moved(p, d.uniform(-v.degrees, v.degrees), 1.0, (0.0, 0.0), 0.0),
    "equalize": lambda p, v, d: ImageOps.equalize(Image.fromarray(p)),
    "jpeg": jpeg,
}  # fmt: skip


def resized(picture: Picture, side: int, kernel: str, filter: Image.Resampling) -> Picture:
    image = Image.fromarray(picture)
    if kernel == "antialias":
        return np.asarray(image.resize((side, side), filter))
    if kernel == "area":
        edges, cells = np.arange(side)[:, None] * (picture.shape[0] / side), np.arange(picture.shape[0])[None]
        share = np.minimum(edges + picture.shape[0] / side, cells + 1) - np.maximum(edges, cells)
        weights = np.clip(share, 0, None) * (side / picture.shape[0])
        return np.einsum("yi,ijc,xj->yxc", weights, picture.astype(np.float64), weights, optimize=True).round().astype(np.uint8)
    at = (np.arange(side) + 0.5) * picture.shape[0] / side - 0.5
    low = np.floor(at).astype(int)
    share = (at - low)[:, None]
    rows = np.clip([low, low + 1], 0, picture.shape[0] - 1)
    values = picture.astype(np.float64)
    values = values[rows[0]] * (1 - share[..., None]) + values[rows[1]] * share[..., None]
    return (values[:, rows[0]] * (1 - share) + values[:, rows[1]] * share).round().astype(np.uint8)


def blurred(picture: Picture, v: SimpleNamespace) -> Picture:
    at = np.arange(v.taps) - v.taps // 2
    weights = np.exp(-(at**2) / (2 * v.sigma**2))
    weights /= weights.sum()
    edge = v.taps // 2
    values = np.pad(picture.astype(float), ((edge, edge), (edge, edge), (0, 0)), "reflect")
    for axis in (0, 1):
        values = np.apply_along_axis(np.convolve, axis, values, weights, "valid")
    return values.round().astype(np.uint8)


def exact(picture: Picture, task: Task, kernel: str) -> Picture:
    """The pixels of an exact operation."""
    v, image = task.v, Image.fromarray(picture)
    match task.does:
        case "flip":
            return picture[:, ::-1]
        case "grayscale":
            return np.asarray(image.convert("L").convert("RGB"))
        case "normalize":
            return normalised(picture)
        case "posterize":
            return np.asarray(ImageOps.posterize(image, v.bits))
        case "solarize":
            return np.asarray(ImageOps.solarize(image, v.threshold))
        case "gaussian_blur":
            return blurred(picture, v)
        case "resize_bilinear":
            return resized(picture, v.size, kernel, Image.Resampling.BILINEAR)
        case "resize_lanczos":
            return resized(picture, v.size, "antialias", Image.Resampling.LANCZOS)
    raise ValueError(task.does)


def write(folder: Path, pictures: dict[str, list[Picture]]) -> None:
    """`expected.npz` and `expected.json`."""
    pixels, numbers = {}, {}
    for task in TASKS.values():
        sources = pictures.get(task.data)
        if sources is None:
            continue
        if task.check == "pixels":
            for kernel in ("plain", "area", "antialias") if task.does == "resize_bilinear" else ("any",):
                for i, picture in enumerate(sources[:PIXELS]):
                    pixels[f"{task.name}|{kernel}|{i}"] = exact(picture, task, kernel)
            continue
        numbers[task.name] = _numbers(task, sources, DRAWN[task.does])
        if task.does == "perspective":
            numbers[task.name]["or"] = _numbers(task, sources, lambda p, v, d: perspective(p, v, d, False))
    np.savez(folder / "expected.npz", **pixels)
    (folder / "expected.json").write_text(json.dumps(numbers))


def _numbers(task: Task, sources: list[Picture], drawn: Callable[..., Any]) -> dict[str, Any]:
    draw = np.random.default_rng(5)
    many = [p for p in sources for _ in range(DRAWS if task.kind == "operation" else max(1, 64 // len(sources)))]
    out = [np.asarray(drawn(p, task.v, draw)) for p in many]
    values = out if task.kind == "operation" else [normalised(p) for p in out]
    # Per picture, so that pictures of many sizes weigh alike.
    first = np.mean([p.reshape(-1, 3).astype(np.float64).mean(0) for p in values], axis=0)
    second = np.mean([(p.reshape(-1, 3).astype(np.float64) ** 2).mean(0) for p in values], axis=0)
    told: dict[str, Any] = {"mean": first.tolist(), "std": np.sqrt(second - first**2).tolist()}
    if task.does == "gaussian_noise":
        told["added"] = float(np.std([a.astype(float) - b for a, b in zip(out, many)]))
    return told
