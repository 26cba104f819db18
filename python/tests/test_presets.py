"""Presets: pipelines of their sizes, and lists of views."""

import numpy as np
import pytest

import variegate as vg

IMAGE = np.arange(90 * 120 * 3, dtype=np.uint32).reshape(90, 120, 3).astype(np.uint8)
VIEWS = {"simclr", "byol", "dino", "dinov2"}


@pytest.mark.parametrize("name", sorted(set(vg.presets.__all__) - VIEWS))
def test_a_preset_is_a_pipeline_of_the_size_asked_for(name):
    pipeline = getattr(vg.presets, name)(64, seed=3)
    assert pipeline.seed == 3
    assert pipeline(IMAGE, epoch=0, sample=1).shape == (64, 64, 3)


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_views_are_what_views_takes(name):
    made = vg.views(IMAGE, getattr(vg.presets, name)(48), epoch=0, sample=1)
    assert [view.shape[0] for view in made[:2]] == [48, 48]
    assert len(made) == (10 if name.startswith("dino") else 2)


def test_a_size_of_nothing_is_refused():
    with pytest.raises(vg.ParameterError, match="size"):
        vg.presets.deit(0)


@pytest.mark.parametrize("size", [0, -3])
def test_a_size_without_pixels_is_refused(size):
    with pytest.raises(vg.ParameterError, match="expected a size of at least 1 pixel"):
        vg.presets.yolo(size)
