"""Keras's layers that move the picture: flip, turn, shift, zoom, slant.

`distortion` has the others. Each is one resampling of the engine; masks, boxes and points move under the same draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import combinators as several
from ... import ops
from ...operation import Stage
from .draws import Batch, Draws
from .engine import EngineLayer
from .factors import BORDERS, FILTERS, Range, number, spread, word
from .mapped import about_the_centre, about_the_corner, moved
from .registered import registered
from .values import Scale, scale

# The engine averages what upright shrinking skips, which Keras does not; a turn of a millionth of a degree, 0.000002
# pixels at the edges of 224, makes it read as in every other map, up to a shrinking of one and a half.
ASKEW = 1e-6
# Keras zooms out without end at a factor of −1; the engine ends here.
MOST = 100.0


class Moving(EngineLayer):
    """A layer that resamples, with what says how: `fill_mode`, `interpolation` and `fill_value`."""

    moves = True

    def __init__(self, *, fill_mode: str, interpolation: str, fill_value: float, **kwargs: Any) -> None:
        name = type(self).__name__
        self.fill_mode = word(name, "fill_mode", fill_mode, BORDERS)
        self.interpolation = word(name, "interpolation", interpolation, ("nearest", "bilinear"))
        super().__init__(**kwargs)
        self.fill_value = number(name, "fill_value", fill_value)

    def look(self, how: Scale) -> dict[str, Any]:
        """How the engine reads between pixels and beyond the edge."""
        return {
            "filter": FILTERS[self.interpolation],
            "border": BORDERS[self.fill_mode],
            "fill": how.share(float(self.fill_value)),
        }

    def maps(self, shape: tuple[int, ...], draws: Draws) -> np.ndarray | None:
        """Matrices for pictures of (height, width, channels), (n, 3, 3), where Keras's are taken and not the engine's."""
        return None

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        maps = self.maps(images.shape[1:], draws) if self.compat else None
        if maps is None:
            return super().augment(batch, draws)
        how = scale(images.dtype, self.value_range, self.fill_value)
        look = {"fill_mode": self.fill_mode, "interpolation": self.interpolation}
        return moved(batch, maps, how, fill_value=self.fill_value, **look)

    def get_config(self) -> dict[str, Any]:
        said = {"fill_mode": self.fill_mode, "interpolation": self.interpolation, "fill_value": self.fill_value}
        return {**super().get_config(), **said, "seed": self.seed}


@registered
class RandomFlip(EngineLayer):
    """Mirrors pictures, each axis with a chance of one half.

    `horizontal_and_vertical` draws for each axis by itself; compat="keras3" draws once for both, so that a picture is
    turned by 180° or left alone.

    Args:
        mode: "horizontal", "vertical" or "horizontal_and_vertical".
    """

    moves = True
    compats = ("keras3",)
    modes = ("horizontal", "vertical", "horizontal_and_vertical")

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.mode = word(type(self).__name__, "mode", mode, self.modes)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        if self.mode != "horizontal_and_vertical":
            return [ops.Flip(self.mode, p=0.5)]
        if self.compat:
            return [ops.Flip("both", p=0.5)]
        return [ops.Flip("horizontal", p=0.5), ops.Flip("vertical", p=0.5)]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed, "mode": self.mode}


@registered
class RandomRotation(Moving):
    """Turns pictures about their centre.

    Args:
        factor: Share of a full turn, −1 to 1, counter-clockwise; one number f is −f to f.
        fill_mode: What lies beyond the edge: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        fill_value: The constant.
    """

    def __init__(
        self,
        factor: float | Range,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, interpolation=interpolation, fill_value=fill_value, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        self.factor = spread(type(self).__name__, "factor", factor, -1.0, 1.0)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = self.factor
        return [ops.Rotate((low * 360, high * 360), **self.look(how))]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


@registered
class RandomTranslation(Moving):
    """Shifts pictures down and to the right.

    Args:
        height_factor: Share of the height, −1 to 1; one number f is −f to f.
        width_factor: Share of the width, alike.
        fill_mode: What lies beyond the edge: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        fill_value: The constant.
    """

    def __init__(
        self,
        height_factor: float | Range,
        width_factor: float | Range,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, interpolation=interpolation, fill_value=fill_value, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        name = type(self).__name__
        self.height_factor, self.width_factor = height_factor, width_factor
        self._down = spread(name, "height_factor", height_factor, -1.0, 1.0)
        self._along = spread(name, "width_factor", width_factor, -1.0, 1.0)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.Translate(self._along, y=self._down, **self.look(how))]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor}


@registered
class RandomZoom(Moving):
    """Zooms pictures about their centre; a positive factor zooms out.

    Within its range a zoom is drawn by ratio, so that in and out are as far, and shrinking by more than a half again is
    antialiased; compat="keras3" draws the factor evenly, and skips pixels.

    Args:
        height_factor: By how much more of the height is seen, −1 to 1; one number f is −f to f.
        width_factor: Alike for the width; None keeps the aspect.
        fill_mode: What lies beyond the edge: "constant", "nearest", "reflect" or "wrap".
        interpolation: "nearest" or "bilinear".
        fill_value: The constant.
    """

    compats = ("keras3",)

    def __init__(
        self,
        height_factor: float | Range,
        width_factor: float | Range | None = None,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, interpolation=interpolation, fill_value=fill_value, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        name = type(self).__name__
        self.height_factor, self.width_factor = height_factor, width_factor
        self._down = spread(name, "height_factor", height_factor, -1.0, 1.0)
        self._along = None if width_factor is None else spread(name, "width_factor", width_factor, -1.0, 1.0)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        if self.compat:
            return []
        look = self.look(how)
        down = _magnified(self._down)
        if self._along is None:
            return [ops.Rotate(ASKEW, **look), ops.Zoom(down, **look)]
        return [ops.Rotate(ASKEW, **look), ops.Zoom(_magnified(self._along), factor_y=down, **look)]

    def maps(self, shape: tuple[int, ...], draws: Draws) -> np.ndarray | None:
        down, along = np.maximum(1 + self.uniform(draws, self._down, self._along or self._down), 1 / MOST)
        return about_the_centre(down if self._along is None else along, down, shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor}


@registered
class RandomShear(Moving):
    """Slants pictures about their centre, along both axes, each to a side of its own.

    compat="keras3" slants both axes to the same side, about the corner.

    Args:
        x_factor: Shift along x for each pixel down, 0 to 1; one number f is −f to f, a pair is drawn and then given a
            sign.
        y_factor: Shift along y for each pixel to the right, alike.
        interpolation: "nearest" or "bilinear".
        fill_mode: What lies beyond the edge: "constant", "nearest", "reflect" or "wrap".
        fill_value: The constant.
    """

    compats = ("keras3",)

    def __init__(
        self,
        x_factor: float | Range = 0.0,
        y_factor: float | Range = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, interpolation=interpolation, fill_value=fill_value, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        name = type(self).__name__
        self.x_factor, self.y_factor = x_factor, y_factor
        self._x = spread(name, "x_factor", x_factor, 0.0, 1.0, signed=False)
        self._y = spread(name, "y_factor", y_factor, 0.0, 1.0, signed=False)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        if self.compat:
            return []
        look = self.look(how)
        # A positive factor samples further right below, which moves the bottom to the left and the top to the right.
        x, y = _slanted(self._x), _slanted(self._y)

        def sheared(sign_x: int, sign_y: int) -> Stage:
            return ops.Shear(_times(x, sign_x), y=_times(y, sign_y), **look)

        return [several.OneOf([sheared(*pair) for pair in ((1, 1), (-1, -1), (1, -1), (-1, 1))])]

    def maps(self, shape: tuple[int, ...], draws: Draws) -> np.ndarray | None:
        def drawn(factor: Any, pair: Range) -> Range:
            return pair if isinstance(factor, Sequence) else (-pair[1], pair[1])

        x, y, sign = self.uniform(draws, drawn(self.x_factor, self._x), drawn(self.y_factor, self._y), (-1.0, 1.0))
        return about_the_corner(np.where(sign < 0, -x, x), np.where(sign < 0, -y, y))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "x_factor": self.x_factor, "y_factor": self.y_factor}


def _magnified(factor: Range) -> Range:
    """The engine's magnification for Keras's share of more that is seen."""
    return tuple(sorted(min(MOST, 1 / (1 + max(u, 1 / MOST - 1))) for u in factor))  # type: ignore[return-value]


def _slanted(factor: Range) -> Range:
    return tuple(math.degrees(math.atan(f)) for f in factor)  # type: ignore[return-value]


def _times(pair: Range, sign: int) -> Range:
    return tuple(sorted((pair[0] * sign, pair[1] * sign)))  # type: ignore[return-value]
