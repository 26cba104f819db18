"""`variegate.keras.image_dataset_from_directory` and `Dataset`, against Keras itself and inside `fit`."""

from __future__ import annotations

import os

import numpy as np
import pytest
from files import augment, make_folder, python, samples
from PIL import Image

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402


#: These count what is fetched; TensorFlow fetches more than it trains on, and keeps it across passes.
tf_fetches_ahead = pytest.mark.skipif(keras.backend.backend() == "tensorflow", reason="tf.data fetches ahead")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def image_dataset(root, **options):
    usual = {"image_size": (32, 40), "batch_size": 5, "verbose": False}
    return vk.image_dataset_from_directory(root, **(usual | options))


def keras_files(root, labels="inferred", **options):
    from keras.src.utils import dataset_utils

    formats = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
    return dataset_utils.index_directory(str(root), labels, formats=formats, verbose=False, **options)


def everything(dataset):
    return np.concatenate([batch[0] if isinstance(batch, tuple) else batch for batch in dataset])


# What it holds


@pytest.mark.parametrize("interpolation", ["bilinear", "nearest", "bicubic", "lanczos3"])
@pytest.mark.parametrize("antialias", [False, True])
@pytest.mark.parametrize("size", [(32, 40), (90, 100)])
def test_pictures_are_those_of_keras_ops(root, interpolation, antialias, size):
    options = {"interpolation": interpolation, "antialias": antialias, "shuffle": False}
    dataset = image_dataset(root, image_size=size, **options)
    ours = everything(dataset)
    assert ours.dtype == np.float32 and ours.shape == (24, *size, 3)
    if interpolation == "nearest" and antialias:
        pytest.skip("Keras antialiases nearest into something else")
    # Keras compiles its function anew for each size of a picture: a few pictures of each class are enough.
    for path, image in list(zip(dataset.file_paths, ours, strict=True))[::5]:
        picture = np.asarray(Image.open(path).convert("RGB"), np.float32)
        theirs = keras.ops.image.resize(picture, size, interpolation=interpolation, antialias=antialias)
        theirs = np.clip(np.asarray(theirs), 0, 255)
        if interpolation == "nearest":
            # A position on the edge of two pixels falls either way in 32 bits: at the most a column and a row in 32.
            assert (np.abs(image - theirs) > 2).mean() < 2 / 32
        else:
            # Decoders differ by 1, clamping at black and white is ours.
            assert np.abs(image - theirs).max() <= 3.0 and np.abs(image - theirs).mean() <= 1.0


def test_files_order_and_split_are_those_of_keras(root):
    (root / "ant" / "deep").mkdir(exist_ok=True)
    (root / "ant" / "deep" / "900.jpg").write_bytes((root / "bee" / "001.jpg").read_bytes())
    try:
        paths, labels, names = keras_files(root, shuffle=False)
        dataset = image_dataset(root, shuffle=False)
        assert (dataset.file_paths, dataset.class_names) == (paths, names)
        assert dataset.loader.source.labels == list(labels)
        paths, labels, names = keras_files(root, shuffle=True, seed=11)
        train, valid = image_dataset(root, seed=11, validation_split=0.2, subset="both")
        assert (train.file_paths, valid.file_paths) == (paths[:-5], paths[-5:])
        assert train.loader.source.labels + valid.loader.source.labels == list(labels)
        assert image_dataset(root, seed=11, validation_split=0.2, subset="training").file_paths == paths[:-5]
        assert image_dataset(root, seed=11, validation_split=0.2, subset="validation").file_paths == paths[-5:]
        paths, _, _ = keras_files(root, labels=None, shuffle=False)
        assert image_dataset(root, labels=None, shuffle=False).file_paths == paths
    finally:
        (root / "ant" / "deep" / "900.jpg").unlink()
        (root / "ant" / "deep").rmdir()


def test_label_modes(root):
    images, labels = image_dataset(root, shuffle=False)[0]
    assert labels.dtype == np.int32 and labels.tolist() == [0] * 5
    _, labels = image_dataset(root, label_mode="categorical", class_names=["cat", "ant", "bee"], shuffle=False)[0]
    assert labels.dtype == np.float32 and labels.tolist() == [[1, 0, 0]] * 5
    dataset = image_dataset(root, label_mode="binary", class_names=["cat", "ant"], shuffle=False)
    assert dataset.class_names == ["cat", "ant"] and dataset[3][1].tolist() == [[1]]
    assert isinstance(image_dataset(root, label_mode=None)[0], np.ndarray)
    assert isinstance(image_dataset(root, labels=None)[0], np.ndarray)
    given = image_dataset(root, labels=[k % 4 for k in range(24)], shuffle=False)
    assert given.class_names == ["0", "1", "2", "3"] and given[0][1].tolist() == [0, 1, 2, 3, 0]


def test_channels_and_formats(root):
    assert image_dataset(root, color_mode="grayscale")[0][0].shape == (5, 32, 40, 1)
    assert image_dataset(root, color_mode="rgba", data_format="channels_first")[0][0].shape == (5, 4, 32, 40)
    assert image_dataset(root, image_size=20)[0][0].shape == (5, 20, 20, 3)
    assert image_dataset(root, dtype="uint8")[0][0].dtype == np.uint8


def test_crop_to_aspect_ratio(root):
    dataset = image_dataset(root, crop_to_aspect_ratio=True, image_size=(40, 30), antialias=False, shuffle=False)
    for path, image in zip(dataset.file_paths, everything(dataset), strict=True):
        picture = np.asarray(Image.open(path).convert("RGB"), np.float32)
        theirs = keras.ops.image.resize(picture, (40, 30), crop_to_aspect_ratio=True)
        assert np.abs(image - np.asarray(theirs)).mean() <= 12.0, "a window of one pixel more or less"


def test_it_says_what_it_found(root, capsys):
    vk.image_dataset_from_directory(root, validation_split=0.25, subset="both", seed=1)
    said = "Found 24 files belonging to 3 classes.\nUsing 18 files for training.\nUsing 6 files for validation.\n"
    assert capsys.readouterr().out == said
    image_dataset(root, labels=None)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": "ant"}, "`labels` argument should be a list/tuple of integer labels"),
        ({"labels": [0] * 24, "class_names": ["ant"]}, 'You can only pass `class_names` if `labels="inferred"`'),
        ({"labels": [0] * 3}, r"len\(labels\) is 3 while we found 24 files"),
        ({"label_mode": "one_hot"}, "`label_mode` argument must be one of"),
        ({"label_mode": "binary"}, "there must be exactly 2 class_names"),
        ({"class_names": ["ant", "dog"]}, "did not match the names of the subdirectories"),
        ({"color_mode": "bgr"}, "`color_mode` must be one of"),
        ({"image_size": (1, 2, 3)}, "Invalid `image_size` value"),
        ({"interpolation": "cubic"}, "Argument `interpolation` should be one of"),
        ({"validation_split": 1.5, "subset": "training"}, "`validation_split` must be between 0 and 1"),
        ({"validation_split": 0.2}, "If `subset` is set, `validation_split` must be set, and inversely"),
        ({"validation_split": 0.2, "subset": "test"}, '`subset` must be either "training", "validation" or "both"'),
        ({"validation_split": 0.2, "subset": "both"}, "you must provide a `seed` argument"),
        ({"validation_split": 0.01, "subset": "both", "seed": 1}, "No validation images found"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "Only one of `pad_to_aspect_ratio`"),
        ({"data_format": "nhwc"}, "The `data_format` argument must be one of"),
        ({"format": "numpy"}, '`format` should be either "tf" or "grain"'),
    ],
)
def test_wrong_arguments_have_the_messages_of_keras(root, options, message):
    with pytest.raises(ValueError, match=message):
        image_dataset(root, **options)


def test_folders_without_pictures(tmp_path):
    for labels in ("inferred", None):
        with pytest.raises(ValueError, match="No images found in directory .* Allowed formats"):
            image_dataset(tmp_path, labels=labels)
    with pytest.raises(OSError, match="nowhere"):
        image_dataset(tmp_path / "nowhere")


def test_augment_sees_resized_pictures_and_only_in_training(root):
    mirror = vg.Pipeline([vg.Flip("horizontal")], seed=5)
    plain, _ = image_dataset(root, seed=3, validation_split=0.25, subset="both", shuffle=True)
    options = {"seed": 3, "validation_split": 0.25, "subset": "both", "augment": mirror}
    train, valid = image_dataset(root, **options)
    assert np.abs(everything(train) - everything(plain)[:, :, ::-1]).max() <= 1.0
    unflipped = image_dataset(root, seed=3, validation_split=0.25, subset="both")[1]
    assert np.array_equal(everything(valid), everything(unflipped))
    assert train.loader.augment.plan((50, 60, 3)).passes == 1, "resize and flip are one pass"
    small = image_dataset(root, augment=vg.Pipeline([vg.ResizedCrop(16)]))
    assert small[0][0].shape == (5, 16, 16, 3)


def test_what_augment_draws_is_its_own(root):
    """The stage before it changes no draw: also where both are resized crops."""
    pipeline = augment(seed=9)
    dataset = image_dataset(root, augment=pipeline, crop_to_aspect_ratio=True)
    ours = dataset.loader.augment.draw((50, 60, 3), epoch=2, sample=4).steps
    alone = pipeline.draw((32, 40, 3), epoch=2, sample=4).steps
    assert [step for step in ours if step in alone] == alone


# Inside Keras


def record(loader):
    """A model that remembers what it is trained on."""

    class Recorder(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = keras.layers.Dense(3)

        def call(self, x):
            return self.head(keras.ops.mean(x, axis=(1, 2)))

    model = Recorder()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    return model


class Watch:
    """A data set that notes the (epoch, step) of what it gives."""

    def __init__(self, dataset):
        self.passes = []
        take = dataset._take

        def noted(step):
            batch = take(step)
            # A batch that is given again after a glance is noted once.
            if dataset._inside and self.passes[-1:] != [(batch.epoch, batch.step)]:
                self.passes.append((batch.epoch, batch.step))
            return batch

        dataset._take = noted


def dataset(root, **options):
    advance = options.pop("advance", True)
    return vk.Dataset(vg.Loader(vg.folder(root), augment(), batch_size=5, threads=2, **options), advance=advance)


def steps(*epochs, n=5):
    return [(epoch, step) for epoch in epochs for step in range(n)]


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("loader_shuffle", [True, False])
def test_epoch_e_of_fit_is_epoch_e_of_the_loader(root, shuffle, loader_shuffle):
    data = dataset(root, shuffle=loader_shuffle)
    watch = Watch(data)
    record(data).fit(data, epochs=3, verbose=0, shuffle=shuffle)
    assert watch.passes == steps(0, 1, 2)
    record(data).fit(data, epochs=2, verbose=0, shuffle=shuffle)
    assert watch.passes[15:] == steps(3, 4)


def test_what_fit_sees_is_what_the_loader_gives(root):
    data, seen = dataset(root), []

    def see(x):
        seen.append(np.array(x))

    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.head = keras.layers.Dense(3)

        def call(self, x):
            see(x)
            return self.head(keras.ops.mean(x, axis=(1, 2)))

    model = Model()
    model.build((None, 32, 36, 3))
    seen.clear()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), run_eagerly=True)
    model.predict(data, verbose=0)
    plain = vg.Loader(vg.folder(root), augment(), batch_size=5)
    assert [x.tobytes() for x in seen if isinstance(x, np.ndarray)][-5:] == [x.tobytes() for x, _ in plain]


def test_validation_data_is_the_same_every_epoch(root):
    train, valid = dataset(root), dataset(root, advance=False)
    seen_train, seen_valid = Watch(train), Watch(valid)
    model = record(train)
    history = model.fit(train, validation_data=valid, epochs=3, verbose=0).history
    assert len(history["val_loss"]) == 3
    assert seen_train.passes == steps(0, 1, 2) and seen_valid.passes == steps(0) * 3
    before = model.evaluate(valid, verbose=0)
    assert model.evaluate(valid, verbose=0) == before
    assert model.evaluate(valid, steps=2, verbose=0) == model.evaluate(valid, steps=2, verbose=0)
    assert model.predict(valid, verbose=0).shape == (24, 3)
    assert np.array_equal(model.predict(valid, verbose=0), model.predict(valid, verbose=0))


@tf_fetches_ahead
def test_fit_that_stops_within_an_epoch(root):
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 2

    class Fail(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise RuntimeError("stop here")

    data = dataset(root)
    watch, model = Watch(data), record(data)
    model.fit(data, epochs=3, verbose=0, callbacks=[Stop()])
    assert watch.passes == steps(0, n=3)
    with pytest.raises(RuntimeError, match="stop here"):
        model.fit(data, verbose=0, callbacks=[Fail()])
    model.fit(data, epochs=2, verbose=0)
    # A pass that took one batch counts as Keras's glance before the first epoch: it is given again.
    assert watch.passes[3:] == steps(1, 2)


@tf_fetches_ahead
def test_epochs_can_be_followed_and_set(root):
    data = dataset(root)
    watch, model = Watch(data), record(data)
    model.fit(data, initial_epoch=3, epochs=5, verbose=0, callbacks=[data.follow_epochs()])
    # Before the first epoch Keras builds the model with a batch of the epoch where the data set stands.
    assert watch.passes == steps(0, n=1) + steps(3, 4)
    data.epoch = 1
    model.fit(data, epochs=1, verbose=0)
    assert watch.passes[11:] == steps(1) and data.epoch == 2


@tf_fetches_ahead
def test_steps_per_epoch(root):
    shuffled, listed = dataset(root), dataset(root, shuffle=False)
    watch, model = Watch(shuffled), record(shuffled)
    model.fit(shuffled, epochs=3, steps_per_epoch=2, verbose=0)
    assert watch.passes[:4] == steps(0, 1, n=2)
    watch = Watch(listed)
    model.fit(listed, epochs=2, steps_per_epoch=2, shuffle=False, verbose=0)
    assert watch.passes == steps(0, n=4)


@tf_fetches_ahead
@pytest.mark.parametrize("built", [True, False])
@pytest.mark.parametrize("size", [24, 12])
def test_small_data_sets_lose_no_epoch_to_the_glance(root, size, built):
    data = vk.Dataset(vg.Loader(vg.folder(root), augment(), batch_size=size))
    watch, model = Watch(data), record(data)
    if built:
        model.fit(*next(iter(vg.Loader(vg.folder(root), augment(), batch_size=4))), verbose=0)
    model.fit(data, epochs=3, verbose=0)
    assert watch.passes == steps(0, 1, 2, n=24 // size)
    if built:
        model.fit(data, epochs=2, steps_per_epoch=1, verbose=0)
        assert watch.passes[-2:] == [(3, 0), (4, 0)]


def test_indexing_and_iterating(root):
    data = dataset(root)
    plain = vg.Loader(vg.folder(root), augment(), batch_size=5)
    first, second = list(plain), list(plain)
    for k in (3, 0, 4):
        assert np.array_equal(data[k][0], first[k][0])
    assert len(data) == data.num_batches == 5
    with pytest.raises(IndexError):
        data[5]
    for epoch in (first, second):
        for (x, y), (images, labels) in zip(data, epoch, strict=True):
            assert np.array_equal(x, images) and np.array_equal(y, labels)


def test_class_weights_and_a_model_that_learns(root):
    train = image_dataset(root, image_size=(16, 16), batch_size=6, augment=vg.Pipeline([vg.Flip(p=0.5)]))
    model = keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(4, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(train, epochs=2, verbose=0, class_weight={0: 1.0, 1: 2.0, 2: 1.0}).history
    assert len(history["loss"]) == 2 and np.isfinite(history["loss"]).all()


def test_bad_files_do_not_end_the_training(root, tmp_path):
    make_folder(tmp_path, 12)
    (tmp_path / "ant" / "broken.jpg").write_bytes(b"<html>")
    data = image_dataset(tmp_path)
    record(data).fit(data, epochs=2, verbose=0)
    assert [os.path.basename(entry["path"]) for entry in data.loader.bad] == ["broken.jpg"]
    strict = image_dataset(tmp_path, on_bad="raise")
    with pytest.raises(vg.InputError, match="broken.jpg"):
        record(strict).fit(strict, verbose=0)
    skipping = image_dataset(tmp_path, on_bad="skip", batch_size=1, shuffle=False)
    with pytest.raises(vg.InputError, match="was skipped, and Keras counts on 13 batches"):
        list(skipping)


def test_importing_variegate_does_not_import_keras():
    code = "import sys, variegate.keras; assert not {'keras', 'jax', 'tensorflow', 'torch'} & set(sys.modules)"
    assert python(code).stderr == ""


def test_same_samples_as_the_loader(root):
    data = image_dataset(root, seed=4)
    again = image_dataset(root, seed=4, batch_size=7)
    assert samples(data.loader.batches()) == samples(again.loader.batches())


@pytest.mark.parametrize("batch_size", [5, 24])
def test_each_iteration_is_an_epoch_of_its_own_also_of_one_batch(root, batch_size):
    dataset = image_dataset(root, batch_size=batch_size, shuffle=False, augment=vg.Pipeline([vg.Rotate((-30, 30))], seed=7))
    epochs, passes = [], []
    for _ in range(3):
        epochs.append(dataset.epoch)
        passes.append(everything(dataset))
    assert epochs == [0, 1, 2]
    assert not any((passes[a] == passes[b]).all() for a, b in [(0, 1), (1, 2), (0, 2)])
