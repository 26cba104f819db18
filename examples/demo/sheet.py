"""Draws the contact sheet: some originals, each followed by several augmented versions, as one PNG.

`__main__` calls it for the report. The versions come out of the same data set that training reads, epoch after epoch,
so the sheet shows what a network gets to see, and it comes out the same every time.
"""

from pathlib import Path

import numpy as np
import variegate as vg

from folders import Classes, lay_out
from study import Study
from training import arrays, dataset

ROWS, VERSIONS, GAP, MARGIN = 8, 9, 6, 14


def draw(study: Study, classes: Classes, folder: Path, seed: int) -> bytes:
    """A PNG: one row for each original, which stands first. Links to the originals are put into `folder`."""
    files = [(name, file) for name in sorted(classes) for file in classes[name]]
    rows = min(ROWS, len(files))
    chosen: Classes = {}
    for name, file in (files[len(files) * k // rows] for k in range(rows)):
        chosen.setdefault(name, []).append(file)
    lay_out(chosen, folder)
    originals = dataset(study, folder, seed, shuffle=False)
    augmented = dataset(study, folder, seed, study.augment(seed), shuffle=False)
    columns = [arrays(originals)[0], *(arrays(augmented)[0] for _ in range(VERSIONS))]

    scale = max(1, round(72 / study.size[0]))
    height, width = (side * scale for side in study.size)
    across = MARGIN * 3 + len(columns) * (width + GAP) - GAP
    sheet = np.full((MARGIN * 2 + rows * (height + GAP) - GAP, across, study.channels), 255, np.uint8)
    for column, images in enumerate(columns):
        x = MARGIN + column * (width + GAP) + (MARGIN if column else 0)
        for row, image in enumerate(images):
            y = MARGIN + row * (height + GAP)
            tile = np.clip(np.round(image), 0, 255).astype(np.uint8)
            sheet[y : y + height, x : x + width] = tile.repeat(scale, 0).repeat(scale, 1)
    return vg.encode(sheet, "png")
