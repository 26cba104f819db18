"""Who takes part: every contestant, the environment it lives in, and what it does differently.

The driver reads it before any peer is imported, so it knows names alone. A contestant's code is
`contestants/<module>.py`; the packages of its environment are `peers/<venv>.txt`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Contestant:
    """A row of the tables.

    antialias: whether its resized crops and resizes average over what they shrink.
    packages: distributions whose versions are recorded.
    imports: the module whose import is timed; empty where that says nothing.
    group: "light" runs by default, the others with PEERS=all or by name.
    limit: a bound of the machine, not a contestant.
    """

    name: str
    module: str
    venv: str
    label: str
    note: str
    packages: tuple[str, ...]
    antialias: bool = False
    imports: str = ""
    group: str = "light"
    limit: bool = False


_VG = ("variegate", "numpy")
_CV = ("opencv-python-headless", "simplejpeg", "numpy")
_TORCH = ("torch", "torchvision", "numpy")
_TF = ("tensorflow-cpu", "keras", "numpy")

ROSTER: dict[str, Contestant] = {
    c.name: c
    for c in [
        Contestant("variegate", "variegate", "variegate", "Variegate", "antialiased bilinear (the default)", _VG, True, "variegate"),
        Contestant("variegate-plain", "variegate", "variegate", "Variegate, antialias=False", "plain bilinear", _VG),
        Contestant("opencv", "opencv", "opencv", "OpenCV 5 by hand", "INTER_LINEAR; files by simplejpeg", _CV, False, "cv2"),
        Contestant("opencv-area", "opencv", "opencv", "OpenCV 5 by hand, INTER_AREA", "INTER_AREA where it shrinks, INTER_LINEAR where it grows: averaging by a box, not by a triangle", _CV, True),
        Contestant("opencv4", "opencv", "opencv4", "OpenCV 4 by hand", "the same code, the fourth version; INTER_LINEAR", _CV),
        Contestant("augrs", "albumentations", "augrs", "augrs", "plain bilinear; it has no decoder, files by simplejpeg", ("augrs-py", "simplejpeg", "numpy"), False, "augrs"),
        Contestant("variopinta", "variopinta", "variopinta", "variopinta", "plain bilinear (its default); arrays are handled with the interpreter locked", ("variopinta", "numpy"), False, "variopinta"),
        Contestant("variopinta-antialias", "variopinta", "variopinta", "variopinta, antialias=True", "antialiased bilinear; arrays are handled with the interpreter locked", ("variopinta", "numpy"), True),
        Contestant("albumentations", "albumentations", "albumentations", "Albumentations 2", "INTER_LINEAR; files by OpenCV's decoder", ("albumentations", "opencv-python-headless", "numpy"), False, "albumentations"),
        Contestant("kornia-rs", "kornia_rs", "kornia_rs", "kornia-rs", "plain bilinear", ("kornia-rs", "numpy"), False, "kornia_rs"),
        Contestant("pillow", "pillow", "pillow", "Pillow", "antialiased (convolution); normalised with NumPy", ("pillow", "numpy"), True, "PIL.Image"),
        Contestant("imgaug", "imgaug", "imgaug", "imgaug", "old NumPy, because it runs with no other", ("imgaug", "opencv-python-headless", "numpy"), False, "imgaug"),
        Contestant("spdl", "spdl", "spdl", "SPDL", "FFmpeg decodes, crops and scales; bilinear of its own", ("spdl", "spdl-io", "numpy"), True, "spdl.io"),
        Contestant("dali", "dali", "dali", "DALI, CPU operators", "antialiased triangle", ("nvidia-dali-cuda120", "numpy"), True, "nvidia.dali", "dali"),
        Contestant("torchvision", "torchvision", "torch", "torchvision v2, tensors", "antialiased bilinear; files in a DataLoader of worker processes", _TORCH, True, "torchvision", "torch"),
        Contestant("torchvision-pil", "torchvision", "torch", "torchvision v2, Pillow", "antialiased bilinear; files in a DataLoader of worker processes", (*_TORCH, "pillow"), True, "", "torch"),
        Contestant("kornia", "kornia", "torch", "kornia", "plain bilinear on float batches of one size", ("kornia", "torch", "numpy"), False, "kornia", "torch"),
        Contestant("torchtransform", "torchtransform", "torch", "torchtransform", "fused geometry on float tensors, antialiased where it shrinks", ("torchtransform", "torch", "numpy"), True, "torchtransform", "torch"),
        Contestant("albumentationsx", "albumentations", "torch", "AlbumentationsX", "INTER_LINEAR; a black box, telemetry off; needs torch; files by OpenCV's decoder", ("albumentationsx", "opencv-python-headless", "torch", "numpy"), False, "albumentations", "torch"),
        Contestant("tf-data", "tensorflow_", "tensorflow", "tf.image in tf.data", "decode_and_crop, plain bilinear", _TF, False, "tensorflow", "tensorflow"),
        Contestant("keras-data", "keras_", "tensorflow", "Keras layers in tf.data", "plain bilinear; no resized crop layer, so crops are tf.image's", _TF, False, "keras", "tensorflow"),
        Contestant("keras-eager", "keras_", "tensorflow", "Keras layers, eager", "one call a batch", _TF, False, "", "tensorflow"),
        Contestant("image-generator", "keras_legacy", "tensorflow", "legacy ImageDataGenerator", "SciPy's affine_transform; no random crop", _TF, False, "", "tensorflow"),
        Contestant("limit", "limits", "opencv", "limit of the machine", "files: libjpeg-turbo, full RGB decode (simplejpeg); in memory: NumPy reading the crops and writing the batches; operations: NumPy copying what has to be written", _CV, False, "", "light", True),
    ]
}


def taking_part(peers: str) -> list[Contestant]:
    """The contestants that a text as "", "all" or "opencv,dali" names. Variegate and the limit always take part."""
    words = [w.strip() for w in peers.split(",") if w.strip()] or ["light"]
    known = {c.name for c in ROSTER.values()} | {c.group for c in ROSTER.values()} | {"all"}
    for word in words:
        if word not in known:
            raise SystemExit(f"error: PEERS={word}: expected one or more of {' '.join(sorted(known))}")
    always = ("variegate", "limits")
    return [c for c in ROSTER.values() if "all" in words or c.name in words or c.group in words or c.module in always]


def main() -> None:
    """Prints the environments that are needed, for the script that makes them."""
    print(*dict.fromkeys(who.venv for who in taking_part(sys.argv[1] if len(sys.argv) > 1 else "")))


if __name__ == "__main__":
    main()
