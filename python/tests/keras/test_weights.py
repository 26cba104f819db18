"""Weights of samples and classes that a `Dataset` hands to `fit`."""

from __future__ import annotations

import numpy as np
import pytest
from files import augment, make_folder

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def loader(root, *more, **options):
    source = vg.folder(root, classes=options.pop("classes", None))
    return vg.Loader(source, vg.Pipeline([vg.Resize((10, 12)), *more], seed=1), batch_size=7, seed=2, **options)


def test_each_sample_has_its_own_weight_in_every_order(root):
    numbers = np.arange(24) / 10
    data = vk.Dataset(loader(root), sample_weight=numbers)
    ids = [batch.ids for batch in loader(root).batches()]
    for batch, wanted in zip(data, ids, strict=True):
        assert len(batch) == 3 and batch[2].dtype == np.float32
        np.testing.assert_allclose(batch[2], numbers[wanted], rtol=1e-6)


@pytest.mark.parametrize("mode", ["int", "categorical"])
def test_classes_weigh_what_they_are_given(root, mode):
    data = vk.Dataset(loader(root, label_mode=mode), class_weight={0: 0.5, 2: 4})
    for _, labels, weights in data:
        labels = labels.argmax(1) if mode == "categorical" else labels
        assert weights.tolist() == [[0.5, 1.0, 4.0][label] for label in labels]


def test_two_classes_in_one_number(root):
    data = vk.Dataset(loader(root, label_mode="binary", classes=["ant", "cat"]), class_weight={0: 3, 1: 5})
    for _, labels, weights in data:
        assert weights.tolist() == [5.0 if label else 3.0 for label in labels[:, 0]]


def test_soft_labels_weigh_what_their_shares_do(root):
    data = vk.Dataset(loader(root, vg.MixUp()), class_weight={0: 1, 1: 2, 2: 4}, sample_weight=np.full(24, 3.0))
    shares = 0
    for _, labels, weights in data:
        assert labels.shape[1] == 3
        np.testing.assert_allclose(weights, 3 * labels @ np.array([1, 2, 4]), rtol=1e-6)
        shares += int(((labels > 0) & (labels < 1)).any())
    assert shares, "no label was soft"


def test_fit_weighs_as_keras_does(root):
    """The same training as with `class_weight` of `fit`, and with each sample weighed by hand."""
    weights = {0: 0.2, 1: 1.0, 2: 6.0}
    losses = []
    for options, fit in (({"class_weight": weights}, {}), ({}, {"class_weight": weights})):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((10, 12, 3)), keras.layers.Flatten(), keras.layers.Dense(3)])
        model.compile(keras.optimizers.SGD(1e-6), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        losses.append(model.fit(vk.Dataset(loader(root), **options), epochs=2, verbose=0, **fit).history["loss"])
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-6)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sample_weight": [1.0] * 23}, "expected one number for each of 24 files, found shape"),
        ({"sample_weight": [-1.0] * 24}, "expected numbers from 0"),
        ({"class_weight": {3: 1.0}}, "expected labels from 0 to 2, found 3"),
        ({"class_weight": {0: float("nan")}}, "expected numbers from 0"),
    ],
)
def test_wrong_weights_are_told_at_once(root, options, message):
    with pytest.raises(vg.ParameterError, match=message):
        vk.Dataset(loader(root), **options)


def test_weights_need_labels(root):
    with pytest.raises(vg.ParameterError, match="the loader gives no labels"):
        vk.Dataset(loader(root, label_mode=None), sample_weight=[1.0] * 24)
    several = vg.Loader(vg.folder(root), [augment(), augment()])
    with pytest.raises(vg.ParameterError, match="several views"):
        vk.Dataset(several, sample_weight=[1.0] * 24)
