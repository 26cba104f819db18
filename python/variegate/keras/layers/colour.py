"""Keras's layers of colour and light that are one operation of the engine each. Masks, boxes and points stay.

`jitter` and `policy` take operations from here as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import combinators as several
from ... import ops
from ...distributions import one_of
from ...operation import Stage
from . import keras3
from .draws import Draws
from .engine import EngineLayer
from .factors import Range, chance, number, spread, values
from .registered import registered
from .values import Scale


class Toning(EngineLayer):
    """A layer that changes values within a range."""

    def __init__(self, *, value_range: Sequence[float] = (0, 255), **kwargs: Any) -> None:
        name = type(self).__name__
        super().__init__(**kwargs)
        self.value_range = values(name, value_range)

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "value_range": self.value_range}
        return config if self.generator is None else {**config, "seed": self.seed}


class ByFactor(Toning):
    """A layer of colour with one factor."""

    low, high, signed = 0.0, 1.0, False

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
        self.range = spread(type(self).__name__, "factor", factor, self.low, self.high, signed=self.signed)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


@registered
class RandomBrightness(ByFactor):
    """Adds a share of the range of values to all of them, cut at its ends.

    Args:
        factor: The share, −1 to 1; one number f is −f to f.
        value_range: Least and greatest value.
    """

    low, signed = -1.0, True

    def __init__(
        self, factor: float | Range, value_range: Sequence[float] = (0, 255), seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(factor, value_range, seed=seed, **kwargs)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [brightened(self.range)]


@registered
class RandomContrast(ByFactor):
    """Moves values away from their channel's mean, or towards it.

    A pair (lower, upper) is contrasts from 1 − lower to 1 + upper, and one number f from 1 − f to 1 + f;
    compat="keras3" never lowers the contrast for one number.

    Args:
        factor: How much less and more contrast, 0 to 1.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def __init__(
        self, factor: float | Range, value_range: Sequence[float] = (0, 255), seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(factor, value_range, seed=seed, **kwargs)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        less, more = self.range
        if not isinstance(self.factor, Sequence):
            less = 0.0 if self.compat else more
        return [ops.Contrast((1 - less, 1 + more), around="channel_mean")]


@registered
class RandomHue(ByFactor):
    """Turns all hues around the colour circle, to either side.

    Args:
        factor: How far, 0 to 1 of half a turn; one number f is 0 to f.
        value_range: Least and greatest value.
    """

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = (f / 2 for f in self.range)
        if low == 0:
            return [ops.Hue((-high, high))]
        return [several.OneOf([ops.Hue((low, high)), ops.Hue((-high, -low))])]


@registered
class RandomColorDegeneration(ByFactor):
    """Fades colours to their grey.

    compat="keras3" also strengthens colours for one number, by as much, and takes Keras's weights of grey, which sum to
    0.9999.

    Args:
        factor: How far, 0 not at all to 1 grey; one number f is 0 to f.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = self.range
        return [ops.Saturation((1 - high, 1 - low))]

    def as_keras(self, images: np.ndarray, draws: Draws) -> np.ndarray | None:
        low, high = self.range
        (share,) = self.uniform(draws, (low if isinstance(self.factor, Sequence) else -high, high))
        return np.clip(keras3.faded(images, share), *self.value_range)


@registered
class RandomSharpness(ByFactor):
    """Smooths below a half and sharpens above. The pixels of the rim stay; compat="keras3" mixes them with black.

    Args:
        factor: 0 smooth to 1 sharp, 0.5 as it is; one number f is 0 to f.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = self.range
        return [ops.Sharpness((2 * low, 2 * high))]

    def as_keras(self, images: np.ndarray, draws: Draws) -> np.ndarray | None:
        (strength,) = self.uniform(draws, self.range)
        return np.clip(keras3.sharpened(images, 2 * strength), *self.value_range)


@registered
class RandomGrayscale(EngineLayer):
    """Takes the colour of pictures; their channels stay. compat="keras3" takes Keras's weights, which sum to 0.9999.

    Args:
        factor: The chance of it, 0 to 1.
    """

    compats = ("keras3",)

    def __init__(
        self, factor: float = 0.5, data_format: str | None = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = number(type(self).__name__, "factor", factor, 0, 1)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.Grayscale(p=self.factor)]

    def as_keras(self, images: np.ndarray, draws: Draws) -> np.ndarray | None:
        (tried,) = self.uniform(draws, (0.0, 1.0))
        return np.where((tried < self.factor)[:, None, None, None], keras3.greyed(images), images)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor, "seed": self.seed}


@registered
class RandomInvert(Toning):
    """Makes the negative of pictures: least + greatest − value; with compat="keras3" greatest − value.

    Args:
        factor: A range of chances that it is done, 0 to 1; one number f is 0 to f.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def __init__(
        self,
        factor: float | Range = 1.0,
        value_range: Sequence[float] = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **kwargs)
        self.factor = factor
        self._p = chance(type(self).__name__, factor)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.Invert(p=self._p)]

    def as_keras(self, images: np.ndarray, draws: Draws) -> np.ndarray | None:
        tried, p = self.uniform(draws, (0.0, 1.0), spread(type(self).__name__, "factor", self.factor, 0, 1, signed=False))
        return np.where((tried < p)[:, None, None, None], np.float32(self.value_range[1]) - images, images)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


@registered
class RandomPosterization(ByFactor):
    """Keeps the upper bits of every value.

    compat="keras3" reads the number, and the end of a pair, as one more than what may be drawn.

    Args:
        factor: How many bits stay, 1 to 8; a pair is a range with both ends.
        value_range: Least and greatest value.
    """

    low, high = 1.0, 8.0
    compats = ("keras3",)

    def __init__(
        self,
        factor: float | Range,
        value_range: Sequence[float] = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(factor, value_range, data_format, seed, **kwargs)
        if any(bits % 1 for bits in self.range):
            raise ValueError(f"{type(self).__name__}: the `factor` argument counts bits. Received: factor={factor}")

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = (int(bits) for bits in self.range)
        if self.compat:
            high = max(high - 1, low)
        elif not isinstance(self.factor, Sequence):
            low = high
        return [ops.Posterize(one_of(list(range(low, high + 1))))]


@registered
class Solarization(Toning):
    """Adds to every value, then inverts those from a threshold on.

    compat="keras3" reads the lower end of a pair in levels of 255.

    Args:
        addition_factor: What is added, 0 to 1 of the range; one number f is 0 to f.
        threshold_factor: The threshold, alike.
        value_range: Least and greatest value.
    """

    compats = ("keras3",)

    def __init__(
        self,
        addition_factor: float | Range = 0.0,
        threshold_factor: float | Range = 0.0,
        value_range: Sequence[float] = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, **kwargs)
        name = type(self).__name__
        self.addition_factor, self.threshold_factor = addition_factor, threshold_factor
        self._addition = spread(name, "addition_factor", addition_factor, 0.0, 1.0, signed=False)
        self._threshold = spread(name, "threshold_factor", threshold_factor, 0.0, 1.0, signed=False)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        addition, threshold = self._addition, self._threshold
        if self.compat:
            addition, threshold = ((low / 255, high) for low, high in (addition, threshold))
        return [brightened(addition), ops.Solarize(threshold)]

    def get_config(self) -> dict[str, Any]:
        said = {"addition_factor": self.addition_factor, "threshold_factor": self.threshold_factor}
        return {**super().get_config(), **said}


def brightened(share: Range) -> Stage:
    """Adds a share of white to all values alike, cut at black and white."""
    # From a threshold of two whites on nothing stays as it is.
    return ops.SolarizeAdd(share, threshold=2.0)
