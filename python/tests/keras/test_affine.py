"""The generator's affine maps, against order-1 interpolation written out in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from variegate.keras.affine import matrices, matrix, warp


def reference(x, m, fill_mode, cval=0.0):
    height, width, _ = x.shape
    rows, columns = np.mgrid[:height, :width]
    u = m[0, 0] * columns + m[0, 1] * rows + m[0, 2]
    v = m[1, 0] * columns + m[1, 1] * rows + m[1, 2]

    def at(i, n):
        if fill_mode == "reflect":
            i = i % (2 * n)
            return np.where(i < n, i, 2 * n - 1 - i)
        return i % n if fill_mode == "wrap" else np.clip(i, 0, n - 1)

    x0, y0 = np.floor(u).astype(int), np.floor(v).astype(int)
    fx, fy = (u - x0)[..., None], (v - y0)[..., None]
    out = np.zeros(x.shape)
    for dy in (0, 1):
        for dx in (0, 1):
            weight = (fx if dx else 1 - fx) * (fy if dy else 1 - fy)
            out += weight * x[at(y0 + dy, height), at(x0 + dx, width)]
    if fill_mode == "constant":
        # SciPy's constant fill begins at the centres of the outermost pixels; a position on them is seen, but for roundings.
        beyond = [(p < -1e-9) | (p > n - 1 + 1e-9) for p, n in ((u, width), (v, height))]
        out[beyond[0] | beyond[1]] = cval
    return out


def smooth(height, width):
    rows, columns = np.mgrid[:height, :width]
    planes = [127 + 100 * np.sin(rows / a + columns / b) for a, b in ((5, 9), (11, 4), (7, 6))]
    return np.stack(planes, -1).astype(np.float32)


MAPS = [
    {"theta": 30},
    {"tx": 3.5, "ty": -7.25},
    {"shear": 20},
    {"zx": 0.7, "zy": 1.2},
    {"theta": -17, "tx": 4, "ty": 2.5, "shear": 9, "zx": 1.1, "zy": 0.85},
    {"theta": 5, "tx": 90},
]


@pytest.mark.parametrize("fill_mode", ["nearest", "constant", "reflect", "wrap"])
@pytest.mark.parametrize("explicit", MAPS)
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_as_order_one(explicit, fill_mode, dtype):
    """1 of 255, for fixed-point positions."""
    x = smooth(48, 64).astype(dtype)
    m = matrix((48, 64), **explicit)
    assert np.abs(warp(x[None], m[None], fill_mode, 9.0)[0] - reference(x, m, fill_mode, 9.0)).max() <= 1.0


def test_quarter_turn_is_counter_clockwise():
    x = np.arange(4, dtype=np.float32).reshape(2, 2, 1) * 10
    assert warp(x[None], matrices((2, 2), [{"theta": 90}]))[0, ..., 0].tolist() == [[10, 30], [0, 20]]


def test_mirrors_come_last():
    x = smooth(20, 30)
    plain, mirrored = matrices((20, 30), [{"tx": 3.5}, {"tx": 3.5, "flip_horizontal": True}], mirrors=True)
    assert np.allclose(warp(x[None], mirrored[None])[0], warp(x[None], plain[None])[0][:, ::-1], atol=0.05)
