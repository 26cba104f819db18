"""Pictures of any dtype and range as the engine reads them, and back again.

The engine reads uint8, uint16 and float32 from black 0 on; Keras's pictures may be anything, from any value on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .factors import Range

WHITE = {"uint8": 255.0, "uint16": 65535.0}


class Scale(NamedTuple):
    """How values of a picture were moved: by `low`, so that white is `white`."""

    low: float
    white: float
    dtype: np.dtype

    def share(self, value: float) -> float:
        """A value of the picture as the engine counts it, 0 black to 1 white."""
        return (value - self.low) / self.white

    def back(self, images: np.ndarray) -> np.ndarray:
        """Pictures as they were: values moved back, whole numbers rounded to even and kept in what their type holds."""
        if images.dtype == self.dtype and not self.low:
            return images
        return cast(images + np.float32(self.low) if self.low else images, self.dtype)


def scale(dtype: np.dtype, value_range: Range | None, fill: float = 0.0) -> Scale:
    """How pictures of a dtype go to the engine.

    Args:
        dtype: What they are of.
        value_range: Least and greatest value; None where they do not matter but for a fill.
        fill: A value that must lie in the range.
    """
    white = WHITE.get(dtype.name)
    if white is not None and (value_range == (0.0, white) or value_range is None and 0 <= fill <= white):
        return Scale(0.0, white, dtype)
    if value_range is None:
        low = min(0.0, fill)
        return Scale(low, max(255.0, fill) - low, dtype)
    return Scale(value_range[0], value_range[1] - value_range[0], dtype)


def forth(images: np.ndarray, how: Scale) -> np.ndarray:
    """Pictures as the engine reads them; the same array where nothing has to change."""
    if images.dtype == how.dtype and how.dtype.name in WHITE and how.white == WHITE[how.dtype.name] and not how.low:
        return images
    out = images.astype(np.float32, copy=False)
    return out - np.float32(how.low) if how.low else out


def cast(values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Values in a dtype: whole numbers are rounded to even and kept in what it holds."""
    if values.dtype == dtype:
        return values
    if dtype.kind in "iu" and values.dtype.kind not in "iub":
        limits = np.iinfo(dtype)
        # The nearest number below 2⁶³ that floats know, for types whose greatest they do not.
        rounded = np.clip(np.rint(values), float(limits.min), np.nextafter(float(limits.max) + 1, 0))
        return rounded.astype(dtype)
    return values.astype(dtype)
