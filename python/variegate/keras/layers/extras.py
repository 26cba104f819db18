"""KerasCV's layers of single pictures that Keras 3 does not have: channels, grids, codecs, aspects, values.

Its crops are in `cropping`, its mixing in `mixing`, its cutout in `erasing`, what chooses among layers in `choice`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import ops
from ...operation import Stage
from .arrays import ArrayLayer
from .base import ImageLayer, Specs, with_channels
from .colour import Toning
from .draws import Batch, Draws
from .engine import EngineLayer
from .factors import FILTERS, Range, number, spread, whole, word
from .host import Spec
from .registered import registered
from .values import Scale, cast


@registered
class RandomChannelShift(ArrayLayer):
    """Adds to each channel a share of the range of values, of its own, cut at its ends.

    Args:
        value_range: Least and greatest value.
        factor: Twice the share, 0 to 1, to either side; one number f is 0 to f.
        channels: How many channels pictures have.
    """

    def __init__(
        self,
        value_range: Sequence[float],
        factor: float | Range,
        channels: int = 3,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, seed=seed, **kwargs)
        name = type(self).__name__
        self.factor = factor
        self.range = spread(name, "factor", factor, 0.0, 1.0, signed=False)
        self.channels = whole(name, "channels", channels)

    def outlined(self, specs: Specs) -> Specs:
        return with_channels(type(self).__name__, specs, self.channels)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        low, high = self.value_range
        count = self.channels
        shares = [g.uniform(*self.range, count) * g.choice((-0.5, 0.5), count) for g in self.generators(draws)]
        shift = (np.array(shares) * (high - low)).astype(np.float32)
        return np.clip(images + shift[:, None, None, :], low, high)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor, "channels": self.channels}


@registered
class ChannelShuffle(ImageLayer):
    """Puts groups of channels into a random order, one of each picture.

    Args:
        groups: How many groups; the channels must be a multiple.
    """

    def __init__(self, groups: int = 3, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.groups = whole(type(self).__name__, "groups", groups)

    def outlined(self, specs: Specs) -> Specs:
        channels = specs["images"].shape[-1]
        if channels is not None and channels % self.groups:
            raise ValueError(
                f"{type(self).__name__}: expected channels that make {self.groups} equal groups. "
                f"Received: {channels} channels"
            )
        return specs

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        out = np.empty_like(images)
        order = np.arange(images.shape[-1]).reshape(self.groups, -1)
        for k in range(len(images)):
            out[k] = images[k][..., draws.generator(k, type(self).__name__).permutation(order).ravel()]
        return {**batch, "images": out}

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "groups": self.groups, "seed": self.seed}


@registered
class RandomJpegQuality(EngineLayer):
    """Encodes pictures as JPEG and decodes them again, by a real codec.

    Args:
        factor: Quality, 0 to 100, where 0 is 1; one number f is 0 to f.
    """

    def __init__(self, factor: float | Range, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.factor = factor
        self.range = spread(type(self).__name__, "factor", factor, 0.0, 100.0, signed=False)
        # The codec sees 8 bits, so the range of floats matters.
        self.value_range = (0.0, 255.0)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        low, high = (max(1, int(quality)) for quality in self.range)
        return [ops.JpegQuality((low, high) if low < high else low)]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor, "seed": self.seed}


@registered
class GridMask(EngineLayer):
    """Paints squares over pictures that stand on a turned grid. Masks, boxes and points stay.

    Args:
        ratio_factor: Side of a square as a share of the period, 0 to 1; one number f is 0 to f.
        rotation_factor: Turn of the grid as a share of a full turn, to either side; one number f is −f to f.
        fill_mode: "constant" or "gaussian_noise".
        fill_value: The constant.
    """

    def __init__(
        self,
        ratio_factor: float | Range = (0, 0.5),
        rotation_factor: float | Range = 0.15,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        name = type(self).__name__
        self.ratio_factor, self.rotation_factor = ratio_factor, rotation_factor
        self._ratio = spread(name, "ratio_factor", ratio_factor, 0.0, 1.0, signed=False)
        self._turn = spread(name, "rotation_factor", rotation_factor, -1.0, 1.0)
        self.fill_mode = word(name, "fill_mode", fill_mode, ("constant", "gaussian_noise"))
        self.fill_value = number(name, "fill_value", fill_value)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        height, width = shape[:2]
        ends = sorted((0.5 * height, 0.3 * width))
        short = min(height, width)
        period = tuple(min(max(end / short, 0.01), 2.0) for end in (ends[0], ends[1] + 1))
        degrees = tuple(turn * 360 for turn in self._turn)
        # White where the picture shows: what is painted is decided after that.
        return [ops.GridMask(period, fraction=self._ratio, degrees=degrees, fill=0.0)]

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        white = np.full((*images.shape[:3], 1), 255, np.uint8)
        pipeline = self.pipeline(Scale(0.0, 255.0, white.dtype), white.shape[1:])
        shows = pipeline.batch(white, epoch=draws.seed, samples=draws.samples, threads=None)
        out = np.array(images)
        for k in range(len(images)):
            hidden = shows[k, ..., 0] == 0
            fill: Any = self.fill_value
            if self.fill_mode == "gaussian_noise":
                fill = draws.generator(k, type(self).__name__).standard_normal((hidden.sum(), images.shape[-1]))
            out[k][hidden] = cast(np.asarray(fill, np.float32), images.dtype)
        return {**batch, "images": out}

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "ratio_factor": self.ratio_factor,
            "rotation_factor": self.rotation_factor,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
            "seed": self.seed,
        }


@registered
class RandomAspectRatio(EngineLayer):
    """Stretches pictures to another ratio of width to height about their centre, on the same canvas.

    KerasCV's result has another size for each picture, which no batch can hold.

    Args:
        factor: How much wider for its height everything becomes; a pair is drawn by ratio.
        interpolation: As of `Resizing`.
    """

    moves = True

    def __init__(
        self, factor: float | Range, interpolation: str = "bilinear", seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed=seed, **kwargs)
        name = type(self).__name__
        self.factor = factor
        self.range = spread(name, "factor", factor if isinstance(factor, Sequence) else (factor, factor), 0.01, 100.0)
        self.interpolation = word(name, "interpolation", interpolation, FILTERS)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.AspectJitter(self.range, filter=FILTERS[self.interpolation])]

    def get_config(self) -> dict[str, Any]:
        said = {"factor": self.factor, "interpolation": self.interpolation, "seed": self.seed}
        return {**super().get_config(), **said}


@registered
class Grayscale(EngineLayer):
    """Takes the colour of pictures, also in inference.

    Args:
        output_channels: 1, or 3 equal ones.
    """

    always = True

    def __init__(self, output_channels: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if output_channels not in (1, 3):
            raise ValueError(
                f"{type(self).__name__}: the `output_channels` argument should be 1 or 3. "
                f"Received: output_channels={output_channels!r}"
            )
        self.output_channels = output_channels

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.Grayscale()]

    def outlined(self, specs: Specs) -> Specs:
        shape, dtype = with_channels(type(self).__name__, specs, 3)["images"]
        return {**specs, "images": Spec((*shape[:3], self.output_channels), dtype)}

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        out = super().augment(batch, draws)
        return {**out, "images": out["images"][..., : self.output_channels]}

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "output_channels": self.output_channels}


@registered
class Posterization(Toning):
    """Keeps the upper bits of every value, also in inference.

    Args:
        value_range: Least and greatest value.
        bits: How many bits stay, 1 to 8.
    """

    always = True

    def __init__(self, value_range: Sequence[float], bits: int, **kwargs: Any) -> None:
        super().__init__(value_range=value_range, **kwargs)
        if whole(type(self).__name__, "bits", bits) > 8:
            raise ValueError(f"{type(self).__name__}: the `bits` argument should be from 1 to 8. Received: bits={bits}")
        self.bits = bits

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.Posterize(self.bits)]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "bits": self.bits}
