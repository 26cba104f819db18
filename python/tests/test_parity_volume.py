"""Operations on volumes and clips against NumPy's arrays and Fourier transform; each tolerance says why."""

from __future__ import annotations

import numpy as np
import pytest
from test_volume import volume

import variegate as vg


def through(operation, stack: np.ndarray) -> np.ndarray:
    return vg.Pipeline([operation])(volume=stack)["volume"]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_flips_are_exact(dtype):
    stack = volume(5, 8, 9, 3, dtype)
    for axis, name in enumerate(("depth", "vertical", "horizontal")):
        assert (through(vg.Flip3d(name), stack) == np.flip(stack, axis)).all()
    assert (through(vg.Reverse(), stack) == stack[::-1]).all()


@pytest.mark.parametrize("number", range(48))
def test_cube_symmetries_are_exact(number):
    orders = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    mirrored = [axis for axis in range(3) if number & (4 >> axis)]
    stack = volume(4, 5, 6)
    expected = np.flip(stack.transpose(*orders[number // 8], 3), mirrored)
    assert (through(vg.CubeSymmetry(number), stack) == expected).all()


def test_quarter_turns_are_exact():
    stack = volume(7, 7, 7)
    assert (through(vg.Rotate3d(90, degrees_y=0, degrees_x=0), stack) == np.rot90(stack, axes=(1, 2))).all()
    assert (through(vg.Rotate3d(0, degrees_y=90, degrees_x=0), stack) == np.rot90(stack, axes=(0, 2))).all()
    assert (through(vg.Rotate3d(0, degrees_y=0, degrees_x=90), stack) == np.rot90(stack, axes=(0, 1))).all()


def test_a_turn_about_the_depth_is_that_of_every_slice():
    """1e-5: one goes through positions in 64 bits and shares in 32, the other through weights of 32."""
    stack = volume(3, 20, 28, 3, "float32")
    assert np.abs(through(vg.Rotate3d(17, degrees_y=0, degrees_x=0), stack) - through(vg.Rotate(17), stack)).max() < 1e-5


@pytest.mark.parametrize(
    ("border", "mode"),
    [("constant", "constant"), ("edge", "edge"), ("reflect", "symmetric"), ("mirror", "reflect"), ("wrap", "wrap")],
)
def test_pads_are_exact(border, mode):
    stack = volume(4, 6, 7)
    pads = ((2, 2), (3, 3), (1, 1), (0, 0))
    ours = through(vg.Pad3d(depth_px=2, height_px=3, width_px=1, border=border), stack)
    assert (ours == np.pad(stack, pads, mode=mode)).all()


def test_crops_are_exact():
    stack = volume(6, 9, 11)
    assert (through(vg.Crop3d((4, 5), depth_px=3, x=0, y=0, z=1), stack) == stack[3:, :4, :5]).all()
    assert (through(vg.Crop3d((5, 7), x=0.5, y=0.5, z=0.5), stack) == stack[:, 2:7, 2:9]).all()
    assert (through(vg.TemporalCrop(2, t=0.5), stack) == stack[2:4]).all()


def test_strides_and_subsamples_are_exact():
    stack = volume(10, 3, 4)
    assert (through(vg.TemporalStride(3, t=0), stack) == stack[:9:3]).all()
    assert (through(vg.TemporalSubsample(4), stack) == stack[np.linspace(0, 9, 4).astype(int)]).all()


def test_a_box_of_eight_is_its_mean():
    """0.5: bytes are rounded at the end, and so is nothing before."""
    stack = volume(4, 6, 8)
    means = stack.reshape(2, 2, 3, 2, 4, 2, 1).mean(axis=(1, 3, 5))
    ours = through(vg.Resize3d((3, 4), depth_px=2, filter="box"), stack)
    assert np.abs(ours - means).max() <= 0.5 + 1e-4


def test_a_rolling_shutter_samples_later_rows_later():
    """1e-6: 32-bit reals."""
    stack = volume(5, 8, 4, 1, "float32")
    ours = through(vg.RollingShutter(1.6), stack)
    for y in range(8):
        times = np.clip(np.arange(5) + 1.6 * ((y + 0.5) / 8 - 0.5), 0, 4)
        low = np.minimum(times.astype(int), 3)
        share = (times - low)[:, None, None]
        expected = stack[low, y] * (1 - share) + stack[low + 1, y] * share
        assert np.abs(ours[:, y] - expected).max() < 1e-6


def spectrum(stack: np.ndarray, axis: int, factors: np.ndarray) -> np.ndarray:
    shape = [1] * stack.ndim
    shape[axis] = -1
    changed = np.fft.fft(stack.astype(np.float64), axis=axis) * factors.reshape(shape)
    return np.clip(np.fft.ifft(changed, axis=axis).real, 0, 1)


@pytest.mark.parametrize(("axis", "name"), list(enumerate(["depth", "vertical", "horizontal"])))
def test_gibbs_cuts_frequencies(axis, name):
    """1e-5: sums of 32-bit reals."""
    stack = volume(12, 21, 30, 1, "float32")
    n = stack.shape[axis]
    frequencies = np.abs(np.fft.fftfreq(n, 1 / n))
    expected = spectrum(stack, axis, frequencies <= 0.5 * (n // 2))
    assert np.abs(through(vg.Gibbs(0.5, axis=name), stack) - expected).max() < 1e-5


@pytest.mark.parametrize(("axis", "name"), list(enumerate(["depth", "vertical", "horizontal"])))
def test_ghosting_damps_every_fourth_frequency(axis, name):
    """1e-5: sums of 32-bit reals."""
    stack = volume(12, 21, 30, 3, "float32")
    n = stack.shape[axis]
    frequencies = np.round(np.abs(np.fft.fftfreq(n, 1 / n)))
    damped = (frequencies % 4 == 0) & (frequencies > 0.1 * n / 2) & (frequencies > 0)
    expected = spectrum(stack, axis, np.where(damped, 0.3, 1.0))
    ours = through(vg.Ghosting(4, strength=0.7, restore=0.1, axis=name), stack)
    assert np.abs(ours - expected).max() < 1e-5


def test_a_spike_is_one_place_of_k_space():
    """The two places of a real wave hold half of the strength each; 2e-3: the transform sums 4,480 values in 32 bits."""
    stack = np.full((8, 20, 28, 1), 0.5, np.float32)
    peaks = np.abs(np.fft.fftn(through(vg.Spike(1, strength=0.4), stack)[..., 0])) / (0.5 * stack.size)
    assert peaks[0, 0, 0] == pytest.approx(1, abs=2e-3)
    assert np.sort(peaks, axis=None)[-3:-1] == pytest.approx([0.2, 0.2], abs=2e-3)


def test_a_bias_field_is_the_exponential_of_a_cubic():
    """1e-4: the logarithm of a 32-bit quotient."""
    stack = np.full((6, 9, 12, 1), 0.05, np.float32)
    field = np.log(through(vg.BiasField(0.3), stack)[..., 0] / 0.05)
    z, y, x = (np.linspace(-1, 1, n) for n in field.shape)
    powers = [(i, j, k) for i in range(4) for j in range(4 - i) for k in range(4 - i - j)]
    terms = [np.einsum("z,y,x->zyx", z**i, y**j, x**k).ravel() for i, j, k in powers]
    coefficients, *_ = np.linalg.lstsq(np.stack(terms, axis=1), field.ravel(), rcond=None)
    assert np.abs(np.stack(terms, axis=1) @ coefficients - field.ravel()).max() < 1e-4
    assert np.abs(coefficients).max() <= 0.3 + 1e-3
    assert len(powers) == 20
