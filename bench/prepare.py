"""What all contestants are given: the folders, the decoded pictures, and what right answers look like.

`run.py` starts it once a run, in the environment `pictures`. Everything is written below the folder that it names,
which the driver removes at the end; the users' own photographs are never changed.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import expected
import numpy as np
import photographs
from PIL import Image

MEMORY, SMALL, FEW, LARGE, THOUSAND = 256, 256, {224: 32, 512: 16}, 64, 1000


def jpegs(folder: Path) -> list[Path]:
    """The colour JPEG files of a folder, mixed as the contestants mix them."""
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
    if not found:
        raise SystemExit(f"error: {folder} holds no JPEG files")
    order = sorted(map(str, found))
    np.random.default_rng(7).shuffle(order)
    return [Path(p) for p in order]


def opened(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def square(path: Path, side: int) -> np.ndarray:
    """The middle of a photo."""
    picture = Image.open(path).convert("RGB")
    edge = min(picture.size)
    x, y = (picture.width - edge) / 2, (picture.height - edge) / 2
    return np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC, (x, y, x + edge, y + edge)))


def store(folder: Path, name: str, pictures: list[np.ndarray]) -> None:
    np.savez(folder / f"{name}.npz", **{f"{i:04}": p for i, p in enumerate(pictures)})


def repeated(files: list[Path], folder: Path, count: int) -> None:
    """`count` files in two class folders: copies, again and again."""
    for number in range(count):
        place = folder / f"class{number % 2}"
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(files[number % len(files)], place / f"{number:05}.jpg")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True, help="where photographs of our own are kept")
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--large", type=Path)
    options = parser.parse_args()
    made = photographs.make(options.kept) if not (options.photos and options.large) else (None, None)
    photos, large = (options.photos or made[0]).resolve(), (options.large or made[1]).resolve()
    small_files = jpegs(photos)
    large_files = [p for p in jpegs(large) if max(Image.open(p).size) >= 2000 and Image.open(p).mode == "RGB"]
    if not large_files:
        raise SystemExit(f"error: {large} holds no colour JPEG of 2000 pixels or more")
    into = options.into
    (into / "photos").symlink_to(photos, target_is_directory=True)
    repeated(large_files, into / "large", LARGE)
    repeated(small_files, into / "thousand", THOUSAND)
    memory = [opened(small_files[i % len(small_files)]) for i in range(MEMORY)]
    store(into, "photos", memory)
    squares = {side: [square(small_files[i % len(small_files)], side) for i in range(n)] for side, n in FEW.items()}
    for side, pictures in squares.items():
        store(into, f"square{side}", pictures)
    small = [square(small_files[i % len(small_files)], 224) for i in range(SMALL)]
    store(into, "small", small)
    expected.write(into, {"photos": memory, "small": small, "large": [opened(p) for p in large_files],
                          **{f"square{side}": pictures for side, pictures in squares.items()}})
    sizes = [p.shape for p in memory]
    facts = {
        "photos": "the user's own" if options.photos else photographs.ORIGIN,
        "files": len(small_files),
        "megapixels": round(float(np.mean([h * w for h, w, _ in sizes])) / 1e6, 3),
        "kilobytes": round(float(np.mean([p.stat().st_size for p in small_files])) / 1e3, 1),
        "large": "the user's own" if options.large else "sheets of 36 such crops",
        "large_files": len(large_files),
        "large_megapixels": round(float(np.mean([np.prod(Image.open(p).size) for p in large_files])) / 1e6, 3),
    }
    (into / "facts.json").write_text(json.dumps(facts))


if __name__ == "__main__":
    main()
