"""What the network of the example answers, cell by cell, and how boxes become that and come back.

A cell of the grid has a score for each class, which is 1 where the centre of such an object lies, and the box: the
centre within the cell, 0 to 1, and the logarithm of its sides in cells. `train.py` calls it; it knows no network.
"""

import numpy as np

#: Pixels of a cell.
STRIDE = 8


def encode(boxes: np.ndarray, labels: np.ndarray, cells: int, classes: int) -> np.ndarray:
    """Boxes as (cells, cells, classes + 4) float32; zeros where no centre lies."""
    grid = np.zeros((cells, cells, classes + 4), np.float32)
    for (x0, y0, x1, y1), label in zip(boxes / STRIDE, labels, strict=True):
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        column, row = min(int(x), cells - 1), min(int(y), cells - 1)
        grid[row, column] = 0
        grid[row, column, label] = 1
        sides = np.maximum((x1 - x0, y1 - y0), 1 / STRIDE)
        grid[row, column, classes:] = x - column, y - row, *np.log(sides)
    return grid


def decode(grid: np.ndarray, least: float = 0.3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes in pixels, labels and scores of the cells that score more than their neighbours, best first."""
    scores = grid[..., :-4]
    best = scores.max(-1)
    padded = np.pad(best, 1)
    cells = len(best)
    around = np.max([padded[i : i + cells, j : j + cells] for i in range(3) for j in range(3)], axis=0)
    rows, columns = np.nonzero((best >= least) & (best == around))
    order = np.argsort(-best[rows, columns])
    rows, columns = rows[order], columns[order]
    dx, dy, width, height = grid[rows, columns, -4:].T
    width, height = np.exp(np.clip(width, -4, 4)), np.exp(np.clip(height, -4, 4))
    x, y = columns + dx, rows + dy
    boxes = np.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], axis=1) * STRIDE
    return boxes, scores[rows, columns].argmax(-1), best[rows, columns]


def overlap(one: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of a box with others."""
    low, high = np.maximum(one[:2], others[:, :2]), np.minimum(one[2:], others[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    areas = [np.prod(box[..., 2:] - box[..., :2], axis=-1) for box in (one, others)]
    return shared / (areas[0] + areas[1] - shared)


def matched(found: tuple[np.ndarray, np.ndarray, np.ndarray], boxes: np.ndarray, labels: np.ndarray) -> int:
    """How many found boxes have their class and half their area in common with a true box; each counts once."""
    free, count = np.ones(len(boxes), bool), 0
    for box, label in zip(found[0], found[1], strict=True):
        fits = np.where(free & (labels == label), overlap(box, boxes), 0)
        if len(fits) and fits.max() >= 0.5:
            free[fits.argmax()] = False
            count += 1
    return count
