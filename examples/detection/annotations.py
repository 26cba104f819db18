"""Reads a folder of pictures with boxes: COCO JSON or Pascal VOC.

`train.py` calls it for `--data`. It opens no picture.
"""

import json
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Scene:
    """A picture (a path, or its pixels), its boxes as (n, 4) of x0, y0, x1, y1 in pixels, and their labels."""

    picture: Path | np.ndarray
    boxes: np.ndarray
    labels: np.ndarray


def read(folder: Path) -> tuple[list[Scene], list[str]]:
    """The scenes of a folder that have boxes, and the names of the classes."""
    found = sorted(folder.glob("*.json"))
    raw = coco(folder, found[0]) if found else voc(folder)
    names = sorted({name for _, objects in raw for name, _ in objects})
    if not names:
        raise SystemExit(
            f"{folder}: expected COCO (a .json beside images/) or Pascal VOC (Annotations/*.xml beside JPEGImages/), "
            "found no box of either"
        )
    scenes = [
        Scene(
            picture,
            np.array([box for _, box in objects], np.float32),
            np.array([names.index(name) for name, _ in objects], np.int32),
        )
        for picture, objects in raw
        if objects
    ]
    return scenes, names


def coco(folder: Path, file: Path) -> list[tuple[Path, list]]:
    """Pictures and (name, box) of each object; crowds are no single objects."""
    data = json.loads(file.read_text())
    names = {category["id"]: category["name"] for category in data["categories"]}
    objects = {image["id"]: [] for image in data["images"]}
    for one in data["annotations"]:
        x, y, width, height = one["bbox"]
        if not one.get("iscrowd") and width > 1 and height > 1:
            objects[one["image_id"]].append((names[one["category_id"]], (x, y, x + width, y + height)))
    return [(folder / "images" / image["file_name"], objects[image["id"]]) for image in data["images"]]


def voc(folder: Path) -> list[tuple[Path, list]]:
    """Pictures and (name, box) of each object; its corners are whole pixels, counted from 1 and both within."""
    pictures = []
    for file in sorted(folder.glob("Annotations/*.xml")):
        objects = []
        for one in xml.parse(file).getroot().iter("object"):
            x0, y0, x1, y1 = (float(one.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
            if x1 > x0 and y1 > y0:
                objects.append((one.findtext("name"), (x0 - 1, y0 - 1, x1, y1)))
        pictures.append((folder / "JPEGImages" / f"{file.stem}.jpg", objects))
    return pictures
