"""`image_dataset_from_directory(batch_size=None)`: pictures one by one, and the signature of Keras's function."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from files import augment, make_folder

import variegate as vg
import variegate.keras as vk

keras = pytest.importorskip("keras")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"), 40)


def image_dataset(root, **options):
    usual = {"image_size": (20, 24), "verbose": False, "seed": 3}
    return vk.image_dataset_from_directory(root, **(usual | options))


def test_every_argument_of_keras_is_taken_at_its_place_and_with_its_default():
    theirs = inspect.signature(keras.utils.image_dataset_from_directory).parameters.values()
    ours = inspect.signature(vk.image_dataset_from_directory).parameters
    assert [(p.name, p.default) for p in theirs] == [(p.name, p.default) for p in list(ours.values())[: len(theirs)]]


def test_singles_are_the_pictures_of_the_batches(root):
    pipeline = augment((20, 24))
    single, batched = (image_dataset(root, augment=pipeline, batch_size=n) for n in (None, 7))
    assert isinstance(single, vk.Singles)
    for _ in range(2):
        ours = list(single)
        images, labels = (np.concatenate(column) for column in zip(*batched, strict=True))
        assert [image.shape for image, _ in ours] == [(20, 24, 3)] * 40
        assert np.array_equal(np.stack([image for image, _ in ours]), images)
        assert [label for _, label in ours] == labels.tolist()


def test_what_they_carry(root):
    train, valid = image_dataset(root, batch_size=None, validation_split=0.25, subset="both")
    both = image_dataset(root, validation_split=0.25, subset="both")
    for single, batched in zip((train, valid), both, strict=True):
        assert single.class_names == batched.class_names == ["ant", "bee", "cat"]
        assert single.file_paths == batched.file_paths
        assert single.num_batches == len(single) == len(list(single)) == len(batched.file_paths)
    assert (both[0].num_batches, both[1].num_batches) == (1, 1)
    assert (train.num_batches, valid.num_batches) == (30, 10)


def test_labels_of_every_mode(root):
    shapes = {"int": (), "categorical": (3,)}
    for mode, shape in shapes.items():
        _, label = next(iter(image_dataset(root, batch_size=None, label_mode=mode)))
        assert label.shape == shape
    _, label = next(iter(image_dataset(root, batch_size=None, label_mode="binary", class_names=["ant", "cat"])))
    assert label.shape == (1,)
    assert next(iter(image_dataset(root, batch_size=None, labels=None))).shape == (20, 24, 3)


def test_a_pass_left_early_is_over_and_validation_repeats_itself(root):
    drawing = vg.Pipeline([vg.Resize((20, 24)), vg.Rotate((-30, 30))], seed=1)
    source = vg.folder(root)
    train = vk.Singles(vg.Loader(source, drawing))
    next(iter(train))
    assert train.epoch == 0
    second = [image.tobytes() for image, _ in train]
    assert train.epoch == 1
    loader = vg.Loader(source, drawing)
    loader.seek(1)
    assert second == [image.tobytes() for images, _ in loader for image in images]
    valid = vk.Singles(vg.Loader(source, drawing), advance=False)
    assert [x.tobytes() for x, _ in valid] == [x.tobytes() for x, _ in valid]
    with pytest.raises(TypeError, match="expected a vg.Loader"):
        vk.Singles(source)
