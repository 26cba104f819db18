"""Going on after an interruption: the batches that come are those that would have come, each once."""

from __future__ import annotations

import json
import warnings

import numpy as np
import pytest
from files import augment, make_folder

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402

N = 5


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def dataset(root, seed=7, **options):
    usual = {"batch_size": 5, "threads": 2}
    return vk.Dataset(vg.Loader(vg.folder(root), augment((12, 14), seed), **(usual | options)))


def network():
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input((12, 14, 3)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(3, 3),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3),
        ]
    )
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


class Trained(keras.callbacks.Callback):
    """Notes the (epoch, step) of the batches that were trained on, and may end the run by an error."""

    def __init__(self, data, die=None):
        super().__init__()
        self.batches, self._die = [], die
        self._took = []
        begin, take = data.on_epoch_begin, data._next

        def begins():
            self._took.clear()
            begin()

        def noted(index):
            batch = take(index)
            self._took.append((batch.epoch, batch.step))
            return batch

        data.on_epoch_begin, data._next = begins, noted

    def on_train_batch_end(self, batch, logs=None):
        # Backends fetch ahead: it is not the last that was taken.
        self.batches.append(self._took[batch])
        if self.batches[-1] == self._die:
            raise InterruptedError("the machine is gone")


def interrupted(root, folder, at, epochs=3, fit=None, **options):
    """Trains until a batch, then again from nothing but the backup. Returns the batches of both runs and the model."""
    fit = fit or {}
    seen = []
    for die in (at, None):
        data, model = dataset(root, **options), network()
        backup = vk.BackupAndRestore(data, folder, save_freq=1)
        trained = Trained(data, die)
        try:
            # Before the one that ends the run: what it ends with has been backed up.
            model.fit(data, epochs=epochs, verbose=0, callbacks=[backup, trained], **fit)
        except InterruptedError:
            assert die is not None
        seen.append(trained.batches)
    return seen, model


def steps(*epochs, n=N):
    return [(epoch, step) for epoch in epochs for step in range(n)]


@pytest.mark.parametrize("at", [(0, 0), (1, 3), (1, 4)])
def test_batches_and_weights_are_those_of_a_run_without_interruption(root, tmp_path, at):
    data, whole = dataset(root), network()
    trained = Trained(data)
    whole.fit(data, epochs=3, verbose=0, callbacks=[data.follow_epochs(), trained])
    assert trained.batches == steps(0, 1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        (before, after), model = interrupted(root, tmp_path / "backup", at)
    assert before + after == steps(0, 1, 2)
    for ours, theirs in zip(model.get_weights(), whole.get_weights(), strict=True):
        # A step of Adam is 1e-3; TensorFlow does not sum in the same order twice.
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=0 if keras.backend.backend() == "jax" else 1e-4)


def test_other_warnings_of_keras_come_through_again_after_the_epoch(root, tmp_path):
    interrupted(root, tmp_path / "backup", (1, 2), epochs=2)
    with pytest.warns(UserWarning, match="ran out of data"):
        network().fit(dataset(root), steps_per_epoch=9, verbose=0)


@pytest.mark.parametrize("shuffle", [True, False])
def test_with_steps_per_epoch(root, tmp_path, shuffle):
    fit = {"steps_per_epoch": 2, "shuffle": shuffle}
    data = dataset(root, shuffle=shuffle)
    trained = Trained(data)
    network().fit(data, epochs=2, verbose=0, callbacks=[data.follow_epochs(), trained], **fit)
    assert trained.batches == (steps(0, 1, n=2) if shuffle else steps(0, n=4))
    for at in trained.batches[:-1:2]:
        (before, after), _ = interrupted(root, tmp_path / f"{at}", at, 2, fit, shuffle=shuffle)
        assert before + after == trained.batches


def test_every_few_batches_and_every_epoch(root, tmp_path):
    for freq, kept in ((2, (1, 3)), ("epoch", (1, 0))):
        folder = tmp_path / str(freq)
        data = dataset(root)
        callbacks = [vk.BackupAndRestore(data, folder, save_freq=freq), Trained(data, (1, 2))]
        with pytest.raises(InterruptedError):
            network().fit(data, epochs=2, verbose=0, callbacks=callbacks)
        found = json.loads((folder / "training_metadata.json").read_text())
        assert (found["epoch"], found["batch"]) == kept
        assert found["dataset"]["epoch"] == kept[0] and found["dataset"]["samples"] == 5 * kept[1]


def test_a_backup_is_deleted_at_the_end_unless_it_is_to_be_kept(root, tmp_path):
    for keep in (True, False):
        data = dataset(root)
        backup = vk.BackupAndRestore(data, tmp_path / "backup", delete_checkpoint=not keep)
        network().fit(data, epochs=1, verbose=0, callbacks=[backup])
        assert (tmp_path / "backup").exists() == keep


def test_what_does_not_belong_to_it_is_refused(root, tmp_path):
    interrupt = vk.BackupAndRestore(dataset(root), tmp_path / "backup", delete_checkpoint=False)
    network().fit(interrupt._follow.dataset, epochs=1, verbose=0, callbacks=[interrupt])
    other = dataset(root, seed=8)
    with pytest.raises(vg.ParameterError, match="pipeline"):
        network().fit(other, verbose=0, callbacks=[vk.BackupAndRestore(other, tmp_path / "backup")])
    plain = keras.callbacks.BackupAndRestore(str(tmp_path / "plain"), delete_checkpoint=False)
    network().fit(dataset(root), epochs=1, verbose=0, callbacks=[plain])
    data = dataset(root)
    with pytest.raises(vg.InputError, match="was not made by variegate.keras.BackupAndRestore"):
        network().fit(data, verbose=0, callbacks=[vk.BackupAndRestore(data, tmp_path / "plain")])
    with pytest.raises(TypeError, match="expected a variegate.keras.Dataset"):
        vk.BackupAndRestore(data.loader, tmp_path / "backup")


def test_other_batches_within_an_epoch_are_refused(root, tmp_path):
    data = dataset(root)
    callbacks = [vk.BackupAndRestore(data, tmp_path / "backup", save_freq=2), Trained(data, (0, 3))]
    with pytest.raises(InterruptedError):
        network().fit(data, verbose=0, callbacks=callbacks)
    other = dataset(root, batch_size=4)
    with pytest.raises(vg.ParameterError, match="keep batch_size, num_shards and steps_per_epoch|samples"):
        network().fit(other, verbose=0, callbacks=[vk.BackupAndRestore(other, tmp_path / "backup")])


def test_epoch_numbers_survive_the_callback_of_keras(root, tmp_path):
    seen = []
    for die in ((2, 1), None):
        data = dataset(root)
        backup = keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))
        trained = Trained(data, die)
        try:
            network().fit(data, epochs=4, verbose=0, callbacks=[data.follow_epochs(), backup, trained])
        except InterruptedError:
            assert die is not None
        seen.append(trained.batches)
    assert seen[1] == steps(2, 3)


def test_early_stopping_leaves_the_next_epoch_to_the_next_fit(root):
    data = dataset(root)
    trained = Trained(data)
    stop = keras.callbacks.EarlyStopping(monitor="loss", min_delta=1e9, patience=1)
    history = network().fit(data, epochs=9, verbose=0, callbacks=[stop, trained]).history
    assert len(history["loss"]) == 2 and trained.batches == steps(0, 1) and data.epoch == 2


def test_a_loop_of_ones_own_goes_on_at_a_token(root):
    data = dataset(root)
    whole = [images.tobytes() for _ in range(3) for images, _ in data]
    data = dataset(root)
    passes = iter(data)
    begun = [next(passes)[0].tobytes() for _ in range(3)]
    again = dataset(root)
    again.resume(data.state())
    assert (again.epoch, len(again)) == (0, 5)
    rest = [images.tobytes() for _ in range(3) for images, _ in again]
    assert begun + rest == whole
    with pytest.raises(vg.ParameterError):
        dataset(root, seed=9).resume(data.state())


def test_fit_goes_on_at_a_token(root):
    data = dataset(root)
    passes = iter(data)
    for _ in range(4):
        next(passes)
    for built in (True, False):
        again, model = dataset(root), network()
        if not built:
            model = keras.Sequential(model.layers[1:])
            model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        again.resume(data.state())
        trained = Trained(again)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            model.fit(again, epochs=3, verbose=0, callbacks=[trained])
        assert trained.batches == steps(0)[4:] + steps(1, 2)
