"""A second picture comes out of a folder: chosen by key, the same on every call, and refused where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo
from PIL import Image

import variegate as vg

BANKED = [e["class"] for e in vg.operations() if any(p["name"] == "bank" for p in e["parameters"])]


@pytest.fixture
def bank(tmp_path):
    """A red and a green picture, neither of the size nor the shape of what is augmented."""
    for k, colour in enumerate([(220, 30, 30), (20, 200, 40)]):
        Image.fromarray((np.array(colour) * (0.5 + photo(70, 50) / 510)).astype(np.uint8)).save(tmp_path / f"{k}.png")
    return tmp_path


@pytest.mark.parametrize("name", BANKED)
def test_a_folder_serves_a_picture_alone_and_from_yaml(name, bank):
    augment = vg.Pipeline([getattr(vg, name)(bank=str(bank))], seed=2)
    image = photo(60, 90)
    out = [augment(image, sample=k) for k in range(4)]
    assert all(o.shape == image.shape for o in out) and any((o != image).any() for o in out)
    again = vg.Pipeline.from_yaml(augment.to_yaml())
    assert all((again(image, sample=k) == out[k]).all() for k in range(4))


def test_the_colours_of_the_bank_are_taken(bank):
    """Each picture of the bank is of one colour, and so is what follows its histogram."""
    augment = vg.Pipeline([vg.HistogramMatch(bank=str(bank), alpha=1.0)], seed=1)
    strongest = {int(augment(photo(60, 90), sample=k).mean(axis=(0, 1)).argmax()) for k in range(12)}
    assert strongest == {0, 1}


def test_a_folder_that_is_not_there_or_holds_nothing_is_named(tmp_path):
    with pytest.raises(vg.ParameterError, match="histogram_match.bank: expected a folder of pictures that exists"):
        vg.HistogramMatch(bank=str(tmp_path / "nowhere"))
    with pytest.raises(vg.Error, match=tmp_path.name):
        vg.Pipeline([vg.HistogramMatch(bank=str(tmp_path))])(photo())


def test_a_broken_file_in_the_bank_is_named(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot a picture")
    with pytest.raises(vg.Error, match=r"broken\.png"):
        vg.Pipeline([vg.HistogramMatch(bank=str(tmp_path))])(photo())
