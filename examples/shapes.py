"""Draws pictures of shapes with labels, boxes and masks, for examples that are given no data.

The examples beside it import it. What it draws depends on the seed alone; nothing is downloaded. Real pictures go in by
`--data`.
"""

from pathlib import Path

import numpy as np
import variegate as vg

CLASSES = ("disc", "ring", "square", "triangle")


def scene(rng: np.random.Generator, side: int, kinds: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A picture with a shape of each kind, which do not overlap in their cells.

    Returns:
        The picture, (side, side, 3) uint8; boxes, (n, 4) float32 of x0, y0, x1, y1 in pixels; and the mask,
        (side, side) uint8: 0 background, k + 1 class k.
    """
    y, x = np.mgrid[:side, :side] + 0.5
    slope, bend = rng.normal(0, 40 / side, (2, 3))
    picture = rng.uniform(60, 190, 3) + x[..., None] * slope + y[..., None] * bend + rng.normal(0, 12, (side, side, 3))
    mask = np.zeros((side, side), np.uint8)
    boxes = []
    # Cells of a grid just large enough keep the shapes apart.
    cells = int(np.ceil(np.sqrt(len(kinds))))
    places = rng.permutation(cells * cells)[: len(kinds)]
    for kind, place in zip(kinds, places, strict=True):
        room = side / cells
        radius = room * rng.uniform(0.25, 0.45)
        at = np.array([place % cells, place // cells]) * room + rng.uniform(radius, room - radius, 2)
        inside = covered(kind, x - at[0], y - at[1], radius)
        picture[inside] = rng.uniform(0, 255, 3) + rng.normal(0, 8, (int(inside.sum()), 3))
        mask[inside] = kind + 1
        rows, columns = np.flatnonzero(inside.any(1)), np.flatnonzero(inside.any(0))
        boxes.append((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    return picture.clip(0, 255).astype(np.uint8), np.array(boxes, np.float32), mask


def covered(kind: int, x: np.ndarray, y: np.ndarray, radius: float) -> np.ndarray:
    """Which pixels a shape about the origin covers."""
    distance = np.hypot(x, y)
    match CLASSES[kind]:
        case "disc":
            return distance < radius
        case "ring":
            return (distance < radius) & (distance > 0.55 * radius)
        case "square":
            return np.maximum(abs(x), abs(y)) < 0.8 * radius
    return (y < 0.7 * radius) & (y > 2 * abs(x) - 0.9 * radius)


def class_folders(folder: Path, each: int, side: int = 80, seed: int = 0) -> Path:
    """Fills a folder with class folders of `each` pictures, of one shape each; what is there already is kept."""
    for kind, name in enumerate(CLASSES):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(each):
            file = folder / name / f"{number:04}.jpg"
            if not file.exists():
                picture, _, _ = scene(np.random.default_rng((seed, kind, number)), side, [kind])
                file.write_bytes(vg.encode(picture, "jpeg", quality=95))
    return folder


def scenes(count: int, side: int, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Pictures of one to four shapes: (picture, boxes, labels, mask) each."""
    drawn = []
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        kinds = rng.integers(0, len(CLASSES), rng.integers(1, 5)).tolist()
        picture, boxes, mask = scene(rng, side, kinds)
        drawn.append((picture, boxes, np.array(kinds, np.int32), mask))
    return drawn
