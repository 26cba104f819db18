"""Keras's layers that read a picture's histogram before they change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import ops
from ...pipeline import Pipeline
from .arrays import ArrayLayer
from .draws import Batch, Draws
from .factors import number, whole
from .registered import registered


@registered
class AutoContrast(ArrayLayer):
    """Stretches each channel of each picture over the range of values; a channel of one value stays. Also in inference.

    Args:
        value_range: Least and greatest value.
    """

    always = True

    def __init__(self, value_range: Sequence[float] = (0, 255), **kwargs: Any) -> None:
        super().__init__(value_range=value_range, **kwargs)
        self._engine = Pipeline([ops.AutoContrast()])

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        if images.dtype == np.uint8 and self.value_range == (0.0, 255.0):
            return {**batch, "images": self._engine.batch(images, samples=range(len(images)), threads=None)}
        return super().augment(batch, draws)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        low, high = self.value_range
        least = images.min(axis=(1, 2), keepdims=True)
        span = images.max(axis=(1, 2), keepdims=True) - least
        stretched = np.divide(images - least, span, out=np.zeros_like(images), where=span > 0)
        return np.where(span > 0, np.clip(stretched * (high - low) + low, low, high), images).astype(np.float32)


@registered
class Equalization(ArrayLayer):
    """Flattens the histogram of each channel of each picture, also in inference.

    compat="keras3" takes one histogram for the whole batch, and does nothing in inference.

    Args:
        value_range: Least and greatest value.
        bins: How many values are told apart, 2 to 256.
    """

    compats = ("keras3",)

    def __init__(
        self,
        value_range: Sequence[float] = (0, 255),
        bins: int = 256,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        self.always = kwargs.get("compat") is None
        super().__init__(value_range=value_range, data_format=data_format, **kwargs)
        name = type(self).__name__
        if whole(name, "bins", bins, 2) > 256:
            raise ValueError(f"{name}: the `bins` argument should be an integer from 2 to 256. Received: bins={bins}")
        self.bins = bins
        self._engine = Pipeline([ops.Equalize("opencv")])

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        low, high = self.value_range
        # The engine's table of the bins is that of the values, since what no pixel has weighs nothing.
        bins = np.clip((images - low) * ((self.bins - 1) / (high - low)), 0, self.bins - 1).astype(np.uint8)
        shape = bins.shape
        if self.compat:
            bins = bins.reshape(1, -1, *shape[2:])
        level = self._engine.batch(bins, samples=range(len(bins)), threads=None)
        flat = bins.min(axis=(1, 2), keepdims=True) == bins.max(axis=(1, 2), keepdims=True)
        level = level.reshape(shape).astype(np.float32) * np.float32((high - low) / 255) + np.float32(low)
        return np.where(flat, images, level)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "bins": self.bins}


@registered
class ContrastLimitedAdaptiveHistogramEqualization(ArrayLayer):
    """Flattens the histogram of each tile of each channel, so far as contrast may grow. Also in inference.

    Tiles are as large as the whole picture, padded as in a mirror, gives; between their centres their tables are
    interpolated.

    Args:
        value_range: Least and greatest value.
        clip_limit: How many times its mean height a histogram may be high; 0 is no limit.
        tile_grid_size: Tiles down and across.
    """

    always = True

    def __init__(
        self,
        value_range: Sequence[float] = (0, 255),
        clip_limit: float = 4.0,
        tile_grid_size: Sequence[int] = (8, 8),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(value_range=value_range, data_format=data_format, **kwargs)
        name = type(self).__name__
        if not isinstance(tile_grid_size, Sequence) or len(tile_grid_size) != 2:
            raise ValueError(
                f"{name}: the `tile_grid_size` argument should be two integers. "
                f"Received: tile_grid_size={tile_grid_size}"
            )
        self.clip_limit = number(name, "clip_limit", clip_limit, 0)
        self.tile_grid_size = tuple(whole(name, "tile_grid_size", tiles) for tiles in tile_grid_size)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        low, high = self.value_range
        levels = np.clip((images - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
        out = np.empty_like(images)
        for picture, target in zip(levels, out, strict=True):
            for c in range(images.shape[-1]):
                target[..., c] = locally_equalised(picture[..., c], self.tile_grid_size, self.clip_limit)
        return out * np.float32((high - low) / 255) + np.float32(low)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "clip_limit": self.clip_limit, "tile_grid_size": self.tile_grid_size}


def locally_equalised(levels: np.ndarray, tiles: tuple[int, ...], clip_limit: float) -> np.ndarray:
    """One channel of (height, width), uint8, equalised tile by tile; float32 of 0 to 255."""
    height, width = levels.shape
    down, across = tiles
    sides = -(-height // down), -(-width // across)
    padded = np.pad(levels, ((0, sides[0] * down - height), (0, sides[1] * across - width)), mode="symmetric")
    area = sides[0] * sides[1]
    tile_of = np.arange(padded.shape[0])[:, None] // sides[0] * across + np.arange(padded.shape[1]) // sides[1]
    counted = np.bincount((tile_of * 256 + padded).ravel(), minlength=down * across * 256)
    histogram = counted.reshape(down, across, 256).astype(np.float32)
    if clip_limit > 0:
        cut = np.minimum(histogram, np.float32(clip_limit * area / 256))
        histogram = cut + (histogram - cut).sum(axis=-1, keepdims=True) / 256
    below = histogram.cumsum(axis=-1)
    first = below[..., :1]
    rest = area - first
    tables = np.clip((below - first) * 255 / np.where(rest == 0, 1, rest), 0, 255).astype(np.float32)

    (north, south, fy), (west, east, fx) = (
        _between(side, count, length)
        for side, count, length in zip(sides, tiles, (height, width), strict=True)
    )
    at = lambda y, x: tables[y[:, None], x[None, :], levels]  # noqa: E731
    upper = at(north, west) * (1 - fx) + at(north, east) * fx
    lower = at(south, west) * (1 - fx) + at(south, east) * fx
    return upper * (1 - fy[:, None]) + lower * fy[:, None]


def _between(side: int, count: int, length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pixel along an axis, the tiles before and after it and how far it is on the way."""
    place = (np.arange(length, dtype=np.float32) - side / 2) / side
    before = np.floor(place)
    ends = 0, count - 1
    return (
        np.clip(before, *ends).astype(int),
        np.clip(before + 1, *ends).astype(int),
        (place - before).astype(np.float32),
    )
