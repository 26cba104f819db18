"""`preprocess_input` without Keras's side effects."""

from __future__ import annotations

import numpy as np
import pytest
from pictures import photo

from variegate.keras import preprocess_input


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch", "none"])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_the_callers_array_is_left_alone(mode, dtype):
    picture = photo().astype(dtype)
    kept = picture.copy()
    out = preprocess_input(picture, mode)
    assert (picture == kept).all()
    assert not np.shares_memory(out, picture)
    assert out.dtype == (np.float32 if dtype == "uint8" else dtype)


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_channels_first_is_the_same_numbers(mode):
    last = preprocess_input(photo()[None], mode)
    first = preprocess_input(photo()[None].transpose(0, 3, 1, 2), mode, "channels_first")
    assert (first == last.transpose(0, 3, 1, 2)).all()


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="mode: expected"):
        preprocess_input(photo(), "vgg")
    with pytest.raises(ValueError, match="x: expected RGB pictures"):
        preprocess_input(photo()[..., 0])
    with pytest.raises(ValueError, match="data_format: expected"):
        preprocess_input(photo(), "tf", "nchw")
