"""`image_dataset_from_directory` beside the function of Keras: what it refuses and, where TensorFlow is, what it gives."""

from __future__ import annotations

import numpy as np
import pytest
from files import make_folder

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def both(root, **options):
    usual = {"image_size": (32, 40), "batch_size": 5, "verbose": False, "shuffle": False}
    return (make(root, **(usual | options)) for make in (vk.image_dataset_from_directory, theirs))


def theirs(root, **options):
    return keras.utils.image_dataset_from_directory(str(root), **options)


WRONG = {
    "labels": {"labels": "ant"},
    "labels and names": {"labels": [0] * 24, "class_names": ["ant"]},
    "too few labels": {"labels": [0] * 3},
    "names without labels": {"labels": None, "class_names": ["ant"]},
    "label_mode": {"label_mode": "one_hot"},
    "binary": {"label_mode": "binary"},
    "class_names": {"class_names": ["ant", "dog"]},
    "color_mode": {"color_mode": "bgr"},
    "image_size": {"image_size": (1, 2, 3)},
    "interpolation": {"interpolation": "cubic"},
    "format": {"format": "numpy"},
    "share": {"validation_split": 1.5, "subset": "training"},
    "share alone": {"validation_split": 0.2},
    "subset alone": {"subset": "training"},
    "subset": {"validation_split": 0.2, "subset": "test"},
    "no seed": {"validation_split": 0.2, "subset": "both", "shuffle": True},
    "both aspects": {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
}


@pytest.mark.parametrize("options", WRONG.values(), ids=WRONG)
def test_what_keras_refuses_is_refused_with_the_same_kind_of_error(root, options):
    usual = {"verbose": False, "shuffle": False}
    try:
        theirs(root, **(usual | options))
    except ImportError:
        pytest.skip("Keras asks for TensorFlow before it looks at this argument")
    except Exception as error:
        kind, begins = type(error), str(error)[:30]
    with pytest.raises(kind) as raised:
        vk.image_dataset_from_directory(root, **(usual | options))
    assert str(raised.value).startswith(begins)


@pytest.mark.parametrize("labels", ["inferred", None, [k % 3 for k in range(24)]])
@pytest.mark.parametrize("subset", ["training", "validation"])
def test_the_same_files_labels_and_numbers(root, labels, subset):
    pytest.importorskip("tensorflow")
    split = {"validation_split": 0.3, "subset": subset, "shuffle": False, "seed": 5}
    ours, expected = both(root, labels=labels, **split)
    assert ours.file_paths == expected.file_paths and ours.class_names == expected.class_names
    assert ours.num_batches == int(expected.cardinality())
    if labels is None:
        return
    given = np.concatenate([labels for _, labels in ours])
    wanted = np.concatenate([labels.numpy() for _, labels in expected])
    assert given.dtype == wanted.dtype and given.tolist() == wanted.tolist()


@pytest.mark.parametrize("mode", ["int", "categorical", "binary"])
@pytest.mark.parametrize("colour", ["rgb", "grayscale"])
def test_the_same_shapes_and_types(root, mode, colour):
    # TensorFlow decodes no JPEG into four channels.
    pytest.importorskip("tensorflow")
    ours, expected = both(root, label_mode=mode, color_mode=colour, class_names=["cat", "ant"])
    (images, labels), (x, y) = next(iter(ours)), next(iter(expected))
    assert (images.shape, images.dtype) == (tuple(x.shape), x.dtype.as_numpy_dtype)
    assert (labels.shape, labels.dtype, labels.tolist()) == (tuple(y.shape), y.dtype.as_numpy_dtype, y.numpy().tolist())


@pytest.mark.parametrize("aspect", [{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}])
def test_nearly_the_same_pictures(root, aspect):
    pytest.importorskip("tensorflow")
    ours, expected = both(root, image_size=(40, 40), **aspect)
    ours = vk.image_dataset_from_directory(
        root, image_size=(40, 40), batch_size=5, verbose=False, shuffle=False, antialias=False, **aspect
    )
    for (images, _), (x, _) in zip(ours, expected, strict=True):
        # Decoders differ by a level, windows by a pixel.
        assert np.abs(images - x.numpy()).mean() < (1.5 if not aspect else 12)


def test_singles_are_counted_alike(root):
    pytest.importorskip("tensorflow")
    ours, expected = both(root, batch_size=None)
    assert ours.num_batches == int(expected.cardinality()) == 24
    (image, label), (x, y) = next(iter(ours)), next(iter(expected))
    assert image.shape == tuple(x.shape) and label.dtype == y.dtype.as_numpy_dtype and label == y.numpy()
