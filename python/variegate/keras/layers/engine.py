"""Layers whose work is a pipeline of the engine: one native call for a batch, one replay for the boxes of each picture.

Geometry, colour and policies build on it. It never loops over pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...operation import Stage
from ...pipeline import Pipeline
from .base import ImageLayer
from .draws import Batch, Draws, salt
from .factors import Range
from .values import Scale, cast, forth, scale


class Kept:
    """Pipelines that were built, by what they were built for. Not a dict, which Keras would track."""

    def __init__(self) -> None:
        self.pipelines: dict[Any, Pipeline] = {}
        # Layers that stand within another one and draw with it.
        self.layers: list[ImageLayer] = []


class EngineLayer(ImageLayer):
    """A layer that is operations of the engine."""

    # Least and greatest value of pictures, where they matter; a constant that geometry uncovers.
    value_range: Range | None = None
    fill_value: float = 0.0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._kept = Kept()

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        """The operations for pictures of a shape (height, width, channels)."""
        raise NotImplementedError

    def pipeline(self, how: Scale, shape: tuple[int, int, int]) -> Pipeline:
        """The pipeline for pictures of a shape; built once."""
        key = (how.low, how.white, shape)
        found = self._kept.pipelines.get(key)
        if found is None:
            found = Pipeline(self.operations(how, shape), seed=salt(type(self).__name__), value_range=(0.0, how.white))
            self._kept.pipelines[key] = found
        return found

    def as_keras(self, images: np.ndarray, draws: Draws) -> np.ndarray | None:
        """What compat="keras3" makes of float32 pictures, where the engine has nothing for it."""
        return None

    def uniform(self, draws: Draws, *ranges: Range) -> np.ndarray:
        """A number of each range for each picture, (ranges, n), where `as_keras` draws and not the engine."""
        drawn = (draws.generator(k, type(self).__name__) for k in range(len(draws.samples)))
        return np.array([[g.uniform(*pair) for pair in ranges] for g in drawn]).T

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        made = self.as_keras(images.astype(np.float32, copy=False), draws) if self.compat else None
        if made is not None:
            return {**batch, "images": cast(made, images.dtype)}
        how = scale(images.dtype, self.value_range, self.fill_value)
        return sent(batch, draws, self.pipeline(how, images.shape[1:]), how)


def sent(batch: Batch, draws: Draws, pipeline: Pipeline, how: Scale) -> Batch:
    """A batch through a pipeline: pictures and masks in one native call, boxes and points after them."""
    images = batch["images"]
    masks = batch.get("segmentation_masks")
    given = forth(images, how)
    made = pipeline.batch(given, None, masks, epoch=draws.seed, samples=draws.samples, threads=None)
    out = dict(batch)
    if masks is not None:
        made, out["segmentation_masks"] = made
    out["images"] = how.back(made)
    if "boxes" in batch or "keypoints" in batch:
        out.update(attached(pipeline, batch, draws))
    return out


def attached(pipeline: Pipeline, batch: Batch, draws: Draws) -> Batch:
    """Boxes and points of a batch under the transforms that its pictures got.

    A box of which nothing is seen any more becomes 0 with the label −1, in its place.
    """
    out: Batch = {}
    shape = tuple(batch["images"].shape[1:])
    if "boxes" in batch:
        out["boxes"] = np.zeros_like(batch["boxes"])
        out["box_labels"] = np.full_like(batch["box_labels"], -1)
    if "keypoints" in batch:
        out["keypoints"] = np.array(batch["keypoints"])
    for k, sample in enumerate(draws.samples):
        recipe = pipeline.draw(shape, epoch=draws.seed, sample=sample)
        given: dict[str, Any] = {}
        if "boxes" in batch:
            real = np.flatnonzero(batch["box_labels"][k] != -1)
            given.update(boxes=batch["boxes"][k][real], box_format="xyxy", box_labels=real)
        if "keypoints" in batch:
            given["points"] = batch["keypoints"][k].astype(np.float32)
        moved = pipeline.apply(recipe, **given)
        if "boxes" in batch:
            places = np.asarray(moved["box_labels"], int)
            out["boxes"][k][places] = moved["boxes"]
            out["box_labels"][k][places] = batch["box_labels"][k][places]
        if "keypoints" in batch:
            out["keypoints"][k] = moved["points"]
    return out
