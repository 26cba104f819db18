"""Several views of one picture, each with draws of its own.

A loader reads a list of pipelines by the same rule; this file states it once for both.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable
from typing import Any, BinaryIO, Literal

import numpy as np
import numpy.typing as npt

from . import _variegate
from .errors import ParameterError
from .ops import CornerCrop, Flip
from .pipeline import Pipeline

Views = Iterable[Pipeline | tuple[Pipeline, int]]


def views(
    image: npt.ArrayLike | str | os.PathLike[str] | bytes | BinaryIO,
    pipelines: Views,
    *,
    epoch: int = 0,
    sample: int | None = None,
    colour: Literal["rgb", "grey", "gray", "rgba"] = "rgb",
    upright: bool = True,
    partial_decode: bool | Literal["region"] = True,
) -> list[np.ndarray]:
    """Makes several views of one picture: two large crops and eight small ones, say.

        large, also_large, *small = vg.views(image, [(global_augment, 2), (local_augment, 8)])

    Views are numbered through the list. View k is drawn as `pipeline.view(k)` draws the same sample, so view 0 is what
    the pipeline makes alone, and no view's draws depend on how many others there are. A file is shrunk no more than the
    view that needs most of it allows; with `partial_decode=False` every view has the very bytes it would have alone.

    Args:
        image: An array of (height, width) or (height, width, channels); or a path, the bytes of a file, or a file opened
            in binary mode, of which only what the views look at is decoded, and once.
        pipelines: Pipelines, or pairs of a pipeline and how many views it makes.
        epoch: Which epoch, from 0.
        sample: The sample's id, from 0; without it, the counter of calls of the first pipeline.
        colour: What a file is decoded to: "rgb", "grey" or "rgba".
        upright: Whether a file that its EXIF data says lies on its side is turned.
        partial_decode: False decodes all of a file, "region" what is looked at without shrinking.

    Returns:
        A list of new arrays, one for each view.
    """
    listed = pairs(pipelines)
    return _variegate.views(
        image, listed, epoch=epoch, sample=sample, colour=colour, upright=bool(upright), partial_decode=partial_decode
    )


_Corner = Literal["top_left", "top_right", "bottom_left", "bottom_right", "center"]
_CORNERS: tuple[_Corner, ...] = ("top_left", "top_right", "bottom_left", "bottom_right", "center")


def five_crop(size: int | tuple[int, int]) -> list[Pipeline]:
    """Pipelines for five views of a picture: its four corners and its centre, in that order.

        top_left, top_right, bottom_left, bottom_right, centre = vg.views(image, vg.five_crop(224))

    Args:
        size: Height and width of each view, or one number for both.

    Returns:
        A list for `vg.views` or a loader.
    """
    return [Pipeline([CornerCrop(size, which=which)]) for which in _CORNERS]


def ten_crop(size: int | tuple[int, int], *, axis: Literal["horizontal", "vertical"] = "horizontal") -> list[Pipeline]:
    """Pipelines for ten views of a picture: those of `five_crop`, and the same of the flipped picture after them.

    Args:
        size: Height and width of each view, or one number for both.
        axis: How the picture is flipped for the second five.

    Returns:
        A list for `vg.views` or a loader.
    """
    return five_crop(size) + [Pipeline([Flip(axis), CornerCrop(size, which=which)]) for which in _CORNERS]


def pairs(pipelines: Any) -> list[tuple[Pipeline, int]]:
    """Pairs of a pipeline and a count, from what a user may write."""

    def pair(item: Any) -> tuple[Pipeline, int]:
        if isinstance(item, Pipeline):
            return item, 1
        match item:
            case (Pipeline() as pipeline, count):
                number = operator.index(count)
                if number < 1:
                    raise ParameterError(f"views: expected 1 or more of a pipeline, found {number}")
                return pipeline, number
        raise TypeError(
            f"views: expected pipelines, or pairs of a pipeline and a count, found {item!r}; operations belong into a "
            "vg.Pipeline([…])"
        )

    return [pair(item) for item in pipelines]


__all__ = ["five_crop", "ten_crop", "views"]
