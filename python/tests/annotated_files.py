"""Annotated data sets that tests make themselves: bright rectangles on grey, in the layouts of the world."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

import variegate as vg

CLASSES = ["bolt", "nut", "ring"]

# Where the labels of a picture with rectangles begin in its mask.
FIRST = 40


def rectangles(k: int) -> tuple[tuple[int, int], list[tuple[int, int, int, int]], list[int]]:
    """The (height, width) of picture `k`, its boxes by their edges, and their labels; none in every fifth picture."""
    rng = np.random.default_rng(k)
    height, width = 60 + 4 * (k % 5), 84 - 5 * (k % 4)
    boxes, labels = [], []
    for j in range(0 if k % 5 == 4 else 1 + k % 3):
        # In columns of their own, so that none covers another.
        left = 2 + j * (width // 3) + int(rng.integers(0, 6))
        top = int(rng.integers(1, height // 2))
        boxes.append((left, top, left + int(rng.integers(8, 16)), top + int(rng.integers(8, height // 2 - 2))))
        labels.append(int(rng.integers(0, len(CLASSES))))
    return (height, width), boxes, labels


def picture(k: int) -> np.ndarray:
    """Picture `k`, in which each box is white."""
    (height, width), boxes, _ = rectangles(k)
    image = np.full((height, width, 3), 30, np.uint8)
    for x0, y0, x1, y1 in boxes:
        image[y0:y1, x0:x1] = 255
    return image


def mask(k: int) -> np.ndarray:
    """The mask of picture `k`: 40 + its label in each box, 0 elsewhere."""
    size, boxes, labels = rectangles(k)
    out = np.zeros(size, np.uint8)
    for (x0, y0, x1, y1), label in zip(boxes, labels, strict=True):
        out[y0:y1, x0:x1] = FIRST + label
    return out


def write_pictures(root: Path, count: int) -> Path:
    """The pictures as PNG."""
    root.mkdir(parents=True, exist_ok=True)
    for k in range(count):
        (root / f"{k:03}.png").write_bytes(vg.encode(picture(k), "png"))
    return root


def write_masks(root: Path, count: int, dtype: str = "uint8") -> Path:
    """The masks as PNG, of the names of their pictures."""
    root.mkdir(parents=True, exist_ok=True)
    for k in range(count):
        (root / f"{k:03}.png").write_bytes(vg.encode(mask(k).astype(dtype), "png"))
    return root


def write_coco(root: Path, count: int, **more) -> Path:
    """A COCO file beside a folder `images`; category ids have gaps and stand in no order."""
    write_pictures(root / "images", count)
    ids = {0: 3, 1: 7, 2: 90}
    images, annotations = [], []
    for k in range(count):
        (height, width), boxes, labels = rectangles(k)
        images.append({"id": 1000 + k, "file_name": f"{k:03}.png", "height": height, "width": width})
        for (x0, y0, x1, y1), label in zip(boxes, labels, strict=True):
            bbox = [x0, y0, x1 - x0, y1 - y0]
            corners = [x0, y0, x1, y0, x1, y1, x0, y1]
            one = {"id": len(annotations), "image_id": 1000 + k, "category_id": ids[label], "bbox": bbox, "iscrowd": 0}
            annotations.append(one | {"segmentation": [corners]})
    categories = [{"id": ids[label], "name": CLASSES[label]} for label in (2, 0, 1)]
    document = {"images": images, "annotations": annotations, "categories": categories} | more
    path = root / "instances.json"
    path.write_text(json.dumps(document))
    return path


def write_voc(root: Path, count: int) -> Path:
    """A Pascal VOC folder."""
    write_pictures(root / "JPEGImages", count)
    (root / "Annotations").mkdir(parents=True, exist_ok=True)
    for k in range(count):
        (height, width), boxes, labels = rectangles(k)
        objects = "".join(
            f"  <object>\n    <name>{CLASSES[label]}</name>\n    <difficult>{label % 2}</difficult>\n    <bndbox>\n"
            f"      <xmin>{x0}</xmin><ymin>{y0}</ymin><xmax>{x1}</xmax><ymax>{y1}</ymax>\n    </bndbox>\n  </object>\n"
            for (x0, y0, x1, y1), label in zip(boxes, labels, strict=True)
        )
        size = f"<size><width>{width}</width><height>{height}</height><depth>3</depth></size>"
        text = f"<annotation>\n  <filename>{k:03}.png</filename>\n  {size}\n{objects}</annotation>\n"
        (root / "Annotations" / f"{k:03}.xml").write_text(text)
    return root


def write_yolo(root: Path, count: int) -> Path:
    """A YOLO folder with a `data.yaml`; a picture without boxes has no text file."""
    write_pictures(root / "images" / "train", count)
    (root / "labels" / "train").mkdir(parents=True, exist_ok=True)
    for k in range(count):
        (height, width), boxes, labels = rectangles(k)
        shares = [
            ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height)
            for x0, y0, x1, y1 in boxes
        ]
        rows = [f"{label} {x!r} {y!r} {w!r} {h!r}\n" for (x, y, w, h), label in zip(shares, labels, strict=True)]
        if rows:
            (root / "labels" / "train" / f"{k:03}.txt").write_text("".join(rows))
    names = "\n".join(f"  {k}: {name}" for k, name in enumerate(CLASSES))
    (root / "data.yaml").write_text(f"path: .\ntrain: images/train\nnames:\n{names}\n")
    return root


def told(source, augment, batch_size=4, threads=1, **more) -> vg.Loader:
    """A loader of bytes, on one thread unless said otherwise."""
    return vg.Loader(source, augment, batch_size=batch_size, threads=threads, dtype="uint8", **more)
