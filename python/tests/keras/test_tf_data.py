"""`to_tf_dataset`, where TensorFlow is installed."""

from __future__ import annotations

import numpy as np
import pytest
from files import augment, make_folder

import variegate as vg

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def loader(root, **options):
    return vg.Loader(vg.folder(root), augment((16, 20)), **({"batch_size": 7} | options))


def test_each_iteration_is_the_next_epoch(root):
    made = vk.to_tf_dataset(loader(root))
    assert int(made.cardinality()) == 4
    plain = loader(root)
    for _ in range(2):
        for ours, theirs in zip(made, plain, strict=True):
            for a, b in zip(ours, theirs, strict=True):
                np.testing.assert_array_equal(a.numpy(), b)


@pytest.mark.parametrize("dtype", ["uint8", "float16", "bfloat16", "float32"])
def test_shapes_and_types_are_told(root, dtype):
    images, labels = vk.to_tf_dataset(loader(root, dtype=dtype, label_mode="categorical")).element_spec
    assert images.shape.as_list() == [None, 16, 20, 3] and images.dtype == getattr(tf, dtype)
    assert labels.shape.as_list() == [None, 3] and labels.dtype == tf.float32


def test_images_alone_weights_and_views(root):
    assert vk.to_tf_dataset(loader(root, label_mode=None)).element_spec.shape.as_list() == [None, 16, 20, 3]
    weighed = vk.to_tf_dataset(vk.Dataset(loader(root), sample_weight=np.arange(24.0)))
    assert [part.numpy().tolist() for _, _, part in weighed][0] != [1.0] * 7
    several = vg.Loader(vg.folder(root), [augment((16, 20)), augment((8, 8))], batch_size=7)
    images, labels = next(iter(vk.to_tf_dataset(several)))
    assert [view.shape.as_list() for view in images] == [[7, 16, 20, 3], [7, 8, 8, 3]] and labels.shape == 7


def test_a_model_trains_on_it(root):
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(vk.to_tf_dataset(loader(root)), epochs=2, verbose=0).history
    assert len(history["loss"]) == 2


def test_it_goes_on_within_an_epoch(root):
    data = vk.Dataset(loader(root))
    passes = iter(data)
    next(passes)
    rest = [labels.tolist() for _, labels in passes]
    again = vk.Dataset(loader(root))
    stopped = vk.Dataset(loader(root))
    next(iter(stopped))
    again.resume(stopped.state())
    assert [labels.numpy().tolist() for _, labels in vk.to_tf_dataset(again)] == rest


@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_sizes_may_follow_a_schedule(root, layout):
    pipeline = vg.Pipeline([vg.ResizedCrop(vk.growing_size(16, 32, 3, multiple=8))])
    growing = vg.Loader(vg.folder(root), pipeline, batch_size=24, layout=layout)
    made = vk.to_tf_dataset(growing, fixed_size=False)
    pictures = [None, None, 3] if layout == "NHWC" else [3, None, None]
    assert made.element_spec[0].shape.as_list() == [None, *pictures]
    first = layout.index("H")
    sizes = [images.shape.as_list()[first : first + 2] for _ in range(4) for images, _ in made]
    assert sizes == [[16, 16], [24, 24], [32, 32], [32, 32]]
