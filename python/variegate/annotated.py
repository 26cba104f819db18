"""Sources with boxes, points and masks: data sets in the layouts of COCO, Pascal VOC, YOLO and mask folders.

The compiled half reads them, once; `vg.Loader` delivers what they know beside the pictures, as a dict of arrays.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

from .errors import ParameterError
from .source import Source


def coco(
    file: str | os.PathLike[str],
    images: str | os.PathLike[str] | None = None,
    *,
    crowd: bool = False,
    masks: Literal["classes", "instances"] | None = None,
) -> Source:
    """The pictures of a COCO file, with their boxes and keypoints.

    Categories are numbered from 0 in the order of their ids; `source.classes` has their names. A picture without
    annotations is a sample without boxes. Where annotations have keypoints, each box has as many points.

    Boxes are cut at the edges of their picture, and left out where nothing is left; `source.problems` names those that
    are left out, and those of which more than a pixel is cut off.

    Args:
        file: The JSON file, as `instances_train2017.json`.
        images: The folder that file names count from. The one the JSON file lies in unless given.
        crowd: Whether crowds count.
        masks: Which masks are drawn of polygons and run lengths: "classes" (1 + the label, 0 for background) or
            "instances" (1 + the row of the box among those delivered, 0 for background and for boxes that are dropped).
            A pixel belongs to a polygon that holds its centre; where things overlap the smaller box wins.

    Raises:
        InputError: If the file is no such document, with line and column.
        IoError: If it cannot be read.
    """
    return Source.made("coco", file, images, bool(crowd), masks)


def voc(
    folder: str | os.PathLike[str],
    split: str | None = None,
    *,
    classes: Sequence[str] | None = None,
    one_based: bool = False,
    difficult: bool = True,
) -> Source:
    """The pictures of a Pascal VOC folder, with their boxes.

    Annotations lie in `Annotations` and pictures in `JPEGImages`, or all in the folder itself. A picture is the file
    that `<filename>` names, or one of the annotation's own name. Boxes are cut as `vg.coco` cuts them.

    Args:
        folder: The folder.
        split: The name of a list in `ImageSets/Main`, as "train". All annotations, sorted by name, unless given.
        classes: Names of the classes, in the order of their labels. All that there are, sorted, unless given.
        one_based: Whether coordinates are pixels counted from 1, the last one inside, as in the original data set; most
            tools since write edges, which is what is read unless given.
        difficult: Whether objects marked as difficult count.

    Raises:
        InputError: If a file is broken or names an unknown class, with file and line.
        IoError: If a file or folder cannot be read.
    """
    names = None if classes is None else _names(classes)
    return Source.made("voc", folder, split, names, bool(one_based), bool(difficult))


def yolo(place: str | os.PathLike[str], split: str | None = None) -> Source:
    """The pictures of a YOLO data set, with their boxes.

    A text file for each picture has lines of `class cx cy width height` in shares of the picture, or of a class and the
    corners of an outline, of which the box around is taken. It lies beside the picture, or in `labels` where the
    picture lies in `images`. A picture without one has no boxes. Boxes are cut as `vg.coco` cuts them.

    Args:
        place: A folder with a `data.yaml` (or without: classes are then named by their numbers), or that file.
        split: "train", "val" or "test", as the file names them. The first that it names unless given.

    Raises:
        InputError: If a file is broken, with file and line.
        IoError: If a file or folder cannot be read.
        ParameterError: If there is no such split.
    """
    return Source.made("yolo", place, split)


def masks(
    images: str | os.PathLike[str],
    masks: str | os.PathLike[str],
    *,
    suffix: str = "",
    classes: Sequence[str] = (),
) -> Source:
    """The pictures of a folder, each with a mask: a picture of one channel whose values are classes or ids.

    A mask has the name of its picture, whatever the extensions, in the same sub-folder. Grey files of 8 and 16 bits
    and the indices of palettes are read as they are; grey of fewer bits is stretched to 0–255, as everywhere. Pictures
    without a mask and masks without a picture are left aside; `source.problems` names them.

    Args:
        images: The folder of pictures.
        masks: The folder of masks.
        suffix: What the name of a mask has more than that of its picture, before the extension: "_mask", say.
        classes: Names of the values of masks, from 0.

    Raises:
        InputError: If no picture has a mask.
        IoError: If a folder cannot be read.
    """
    return Source.made("masks", images, masks, suffix, _names(classes))


def _names(classes: Sequence[str]) -> list[str]:
    if isinstance(classes, str):
        raise ParameterError(f"classes: expected a list of names, found {classes!r}")
    return list(classes)


__all__ = ["coco", "masks", "voc", "yolo"]
