"""`Monitor`, and schedules that follow the epoch of `fit`."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
from files import make_folder

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402

FIGURES = {"pipeline_images_per_second", "pipeline_waiting_share", "pipeline_bad_samples"}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def network():
    model = keras.Sequential([keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def dataset(root, *operations, **options):
    pipeline = vg.Pipeline(operations or [vg.Resize((16, 20))], seed=1)
    return vk.Dataset(vg.Loader(vg.folder(root), pipeline, **({"batch_size": 5} | options)))


def test_figures_stand_in_the_history_and_in_what_comes_after(root, tmp_path):
    data = dataset(root)
    callbacks = [vk.Monitor(data), keras.callbacks.CSVLogger(str(tmp_path / "log.csv"))]
    history = network().fit(data, validation_data=dataset(root), epochs=2, verbose=0, callbacks=callbacks).history
    assert {*FIGURES, "loss", "val_loss"} <= history.keys()
    assert all(len(history[name]) == 2 for name in FIGURES)
    assert all(0 <= share <= 1 for share in history["pipeline_waiting_share"])
    assert history["pipeline_bad_samples"] == [0.0, 0.0]
    assert (tmp_path / "log.csv").read_text().startswith("epoch,loss,pipeline_bad_samples,")


class Slow(keras.callbacks.Callback):
    """A trainer that takes its time for a batch."""

    def on_train_batch_begin(self, batch, logs=None):
        time.sleep(0.1)


def test_a_slow_trainer_does_not_wait(root):
    data = dataset(root)
    monitor = vk.Monitor(data)
    history = network().fit(data, epochs=2, verbose=0, callbacks=[Slow(), monitor]).history
    # Five batches of 0.1 s and more: at most 25 pictures in half a second, and batches were made meanwhile.
    assert 0 < history["pipeline_images_per_second"][1] <= 50
    assert history["pipeline_waiting_share"][1] < 0.5


def test_a_slow_pipeline_is_waited_for(root):
    data = dataset(root)
    # What the engine reports, as if each of five batches had kept the trainer waiting.
    report, calls = data.loader.report, []
    data.loader.report = lambda: report() | {"waiting_seconds": 0.1 * len(calls)}
    take = data._take

    def waits(step):
        time.sleep(0.1)
        calls.append(step)
        return take(step)

    data._take = waits
    history = network().fit(data, epochs=2, verbose=0, callbacks=[vk.Monitor(data)]).history
    assert history["pipeline_waiting_share"][1] > 0.5
    assert history["pipeline_images_per_second"][1] <= 51


def test_bad_files_are_counted(tmp_path):
    make_folder(tmp_path, 12)
    (tmp_path / "ant" / "broken.jpg").write_bytes(b"<html>")
    data = dataset(tmp_path)
    history = network().fit(data, epochs=1, verbose=0, callbacks=[vk.Monitor(data.loader)]).history
    assert history["pipeline_bad_samples"] == [1.0]
    with pytest.raises(vg.ParameterError, match="expected a variegate.keras.Dataset or a loader, found list"):
        vk.Monitor([1])


def test_what_writes_for_tensorboard_must_be_there(root, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard.summary", None)
    with pytest.raises(ImportError, match="tensorboard"):
        vk.Monitor(dataset(root), tmp_path)


def tags(folder):
    """The names of all scalars that were written below a folder."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    written = EventAccumulator(str(folder)).Reload()
    found = written.Tags()
    return {*found["scalars"], *found["tensors"]}


def test_tensorboard(root, tmp_path):
    pytest.importorskip("tensorboard")
    data = dataset(root)
    network().fit(data, epochs=2, verbose=0, callbacks=[vk.Monitor(data, tmp_path)])
    assert tags(tmp_path) == FIGURES


def test_the_tensorboard_of_keras_writes_them_too(root, tmp_path):
    pytest.importorskip("tensorflow")
    pytest.importorskip("tensorboard")
    data = dataset(root)
    callbacks = [vk.Monitor(data), keras.callbacks.TensorBoard(str(tmp_path))]
    network().fit(data, epochs=2, verbose=0, callbacks=callbacks)
    assert {f"epoch_{name}" for name in FIGURES} <= tags(tmp_path / "train")


# Schedules


@pytest.mark.skipif(keras.backend.backend() == "tensorflow", reason="Keras holds tf.data to the first sizes")
def test_pictures_grow_with_the_epochs_of_fit(root):
    sizes = []

    class Sizes(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = keras.layers.Dense(3)

        def call(self, x):
            if isinstance(x, np.ndarray) or not isinstance(x, keras.KerasTensor):
                sizes.append(tuple(x.shape[1:3]))
            return self.head(keras.ops.mean(x, axis=(1, 2)))

    model = Sizes()
    model.build((None, None, None, 3))
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=True)
    data = dataset(root, vg.ResizedCrop(vk.growing_size(16, 32, 6, multiple=8)), batch_size=24)
    sizes.clear()
    model.fit(data, epochs=7, verbose=0, callbacks=[data.follow_epochs()])
    assert sizes[-7:] == [(s, s) for s in (16, 16, 24, 24, 32, 32, 32)]
    sizes.clear()
    model.fit(data, initial_epoch=3, epochs=5, verbose=0, callbacks=[data.follow_epochs()])
    assert sizes[-2:] == [(24, 24), (32, 32)]


def test_strength_grows_with_the_epochs_of_fit(root):
    augment = vg.Pipeline([vg.Rotate(vk.growing((-40, 40), 4))], seed=3)

    def degrees(epoch):
        return [augment.draw((20, 20, 3), epoch=epoch, sample=k).steps[0]["degrees"] for k in range(60)]

    widest = [max(map(abs, degrees(epoch))) for epoch in range(6)]
    assert widest[0] == 0
    for epoch, bound in ((1, 10), (2, 20), (3, 30), (4, 40), (5, 40)):
        assert 0.7 * bound < widest[epoch] <= bound


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: vk.growing_size(100, 224, 9), "expected multiples of 32, in order, found 100 and 224"),
        (lambda: vk.growing_size(224, 128, 9), "in order"),
        (lambda: vk.growing_size(32, 320, 9), "epochs: expected one or more for each of 10 sizes, found 9"),
        (lambda: vk.growing(1.0, 0), "epochs: expected one or more, found 0"),
    ],
)
def test_wrong_schedules_are_told_at_once(call, message):
    with pytest.raises(vg.ParameterError, match=message):
        call()
