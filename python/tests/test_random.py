"""Draws against NumPy's Philox: the same generator, addressed instead of advanced."""

import numpy as np
import pytest

import variegate as vg

VALUE_VERSION = 1


def name(text: str) -> int:
    """FNV-1a of a name: how places and parameters are addressed."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) % 2**64
    return value


def block(seed: int, epoch: int, sample: int, place: str, parameter: str, skip: int = 0) -> np.ndarray:
    """Four words of an address by NumPy, which steps its counter before it makes a block."""
    words = [(name(parameter) + skip) % 2**64, name(place), sample, epoch]
    counter = sum(word << (64 * k) for k, word in enumerate(words)) - 1
    philox = np.random.Philox(key=np.array([seed, VALUE_VERSION], dtype=np.uint64), counter=counter % 2**256)
    return philox.random_raw(4)


def unit(word: np.uint64) -> float:
    return float(int(word) >> 11) * 2.0**-53


@pytest.mark.parametrize(("seed", "epoch", "sample"), [(0, 0, 0), (7, 3, 1234), (2**63 - 1, 90, 2**40)])
def test_a_uniform_draw_is_numpys_philox(seed, epoch, sample):
    pipeline = vg.Pipeline([vg.Flip(), vg.Rotate((-30, 50)), vg.Rotate((0, 10))], seed=seed)
    steps = pipeline.draw((20, 30), epoch=epoch, sample=sample).to_dict()["steps"]
    first = unit(block(seed, epoch, sample, "/rotate#0", "degrees")[0])
    second = unit(block(seed, epoch, sample, "/rotate#1", "degrees")[0])
    assert steps[1]["degrees"] == -30 + 80 * first
    assert steps[2]["degrees"] == 10 * second


def test_a_choice_a_chance_and_a_spread_are_numpys_philox():
    pipeline = vg.Pipeline(
        [vg.OneOf([vg.Rotate(10), vg.Zoom(1.5), vg.Invert()]), vg.Perspective(0.4), vg.Solarize(0.5, p=0.5)], seed=5
    )
    for sample in range(40):
        steps = pipeline.draw((20, 30), epoch=2, sample=sample).to_dict()["steps"]
        chosen = int(unit(block(5, 2, sample, "/one_of#0", "choice")[0]) * 3)
        assert steps[0]["op"] == ["rotate", "zoom", "invert"][chosen]
        words = [block(5, 2, sample, "/perspective#0", "corners", k) for k in range(2)]
        assert steps[1]["corners"] == [2 * unit(word) - 1 for word in np.concatenate(words)]
        happens = unit(block(5, 2, sample, "/solarize#0", "p")[0]) < 0.5
        assert (len(steps) == 3) == happens
