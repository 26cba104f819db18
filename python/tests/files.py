"""Folders of real picture files that tests make themselves, and programs run beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import variegate as vg
from pictures import photo


def make_folder(root: Path, count: int = 24, classes: tuple[str, ...] = ("ant", "bee", "cat")) -> Path:
    """`count` pictures of several sizes and formats, dealt out to class folders (or to the root, without classes)."""
    for k in range(count):
        folder = root / classes[k % len(classes)] if classes else root
        folder.mkdir(parents=True, exist_ok=True)
        image = np.roll(photo(40 + 3 * (k % 5), 60 - 4 * (k % 4)), 7 * k, axis=1)
        format = ("jpeg", "png")[k % 4 == 0]
        (folder / f"{k:03}.{'jpg' if format == 'jpeg' else format}").write_bytes(vg.encode(image, format))
    return root


def augment(size: int | tuple[int, int] = (32, 36), seed: int = 7) -> vg.Pipeline:
    """A pipeline that draws: geometry, colour and a final size."""
    return vg.Pipeline(
        [vg.ResizedCrop(size), vg.Flip("horizontal", p=0.5), vg.Brightness((0.7, 1.3))],
        seed=seed,
    )


def samples(batches) -> dict[int, bytes]:
    """The bytes of each sample, by id."""
    return {int(i): x.tobytes() for batch in batches for i, x in zip(batch.ids, batch.images, strict=True)}


def python(code: str, timeout: float = 60.0, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a process of its own, which must end in time."""
    here = str(Path(__file__).parent)
    # Tests may run against a package that is not installed.
    paths = os.pathsep.join([here, str(Path(vg.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": paths} | env
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, env=environment, check=False)
