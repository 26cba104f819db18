"""A pipeline as torch's data sets call it: on a picture, on a picture and its target, or on a dict.

Workers of a `DataLoader` call it, each on its own copy and on one thread. It keeps nothing that a fork or a pickle
could break.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from ..errors import ParameterError
from ..pipeline import Pipeline
from ..stream import Stream
from .tensors import to_array, to_tensor

# Targets of one array, and those of a list or stack of arrays that are each one of the former.
_SINGLE = (
    "image", "mask", "boxes", "points", "points_visible", "instance_masks", "heatmap", "depth", "flow", "normals",
    "video", "video_mask", "volume", "volume_mask",
)  # fmt: skip
_SEVERAL = {"images": "image", "masks": "mask"}
# Handed to the engine as they are.
_AS_GIVEN = ("box_labels", "box_format", "polygons", "labels")
TARGETS = (*_SINGLE, *_SEVERAL, *_AS_GIVEN)


class Transform:
    """Augments samples of any torch data set, in any worker.

        data = torchvision.datasets.ImageFolder("photos", transform=variegate.torch.Transform(augment))

    A sample is a picture; several positional values, as torchvision's `transforms=` hands them over; a tuple; or a
    dict. Pictures are PIL pictures, arrays of (height, width) or (height, width, channels), or tensors of (height,
    width) or (channels, height, width); uint8, uint16 or float32. What comes back has the same shape of container, and
    every picture, mask, box and point in it is a tensor: pictures (channels, height, width), videos (frames, channels,
    height, width), volumes (channels, depth, height, width). What the pipeline knows no name for is handed through.

    Without an address every call draws anew, and no two workers the same: see `variegate.stream`. For bytes that
    depend on the seed, the epoch and the index alone, use `Augmented`.

    Args:
        augment: The pipeline. One that mixes samples needs others beside this one: use `Loader`.
        names: What the pipeline calls the parts of a sample: of a tuple in order, of a dict as {key: name}; keys of a
            dict that are the pipeline's own names need no entry. A dict within a tuple is taken apart likewise:
            torchvision's (picture, {"boxes": …, "labels": …, "masks": …}) wants `names={"masks": "instance_masks"}`.
            `labels` beside as many `boxes` are those of the boxes, and go where their boxes go.
        box_format: How boxes are written, where the sample does not say so.

    Raises:
        TypeError: If `augment` is no pipeline.
        ParameterError: If a name is none of the pipeline's.
    """

    def __init__(
        self,
        augment: Pipeline,
        *,
        names: Sequence[str] | Mapping[Any, str] = ("image", "labels"),
        box_format: str = "xyxy",
    ) -> None:
        if not isinstance(augment, Pipeline):
            raise TypeError(f"augment: expected a vg.Pipeline, found {type(augment).__name__}")
        if isinstance(names, str):
            raise ParameterError(f'names: expected a list as ["image", "mask"] or a dict, found {names!r}')
        named = dict(names) if isinstance(names, Mapping) else dict(enumerate(names))
        for name in named.values():
            if name not in TARGETS:
                known = ", ".join(TARGETS)
                raise ParameterError(f"names: {name!r} is nothing a pipeline knows; expected one of {known}")
        self.augment = augment
        self.box_format = box_format
        self._names = {0: "image"} | named
        self._stream = Stream()
        # Shared memory, so that workers that live on see the epoch that the trainer sets.
        self._epoch = torch.zeros((), dtype=torch.int64).share_memory_()

    @property
    def epoch(self) -> int:
        """The epoch of calls that say none."""
        return int(self._epoch)

    def set_epoch(self, epoch: int) -> None:
        """Sets the epoch for calls that say none, also in workers that run already: schedules go by it.

        Raises:
            ParameterError: If it is negative.
        """
        self._epoch.fill_(checked(epoch))

    def __call__(self, *sample: Any, epoch: int | None = None, index: int | None = None) -> Any:
        """Augments one sample.

        Args:
            sample: One sample, or its parts.
            epoch: Which epoch; that of `set_epoch`, or 0, unless given.
            index: The sample's id; without it every call has one of its own.
        """
        lone = len(sample) == 1
        given = sample[0] if lone else sample
        address = {
            "epoch": self.epoch if epoch is None else epoch,
            "sample": self._stream.take() if index is None else index,
        }
        parts = list(given) if isinstance(given, tuple | list) else [given]
        targets: dict[str, Any] = {}
        for place, part in enumerate(parts):
            if isinstance(part, Mapping):
                for key, name in self._named(part).items():
                    self._add(targets, name, part[key])
            else:
                self._add(targets, self._names.get(place), part)
        targets.pop("labels", None)
        if targets.keys() == {"image"}:
            made = {"image": self.augment(targets["image"], **address)}
        else:
            if "boxes" in targets:
                targets.setdefault("box_format", self.box_format)
            made = self.augment(**targets, **address)
        for place, part in enumerate(parts):
            if isinstance(part, Mapping):
                parts[place] = {key: self._back(made, name, part[key]) for key, name in self._named(part).items()}
            else:
                parts[place] = self._back(made, self._names.get(place), part)
        return tuple(parts) if isinstance(given, tuple | list) else parts[0]

    def _named(self, part: Mapping[Any, Any]) -> dict[Any, str | None]:
        """What the pipeline calls each part of a dict, or None."""
        named = {key: self._names.get(key, key if key in TARGETS else None) for key in part}
        if "labels" in part and "labels" not in self._names and "box_labels" not in named.values():
            boxes = next((part[key] for key, name in named.items() if name == "boxes"), None)
            if boxes is not None and np.ndim(part["labels"]) == 1 and len(part["labels"]) == len(boxes):
                named["labels"] = "box_labels"
        return named

    def _add(self, targets: dict[str, Any], name: str | None, value: Any) -> None:
        """Puts a part where the engine looks for it."""
        if name is None or value is None:
            return
        if name in targets:
            raise ParameterError(f"a sample has two parts called {name!r}; tell them apart by names=")
        if name in _SINGLE:
            value = to_array(value, name)
            # Pictures of one channel, as torchvision writes masks.
            value = value[0] if name == "mask" and value.ndim == 3 and value.shape[0] == 1 else value
        elif name in _SEVERAL:
            value = [to_array(each, _SEVERAL[name]) for each in value]
        elif name == "box_labels" and isinstance(value, torch.Tensor):
            value = to_array(value, name)
        targets[name] = value

    def _back(self, made: Mapping[str, Any], name: str | None, given: Any) -> Any:
        """What the engine made of a part, in the form the part had."""
        if name is None or name not in made or name == "labels":
            return given
        value = made[name]
        if name in _SINGLE:
            tensor = to_tensor(value, name)
            return tensor[None] if name == "mask" and np.ndim(given) == 3 and tensor.ndim == 2 else tensor
        if name in _SEVERAL:
            tensors = [to_tensor(each, _SEVERAL[name]) for each in value]
            return torch.stack(tensors) if isinstance(given, torch.Tensor) else tensors
        if isinstance(given, torch.Tensor):
            return torch.from_numpy(np.ascontiguousarray(value))
        return value

    def __repr__(self) -> str:
        return f"Transform({self.augment!r})"


def checked(epoch: Any) -> int:
    """The number of an epoch.

    Raises:
        ParameterError: If it is negative.
        TypeError: If it is no whole number.
    """
    number = operator.index(epoch)
    if number < 0:
        raise ParameterError(f"epoch: expected a whole number from 0, found {number}")
    return number


__all__ = ["TARGETS", "Transform", "checked"]
