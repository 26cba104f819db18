"""A pipeline as a transformation of Grain.

Grain's own generator says which draws an element gets: it is keyed by the seed of the data set and the element's
position, so that the number of workers changes nothing. What is here never draws by itself.
"""

from __future__ import annotations

from typing import Any

import grain
import numpy as np

from .parts import Names, Parts, give, take
from .pipeline import Pipeline


class Map(grain.transforms.RandomMap):
    """Augments the elements of a Grain data set.

        data = grain.MapDataset.source(photos).seed(7).shuffle().random_map(variegate.grain.Map(augment))

    An element is a picture, a tuple (picture, label), or a dict; pictures are arrays of (height, width) or (height,
    width, channels) or PIL pictures, and come back as arrays. What the pipeline knows no name for is handed through.

    Args:
        augment: The pipeline; it must not mix samples.
        names: What the pipeline calls the parts of an element: of a tuple in order, of a dict as {key: name}; keys of a
            dict that are the pipeline's own names need no entry.
        box_format: How boxes are written, where the element does not say so.

    Raises:
        TypeError: If `augment` is no pipeline.
        ParameterError: If a name is none of the pipeline's.
    """

    def __init__(self, augment: Pipeline, *, names: Names = ("image", "labels"), box_format: str = "xyxy") -> None:
        self._parts = Parts(augment, names, box_format, take, give)

    def random_map(self, element: Any, rng: np.random.Generator) -> Any:
        """One element, augmented with the draws that Grain's generator chooses."""
        return self._parts(element, epoch=0, sample=int(rng.integers(2**63)))

    def __repr__(self) -> str:
        return f"Map({self._parts.augment!r})"


__all__ = ["Map"]
