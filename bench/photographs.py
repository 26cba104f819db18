"""Photographs for those who name no folder: crops of the sample pictures that scikit-image and scikit-learn ship.

`prepare.py` calls it. The files are made once, below `.bench/`, and are always the same. It reads no other picture.
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import numpy as np
from PIL import Image

SOURCES = {
    "scikit-image": ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png", "ihc.png"),
    "scikit-learn": ("china.jpg", "flower.jpg"),
}
ORIGIN = "crops of sample pictures shipped with scikit-image and scikit-learn"
_COUNT, _LARGE, _WIDTH, _HEIGHT, _QUALITY = 512, 16, 500, 375, 92


def _originals() -> dict[str, Image.Image]:
    found = {}
    for package, names in SOURCES.items():
        for file in importlib.metadata.files(package) or ():
            if file.name in names and ("data" in file.parts or "images" in file.parts):
                found[file.stem] = Image.open(file.locate()).convert("RGB")
    if len(found) != sum(map(len, SOURCES.values())):
        raise SystemExit(f"error: the sample pictures were not all found, only {sorted(found)}")
    return dict(sorted(found.items()))


def _crop(picture: Image.Image, generator: np.random.Generator) -> Image.Image:
    """A window of two fifths of the picture or more, 4 : 3, as a photo of 500 × 375."""
    width = min(picture.width, picture.height * _WIDTH / _HEIGHT) * generator.uniform(0.63, 1)
    height = width * _HEIGHT / _WIDTH
    x, y = generator.uniform(0, picture.width - width), generator.uniform(0, picture.height - height)
    return picture.resize((_WIDTH, _HEIGHT), Image.Resampling.BICUBIC, (x, y, x + width, y + height))


def make(folder: Path) -> tuple[Path, Path]:
    """The folders of small and of large photographs, each with a folder for each original."""
    small, large, done = folder / "photos", folder / "large", folder / "complete"
    if done.exists():
        return small, large
    generator = np.random.default_rng(1)
    originals = _originals()
    for number in range(_COUNT):
        name = list(originals)[number % len(originals)]
        (small / name).mkdir(parents=True, exist_ok=True)
        _crop(originals[name], generator).save(small / name / f"{number:04}.jpg", quality=_QUALITY)
    for number in range(_LARGE):
        name = list(originals)[number % len(originals)]
        (large / name).mkdir(parents=True, exist_ok=True)
        sheet = Image.new("RGB", (6 * _WIDTH, 6 * _HEIGHT))
        for cell in range(36):
            other = list(originals)[generator.integers(len(originals))]
            sheet.paste(_crop(originals[other], generator), (cell % 6 * _WIDTH, cell // 6 * _HEIGHT))
        sheet.save(large / name / f"{number:04}.jpg", quality=_QUALITY)
    done.touch()
    return small, large
