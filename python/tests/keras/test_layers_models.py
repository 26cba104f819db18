"""The layers where graphs run: under jit, in models, in `tf.data` and in Grain."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

keras = pytest.importorskip("keras")

from layers_made import ALWAYS, MADE, made, pictures  # noqa: E402

from variegate.keras import layers  # noqa: E402


def jitted(function):
    jax = pytest.importorskip("jax")
    if keras.backend.backend() != "jax":
        pytest.skip("the backend is another one")
    return jax.jit(function)


@pytest.mark.parametrize("name", MADE)
def test_inside_jit(name):
    """The same bytes as outside, and another draw at each call, for the number of the call is part of the state."""
    eager, layer = made(name), made(name)
    x = pictures()
    if name in ALWAYS:
        assert np.array_equal(jitted(layer)(x), eager(x))
        return
    state = layer.generator.state

    def stepped(values, x):
        with keras.StatelessScope([(state, values)]) as scope:
            out = layer(x, training=True)
        return out, scope.get_current_value(state)

    step = jitted(stepped)
    values = state.value
    for _ in range(2):
        out, values = step(values, x)
        assert np.array_equal(out, eager(x))


def test_a_constant_inside_jit():
    """Pictures that are known while a step is traced, and draws that are not."""
    x = pictures()
    layer = made("RandomRotation")
    state = layer.generator.state

    def stepped(values):
        with keras.StatelessScope([(state, values)]):
            return layer(x, training=True)

    assert np.array_equal(jitted(stepped)(state.value), made("RandomRotation")(x))


def test_in_a_model(tmp_path):
    """Trained, saved and loaded: what the layers were given comes back, and inference is the same."""
    model = keras.Sequential(
        [
            keras.Input((33, 48, 3)),
            layers.RandomFlip(seed=1),
            layers.Pipeline([layers.RandomRotation(0.1), layers.RandomContrast(0.2), layers.Rescaling(1 / 255)]),
            layers.RandomCrop(28, 40),
            keras.layers.Conv2D(2, 3),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2),
        ]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x = pictures(8)
    before = model.get_weights()
    calls = [int(keras.ops.convert_to_numpy(model.layers[0].generator.state.value)[1])]
    model.fit(x, np.arange(8) % 2, batch_size=4, epochs=2, verbose=0)
    calls.append(int(keras.ops.convert_to_numpy(model.layers[0].generator.state.value)[1]))
    assert calls[1] - calls[0] >= 4
    assert any((now != then).any() for now, then in zip(model.get_weights(), before, strict=True))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert [type(layer) for layer in again.layers] == [type(layer) for layer in model.layers]
    assert np.array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))
    assert np.array_equal(model.predict(x, verbose=0), model.predict(x, verbose=0))


def test_grain_gets_arrays():
    """A frame of Grain's on the stack is what the layer looks for; its own module is stood in for."""
    import types

    stand_in = types.ModuleType("grain")
    exec("def mapped(layer, x):\n    return layer(x)", stand_in.__dict__)
    sys.modules.setdefault("grain", stand_in)
    try:
        x = pictures()
        out = stand_in.mapped(made("RandomRotation"), x)
        assert type(out) is np.ndarray
        assert np.array_equal(out, made("RandomRotation")(x))
    finally:
        if sys.modules["grain"] is stand_in:
            del sys.modules["grain"]


def test_tf_data():
    """One call of the host for a batch, dtypes kept, under any backend of Keras."""
    tf = pytest.importorskip("tensorflow")
    x = pictures(6)
    layer = layers.Pipeline([layers.RandomFlip(seed=1), layers.RandomCrop(20, 31)], seed=1)
    source = {"images": x, "segmentation_masks": x[..., :1].astype(np.int32), "labels": np.arange(6)}
    data = tf.data.Dataset.from_tensor_slices(source).batch(3).map(lambda batch: layer(batch, training=True))
    assert data.element_spec["images"].shape.as_list() == [None, 20, 31, 3]
    first, second = [[batch["images"].numpy() for batch in data] for _ in range(2)]
    assert first[0].dtype == np.uint8
    assert not np.array_equal(first[0], second[0])
    for batch in data:
        assert np.array_equal(batch["images"][..., :1].numpy(), batch["segmentation_masks"].numpy())


def test_ragged_boxes():
    tf = pytest.importorskip("tensorflow")
    boxes = tf.ragged.constant([[[1.0, 2, 5, 6]], [[3.0, 4, 9, 9], [0.0, 0, 3, 3]]], ragged_rank=1)
    data = {"images": pictures(2), "bounding_boxes": {"boxes": boxes, "labels": tf.ragged.constant([[1], [2, 3]])}}
    layer = layers.RandomTranslation((0.0, 0.0), (0.25, 0.25), bounding_box_format="xyxy")
    batches = tf.data.Dataset.from_tensors(data).map(layer)
    (found,) = (batch["bounding_boxes"] for batch in batches)
    assert found["labels"].numpy().tolist() == [[1, -1], [2, 3]]
    assert found["boxes"].numpy()[1].tolist() == [[15, 4, 21, 9], [12, 0, 15, 3]]


def test_a_layer_can_be_pickled():
    layer = made("RandomRotation")
    assert pickle.loads(pickle.dumps(layer)).get_config() == layer.get_config()
