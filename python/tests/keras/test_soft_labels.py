"""Soft labels of a pipeline that mixes, inside `fit`."""

from __future__ import annotations

import numpy as np
import pytest
from files import make_folder

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402


def test_a_model_trains_on_mixed_samples(tmp_path):
    augment = vg.Pipeline([vg.ResizedCrop(16), vg.OneOf([vg.MixUp(), vg.CutMix()]), vg.Normalize("tf")], seed=1)
    dataset = vk.Dataset(vg.Loader(vg.folder(make_folder(tmp_path)), augment, batch_size=8))
    images, labels = dataset[0]
    assert labels.shape == (8, 3) and labels.dtype == np.float32 and np.allclose(labels.sum(axis=1), 1)
    model = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Flatten(), keras.layers.Dense(3, "softmax")])
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(dataset, epochs=2, verbose=0).history
    assert len(history["loss"]) == 2 and np.isfinite(history["loss"]).all()
