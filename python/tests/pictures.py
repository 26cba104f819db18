"""Pictures that tests draw themselves: nothing random, never square."""

from __future__ import annotations

import numpy as np


def photo(height: int = 48, width: int = 70, channels: int = 3, dtype: str = "uint8") -> np.ndarray:
    """A smooth picture with edges in it, every pixel told from its neighbours."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    planes = []
    for c in range(channels):
        plane = 0.5 + 0.3 * np.sin(x / (5.0 + c) + c) * np.cos(y / (7.0 - c % 3)) + 0.15 * ((x + y * (c + 1)) % 11 < 5)
        planes.append(np.clip(plane, 0.0, 1.0))
    picture = np.stack(planes, axis=-1)
    match dtype:
        case "uint8":
            return np.round(picture * 255).astype(np.uint8)
        case "uint16":
            return np.round(picture * 65535).astype(np.uint16)
    return picture.astype(dtype)


def disc(height: int, width: int, x: float, y: float, radius: float) -> np.ndarray:
    """A white disc on black, float32, its edge averaged over 8 × 8 points a pixel."""
    n = 8
    v, u = (np.mgrid[0 : height * n, 0 : width * n] + 0.5) / n
    inside = ((u - x) ** 2 + (v - y) ** 2 <= radius**2).astype(np.float32)
    return inside.reshape(height, n, width, n).mean(axis=(1, 3))


def centroid(picture: np.ndarray) -> tuple[float, float]:
    """The (x, y) of the centre of mass, pixel centres at one half."""
    mass = picture.astype(np.float64)
    v, u = np.mgrid[0 : mass.shape[0], 0 : mass.shape[1]] + 0.5
    return float((mass * u).sum() / mass.sum()), float((mass * v).sum() / mass.sum())


def extent(mask: np.ndarray) -> tuple[int, int, int, int]:
    """The edges (x0, y0, x1, y1) of what is not zero."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
