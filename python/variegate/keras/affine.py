"""Explicit affine maps of Keras's legacy generator, as one resampling of the engine.

The free functions move one picture, `ImageDataGenerator` a whole batch in one native call. It draws nothing and reads no
random numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .._variegate import warped

BORDERS = {"nearest": "edge", "constant": "edge", "reflect": "reflect", "wrap": "wrap"}
FILTERS = {0: "nearest", 1: "bilinear", 2: "bicubic", 3: "bicubic"}
NEUTRAL = {"theta": 0.0, "tx": 0.0, "ty": 0.0, "shear": 0.0, "zx": 1.0, "zy": 1.0}


def matrices(
    shape: tuple[int, int], transforms: Sequence[dict[str, Any]], *, swapped_centre: bool = False, mirrors: bool = False
) -> np.ndarray:
    """For each transform the 3 × 3 matrix that takes (x, y, 1) of the output to the input; (n, 3, 3).

    Whole numbers are centres of pixels. A matrix is turn · shift · shear · zoom about the centre, as Keras has it: `tx`
    counts columns and `ty` rows, angles are degrees, and `zx` below 1 zooms in. What a transform leaves out is neutral.

    Args:
        shape: Height and width.
        transforms: Dicts of `theta`, `tx`, `ty`, `shear`, `zx`, `zy`, and `flip_horizontal` and `flip_vertical`.
        swapped_centre: Whether height and width change places in the centre, as in TensorFlow from 2.9.
        mirrors: Whether the flips are in it; they come last.
    """
    height, width = shape
    rows = [[each.get(name, neutral) for name, neutral in NEUTRAL.items()] for each in transforms]
    theta, tx, ty, shear, zx, zy = np.array(rows, np.float64).reshape(-1, 6).T
    theta, shear = np.radians(theta), np.radians(shear)
    # A quarter turn takes pixels to pixels, and not a hair beside them.
    c, s = np.round(np.cos(theta), 15), np.round(np.sin(theta), 15)
    out = np.zeros((len(transforms), 3, 3))
    out[:, 2, 2] = 1
    lean, tall = -np.sin(shear), np.cos(shear)
    # turn · shear · zoom, then turn · shift.
    out[:, 0, 0], out[:, 0, 1] = c * zx, (c * lean - s * tall) * zy
    out[:, 1, 0], out[:, 1, 1] = s * zx, (s * lean + c * tall) * zy
    out[:, 0, 2], out[:, 1, 2] = c * tx - s * ty, s * tx + c * ty
    x, y = (height, width) if swapped_centre else (width, height)
    centre = np.array([(x - 1) / 2, (y - 1) / 2])
    out[:, :2, 2] += centre - out[:, :2, :2] @ centre
    if mirrors:
        for k, (name, side) in enumerate((("flip_horizontal", width), ("flip_vertical", height))):
            flipped = np.array([bool(each.get(name)) for each in transforms])
            out[flipped, :, 2] += out[flipped, :, k] * (side - 1)
            out[flipped, :, k] *= -1
    return out


def matrix(shape: tuple[int, int], *, swapped_centre: bool = False, **transform: float) -> np.ndarray:
    """The matrix of one transform, (3, 3); see `matrices`."""
    return matrices(shape, [transform], swapped_centre=swapped_centre)[0]


def checked(fill_mode: str, order: int) -> None:
    """Raises ValueError where a name or the order is unknown."""
    if fill_mode not in BORDERS:
        raise ValueError(f"fill_mode: expected one of {tuple(BORDERS)}, received {fill_mode!r}")
    if order not in FILTERS:
        raise ValueError(f"interpolation_order: expected 0, 1, 2 or 3, received {order!r}")


def warp(
    images: np.ndarray | Sequence[np.ndarray],
    maps: np.ndarray,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
    **wish: Any,
) -> np.ndarray:
    """Moves pictures of one size, each by its own matrix, in one native call.

    Args:
        images: (n, height, width, channels) of uint8 or float32, or a list of such pictures; they are not changed.
        maps: From `matrices`, (n, 3, 3).
        fill_mode: "nearest", "constant", "reflect" or "wrap". A constant border is not blended with the picture: what
            would be read outside the centres of its pixels is `cval`.
        cval: The constant, in the units of the picture.
        order: 0 nearest, 1 bilinear, 2 and 3 bicubic. Shrinking skips pixels, as there.
        wish: `dtype`, `layout`, `out`, `scale` and `threads` of the result.

    Raises:
        ValueError: If a name or the order is unknown, or a matrix cannot be inverted.
    """
    checked(fill_mode, order)
    out = warped(images, maps, filter=FILTERS[order], border=BORDERS[fill_mode], **wish)
    if fill_mode == "constant":
        first = wish.get("layout") == "NCHW"
        value = cval * wish.get("scale", 1.0)
        for picture, m in zip(out, maps, strict=True):
            beyond = ~inside(m, picture.shape[1:] if first else picture.shape[:2])
            (picture.transpose(1, 2, 0) if first else picture)[beyond] = value
    return out


def inside(m: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """For each pixel of the output, whether it is read between centres of pixels of the input."""
    height, width = shape
    x, y = np.arange(width), np.arange(height)[:, None]
    near = 1e-9
    u = m[0, 0] * x + m[0, 1] * y + m[0, 2]
    v = m[1, 0] * x + m[1, 1] * y + m[1, 2]
    return (u >= -near) & (u <= width - 1 + near) & (v >= -near) & (v <= height - 1 + near)
