"""Files of the legacy generator's iterators as uint8 arrays of one size.

Called from threads. It decodes and resizes in the engine; as in Keras, EXIF orientation is not followed.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .._variegate import decode
from ..ops import Resize
from ..pipeline import Pipeline
from .pictures import middle

COLOURS = {"rgb": "rgb", "rgba": "rgba", "grayscale": "grey"}
EXTENSIONS = (".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".tif", ".tiff")
FILTERS = {"nearest": "nearest", "bilinear": "bilinear", "bicubic": "bicubic", "hamming": "hamming", "box": "box", "lanczos": "lanczos3"}


@lru_cache(maxsize=16)
def resizing(size: tuple[int, int], interpolation: str) -> Pipeline:
    """What brings pictures to a size. Raises ValueError for a filter that Pillow does not know."""
    if interpolation not in FILTERS:
        raise ValueError(f"Invalid interpolation method {interpolation}. Supported methods are {', '.join(FILTERS)}")
    return Pipeline([Resize(size, filter=FILTERS[interpolation])])


def read(path: str, color_mode: str, size: tuple[int, int], interpolation: str, keep_aspect_ratio: bool) -> np.ndarray:
    """The picture of a file as uint8 of (height, width, channels)."""
    image = decode(path, COLOURS[color_mode], upright=False)
    image = image[..., None] if image.ndim == 2 else image
    if image.shape[:2] == size:
        return image
    if keep_aspect_ratio:
        top, left, tall, wide = middle(*image.shape[:2], *size)
        image = np.ascontiguousarray(image[top : top + tall, left : left + wide])
    return resizing(size, interpolation)(image, sample=0)
