"""Pictures, and what belongs to them, between torch and the engine.

A tensor has its channels first, an array has them last, and both mean the same picture. `Transform` hands these to
`variegate.parts`; they never change what they are given.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .. import parts
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


def take(value: Any, name: str) -> Any:
    """The array of a tensor (channels first), a PIL picture or an array (channels last), without a copy if possible.

    Raises:
        InputError: If a tensor is not in the memory of the processor.
    """
    if name in ("images", "masks"):
        return [take(each, name[:-1]) for each in value]
    if not isinstance(value, torch.Tensor):
        return parts.take(value, name)
    if value.device.type != "cpu":
        raise InputError(f"{name}: the tensor is on {value.device}; give one in main memory, tensor.cpu()")
    axes = _LAST.get((name, value.ndim))
    value = value.detach()
    array = (value.permute(axes) if axes else value).numpy()
    # Masks of one channel, as torchvision writes them.
    return array[0] if name == "mask" and array.ndim == 3 and array.shape[0] == 1 else array


def give(value: Any, name: str, given: Any) -> Any:
    """The tensor of what the engine made: channels first; a picture always has three axes."""
    if name in ("images", "masks"):
        tensors = [give(each, name[:-1], None) for each in value]
        return torch.stack(tensors) if isinstance(given, torch.Tensor) else tensors
    if name in ("box_labels", "polygons") and not isinstance(given, torch.Tensor):
        return value
    if name == "image" and value.ndim == 2:
        value = value[:, :, np.newaxis]
    axes = _LAST.get((name, np.ndim(value)))
    tensor = torch.from_numpy(np.ascontiguousarray(value.transpose(np.argsort(axes)) if axes else value))
    return tensor[None] if name == "mask" and np.ndim(given) == 3 and tensor.ndim == 2 else tensor


__all__ = ["give", "take"]
