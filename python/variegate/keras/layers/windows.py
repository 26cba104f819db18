"""Fixed cuts, margins and stretches of a batch, with boxes and points: what Keras's crops and `Resizing` do.

`cropping` calls it. Nothing here draws.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from ... import ops
from ...pipeline import Pipeline
from . import boxes as box_formats
from .draws import Batch
from .values import forth, scale

Sides = tuple[int, int]


def cut(batch: Batch, top: int, left: int, height: int, width: int) -> Batch:
    """The batch within a window that lies inside of it; no pixel is copied."""
    out = dict(batch)
    for name in ("images", "segmentation_masks"):
        if name in batch:
            out[name] = batch[name][:, top : top + height, left : left + width]
    return _moved(out, np.ones(2), np.array([-left, -top]), (height, width))


def centred(batch: Batch, sides: Sides) -> Batch:
    """The window of a size in the middle, which starts at ⌊(size − window) / 2⌋."""
    height, width = batch["images"].shape[1:3]
    return cut(batch, (height - sides[0]) // 2, (width - sides[1]) // 2, *sides)


def framed(batch: Batch, sides: Sides, fill: float) -> Batch:
    """The batch in the middle of a canvas of the aspect of `sides`, with equal margins at opposite sides."""
    height, width = batch["images"].shape[1:3]
    margins = [
        max(0, int((whole - side) / 2))
        for side, whole in ((height, int(width * sides[0] / sides[1])), (width, int(height * sides[1] / sides[0])))
    ]
    out = dict(batch)
    for name, value in (("images", fill), ("segmentation_masks", 0)):
        if name in batch:
            around = [(0, 0), *((m, m) for m in margins), *[(0, 0)] * (batch[name].ndim - 3)]
            out[name] = np.pad(batch[name], around, constant_values=value)
    canvas = height + 2 * margins[0], width + 2 * margins[1]
    return _moved(out, np.ones(2), np.array(margins[::-1]), canvas)


def of_aspect(batch: Batch, sides: Sides) -> Batch:
    """The largest window of the aspect of `sides` in the middle."""
    height, width = batch["images"].shape[1:3]
    tall = min(max(int(width * sides[0] / sides[1]), 1), height)
    wide = min(max(int(height * sides[1] / sides[0]), 1), width)
    return cut(batch, int((height - tall) / 2), int((width - wide) / 2), tall, wide)


def stretched(batch: Batch, sides: Sides, filter: str = "bilinear", antialias: bool = False) -> Batch:
    """The batch brought to a size; masks take the nearest pixel."""
    images = batch["images"]
    height, width = images.shape[1:3]
    if (height, width) == sides:
        return batch
    how = scale(images.dtype, None)
    engine = _resize(sides, filter, antialias, how.white)
    masks = batch.get("segmentation_masks")
    made = engine.batch(forth(images, how), None, masks, samples=range(len(images)), threads=None)
    out = dict(batch)
    if masks is not None:
        made, out["segmentation_masks"] = made
    out["images"] = how.back(made)
    return _moved(out, np.array([sides[1] / width, sides[0] / height]), np.zeros(2), sides)


@lru_cache(maxsize=64)
def _resize(sides: Sides, filter: str, antialias: bool, white: float) -> Pipeline:
    return Pipeline([ops.Resize(sides, filter=filter, antialias=antialias)], value_range=(0.0, white))


def _moved(batch: Batch, scales: np.ndarray, shift: np.ndarray, sides: Sides) -> Batch:
    """The batch with boxes and points at scales · position + shift, boxes cut at the sides."""
    out = dict(batch)
    if "boxes" in batch:
        edges = (batch["boxes"] * np.tile(scales, 2) + np.tile(shift, 2)).astype(np.float32)
        out["boxes"], out["box_labels"] = box_formats.cropped(edges, batch["box_labels"], *sides)
    if "keypoints" in batch:
        points = batch["keypoints"]
        out["keypoints"] = (points * scales + shift).astype(points.dtype)
    return out
