"""Layers whose arithmetic the engine does not have, on float32 arrays.

`filtering`, `histograms` and `erasing` build on it. Draws come from the same addresses as the engine's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .base import ImageLayer
from .draws import Batch, Draws
from .factors import values
from .values import cast


class ArrayLayer(ImageLayer):
    """A layer that changes values within a range, in NumPy."""

    def __init__(self, *, value_range: Sequence[float] = (0, 255), **kwargs: Any) -> None:
        name = type(self).__name__
        super().__init__(**kwargs)
        self.value_range = values(name, value_range)

    def change(self, images: np.ndarray, draws: Draws) -> np.ndarray:
        """New pictures, float32 of (n, height, width, channels), of pictures that are not to be written to."""
        raise NotImplementedError

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        made = self.change(images.astype(np.float32, copy=False), draws)
        return {**batch, "images": cast(made, images.dtype)}

    def generators(self, draws: Draws) -> list[np.random.Generator]:
        """One generator for each picture."""
        return [draws.generator(k, type(self).__name__) for k in range(len(draws.samples))]

    def get_config(self) -> dict[str, Any]:
        config = {**super().get_config(), "value_range": self.value_range}
        return config if self.generator is None else {**config, "seed": self.seed}
