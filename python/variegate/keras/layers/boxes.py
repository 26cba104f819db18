"""Boxes in Keras's formats, to edges in pixels and back.

`base` calls it on the host, around what a layer does. Boxes are edges in the plane: a picture reaches from 0 to its
width.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

FORMATS = (
    "xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw", "rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh",
)  # fmt: skip


def checked(layer: str, name: Any) -> str | None:
    """The format in lower case, or None.

    Raises:
        ValueError: If it is not one of Keras's.
    """
    if name is None:
        return None
    if not isinstance(name, str) or name.lower() not in FORMATS:
        raise ValueError(
            f"{layer}: the `bounding_box_format` argument should be one of {FORMATS}. Received: "
            f"bounding_box_format={name!r}"
        )
    return name.lower()


def to_edges(boxes: np.ndarray, format: str, height: int, width: int) -> np.ndarray:
    """Rows of left, top, right, bottom in pixels, float32, from rows of a format; (…, 4)."""
    rows = np.asarray(boxes, np.float32)
    form = format.removeprefix("rel_")
    if form in ("yxyx", "center_yxhw"):
        rows = rows[..., [1, 0, 3, 2]]
    if form != format:
        rows = rows * np.array([width, height, width, height], np.float32)
    first, second = rows[..., :2], rows[..., 2:]
    if form.startswith("center"):
        return np.concatenate([first - second / 2, first + second / 2], axis=-1)
    if form == "xywh":
        return np.concatenate([first, first + second], axis=-1)
    return np.array(rows)


def from_edges(edges: np.ndarray, format: str, height: int, width: int) -> np.ndarray:
    """The other way round of `to_edges`."""
    first, second = edges[..., :2], edges[..., 2:]
    form = format.removeprefix("rel_")
    rows = edges
    if form.startswith("center"):
        rows = np.concatenate([(first + second) / 2, second - first], axis=-1)
    elif form == "xywh":
        rows = np.concatenate([first, second - first], axis=-1)
    if form != format:
        rows = rows / np.array([width, height, width, height], np.float32)
    if form in ("yxyx", "center_yxhw"):
        rows = rows[..., [1, 0, 3, 2]]
    return np.asarray(rows, np.float32)


def padded(rows: Sequence[Any], width: tuple[int, ...], fill: float, dtype: Any) -> np.ndarray:
    """Rows of several lengths as one array, filled up behind."""
    arrays = [np.asarray(row, dtype).reshape(-1, *width) for row in rows]
    out = np.full((len(arrays), max((len(a) for a in arrays), default=0), *width), fill, dtype)
    for target, array in zip(out, arrays, strict=True):
        target[: len(array)] = array
    return out


def cropped(
    edges: np.ndarray, labels: np.ndarray, height: float, width: float
) -> tuple[np.ndarray, np.ndarray]:
    """Boxes cut at the sides of a picture; of which nothing is left, the label is −1 and the box 0."""
    limits = np.array([width, height, width, height], np.float32)
    cut = np.clip(edges, 0, limits)
    lost = (cut[..., 2] <= cut[..., 0]) | (cut[..., 3] <= cut[..., 1]) | (labels == -1)
    return np.where(lost[..., None], np.float32(0), cut), np.where(lost, np.asarray(-1, labels.dtype), labels)
