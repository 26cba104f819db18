"""Colours against Pillow, NumPy and the standard library; each tolerance says why. 0.51 is the rounding to bytes, with a
hundredth for 32-bit arithmetic."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
from pictures import photo

import variegate as vg

Image = pytest.importorskip("PIL.Image")
ImageEnhance = pytest.importorskip("PIL.ImageEnhance")
ImageOps = pytest.importorskip("PIL.ImageOps")

SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])


def ours(operation: object, picture: np.ndarray | None = None) -> np.ndarray:
    picture = photo() if picture is None else picture
    return vg.Pipeline([operation])(picture, sample=0).astype(int)


def units() -> np.ndarray:
    return photo() / 255.0


@pytest.mark.parametrize("percent", [0, 1, 5])
def test_auto_contrast(percent):
    """1: Pillow cuts the decimals of a value off, variegate rounds it."""
    theirs = np.asarray(ImageOps.autocontrast(Image.fromarray(photo()), cutoff=percent))
    assert np.abs(ours(vg.AutoContrast(cutoff=percent / 100)) - theirs).max() <= 1


def test_equalize_is_exact():
    theirs = np.asarray(ImageOps.equalize(Image.fromarray(photo())))
    assert (ours(vg.Equalize()) == theirs).all()


@pytest.mark.parametrize("factor", [0.0, 0.3, 0.7, 1.6, 3.0])
def test_sharpness(factor):
    """Pillow cuts decimals off, and rounds the smooth picture first, an error that the distance |1 − factor| magnifies."""
    theirs = np.asarray(ImageEnhance.Sharpness(Image.fromarray(photo())).enhance(factor))
    differ = np.abs(ours(vg.Sharpness(factor=(factor, factor))) - theirs)
    assert differ.max() <= 1 + abs(1 - factor) / 2
    rim = np.ones((48, 70), bool)
    rim[1:-1, 1:-1] = False
    assert (differ[rim] == 0).all()


@pytest.mark.parametrize("amount", [-60, 30, 110])
def test_solarize_add_is_exact(amount):
    picture = photo().astype(int)
    expected = np.where(picture < 128, np.clip(picture + amount, 0, 255), picture)
    assert (ours(vg.SolarizeAdd(amount=amount / 255)) == expected).all()


def test_tables_and_orders_are_exact():
    table = np.arange(256) * 7 % 256
    assert (ours(vg.Lut(values=(table / 255).tolist())) == table[photo()]).all()
    assert (ours(vg.ChannelSwap()) == photo()[..., ::-1]).all()
    assert (ours(vg.ChannelSwap(order="gbr")) == photo()[..., [1, 2, 0]]).all()
    assert (np.sort(ours(vg.ChannelShuffle())) == np.sort(photo())).all()
    shifted = ours(vg.ChannelShift(red=20 / 255, green=-30 / 255, blue=0.0))
    assert (shifted == np.clip(photo() + np.array([20, -30, 0]), 0, 255)).all()


FORMULAE = [
    (vg.Exposure(stops=0.7, linear=False), lambda v: v * 2**0.7),
    (vg.LogContrast(gain=0.9), lambda v: 0.9 * np.log2(1 + v)),
    (vg.LogContrast(gain=1.1, inverse=True), lambda v: 1.1 * (2**v - 1)),
    (vg.SigmoidContrast(gain=7.0, middle=0.45), lambda v: 1 / (1 + np.exp(7 * (0.45 - v)))),
    (vg.Quantize(levels=5), lambda v: np.floor(v * 4 + 0.5) / 4),
    (vg.WhiteBalance(strength=1.0), lambda v: v * v.mean() / v.mean(axis=(0, 1))),
    (vg.Sepia(strength=1.0), lambda v: v @ SEPIA.T),
    (vg.Sepia(strength=0.25), lambda v: 0.75 * v + 0.25 * v @ SEPIA.T),
]


@pytest.mark.parametrize(("operation", "formula"), FORMULAE, ids=[repr(operation) for operation, _ in FORMULAE])
def test_formulae(operation, formula):
    expected = 255 * np.clip(formula(units()), 0, 1)
    assert np.abs(ours(operation) - expected).max() <= 0.51


@pytest.mark.parametrize("stops", [-1.5, 0.4, 1.0])
def test_exposure_multiplies_light(stops):
    v = units()
    light = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4) * 2**stops
    expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(ours(vg.Exposure(stops=stops)) - 255 * np.clip(expected, 0, 1)).max() <= 0.51


@pytest.mark.parametrize(
    ("hue", "saturation", "value"), [(0.2, 0.1, -0.1), (-0.4, -0.3, 0.2), (0.0, 0.5, 0.0), (0.1, 0.0, 0.0)]
)
def test_hue_saturation_value_is_added_in_the_hexcone_of_the_standard_library(hue, saturation, value):
    def changed(pixel):
        h, s, v = colorsys.rgb_to_hsv(*(pixel / 255))
        s, v = np.clip([s + saturation, v + value], 0, 1)
        return np.array(colorsys.hsv_to_rgb((h + hue) % 1, s, v)) * 255

    expected = np.apply_along_axis(changed, 2, photo())
    operation = vg.HueSaturationValue(hue=(hue, hue), saturation=(saturation, saturation), value=(value, value))
    assert np.abs(ours(operation) - expected).max() <= 0.51


@pytest.mark.parametrize("middle", [None, (200, 40, 90)])
def test_colorize(middle):
    """Pillow's grey may be a level away (its weights have 16 bits), which the ramp, twice as steep with a middle colour,
    magnifies; its ramp is cut to whole numbers and has its middle at 127, where variegate has 127.5."""
    dark, light = (10, 20, 90), (250, 230, 180)
    theirs = ImageOps.colorize(Image.fromarray(photo()).convert("L"), dark, light, mid=middle)
    given = {"dark": [v / 255 for v in dark], "light": [v / 255 for v in light]}
    if middle:
        given["middle"] = [v / 255 for v in middle]
    assert np.abs(ours(vg.Colorize(**given)) - np.asarray(theirs)).max() <= (4 if middle else 2)


def test_ordered_dither_is_exact():
    """Bayer's matrix by doubling: 4 M, 4 M + 2, 4 M + 3, 4 M + 1."""
    matrix = np.zeros((1, 1))
    for _ in range(3):
        matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
    grey = photo(48, 72, channels=1)
    thresholds = np.tile((matrix + 0.5) / 64, (6, 9))[..., None]
    for levels in (2, 4):
        expected = np.clip(np.floor(grey / 255 * (levels - 1) + thresholds), 0, levels - 1) / (levels - 1)
        assert np.abs(ours(vg.Dither(levels=levels), grey) - 255 * expected).max() < 0.51


def test_diffused_dither_keeps_areas():
    """12 levels of 255: a window of 16 × 8 pixels keeps its mean up to the errors that crossed its rim."""
    grey = photo(48, 72, channels=1)
    dithered = ours(vg.Dither(levels=2, method="floyd_steinberg"), grey)
    assert set(np.unique(dithered)) == {0, 255}

    def windows(picture):
        return picture.reshape(3, 16, -1, 8).mean(axis=(1, 3))

    assert np.abs(windows(dithered) - windows(grey)).max() <= 12
    assert abs(dithered.mean() - grey.mean()) <= 3


def test_illumination_is_a_product():
    height, width = photo().shape[:2]
    across = (np.arange(width) + 0.5 - width / 2) / (width / 2)
    expected = np.clip(photo() * (1 + 0.4 * across)[None, :, None], 0, 255)
    operation = vg.Illumination(pattern="linear", strength=0.4, degrees=0.0)
    assert np.abs(ours(operation) - expected).max() <= 0.51


@pytest.mark.parametrize("larger", [0.02, 0.1])
def test_chromatic_aberration_is_a_zoom_of_two_channels(larger):
    """1: Pillow cuts the decimals of the result off. Within half a pixel of its edge Pillow shows nothing."""
    height, width = photo().shape[:2]
    scale = 1 / (1 + larger)
    numbers = (scale, 0, width / 2 * (1 - scale), 0, scale, height / 2 * (1 - scale))
    red = Image.fromarray(photo()[..., 0]).transform(
        (width, height), Image.Transform.AFFINE, numbers, Image.Resampling.BILINEAR
    )
    fringed = ours(vg.ChromaticAberration(red=larger, blue=0.0))
    assert np.abs(fringed[1:-1, 1:-1, 0] - np.asarray(red, int)[1:-1, 1:-1]).max() <= 1
    assert (fringed[..., 1:] == photo()[..., 1:]).all()


def test_equalised_lightness_leaves_greys_grey():
    """1: three channels are rounded each by itself."""
    grey = np.repeat(photo(64, 96, channels=1), 3, axis=2)
    changed = ours(vg.Clahe(clip_limit=2.0, tiles=4), grey)
    assert (changed.max(axis=2) - changed.min(axis=2)).max() <= 1
    assert changed.std() > grey.std()
