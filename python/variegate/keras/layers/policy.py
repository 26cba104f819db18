"""Keras's policies: RandAugment and AugMix. Each picture draws operations of its own, and only those are done."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ... import combinators as several
from ... import ops
from ...distributions import one_of
from ...operation import Stage
from .base import ImageLayer
from .colour import (
    RandomBrightness,
    RandomColorDegeneration,
    RandomContrast,
    RandomPosterization,
    RandomSharpness,
    Solarization,
    Toning,
    brightened,
)
from .draws import Batch, Draws
from .factors import FILTERS, Range, number, spread, whole, word
from .geometry import RandomRotation, RandomShear, RandomTranslation
from .histograms import AutoContrast, Equalization
from .registered import registered
from .values import Scale


@registered
class RandAugment(Toning):
    """Applies `num_ops` of eleven operations, drawn for each picture with replacement, in the order of this list.

    Shear, translation, rotation, brightness, fading, contrast, sharpness, posterization, solarization, auto-contrast
    and equalization. Shear, translation, rotation, brightness and contrast go to either side, and posterization takes
    more bits away the higher the factor; compat="keras3" turns, shifts and brightens to one side, and leaves 8 · factor
    bits.

    Args:
        value_range: Least and greatest value.
        num_ops: How many operations.
        factor: How strong they are, 0 to 1; one number f is 0 to f.
        interpolation: "nearest" or "bilinear".
    """

    moves = True
    compats = ("keras3",)

    def __init__(
        self,
        value_range: Sequence[float] = (0, 255),
        num_ops: int = 2,
        factor: float | Range = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **kwargs)
        name = type(self).__name__
        self.num_ops = whole(name, "num_ops", num_ops, 0)
        self.factor = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        self.interpolation = word(name, "interpolation", interpolation, ("nearest", "bilinear"))

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = self.factor
        look = {"filter": FILTERS[self.interpolation], "border": "reflect"}
        one_sided = self.compat is not None

        def either(make: Callable[[Range], Stage]) -> Stage:
            if one_sided:
                return make((low, high))
            return make((-high, high)) if low == 0 else several.OneOf([make((low, high)), make((-high, -low))])

        def sheared(range: Range) -> Stage:
            degrees = tuple(math.degrees(math.atan(f)) for f in range)
            return ops.Shear(degrees, y=degrees, **look)

        less = tuple(max(1, int(8 * f)) for f in (low, high)) if one_sided else (8 - int(7 * high), 8 - int(7 * low))
        eleven = [
            either(sheared) if not one_sided else several.OneOf([sheared((low, high)), sheared((-high, -low))]),
            either(lambda range: ops.Translate(range, y=range, **look)),
            either(lambda range: ops.Rotate((range[0] * 360, range[1] * 360), **look)),
            either(brightened),
            ops.Saturation((1 - high, 1 - low)),
            either(lambda range: ops.Contrast((1 + range[0], 1 + range[1]), around="channel_mean")),
            ops.Sharpness((2 * low, 2 * high)),
            ops.Posterize(one_of(list(range(less[0], less[1] + 1)))),
            several.Sequential([brightened((low, high)), ops.Solarize((low, high))]),
            ops.AutoContrast(),
            ops.Equalize("opencv"),
        ]
        return [several.SomeOf(eleven, self.num_ops, replace=True)] if self.num_ops else []

    def get_config(self) -> dict[str, Any]:
        said = {"num_ops": self.num_ops, "factor": self.factor, "interpolation": self.interpolation}
        return {**super().get_config(), **said}


@registered
class AugMix(Toning):
    """Mixes pictures with several chains of random operations on them. Masks, boxes and points stay, as in the paper.

    compat="keras3" takes Keras's operations, with its strengths, draws which once for the batch, and knows no limits of
    chains; masks stay there too.

    Args:
        value_range: Least and greatest value.
        num_chains: How many chains, 1 to 8.
        chain_depth: How many operations a chain has, 1 to 4.
        factor: How strong they are, 0 to 1; one number f is 0 to f.
        alpha: Shape of the distributions of shares, 0.01 to 100.
        all_ops: Whether colour, contrast, brightness and sharpness are among the operations.
        interpolation: "bilinear".
    """

    compats = ("keras3",)

    def __init__(
        self,
        value_range: Sequence[float] = (0, 255),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: float | Range = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, data_format=data_format, **kwargs)
        name = type(self).__name__
        self.num_chains = whole(name, "num_chains", num_chains)
        self.chain_depth = whole(name, "chain_depth", chain_depth)
        for said, value, most in (("num_chains", num_chains, 8), ("chain_depth", chain_depth, 4)):
            if value > most and not self.compat:
                raise ValueError(f"{name}: the `{said}` argument should be at most {most}. Received: {said}={value}")
        self.factor = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        self.alpha, self.all_ops = number(name, "alpha", alpha, 0.01, 100), bool(all_ops)
        known = ("nearest", "bilinear") if self.compat else ("bilinear",)
        self.interpolation = word(name, "interpolation", interpolation, known)

    def as_keras(self, images: np.ndarray, draws: Draws) -> np.ndarray | None:
        g = draws.generator(0, type(self).__name__)
        shares, kept = g.dirichlet([self.alpha] * self.num_chains), np.float32(g.beta(self.alpha, self.alpha))
        steps = self._steps()
        mixed = np.zeros_like(images)
        for chain, share in enumerate(shares):
            part: Batch = {"images": images}
            for place in range(self.chain_depth):
                # One more than there are: nothing is among what is drawn.
                k = int(g.integers(len(steps) + 1))
                if k < len(steps):
                    part = steps[k].augment(part, draws.within(f"{chain}/{place}"))
            mixed += np.float32(share) * part["images"]
        return np.clip(kept * images + (1 - kept) * mixed, *self.value_range)

    def _steps(self) -> list[ImageLayer]:
        if not self._kept.layers:
            moves: dict[str, Any] = {"interpolation": self.interpolation}
            values: dict[str, Any] = {"value_range": self.value_range}
            low, high = self.factor
            steps: list[ImageLayer] = [
                RandomShear(self.factor, self.factor, compat="keras3", **moves),
                RandomTranslation(self.factor, self.factor, **moves),
                RandomRotation(self.factor, **moves),
                Solarization(self.factor, self.factor, compat="keras3", **values),
                RandomPosterization(max(1, int(8 * high)), compat="keras3", **values),
                AutoContrast(**values),
                Equalization(compat="keras3", **values),
            ]
            if self.all_ops:
                steps += [
                    RandomBrightness(self.factor, **values),
                    RandomColorDegeneration(self.factor, compat="keras3", **values),
                    RandomContrast((low, high), **values),
                    RandomSharpness(self.factor, compat="keras3", **values),
                ]
            self._kept.layers = steps
        return self._kept.layers

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = (max(10 * f, 0.1) for f in self.factor)
        return [
            ops.AugMix(
                (low, high), width=self.num_chains, depth=self.chain_depth, alpha=self.alpha, all_ops=self.all_ops
            )
        ]

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "num_chains": self.num_chains,
            "chain_depth": self.chain_depth,
            "factor": self.factor,
            "alpha": self.alpha,
            "all_ops": self.all_ops,
            "interpolation": self.interpolation,
        }
