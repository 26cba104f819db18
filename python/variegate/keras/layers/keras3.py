"""What Keras 3 computes where its code departs from its documentation, in NumPy, under numbers that are drawn elsewhere.

Layers with `compat="keras3"` call it, nobody else: the engine has the same operations as they are documented. Pictures
are float32 of (n, height, width, channels); strengths have one number for each.
"""

from __future__ import annotations

import numpy as np

# They sum to 0.9999.
GREY = np.array([0.2989, 0.5870, 0.1140], np.float32)


def greyed(images: np.ndarray) -> np.ndarray:
    """The grey of three channels, in all of them."""
    return np.repeat((images[..., :3] * GREY).sum(axis=-1, keepdims=True), images.shape[-1], axis=-1)


def faded(images: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Colours faded to their grey by a share, which may be negative."""
    share = _wide(share)
    return greyed(images) * share + images * (1 - share)


def sharpened(images: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Away from a smooth copy, or towards it below a strength of 1; black surrounds the picture."""
    wide = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    height, width = images.shape[1:3]
    total = sum(wide[:, y : y + height, x : x + width] for y in range(3) for x in range(3))
    smooth = (total + 4 * images) / np.float32(13)
    return images + (1 - _wide(strength)) * (smooth - images)


def saturated(images: np.ndarray, factor: np.ndarray, most: float) -> np.ndarray:
    """The saturation of the hexcone multiplied and cut at 0 and `most`, where 1 is the most that there can be."""
    value = images.max(axis=-1, keepdims=True)
    span = value - images.min(axis=-1, keepdims=True)
    limit = np.divide(most * value, span, out=np.ones_like(value), where=span > 0)
    return value - (value - images) * np.clip(_wide(factor), 0, limit)


def cut_mixed(
    images: np.ndarray, rows: np.ndarray, columns: np.ndarray, partner: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures with a rectangle of a partner's, and the share of a label that stays: by the area of the rectangle before
    it is cut to whole pixels.

    Args:
        images: Of any dtype.
        rows: Where the rectangle begins and ends, (n, 2), not rounded.
        columns: Alike.
        partner: Whose pixels they are, (n,).
    """
    height, width = images.shape[1:3]
    y, x = np.arange(height)[:, None], np.arange(width)
    lies = (y >= rows[:, :1, None]) & (y < rows[:, 1:, None]) & (x >= columns[:, :1, None]) & (x < columns[:, 1:, None])
    area = (rows[:, 1] - rows[:, 0]) * (columns[:, 1] - columns[:, 0])
    return np.where(lies[..., None], images[partner], images), 1 - area / (height * width)


def _wide(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float32).reshape(-1, 1, 1, 1)
