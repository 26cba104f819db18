"""Keras's free functions that move or tone one picture, drawing from NumPy's global generator as Keras does.

`variegate.keras` hands them out. Axes default to channels first, as in Keras.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .affine import matrices, warp


def apply_affine_transform(
    x: npt.ArrayLike,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
    *,
    compat: str | None = None,
) -> np.ndarray:
    """Turns, shifts, shears and zooms one picture in one resampling.

    `theta` is counter-clockwise, in degrees, as is `shear`; `tx` reads that many columns further right and `ty` that
    many rows further down, so that the picture moves left and up; `zx` and `zy` below 1 zoom in. The centre is that
    of the picture; with compat="tf2.9" height and width change places in it, as in TensorFlow from 2.9.

    Returns:
        A new array of the shape of `x`: uint8 for uint8, otherwise float32.

    Raises:
        ValueError: If `x` is not one picture, the axes contradict each other or a name is unknown.
    """
    x = np.asarray(x)
    if x.ndim != 3 or sorted(axis % 3 for axis in (row_axis, col_axis, channel_axis)) != [0, 1, 2]:
        raise ValueError(
            "expected one picture of three axes and row_axis, col_axis and channel_axis that name each of them once; "
            f"received shape {x.shape} and axes {(row_axis, col_axis, channel_axis)}"
        )
    axes = (row_axis, col_axis, channel_axis)
    image = np.moveaxis(x, axes, (0, 1, 2))
    image = image if image.dtype == np.uint8 else image.astype(np.float32)
    given = {"theta": theta, "tx": tx, "ty": ty, "shear": shear, "zx": zx, "zy": zy}
    maps = matrices(image.shape[:2], [given], swapped_centre=swapped(compat))
    return np.moveaxis(warp(image[None], maps, fill_mode, cval, order)[0], (0, 1, 2), axes)


def swapped(compat: str | None) -> bool:
    """Whether a name of `compat` asks for TensorFlow's exchanges. Raises ValueError for an unknown name."""
    if compat not in (None, "tf2.9"):
        raise ValueError(f'compat: expected None or "tf2.9", received {compat!r}')
    return compat == "tf2.9"


def random_rotation(
    x: npt.ArrayLike, rg: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0, fill_mode: str = "nearest",
    cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:
    """Turns a picture by an angle of −rg to rg degrees."""
    theta = np.random.uniform(-rg, rg)
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, theta, 0, 0, 0, 1, 1, *axes, fill_mode, cval, interpolation_order)


def random_shift(
    x: npt.ArrayLike, wrg: float, hrg: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1, *, compat: str | None = None,
) -> np.ndarray:
    """Shifts a picture along by up to `wrg` of its width and down or up by up to `hrg` of its height.

    compat="tf2.9" exchanges the two, as TensorFlow does from 2.9.
    """
    x = np.asarray(x)
    height, width = x.shape[row_axis], x.shape[col_axis]
    if swapped(compat):
        tx, ty = np.random.uniform(-hrg, hrg) * height, np.random.uniform(-wrg, wrg) * width
    else:
        tx, ty = np.random.uniform(-wrg, wrg) * width, np.random.uniform(-hrg, hrg) * height
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, 0, tx, ty, 0, 1, 1, *axes, fill_mode, cval, interpolation_order)


def random_shear(
    x: npt.ArrayLike, intensity: float, row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:
    """Shears a picture by an angle of −intensity to intensity degrees."""
    shear = np.random.uniform(-intensity, intensity)
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, 0, 0, 0, shear, 1, 1, *axes, fill_mode, cval, interpolation_order)


def random_zoom(
    x: npt.ArrayLike, zoom_range: Sequence[float], row_axis: int = 1, col_axis: int = 2, channel_axis: int = 0,
    fill_mode: str = "nearest", cval: float = 0.0, interpolation_order: int = 1,
) -> np.ndarray:
    """Zooms each axis by itself, by a factor of the pair `zoom_range`; below 1 zooms in.

    Raises:
        ValueError: If `zoom_range` is not a pair.
    """
    if len(zoom_range) != 2:
        raise ValueError(f"`zoom_range` should be a tuple or list of two floats. Received: {zoom_range}")
    zx, zy = (1, 1) if tuple(zoom_range) == (1, 1) else np.random.uniform(zoom_range[0], zoom_range[1], 2)
    axes = (row_axis, col_axis, channel_axis)
    return apply_affine_transform(x, 0, 0, 0, 0, zx, zy, *axes, fill_mode, cval, interpolation_order)


def apply_channel_shift(x: npt.ArrayLike, intensity: float, channel_axis: int = 0) -> np.ndarray:
    """Adds one number to all channels and cuts at the smallest and largest value the picture had."""
    x = np.asarray(x)
    return np.clip(x + np.float32(intensity), x.min(), x.max())


def random_channel_shift(x: npt.ArrayLike, intensity_range: float, channel_axis: int = 0) -> np.ndarray:
    """Adds a number of −intensity_range to intensity_range to all channels, cut as `apply_channel_shift` does."""
    return apply_channel_shift(x, np.random.uniform(-intensity_range, intensity_range), channel_axis)


def apply_brightness_shift(x: npt.ArrayLike, brightness: float, scale: bool = True) -> np.ndarray:
    """Multiplies by `brightness` in 8 bits, fractions cut off, as Pillow's enhancer does.

    Args:
        x: One picture of three axes.
        brightness: The factor.
        scale: Whether values are first stretched from their smallest and largest to 0 and 255. Without it that happens
            only where they leave 0 to 255, and is undone at the end.

    Returns:
        A new float32 array.

    Raises:
        ValueError: If `x` has not three axes.
    """
    x = np.asarray(x)
    if x.ndim != 3:
        raise ValueError(f"Input arrays must be multi-channel 2D images. Received: shape {x.shape}")
    least, most = float(x.min()), float(x.max())
    back = not scale and (least < 0 or most > 255)
    y = stretched(x) if scale or back else x
    y = y.astype(np.uint8).astype(np.float32) * np.float32(brightness)
    y = np.floor(np.clip(y, 0, 255))
    return y / 255 * np.float32(most - least) + np.float32(least) if back else y


def random_brightness(x: npt.ArrayLike, brightness_range: Sequence[float], scale: bool = True) -> np.ndarray:
    """Multiplies by a factor of the pair `brightness_range`, as `apply_brightness_shift` does.

    Raises:
        ValueError: If `brightness_range` is not a pair.
    """
    if len(brightness_range) != 2:
        raise ValueError(f"`brightness_range should be tuple or list of two floats. Received: {brightness_range}")
    return apply_brightness_shift(x, np.random.uniform(*brightness_range), scale)


def stretched(x: np.ndarray) -> np.ndarray:
    """Values brought from their smallest and largest to 0 and 255, float32; a plain picture becomes 0."""
    y = x.astype(np.float32) - np.float32(x.min())
    most = y.max()
    return y * np.float32(255) / most if most else y


def transform_matrix_offset_center(m: npt.ArrayLike, x: float, y: float) -> np.ndarray:
    """A 3 × 3 map brought to the centre of a picture of `x` by `y` pixels."""
    there = np.array([[1, 0, x / 2 - 0.5], [0, 1, y / 2 - 0.5], [0, 0, 1]])
    back = np.array([[1, 0, 0.5 - x / 2], [0, 1, 0.5 - y / 2], [0, 0, 1]])
    return there @ np.asarray(m) @ back


def drawn_shift(given: Any, size: int, rng: Any) -> float:
    """A shift in pixels: from a list of numbers, a whole number of pixels, or a fraction; 0 draws nothing."""
    if np.ndim(given):
        value, most = rng.choice(given) * rng.choice([-1, 1]), float(np.max(given))
    elif not given:
        return 0.0
    elif isinstance(given, int | np.integer):
        value, most = rng.choice(int(given)) * rng.choice([-1, 1]), float(given)
    else:
        value, most = rng.uniform(-given, given), float(given)
    return float(value * size) if most < 1 else float(value)

