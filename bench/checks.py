"""Checks an answer before its clock starts: shape, type, finite values, and pixels or statistics.

`worker.py` calls it with what a contestant gave; what is expected comes from `expected.py`. It never changes an answer.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from contestants import SetUp
from tasks import BATCH, VIEWS


class Wrong(Exception):
    """The answer is not what the task asks for."""


#: Largest and mean difference to the expected pixels. Rounding is 1 level; fixed-point resizing 2; seven-tap kernels in
#: eight bits 2; normalised values differ by the order in which 32-bit operations are done.
_PIXELS = {
    "flip": (0, 0), "posterize": (0, 0), "solarize": (0, 0), "grayscale": (1, 1), "normalize": (2e-3, 2e-3),
    "gaussian_blur": (3, 1), "resize_bilinear": (12, 1), "resize_lanczos": (48, 3),
}  # fmt: skip

#: Allowed difference of the mean (in normalised units, or levels of 255 for operations) and relative difference of the
#: standard deviation. The first covers the draws of a few hundred pictures, the second also the sharper pictures of plain
#: resampling; policies differ by library, so theirs only catches nonsense.
_STATISTICS = {
    "crop": (0.12, 0.10), "packed": (0.25, 0.15), "simclr": (0.20, 0.15), "classic": (0.20, 0.15), "policy": (0.90, 0.50), "views": (0.25, 0.15),
    "affine": (10, 0.12), "rotate": (10, 0.12), "perspective": (14, 0.20), "erase": (10, 0.12), "color_jitter": (14, 0.20),
    "gaussian_noise": (4, 0.08), "resized_crop": (14, 0.12), "equalize": (6, 0.08), "jpeg": (2, 0.05),
}  # fmt: skip
#: Folders are read in any order, and the first batches of one may hold some classes alone.
_FILES_MEAN, _FILES_STD = 0.45, 0.25


def check(set_up: SetUp, answer: list[Any], loose: bool = False) -> dict[str, Any]:
    """What is told of a right answer; `Wrong` otherwise. `loose` is for other ways of averaging."""
    task = set_up.task
    if not answer:
        raise Wrong("no batch at all")
    if task.does == "views":
        _views(answer)
        answer = [pair[0] for pair in answer]
    if task.kind == "operation":
        return _operation(set_up, answer, loose)
    for batch in answer[:1]:
        side = task.values.get("size", 224)
        if batch.shape not in ((BATCH, side, side, 3), (BATCH, 3, side, side)) and task.does != "views":
            raise Wrong(f"a batch of shape {batch.shape}")
        if batch.dtype != np.float32:
            raise Wrong(f"values of type {batch.dtype}")
    batches = [np.moveaxis(b, 1, -1) if b.shape[1] == 3 else b for b in answer]
    if task.kind == "memory" and np.array_equal(batches[0], batches[1]):
        raise Wrong("two batches are equal")
    limits = _allowed(task.does, loose)
    if task.kind == "files":
        limits = max(limits[0], _FILES_MEAN), max(limits[1], _FILES_STD)
    return {"shape": list(batches[0].shape), "dtype": "float32", **_statistics(set_up, batches, limits)}


def _allowed(does: str, loose: bool) -> tuple[float, float]:
    mean, std = _STATISTICS[does]
    return (2 * mean, 2 * std) if loose else (mean, std)


def _views(answer: list[Any]) -> None:
    for large, small in answer:
        if large.shape[1:] != (224, 224, 3) or small.shape[1:] != (96, 96, 3) or len(large) * VIEWS["local"] != len(small) * VIEWS["global"]:
            raise Wrong(f"views of shapes {large.shape} and {small.shape}")
        if not (large.dtype == small.dtype == np.float32 and np.isfinite(small).all() and small.std() > 0.3):
            raise Wrong("the small views are not pictures")


def _operation(set_up: SetUp, answer: list[np.ndarray], loose: bool) -> dict[str, Any]:
    task, pictures = set_up.task, set_up.pictures
    dtype = np.float32 if task.does == "normalize" else np.uint8
    side = task.values.get("size", pictures[0].shape[0])
    for out in answer:
        if out.shape != (side, side, 3) or out.dtype != dtype:
            raise Wrong(f"a picture of {out.shape} {out.dtype}, expected {(side, side, 3)} {np.dtype(dtype)}")
    told: dict[str, Any] = {"shape": [side, side, 3], "dtype": np.dtype(dtype).name}
    if task.check == "pixels":
        return told | _pixels(set_up, answer, loose)
    if task.does == "gaussian_noise":
        added = float(np.std([a.astype(float) - b for a, b in zip(answer, pictures)]))
        wanted = _numbers(set_up)["added"]
        if abs(added / wanted - 1) > 0.1:
            raise Wrong(f"noise of {added:.2f} levels, expected {wanted:.2f}")
    if task.does != "equalize" and any(np.array_equal(a, b) for a, b in zip(answer, pictures)):
        raise Wrong("a picture came back unchanged")
    return told | _statistics(set_up, answer, _allowed(task.does, loose))


def _pixels(set_up: SetUp, answer: list[np.ndarray], loose: bool) -> dict[str, Any]:
    task = set_up.task
    kernel = "any" if task.does != "resize_bilinear" else "area" if set_up.name.endswith("-area") else "antialias" if set_up.antialias else "plain"
    largest = mean = 0.0
    with np.load(set_up.data / "expected.npz") as store:
        wanted = [store[name] for name in store.files if name.startswith(f"{task.name}|{kernel}|")]
    for out, right in zip(answer, wanted):
        # Borders are each library's own.
        edge = 4 if task.does in ("gaussian_blur", "resize_bilinear", "resize_lanczos") else 0
        away = np.abs(out.astype(np.float64) - right)[edge : len(out) - edge, edge : len(out) - edge]
        largest, mean = max(largest, float(away.max())), max(mean, float(away.mean()))
    most, usual = _PIXELS[task.does]
    if loose:
        most, usual = 4 * most, 4 * usual
    if task.does == "resize_lanczos" and not set_up.antialias:
        # Without antialiasing it is another picture; only nonsense is caught.
        most, usual = 255, 15
    if largest > most or mean > usual:
        raise Wrong(f"pixels differ by {largest:.3g} at most and {mean:.3g} on average, allowed are {most} and {usual}")
    return {"largest_difference": largest, "mean_difference": mean}


def _numbers(set_up: SetUp) -> dict[str, Any]:
    return json.loads((set_up.data / "expected.json").read_text())[set_up.task.name]


def _statistics(set_up: SetUp, answer: list[np.ndarray], limits: tuple[float, float]) -> dict[str, Any]:
    wanted = _numbers(set_up)
    if not all(np.isfinite(a).all() for a in answer):
        raise Wrong("values that are not finite")
    flat = [a.reshape(-1, 3).astype(np.float64) for a in answer]
    weights = [len(a) for a in flat]
    mean = np.average([a.mean(0) for a in flat], axis=0, weights=weights)
    std = np.sqrt(np.average([(a**2).mean(0) for a in flat], axis=0, weights=weights) - mean**2)
    told = {"mean": mean.round(3).tolist(), "std": std.round(3).tolist()}
    # Some words mean two things: a perspective may show the picture's corners, or leave them out.
    for right in filter(None, (wanted, wanted.get("or"))):
        if np.abs(mean - right["mean"]).max() <= limits[0] and np.abs(std / right["std"] - 1).max() <= limits[1]:
            return told
    right = {k: np.round(wanted[k], 3).tolist() for k in ("mean", "std")}
    raise Wrong(f"mean and standard deviation {told}, expected {right} within {limits[0]} and {limits[1]:.0%}")
