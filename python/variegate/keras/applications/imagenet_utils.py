"""`keras.applications.imagenet_utils`, as far as it prepares pictures, with Keras's order of arguments."""

from __future__ import annotations

from typing import Any

from .. import preprocess
from .family import image_data_format


def preprocess_input(x: Any, data_format: str | None = None, mode: str = "caffe") -> Any:
    """Prepares RGB pictures of 0 to 255 in a mode: see `variegate.keras.preprocess_input`.

    Raises:
        ValueError: If the shape, the format or the mode is wrong.
    """
    return preprocess.preprocess_input(x, mode, image_data_format(data_format))


__all__ = ["preprocess_input"]
