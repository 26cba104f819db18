"""The same parameters in Pillow give the same pictures, within what its arithmetic loses; each tolerance says why."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo

import variegate as vg

Image = pytest.importorskip("PIL.Image")
ImageEnhance = pytest.importorskip("PIL.ImageEnhance")
ImageOps = pytest.importorskip("PIL.ImageOps")


def apart(ours: np.ndarray, theirs: object) -> np.ndarray:
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    return np.abs(ours.astype(int) - theirs)


def inside(augment: vg.Pipeline, shape: tuple[int, int]) -> np.ndarray:
    """Where only pixels of the picture are read: a white picture stays white there. Beyond its edge Pillow stops
    sharply, while variegate, which takes a picture for a function on the plane, blends into the border."""
    return augment(np.full(shape, 255, np.uint8), sample=0) == 255


@pytest.mark.parametrize("degrees", [-33.0, 7.5, 20.0, 45.0, 100.0])
def test_rotate(degrees):
    """1: Pillow cuts the decimals of the result off, variegate rounds it."""
    augment = vg.Pipeline([vg.Rotate(degrees)])
    theirs = Image.fromarray(photo()).rotate(degrees, Image.Resampling.BILINEAR)
    differ = apart(augment(photo(), sample=0), theirs)[inside(augment, (48, 70))]
    assert differ.size > 500
    assert differ.max() <= 1


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_quarter_turns_are_exact(turns):
    expected = np.rot90(photo(), turns)
    assert (vg.Pipeline([vg.QuarterTurn(turns)])(photo()) == expected).all()
    assert (vg.Pipeline([vg.Rotate(90 * turns, canvas="expand")])(photo()) == expected).all()


def test_flips_and_transposes_are_exact():
    def ours(operation):
        return vg.Pipeline([operation])(photo())

    picture = Image.fromarray(photo())
    assert (ours(vg.Flip("horizontal")) == np.asarray(ImageOps.mirror(picture))).all()
    assert (ours(vg.Flip("vertical")) == np.asarray(ImageOps.flip(picture))).all()
    assert (ours(vg.Transpose("main")) == np.asarray(picture.transpose(Image.Transpose.TRANSPOSE))).all()
    assert (ours(vg.Transpose("anti")) == np.asarray(picture.transpose(Image.Transpose.TRANSVERSE))).all()


FILTERS = [("bilinear", "BILINEAR"), ("bicubic", "BICUBIC"), ("lanczos3", "LANCZOS"), ("box", "BOX"), ("hamming", "HAMMING")]


@pytest.mark.parametrize(("ours", "theirs"), FILTERS)
@pytest.mark.parametrize("size", [(20, 31), (97, 140), (20, 140), (48, 33)])
def test_resize(ours, theirs, size):
    """1: Pillow rounds to 8 bits between the two directions, variegate once at the end."""
    resized = vg.Pipeline([vg.Resize(size, filter=ours)])(photo())
    expected = Image.fromarray(photo()).resize(size[::-1], getattr(Image.Resampling, theirs))
    assert apart(resized, expected).max() <= 1


def homography(augment: vg.Pipeline, height: int, width: int) -> list[float]:
    """Pillow's eight numbers, output to input, from where four points go."""
    corners = np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    moved = augment.apply(augment.draw((height, width)), points=corners)["points"]
    rows, right = [], []
    for (x, y), (u, v) in zip(moved, corners, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return np.linalg.solve(np.array(rows), np.array(right)).tolist()


@pytest.mark.parametrize(
    "operation",
    [
        vg.Affine(degrees=20, zoom=1.2, x=0.1, y=-0.05, shear_x=8, shear_y=-5),
        vg.Affine(degrees=-70, zoom=1.0, x=0.0, y=0.0, shear_x=0, shear_y=10),
        vg.Shear(x=15, y=0),
        vg.Translate(x=0.111, y=-0.07),
        vg.Zoom(1.3),
        vg.Perspective(0.4),
        vg.Perspective(0.3),
    ],
    ids=repr,
)
def test_warps(operation):
    """1, since Pillow cuts decimals off where variegate rounds; one more under a perspective, which shrinks a part of the
    picture: there variegate averages first, and Pillow's transform never does."""
    augment = vg.Pipeline([operation])
    numbers = homography(augment, 48, 70)
    theirs = Image.fromarray(photo()).transform((70, 48), Image.Transform.PERSPECTIVE, numbers, Image.Resampling.BILINEAR)
    differ = apart(augment.apply(augment.draw((48, 70)), photo()), theirs)[inside(augment, (48, 70))]
    assert differ.size > 500
    assert differ.max() <= (2 if "Perspective" in repr(operation) else 1)


@pytest.mark.parametrize("factor", [0.0, 0.4, 0.9, 1.3, 2.5])
def test_brightness_contrast_saturation(factor):
    """Brightness and saturation 1: Pillow truncates, variegate rounds. Contrast 2: Pillow also rounds the mean."""

    def ours(operation):
        return vg.Pipeline([operation])(photo())

    def exactly(f):
        return (f, f)  # one number would be a range around 1

    picture = Image.fromarray(photo())
    assert apart(ours(vg.Brightness(exactly(factor))), ImageEnhance.Brightness(picture).enhance(factor)).max() <= 1
    grey_first = apart(ours(vg.Saturation(exactly(factor))), ImageEnhance.Color(picture).enhance(factor))
    # Pillow blends with a grey already rounded to 8 bits, an error that the distance |1 − factor| magnifies.
    assert grey_first.max() <= 1 + abs(1 - factor) / 2 + 0.5
    assert apart(ours(vg.Contrast(exactly(factor))), ImageEnhance.Contrast(picture).enhance(factor)).max() <= 2


def test_tables_are_exact():
    picture = Image.fromarray(photo())
    assert (vg.Pipeline([vg.Invert()])(photo()) == np.asarray(ImageOps.invert(picture))).all()
    for bits in range(1, 9):
        assert (vg.Pipeline([vg.Posterize(bits)])(photo()) == np.asarray(ImageOps.posterize(picture, bits))).all()
    for threshold in (1, 100, 128, 255):
        ours = vg.Pipeline([vg.Solarize(threshold / 255)])(photo())
        assert (ours == np.asarray(ImageOps.solarize(picture, threshold))).all()


def test_grey():
    """1: Pillow's weights have 16 bits, so that sums close to a half go the other way."""
    ours = vg.Pipeline([vg.Grayscale()])(photo())
    assert apart(ours[..., 0], Image.fromarray(photo()).convert("L")).max() <= 1
    assert (ours[..., 0] == ours[..., 2]).all()


def test_normalisation_is_that_of_the_models():
    from variegate.keras import preprocess_input

    picture = photo()
    imagenet = vg.Pipeline([vg.Normalize("imagenet")])(picture)
    expected = (picture / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    assert imagenet == pytest.approx(expected, abs=1e-5)
    for mode in ("caffe", "tf", "torch"):
        # float32 in another order of operations: 1e-5 of the range.
        ours = vg.Pipeline([vg.Normalize(mode)])(picture)
        assert ours == pytest.approx(preprocess_input(picture, mode), abs=2e-3 if mode == "caffe" else 2e-5)


@pytest.mark.parametrize("turns", [-0.4, -0.1, 0.05, 0.3, 0.5])
def test_hue_is_the_hexcone_of_the_standard_library(turns):
    """1: rounding to 8 bits after 32-bit instead of 64-bit arithmetic."""
    import colorsys

    def turned(pixel):
        hue, saturation, value = colorsys.rgb_to_hsv(*(pixel / 255))
        return np.array(colorsys.hsv_to_rgb((hue + turns) % 1, saturation, value)) * 255

    expected = np.apply_along_axis(turned, 2, photo())
    ours = vg.Pipeline([vg.Hue((turns, turns))])(photo())
    assert np.abs(ours - expected).max() <= 0.51


@pytest.mark.parametrize("gamma", [0.5, 0.8, 1.0, 2.2])
def test_gamma_is_a_rounded_power(gamma):
    expected = np.round(255 * (photo() / 255.0) ** gamma)
    assert np.abs(vg.Pipeline([vg.Gamma(gamma)])(photo()) - expected).max() <= 1
