"""Explicit affine maps of Keras's legacy generator, as one resampling of the engine.

The free functions and `ImageDataGenerator` call it. It draws nothing and reads no random numbers.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np

from ..pipeline import Pipeline

BORDERS = {"nearest": "edge", "constant": "edge", "reflect": "reflect", "wrap": "wrap"}
# The engine averages what upright shrinking skips, which order 1 does not; a turn of a thousandth of a degree, 0.002 pixels
# at the edges of 224, makes it read as in every other map.
ASKEW = 1e-3
FILTERS = {0: "nearest", 1: "bilinear", 2: "bicubic", 3: "bicubic"}


def matrix(
    shape: tuple[int, int],
    theta: float = 0.0,
    tx: float = 0.0,
    ty: float = 0.0,
    shear: float = 0.0,
    zx: float = 1.0,
    zy: float = 1.0,
    *,
    swapped_centre: bool = False,
) -> np.ndarray:
    """The 3 × 3 matrix that takes (x, y, 1) of the output to the input, whole numbers being centres of pixels.

    It is turn · shift · shear · zoom about the centre, as Keras has it: `tx` counts columns and `ty` rows, angles are
    degrees, and `zx` below 1 zooms in.

    Args:
        shape: Height and width.
        swapped_centre: Whether height and width change places in the centre, as in TensorFlow from 2.9.
    """
    height, width = shape
    c, s = math.cos(math.radians(theta)), math.sin(math.radians(theta))
    k = math.radians(shear)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    shift = np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1.0]])
    lean = np.array([[1, -math.sin(k), 0], [0, math.cos(k), 0], [0, 0, 1.0]])
    x, y = (height, width) if swapped_centre else (width, height)
    there = np.array([[1, 0, (x - 1) / 2], [0, 1, (y - 1) / 2], [0, 0, 1.0]])
    back = np.array([[1, 0, -(x - 1) / 2], [0, 1, -(y - 1) / 2], [0, 0, 1.0]])
    return there @ turn @ shift @ lean @ np.diag([zx, zy, 1.0]) @ back


def steps(m: np.ndarray, shape: tuple[int, int], filter: str, border: str) -> list[dict[str, Any]]:
    """The map as steps of a recipe, which the engine fuses into one: turn, mirror, zoom, turn, shift."""
    height, width = shape
    if np.allclose(m, np.eye(3), rtol=0, atol=1e-12):
        return []
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    inner = m[:2, :2]
    forward = np.linalg.inv(inner)
    # The engine counts from the centre: p − c becomes forward · (p − c − moved).
    moved = inner @ centre + m[:2, 2] - centre
    after, size, before = np.linalg.svd(forward)
    mirror = np.linalg.det(after) * np.linalg.det(before) < 0
    if np.linalg.det(after) < 0:
        after[:, 1] *= -1
    if np.linalg.det(before) < 0:
        before[1] *= -1
    look: dict[str, Any] = {"filter": filter, "border": border, "fill": 0.0}

    def turned(r: np.ndarray) -> dict[str, Any]:
        degrees = math.degrees(math.atan2(r[0, 1], r[0, 0]))
        return {"op": "rotate", "degrees": degrees, "canvas": "keep", **look}

    first = turned(before)
    if size.max() != size.min() or size.max() < 1:
        upright = np.isclose(forward, 0, atol=1e-9)
        first["degrees"] += ASKEW if upright[0, 1] and upright[1, 0] or upright[0, 0] and upright[1, 1] else 0
    made: list[dict[str, Any]] = [first]
    if mirror:
        made.append({"op": "flip", "axis": "vertical"})
    made.append({"op": "zoom", "factor": float(size[0]), "factor_y": float(size[1]), **look})
    made.append(turned(after))
    x, y = -(forward @ moved) / (width, height)
    if x or y:
        # One step shifts by a side at most.
        times = max(1, math.ceil(max(abs(x), abs(y))))
        made += [{"op": "translate", "x": float(x / times), "y": float(y / times), **look}] * times
    return made


@lru_cache(maxsize=1)
def engine() -> Pipeline:
    """The pipeline that plays recipes; its own operations do not matter."""
    return Pipeline([], value_range=(0.0, 255.0))


@lru_cache(maxsize=64)
def blank(shape: tuple[int, int, int]) -> dict[str, Any]:
    """A recipe for pictures of a shape, without steps; never changed."""
    return engine().draw(shape, sample=0).to_dict()


def warp(
    image: np.ndarray,
    m: np.ndarray | None,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
    flip_horizontal: bool = False,
    flip_vertical: bool = False,
) -> np.ndarray:
    """Moves one picture of (height, width, channels), uint8 or float32, and mirrors it after that, in one pass.

    Args:
        image: The picture; it is not changed.
        m: From `matrix`, or None.
        fill_mode: "nearest", "constant", "reflect" or "wrap". A constant border is not blended with the picture: what
            would be read outside the centres of its pixels is `cval`.
        cval: The constant, in the units of the picture.
        order: 0 nearest, 1 bilinear, 2 and 3 bicubic.

    Raises:
        ValueError: If a name or the order is unknown.
    """
    if fill_mode not in BORDERS:
        raise ValueError(f"fill_mode: expected one of {tuple(BORDERS)}, received {fill_mode!r}")
    if order not in FILTERS:
        raise ValueError(f"interpolation_order: expected 0, 1, 2 or 3, received {order!r}")
    height, width, channels = image.shape
    listed = [] if m is None else steps(m, (height, width), FILTERS[order], BORDERS[fill_mode])
    mirrors = [{"op": "flip", "axis": a} for a, on in (("horizontal", flip_horizontal), ("vertical", flip_vertical)) if on]
    if not listed and not mirrors:
        return image.copy()
    recipe = {**blank((height, width, channels)), "steps": listed + mirrors}
    out = engine().apply(recipe, np.ascontiguousarray(image))
    if listed and fill_mode == "constant" and m is not None:
        out = np.array(out)
        seen = inside(m, (height, width))
        seen = seen[:, ::-1] if flip_horizontal else seen
        out[~(seen[::-1] if flip_vertical else seen)] = cval
    return out


def inside(m: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """For each pixel of the output, whether it is read between centres of pixels of the input."""
    height, width = shape
    x, y = np.arange(width), np.arange(height)[:, None]
    near = 1e-9
    u = m[0, 0] * x + m[0, 1] * y + m[0, 2]
    v = m[1, 0] * x + m[1, 1] * y + m[1, 2]
    return (u >= -near) & (u <= width - 1 + near) & (v >= -near) & (v <= height - 1 + near)
