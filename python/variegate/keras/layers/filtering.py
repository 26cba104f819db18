"""Keras's Gaussian blur of a given kernel, and its saturation of the hexcone, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import keras3
from .arrays import ArrayLayer
from .draws import Draws
from .factors import Range, spread
from .registered import registered


@registered
class RandomGaussianBlur(ArrayLayer):
    """Blurs with a Gaussian of a given kernel.

    Deviations are drawn for each picture, and pictures go on beyond their edge as in a mirror; compat="keras3" draws
    them once for the batch, and surrounds pictures with black.

    Args:
        factor: A range of chances that it is done, 0 to 1; one number f is 0 to f.
        kernel_size: Width and height of the kernel, odd, or one number for both.
        sigma: Standard deviation in pixels, drawn for each axis; one number s is 0 to s.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def __init__(
        self,
        factor: float | Range = 1.0,
        kernel_size: int | Sequence[int] = 3,
        sigma: float | Range = 1.0,
        value_range: Sequence[float] = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **kwargs)
        name = type(self).__name__
        self.factor = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        sizes = tuple(kernel_size) if isinstance(kernel_size, Sequence) else (kernel_size, kernel_size)
        if len(sizes) != 2 or not all(isinstance(size, int) and size > 0 and size % 2 for size in sizes):
            raise ValueError(
                f"{name}: the `kernel_size` argument should be an odd integer (or a list of two of them). "
                f"Received: kernel_size={kernel_size}"
            )
        self.kernel_size = sizes
        self.sigma = spread(name, "sigma", sigma, 0.0, 100.0, signed=False)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        drawn = [(g.uniform(), g.uniform(*self.factor), *g.uniform(*self.sigma, 2)) for g in self.generators(draws)]
        chosen = [k for k, (tried, chance, _, _) in enumerate(drawn) if tried < chance]
        out = np.array(images)
        if chosen:
            sigmas = np.array([drawn[0 if self.compat else k][2:] for k in chosen])
            blurred = images[chosen]
            for axis, side, sigma in ((2, self.kernel_size[0], sigmas[:, 0]), (1, self.kernel_size[1], sigmas[:, 1])):
                blurred = smoothed(blurred, axis, side, sigma, "constant" if self.compat else "symmetric")
            out[chosen] = blurred
        return np.clip(out, *self.value_range)

    def get_config(self) -> dict[str, Any]:
        said = {"factor": self.factor, "kernel_size": self.kernel_size, "sigma": self.sigma}
        return {**super().get_config(), **said}


def smoothed(images: np.ndarray, axis: int, side: int, sigma: np.ndarray, border: str) -> np.ndarray:
    """Pictures smoothed along an axis by a Gaussian of `side` pixels, of a deviation for each picture."""
    reach = side // 2
    if not reach:
        return images
    offsets = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (offsets / np.maximum(sigma, 1e-6)[:, None]) ** 2)
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    pads = [(0, 0)] * 4
    pads[axis] = (reach, reach)
    wide = np.pad(images, pads, mode=border)  # type: ignore[call-overload]
    length = images.shape[axis]
    out = np.zeros_like(images)
    for t in range(side):
        window = [slice(None)] * 4
        window[axis] = slice(t, t + length)
        out += wide[tuple(window)] * weights[:, t, None, None, None]
    return out


@registered
class RandomSaturation(ArrayLayer):
    """Multiplies the saturation of the hexcone, which stays between 0 and 1. Pictures without colour stay.

    compat="keras3" reads one number f as −f to f, below 0 all grey, and cuts the saturation at the ends of `value_range`
    instead of at 1.

    Args:
        factor: 0 grey, 0.5 as it is, 1 as much colour as there can be: the saturation is multiplied by
            u / (1 − u), u drawn from the factor; one number f is 0 to f.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def __init__(
        self,
        factor: float | Range,
        value_range: Sequence[float] = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = factor
        self.range = spread(type(self).__name__, "factor", factor, 0.0, 1.0, signed=False)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        if images.shape[-1] < 3:
            return images
        low, high = self.range
        low = -high if self.compat and not isinstance(self.factor, Sequence) else low
        u = np.array([g.uniform(low, high) for g in self.generators(draws)])
        if self.compat:
            return keras3.saturated(images, u / (1 - u + 1e-7), self.value_range[1])
        factor = (u / (1 - u + 1e-7)).astype(np.float32)[:, None, None, None]
        return saturated(images, factor, self.value_range[0])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


def saturated(images: np.ndarray, factor: np.ndarray, low: float) -> np.ndarray:
    """Pictures with their saturation multiplied; channels from the fourth on stay.

    At one hue and value a channel is value · (1 − saturation · something of the hue), so that its distance from the
    greatest channel goes with the saturation.
    """
    colour = images[..., :3] - np.float32(low)
    value = colour.max(axis=-1, keepdims=True)
    span = value - colour.min(axis=-1, keepdims=True)
    # A saturation of 1 is where the least channel is black.
    most = np.divide(value, span, out=np.ones_like(value), where=span > 0)
    out = np.array(images)
    out[..., :3] = value - (value - colour) * np.minimum(factor, most) + np.float32(low)
    return out
