"""Against Keras itself, where it is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from pictures import photo

import variegate as vg
from variegate.keras import preprocess_input

keras = pytest.importorskip("keras")


@pytest.mark.parametrize("mode", ["caffe", "tf", "torch"])
def test_preprocess_input(mode):
    """Bit for bit on integers: the same operations in the same order in float32."""
    from keras.src.applications.imagenet_utils import preprocess_input as theirs

    assert np.array_equal(preprocess_input(photo()[None], mode), theirs(photo()[None], mode=mode))


@pytest.mark.parametrize("size", [(20, 31), (97, 140)])
def test_resize_without_antialias(size):
    """0.51 of 255: Keras leaves the float32 as it is, variegate rounds it to 8 bits."""
    theirs = np.asarray(keras.ops.image.resize(photo().astype(np.float32), size, interpolation="bilinear"))
    ours = vg.Pipeline([vg.Resize(size, antialias=False)])(photo())
    assert np.abs(ours - theirs).max() <= 0.51


def test_zero_copy_to_jax():
    jax = pytest.importorskip("jax")
    batch = vg.Pipeline([vg.Normalize()]).batch(np.stack([photo()] * 4))
    shared = jax.dlpack.from_dlpack(batch)
    assert shared.unsafe_buffer_pointer() == batch.ctypes.data
