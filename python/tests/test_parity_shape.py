"""Curved maps against their formulae written out in NumPy, morphology against Pillow; each tolerance says why."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo

import variegate as vg

Image = pytest.importorskip("PIL.Image")
ImageFilter = pytest.importorskip("PIL.ImageFilter")

HEIGHT, WIDTH = 48, 70
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH] + 0.5
CENTRE = WIDTH / 2, HEIGHT / 2
SHORT, HALF = HEIGHT, np.hypot(HEIGHT, WIDTH) / 2


def read(picture: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bilinear, black beyond the edge."""
    padded = np.pad(picture.astype(np.float64), ((1, 1), (1, 1), (0, 0)))
    x, y = np.clip(x + 0.5, 0, picture.shape[1] + 1), np.clip(y + 0.5, 0, picture.shape[0] + 1)
    i, j = np.minimum(y.astype(int), picture.shape[0]), np.minimum(x.astype(int), picture.shape[1])
    fy, fx = (y - i)[..., None], (x - j)[..., None]
    top = padded[i, j] * (1 - fx) + padded[i, j + 1] * fx
    bottom = padded[i + 1, j] * (1 - fx) + padded[i + 1, j + 1] * fx
    return top * (1 - fy) + bottom * fy


def swirl(x, y):
    u, v = x - CENTRE[0], y - CENTRE[1]
    rho = np.minimum(np.hypot(u, v) / (0.45 * SHORT), 1)
    angle = np.radians(100) * (1 - rho) ** 2
    s, c = np.sin(angle), np.cos(angle)
    return CENTRE[0] + c * u - s * v, CENTRE[1] + s * u + c * v


def bulge(x, y):
    u, v = x - CENTRE[0], y - CENTRE[1]
    rho = np.minimum(np.hypot(u, v) / (0.45 * SHORT), 1)
    scale = 1 - 0.4 * (1 - rho**2) ** 2
    return CENTRE[0] + scale * u, CENTRE[1] + scale * v


def lens(x, y):
    u, v = (x - CENTRE[0]) / HALF, (y - CENTRE[1]) / HALF
    square = u * u + v * v
    radial = 1 + 0.2 * square - 0.05 * square**2
    tipped = u * radial + 2 * 0.01 * u * v - 0.02 * (square + 2 * u * u)
    down = v * radial + 0.01 * (square + 2 * v * v) - 2 * 0.02 * u * v
    return CENTRE[0] + tipped * HALF, CENTRE[1] + down * HALF


def wave(x, y):
    return x + 0.03 * SHORT * np.sin(2 * np.pi * ((y - CENTRE[1]) / (0.5 * SHORT) + 0.1)), y


def moebius(x, y):
    z = ((x - CENTRE[0]) + 1j * (y - CENTRE[1])) / HALF
    a = 0.3 * ((0.8 * WIDTH - CENTRE[0]) + 1j * (0.25 * HEIGHT - CENTRE[1])) / HALF
    w = (z - a) / (1 - np.conj(a) * z) * HALF
    return CENTRE[0] + w.real, CENTRE[1] + w.imag


def fisheye(x, y):
    u, v = x - CENTRE[0], y - CENTRE[1]
    rho = np.hypot(u, v) / HALF
    half = np.radians(60)
    scale = np.tan(rho * half) / (np.tan(half) * rho)
    return CENTRE[0] + scale * u, CENTRE[1] + scale * v


def polar(x, y):
    angle, distance = 2 * np.pi * x / WIDTH, y / HEIGHT * 0.5 * SHORT
    return CENTRE[0] + distance * np.cos(angle), CENTRE[1] + distance * np.sin(angle)


def disc(x, y):
    u, v = x / CENTRE[0] - 1, y / CENTRE[1] - 1
    r = np.maximum(np.hypot(u, v), 1.0)
    p, q = u / r, v / r
    root = 2 * np.sqrt(2)
    a = np.sqrt(np.maximum(2 + p * p - q * q + root * p, 0)) - np.sqrt(np.maximum(2 + p * p - q * q - root * p, 0))
    b = np.sqrt(np.maximum(2 - p * p + q * q + root * q, 0)) - np.sqrt(np.maximum(2 - p * p + q * q - root * q, 0))
    return (a / 2 * r + 1) * CENTRE[0], (b / 2 * r + 1) * CENTRE[1]


ROUND = {"x": 0.5, "y": 0.5, "aspect": 1.0}


@pytest.mark.parametrize(
    ("operation", "formula"),
    [
        (vg.Swirl(degrees=100.0, radius=0.45, tilt=0.0, **ROUND), swirl),
        (vg.Bulge(strength=0.4, radius=0.45, tilt=0.0, **ROUND), bulge),
        (vg.Lens(k1=0.2, k2=-0.05, k3=0.0, p1=0.01, p2=-0.02), lens),
        (vg.Wave(strength=0.03, wavelength=0.5, phase=0.1, degrees=0.0), wave),
        (vg.Moebius(strength=0.3, x=0.8, y=0.25), moebius),
        (vg.Fisheye(field_of_view=120.0, **ROUND), fisheye),
        (vg.Polar("to"), polar),
        (vg.DiscSquare("disc"), disc),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_curved_maps_are_their_formulae(operation, formula, dtype):
    """Bytes 1: the formula is rounded here and there a level apart where it ends in a half. Floats 2e-4: NumPy's sines are
    right to the last bit and positions are, like weights, to about a millionth of a pixel."""
    picture = photo(dtype=dtype)
    ours = vg.Pipeline([operation])(picture).astype(np.float64)
    theirs = read(picture, *formula(X, Y))
    assert np.abs(ours - theirs).max() <= (1.0 if dtype == "uint8" else 2e-4)
    assert np.abs(ours - picture).max() > (20 if dtype == "uint8" else 0.08)


@pytest.mark.parametrize("radius", [1, 2, 5])
def test_morphology_is_that_of_pillow(radius):
    picture = photo()
    grown = vg.Pipeline([vg.Morphology(radius, kind="dilate")])(picture)
    shrunk = vg.Pipeline([vg.Morphology(radius, kind="erode")])(picture)
    size = 2 * radius + 1
    assert (grown == np.asarray(Image.fromarray(picture).filter(ImageFilter.MaxFilter(size)))).all()
    assert (shrunk == np.asarray(Image.fromarray(picture).filter(ImageFilter.MinFilter(size)))).all()
    assert (vg.Pipeline([vg.Morphology(radius, kind="gradient")])(picture) == grown - shrunk).all()


@pytest.mark.parametrize("symmetry", range(8))
def test_square_symmetries_are_exact(symmetry):
    picture = photo()
    expected = np.rot90(picture if symmetry < 4 else np.fliplr(picture), symmetry % 4)
    assert (vg.Pipeline([vg.SquareSymmetry(symmetry)])(picture) == expected).all()


def test_a_grid_shuffle_moves_whole_tiles():
    picture = photo(48, 72)

    def tiles(array: np.ndarray) -> list[bytes]:
        return [array[i : i + 16, j : j + 18].tobytes() for i in range(0, 48, 16) for j in range(0, 72, 18)]

    shuffled = vg.Pipeline([vg.GridShuffle(rows=3, columns=4)], seed=3)(picture, sample=1)
    assert sorted(tiles(shuffled)) == sorted(tiles(picture))
    assert tiles(shuffled) != tiles(picture)


def test_a_yaw_of_a_panorama_rolls_it():
    """1: the shift is whole pixels to a billionth, so that a weight of nearly nothing may turn a rounding."""
    picture = photo(40, 80)
    turned = vg.Pipeline([vg.Panorama(yaw=90.0, pitch=0.0, roll=0.0)])(picture)
    assert np.abs(turned.astype(int) - np.roll(picture, -20, axis=1)).max() <= 1


def test_a_roll_of_a_camera_is_a_rotation():
    picture = photo()
    rolled = vg.Pipeline([vg.Camera(yaw=0.0, pitch=0.0, roll=25.0)])(picture, sample=0)
    # The focal length goes in and out again, which leaves the last bits.
    assert np.abs(rolled.astype(int) - vg.Pipeline([vg.Rotate(25.0)])(picture)).max() <= 1


def test_a_cropped_rotation_shows_no_border():
    white = np.full((60, 90, 3), 255, np.uint8)
    for degrees in (3.0, 20.0, -45.0, 80.0):
        cropped = vg.Pipeline([vg.Rotate(degrees, canvas="crop")])(white)
        assert (cropped == 255).all()
        assert cropped.size > 0.1 * white.size
