"""Keras's layers that bend the picture: perspective and elastic. Masks, boxes and points move under the same draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import ops
from ...operation import Stage
from .draws import Draws
from .factors import Range, chance, number, spread, values
from .geometry import Moving
from .mapped import between_corners
from .registered import registered
from .values import Scale


@registered
class RandomPerspective(Moving):
    """Sees pictures from aside: each corner moves inwards by itself.

    Keras moves corners in proportion to their coordinates, inwards and outwards, so that the top left one never moves;
    here all four do. compat="keras3" does as Keras.

    Args:
        factor: A range of chances that it is done, 0 to 1; one number f is 0 to f.
        scale: How far corners move: by up to scale / 2 of each side, 0 to 1.
        interpolation: "nearest" or "bilinear".
        fill_value: What lies beyond the edge.
    """

    compats = ("keras3",)

    def __init__(
        self,
        factor: float | Range = 1.0,
        scale: float = 1.0,
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode="constant", interpolation=interpolation, fill_value=fill_value, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        name = type(self).__name__
        self._p = chance(name, factor)
        self.factor = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        self.scale = scale
        number(name, "scale", scale, 0, 1)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [] if self.compat else [ops.Perspective(self.scale, **self.look(how), p=self._p)]

    def maps(self, shape: tuple[int, ...], draws: Draws) -> np.ndarray | None:
        half = self.scale / 2
        chance, tried, *shifts = self.uniform(draws, self.factor, (0.0, 1.0), *[(-half, half)] * 8)
        maps = between_corners(np.stack(shifts, axis=-1).reshape(-1, 4, 2), shape)
        return np.where((tried < chance)[:, None, None], maps, np.eye(3))

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "factor": self.factor, "scale": self.scale}
        del config["fill_mode"]
        return config


@registered
class RandomElasticTransform(Moving):
    """Displaces pictures by smooth random shifts, masks by the same ones.

    Uniform noise of a strength of 0.1 · u of the longer side is smoothed by a Gaussian of 0.05 · u of the shorter one,
    each by a u of its own for each picture; boxes move as well. The two work against each other: with a larger u shifts
    get broader, and stay about as strong, a third of a pixel times the longer over the shorter side.

    Args:
        factor: A range of chances that it is done, 0 to 1; one number f is 0 to f.
        scale: u, 0 to 1; one number s is 0 to s. How broad the shifts are.
        interpolation: "nearest" or "bilinear".
        fill_mode: What lies beyond the edge: "constant", "nearest", "reflect" or "wrap".
        fill_value: The constant.
        value_range: Least and greatest value of pictures.
    """

    def __init__(
        self,
        factor: float | Range = 1.0,
        scale: float | Range = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Sequence[float] = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            fill_mode=fill_mode, interpolation=interpolation, fill_value=fill_value, seed=seed,
            data_format=data_format, **kwargs,
        )  # fmt: skip
        name = type(self).__name__
        self._p = chance(name, factor)
        self.factor = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        self.scale = spread(name, "scale", scale, 0.0, 1.0, signed=False)
        self.value_range = values(name, value_range)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        short, long = sorted(shape[:2])
        low, high = self.scale
        # Noise of strength α under a Gaussian of σ pixels has a deviation of α / (2 √(3 π) σ); Keras draws u once for
        # both.
        deviation = 0.1 * long / (2 * math.sqrt(3 * math.pi) * 0.05 * short) / short
        sigma = (min(max(0.05 * low, 0.01), 1.0), min(max(0.05 * high, 0.01), 1.0))
        return [ops.Elastic(min(deviation, 1.0), sigma=sigma, **self.look(how), p=self._p)] if high else []

    def get_config(self) -> dict[str, Any]:
        said = {"factor": self.factor, "scale": self.scale, "value_range": self.value_range}
        return {**super().get_config(), **said}
