"""A pipeline as torch's data sets call it: on a picture, on a picture and its target, or on a dict.

Workers of a `DataLoader` call it, each on its own copy and on one thread. It keeps nothing that a fork or a pickle
could break.
"""

from __future__ import annotations

import operator
from typing import Any

import torch

from ..errors import ParameterError
from ..parts import Names, Parts
from ..pipeline import Pipeline
from ..stream import Stream
from .tensors import give, take


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
        names: Names = ("image", "labels"),
        box_format: str = "xyxy",
    ) -> None:
        self._parts = Parts(augment, names, box_format, take, give)
        self._stream = Stream()
        # Shared memory, so that workers that live on see the epoch that the trainer sets.
        self._epoch = torch.zeros((), dtype=torch.int64).share_memory_()

    @property
    def augment(self) -> Pipeline:
        """The pipeline."""
        return self._parts.augment

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
        return self._parts(
            sample[0] if len(sample) == 1 else sample,
            epoch=self.epoch if epoch is None else epoch,
            sample=self._stream.take() if index is None else index,
        )

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


__all__ = ["Transform", "checked"]
