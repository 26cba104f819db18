"""The axes of inputs, as they come and as layers read them: with a batch axis, channels last.

`base` calls it on the host and where only shapes are known. `single` says that inputs have no batch axis, `first` that
channels stand first.
"""

from __future__ import annotations

import numpy as np

from .host import Spec


def turned(name: str, rank: int, first: bool) -> bool:
    """Whether the channels of a batched array stand first: those of pictures, and of masks that have any."""
    return first and rank == 4 and name in ("images", "segmentation_masks")


def batched(item: Spec, name: str, single: bool, first: bool) -> Spec:
    """Shape and dtype with the batch axis and channels last, as layers read them."""
    shape = (1, *item.shape) if single else item.shape
    if turned(name, len(shape), first):
        shape = (shape[0], *shape[2:], shape[1])
    return Spec(shape, item.dtype)


def unbatched(item: Spec, name: str, single: bool, first: bool) -> Spec:
    """The other way round of `batched`."""
    shape = item.shape
    if turned(name, len(shape), first):
        shape = (shape[0], shape[3], *shape[1:3])
    return Spec(shape[1:] if single else shape, item.dtype)


def inward(value: np.ndarray, name: str, single: bool, first: bool) -> np.ndarray:
    """An array with the batch axis and channels last."""
    value = value[None] if single else value
    return np.moveaxis(value, 1, -1) if turned(name, value.ndim, first) else value


def outward(value: np.ndarray, name: str, single: bool, first: bool) -> np.ndarray:
    """The other way round of `inward`."""
    value = np.moveaxis(value, -1, 1) if turned(name, value.ndim, first) else value
    return value[0] if single else value
