"""Keras's erased rectangle, and the cutout of KerasCV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .arrays import ArrayLayer
from .base import Specs, with_channels
from .draws import Draws
from .factors import Range, number, spread, word
from .registered import registered


@registered
class RandomErasing(ArrayLayer):
    """Paints a rectangle over a random part.

    Each side is √u of the picture's, u drawn from `scale` for each axis.

    Args:
        factor: A range of chances that it is done, 0 to 1; one number f is 0 to f.
        scale: Range of u, 0 to 1; one number s is 0 to s.
        fill_value: A value, one for each channel, or None for noise.
        value_range: Least and greatest value.
    """

    def __init__(
        self,
        factor: float | Range = 1.0,
        scale: float | Range = (0.02, 0.33),
        fill_value: float | Sequence[float] | None = None,
        value_range: Sequence[float] = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **kwargs)
        name = type(self).__name__
        self.factor = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        self.scale = spread(name, "scale", scale, 0.0, 1.0, signed=False)
        if isinstance(fill_value, str) or not isinstance(fill_value, (int, float, Sequence, type(None))):
            raise ValueError(
                f"{name}: the `fill_value` argument should be a number, one for each channel, or None. "
                f"Received: fill_value={fill_value!r}"
            )
        self.fill_value = fill_value

    def outlined(self, specs: Specs) -> Specs:
        if isinstance(self.fill_value, Sequence):
            with_channels(type(self).__name__, specs, len(self.fill_value))
        return specs

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        out = np.array(images)
        for picture, g in zip(out, self.generators(draws), strict=True):
            tried, chance = g.uniform(), g.uniform(*self.factor)
            window = tuple(
                _window(side, math.sqrt(g.uniform(*self.scale)) * side, g.uniform()) for side in picture.shape[:2]
            )
            if tried < chance:
                picture[window] = self._fill(picture[window].shape, g)
        return out

    def _fill(self, shape: tuple[int, ...], g: np.random.Generator) -> np.ndarray:
        if self.fill_value is None:
            fill = g.standard_normal(shape) * self.value_range[1]
        else:
            fill = np.broadcast_to(np.asarray(self.fill_value, np.float32), shape)
        return np.clip(fill, *self.value_range)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor, "scale": self.scale, "fill_value": self.fill_value}


@registered
class RandomCutout(ArrayLayer):
    """Paints a rectangle about a random pixel, as far as it lies inside.

    Args:
        height_factor: Share of the height, 0 to 1; one number f is 0 to f.
        width_factor: Share of the width, alike.
        fill_mode: "constant" or "gaussian_noise".
        fill_value: The constant.
    """

    def __init__(
        self,
        height_factor: float | Range,
        width_factor: float | Range,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        name = type(self).__name__
        self.height_factor, self.width_factor = height_factor, width_factor
        self._down = spread(name, "height_factor", height_factor, 0.0, 1.0, signed=False)
        self._along = spread(name, "width_factor", width_factor, 0.0, 1.0, signed=False)
        self.fill_mode = word(name, "fill_mode", fill_mode, ("constant", "gaussian_noise"))
        self.fill_value = number(name, "fill_value", fill_value)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        out = np.array(images)
        for picture, g in zip(out, self.generators(draws), strict=True):
            window = []
            for side, share in zip(picture.shape[:2], (self._down, self._along), strict=True):
                length = int(g.uniform(*share) * side)
                start = int(g.integers(side)) - length // 2
                window.append(slice(max(start, 0), max(start + length, 0)))
            part = picture[tuple(window)]
            part[...] = g.standard_normal(part.shape) if self.fill_mode == "gaussian_noise" else self.fill_value
        return out

    def get_config(self) -> dict[str, Any]:
        said = {"height_factor": self.height_factor, "width_factor": self.width_factor}
        return {**super().get_config(), **said, "fill_mode": self.fill_mode, "fill_value": self.fill_value}


def _window(side: int, length: float, place: float) -> slice:
    """The pixels whose index lies from a start on and before its end, at a place in the free length."""
    start = place * (side - length)
    return slice(math.ceil(start), math.ceil(start + length))
