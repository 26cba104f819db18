"""One training with all that `fit` takes at once: parts held back, class weights, steps, early stopping, an interruption.

`make test-peers` runs it on TensorFlow as well.
"""

from __future__ import annotations

import numpy as np
import pytest
from files import augment, make_folder
from test_backup import Trained, network

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402

# Half of an epoch. TensorFlow's data sets hand what they fetched ahead to the next epoch: there it is a whole one.
STEPS = 3 if keras.backend.backend() != "tensorflow" else 6


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def parts(root, **options):
    """Training and validation, which share no file."""
    train, valid = vg.folder(root).split(0.25, seed=1)
    usual = {"batch_size": 3, "threads": 2}
    return (
        vk.Dataset(vg.Loader(train, augment((12, 14), 7), **usual), class_weight={0: 3.0, 1: 1.0, 2: 0.5}, **options),
        vk.Dataset(vg.Loader(valid, vg.Pipeline([vg.Resize((12, 14))]), shuffle=False, **usual), advance=False),
    )


def trained(root, folder, die=None, epochs=4, patience=9):
    train, valid = parts(root)
    model, noted = network(), Trained(train, die)
    callbacks = [
        vk.BackupAndRestore(train, folder, save_freq=1),
        keras.callbacks.EarlyStopping("val_loss", patience=patience, min_delta=10.0),
        noted,
    ]
    try:
        history = model.fit(
            train, validation_data=valid, steps_per_epoch=STEPS, epochs=epochs, verbose=0, callbacks=callbacks
        ).history
    except InterruptedError:
        history = {}
    return noted.batches, history, model


def test_parts_share_no_file_and_weights_come_with_the_batches(root):
    train, valid = parts(root)
    assert not set(train.file_paths) & set(valid.file_paths)
    _, labels, weights = train[0]
    assert np.array_equal(np.asarray(weights), np.array([3.0, 1.0, 0.5])[np.asarray(labels)])


def test_going_on_within_an_epoch_gives_the_batches_of_one_go(root, tmp_path):
    whole, history, model = trained(root, tmp_path / "whole")
    before, nothing, _ = trained(root, tmp_path / "parts", die=whole[4])
    after, _, same = trained(root, tmp_path / "parts")
    assert not nothing and before == whole[:5]
    assert before + after == whole
    assert len(set(whole)) == len(whole) == 4 * STEPS
    assert len(history["val_loss"]) == 4
    for ours, theirs in zip(same.get_weights(), model.get_weights(), strict=True):
        # TensorFlow does not sum in the same order twice.
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=0 if keras.backend.backend() == "jax" else 1e-4)


def test_early_stopping_ends_it(root, tmp_path):
    """No loss falls by 10 here, so that the second epoch is the last."""
    batches, history, _ = trained(root, tmp_path / "early", epochs=6, patience=1)
    assert len(history["loss"]) == 2
    assert len(batches) == 2 * STEPS
