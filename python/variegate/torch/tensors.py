"""Pictures, and what belongs to them, between torch and the engine.

A tensor has its channels first, an array has them last, and both mean the same picture. `Transform` and `Augmented`
call this; it never changes what it is given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from ..errors import InputError

# Where the channels of a tensor go so that they come last, by target and number of axes.
_LAST = {
    ("image", 3): (1, 2, 0),
    ("video", 4): (0, 2, 3, 1),
    ("volume", 4): (1, 2, 3, 0),
    ("heatmap", 3): (1, 2, 0),
    ("flow", 3): (1, 2, 0),
    ("normals", 3): (1, 2, 0),
}


def to_array(value: Any, target: str) -> np.ndarray:
    """The array of a tensor (channels first), a PIL picture or an array (channels last), without a copy if possible.

    Palettes and CMYK of PIL become RGB in a picture; in a mask the numbers of a palette are the classes, and stay.

    Raises:
        InputError: If a tensor is not in the memory of the processor.
    """
    if isinstance(value, torch.Tensor):
        if value.device.type != "cpu":
            raise InputError(f"{target}: the tensor is on {value.device}; give one in main memory, tensor.cpu()")
        axes = _LAST.get((target, value.ndim))
        value = value.detach()
        return (value.permute(axes) if axes else value).numpy()
    if hasattr(value, "getbands") and hasattr(value, "convert"):
        if target != "mask" and value.mode not in ("L", "RGB", "RGBA", "I;16", "F"):
            # Everything else means colours by a table, by inks or by single bits.
            value = value.convert({"1": "L", "LA": "RGBA", "PA": "RGBA"}.get(value.mode, "RGB"))
        return np.asarray(value)
    return np.asarray(value)


def to_tensor(array: np.ndarray, target: str) -> torch.Tensor:
    """The tensor of what the engine gave: channels first; a picture always has three axes."""
    if target == "image" and array.ndim == 2:
        array = array[:, :, np.newaxis]
    axes = _LAST.get((target, array.ndim))
    if axes:
        array = array.transpose(np.argsort(axes))
    return torch.from_numpy(np.ascontiguousarray(array))


__all__ = ["to_array", "to_tensor"]
