"""Keras's layer that gives every picture as many boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .base import ImageLayer, Specs
from .draws import Batch, Draws
from .factors import number, whole
from .host import Spec
from .registered import registered


@registered
class MaxNumBoundingBoxes(ImageLayer):
    """Cuts or fills boxes and their labels up to a number, also in inference. Pictures may be left out.

    Args:
        max_number: How many boxes come out.
        fill_value: What rows that are no box hold, boxes and labels alike.
    """

    moves = True
    always = True
    needs_images = False

    def __init__(self, max_number: int, fill_value: float = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_number = whole(type(self).__name__, "max_number", max_number)
        self.fill_value = number(type(self).__name__, "fill_value", fill_value)

    def outlined(self, specs: Specs) -> Specs:
        out = dict(specs)
        for name in ("boxes", "box_labels"):
            if name in specs:
                shape, dtype = specs[name]
                out[name] = Spec((shape[0], self.max_number, *shape[2:]), dtype)
        return out

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        out = dict(batch)
        for name in ("boxes", "box_labels"):
            if name in batch:
                rows = batch[name][:, : self.max_number]
                out[name] = np.full((len(rows), self.max_number, *rows.shape[2:]), self.fill_value, rows.dtype)
                out[name][:, : rows.shape[1]] = rows
        return out

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "max_number": self.max_number, "fill_value": self.fill_value}
