"""Moves that Keras writes down as matrices, one for each picture: what `compat="keras3"` does where the engine's own
operations differ.

`geometry` and `distortion` say which matrices. Pictures and masks are one native call; boxes and points follow here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..._variegate import warped
from . import boxes as box_formats
from .draws import Batch
from .factors import BORDERS, FILTERS
from .values import Scale, forth


def moved(
    batch: Batch, maps: np.ndarray, how: Scale, *, fill_mode: str, interpolation: str, fill_value: float
) -> Batch:
    """A batch under maps, (n, 3, 3), from the centres of output pixels to those of input pixels.

    A box of which nothing is seen any more becomes 0 with the label −1, in its place.
    """
    images, masks = batch["images"], batch.get("segmentation_masks")
    made = warped(
        forth(images, how), maps, masks, filter=FILTERS[interpolation], border=BORDERS[fill_mode],
        fill=how.share(float(fill_value)), white=how.white,
    )  # fmt: skip
    out = dict(batch)
    if masks is not None:
        made, out["segmentation_masks"] = made
    out["images"] = how.back(made)
    if "boxes" in batch or "keypoints" in batch:
        out.update(followed(batch, maps))
    return out


def followed(batch: Batch, maps: np.ndarray) -> Batch:
    """Boxes and points under maps: edges and positions, whose zero is the corner of the first pixel."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    there = np.linalg.inv(half @ maps @ np.linalg.inv(half))
    out: Batch = {}
    if "boxes" in batch:
        corners = batch["boxes"][..., [0, 1, 2, 1, 2, 3, 0, 3]].reshape(*batch["boxes"].shape[:2], 4, 2)
        placed = _placed(there[:, None], corners)
        edges = np.concatenate([placed.min(axis=-2), placed.max(axis=-2)], axis=-1).astype(np.float32)
        out["boxes"], out["box_labels"] = box_formats.cropped(edges, batch["box_labels"], *batch["images"].shape[1:3])
    if "keypoints" in batch:
        points = batch["keypoints"]
        out["keypoints"] = _placed(there, points).astype(points.dtype)
    return out


def _placed(maps: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Positions (…, k, 2) under maps (…, 3, 3)."""
    flat = np.concatenate([points, np.ones((*points.shape[:-1], 1))], axis=-1) @ np.swapaxes(maps, -1, -2)
    return flat[..., :2] / flat[..., 2:]


def about_the_centre(x: np.ndarray, y: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Maps that read `x` and `y` times as far from the centre of the middle pixel."""
    maps = np.zeros((len(x), 3, 3))
    maps[:, 0, 0], maps[:, 1, 1], maps[:, 2, 2] = x, y, 1
    maps[:, 0, 2] = (1 - x) * (shape[1] - 1) / 2
    maps[:, 1, 2] = (1 - y) * (shape[0] - 1) / 2
    return maps


def about_the_corner(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Maps that slant about the centre of the first pixel: x by `x` for each row down, y by `y` for each column."""
    maps = np.tile(np.eye(3), (len(x), 1, 1))
    # Two slants of 1 take the plane to a line.
    maps[:, 0, 1], maps[:, 1, 0] = x, np.where(x * y == 1, y * (1 - 1e-6), y)
    return maps


def between_corners(shifts: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Maps under which the centre of each corner pixel, top left, top right, bottom left and bottom right, comes to lie
    at its own place times 1 + a shift, (n, 4, 2) of x and y."""
    height, width = shape[:2]
    start = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float64)
    end = start * (1 + shifts)
    rows: list[Any] = []
    for (u, v), x, y in zip(start, end[:, :, 0].T, end[:, :, 1].T, strict=True):
        one, none = np.ones_like(x), np.zeros_like(x)
        rows.append(np.stack([x, y, one, none, none, none, -u * x, -u * y], axis=-1))
        rows.append(np.stack([none, none, none, x, y, one, -v * x, -v * y], axis=-1))
    known = np.broadcast_to(start.reshape(-1), (len(shifts), 8))
    solved = np.linalg.solve(np.stack(rows, axis=1), known[..., None])[..., 0]
    return np.concatenate([solved, np.ones((len(solved), 1))], axis=1).reshape(-1, 3, 3)
