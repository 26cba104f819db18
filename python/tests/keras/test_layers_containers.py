"""Layers made of layers or of pipelines."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

keras = pytest.importorskip("keras")

from layers_made import pictures  # noqa: E402
from pictures import photo  # noqa: E402

import variegate as vg  # noqa: E402
from variegate.keras import layers  # noqa: E402


def test_a_pipeline_is_its_layers_in_one_go():
    x = pictures()
    crop = layers.CenterCrop(20, 31)
    chain = layers.Pipeline([layers.RandomFlip(seed=1), layers.RandomBrightness(0.3, seed=2), crop])
    expected = crop(layers.RandomBrightness(0.3, seed=2)(layers.RandomFlip(seed=1)(x)))
    assert np.array_equal(chain(x), expected)
    assert np.array_equal(chain(x, training=False), crop(x))
    twice = layers.Pipeline([layers.RandomRotation(0.2), layers.RandomRotation(0.2)], seed=5)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(twice))
    assert np.array_equal(twice(x), again(x))
    with pytest.raises(ValueError, match="layers\\[0\\]"):
        layers.Pipeline([keras.layers.ReLU()])


def test_neighbours_are_resampled_once():
    """As one plan of the engine; in the middle, where no border was cut in between, it is what they do in turn."""
    x = np.stack([photo(60, 90)] * 2)
    turn, shift = layers.RandomRotation((0.05, 0.05)), layers.RandomTranslation((0.1, 0.1), (-0.1, -0.1))
    light = layers.RandomBrightness((0.1, 0.1))
    made = np.asarray(layers.Pipeline([turn, shift, light])(x))
    how = {"border": "reflect"}
    plan = [vg.Rotate(18.0, **how), vg.Translate(-0.1, y=0.1, **how), vg.SolarizeAdd(0.1, threshold=2.0)]
    assert np.array_equal(made, vg.Pipeline(plan, value_range=(0, 255)).batch(x))
    smooth = np.broadcast_to(np.linspace(0, 200, 90, dtype=np.float32)[:, None], (2, 60, 90, 3))
    middle = np.s_[:, 20:-20, 30:-30]
    one, other = layers.Pipeline([turn, shift, light])(smooth), light(shift(turn(smooth)))
    assert np.abs(np.asarray(one)[middle] - np.asarray(other)[middle]).max() < 0.01
    alone = layers.Pipeline([layers.RandomRotation((0.05, 0.05), seed=1), shift, light])
    assert np.abs(np.asarray(alone(x)).astype(int) - np.asarray(light(shift(turn(x))))).max() <= 1


def test_values_in_two_ranges_stay_apart():
    x = pictures().astype(np.float32) / 255
    unit, white = layers.RandomBrightness((0.2, 0.2), value_range=(0, 1)), layers.RandomInvert((1.0, 1.0))
    made = np.asarray(layers.Pipeline([unit, white])(x))
    assert np.abs(made - (255 - np.minimum(x + 0.2, 1))).max() < 1e-4


def test_some_pictures_and_one_of_several():
    x = np.stack([photo(33, 48)] * 32)
    invert = layers.RandomInvert((1.0, 1.0))
    done = (np.asarray(layers.RandomApply(invert, rate=0.4, seed=2)(x)) == 255 - x).all(axis=(1, 2, 3))
    assert 4 < done.sum() < 25
    whole = np.asarray(layers.RandomApply(invert, rate=0.5, batchwise=True, seed=2)(x))
    assert len({picture.tobytes() for picture in whole}) == 1
    shift = layers.RandomTranslation((0.0, 0.0), (0.5, 0.5))
    out = np.asarray(layers.RandomChoice([invert, shift], seed=2)(x))
    kinds = {picture.tobytes() for picture in out}
    assert kinds == {(255 - x[0]).tobytes(), np.asarray(shift(x))[0].tobytes()}
    two = np.asarray(layers.RandomAugmentationPipeline([invert, shift], 2, seed=2)(x))
    # Inverting and shifting may come in either order, which makes no difference.
    pairs = (invert(invert(x)), invert(shift(x)), shift(shift(x)))
    assert {picture.tobytes() for picture in two} == {np.asarray(pair)[0].tobytes() for pair in pairs}
    with pytest.raises(ValueError, match="keep shapes"):
        layers.RandomApply(layers.RandomCrop(8, 8))(x)


def test_every_picture_keeps_its_own():
    """Pictures, masks and boxes that a choice takes apart come back in their places."""
    x = pictures(12)
    boxes = np.array([[[k, 3.0, k + 9, 20]] for k in range(12)], np.float32)
    data = {
        "images": x,
        "segmentation_masks": x[..., 0],
        "bounding_boxes": {"boxes": boxes, "labels": np.arange(12)[:, None]},
    }
    shift = layers.RandomTranslation((0.0, 0.0), (0.25, 0.25), fill_mode="wrap", bounding_box_format="xyxy")
    out = layers.RandomApply(shift, rate=0.5, seed=3)(data)
    found = out["bounding_boxes"]
    moved = np.asarray(found["boxes"])[:, 0, 0] == boxes[:, 0, 0] + 12
    assert 2 < moved.sum() < 10
    expected = np.where(moved[:, None, None, None], np.roll(x, 12, axis=2), x)
    assert np.array_equal(out["images"], expected)
    assert np.array_equal(out["segmentation_masks"], expected[..., 0])
    assert np.asarray(found["labels"])[:, 0].tolist() == list(range(12))
    assert np.array_equal(np.asarray(found["boxes"])[~moved], boxes[~moved])


def test_repeated():
    x = pictures(3)
    invert, keep = layers.RandomInvert((1.0, 1.0)), layers.RandomBrightness((0.0, 0.0))
    out = layers.RepeatedAugmentation([invert, keep], shuffle=False)({"images": x, "labels": np.arange(3)})
    assert np.array_equal(out["images"], np.concatenate([255 - x, x]))
    assert np.asarray(out["labels"]).tolist() == [0, 1, 2, 0, 1, 2]
    mixed = layers.RepeatedAugmentation([invert, invert], seed=1)({"images": x, "labels": np.arange(3)})
    assert sorted(np.asarray(mixed["labels"]).tolist()) == [0, 0, 1, 1, 2, 2]
    for picture, label in zip(np.asarray(mixed["images"]), np.asarray(mixed["labels"]), strict=True):
        assert np.array_equal(picture, 255 - x[label])


def test_any_pipeline_as_a_layer():
    pipeline = vg.Pipeline([vg.ResizedCrop(20), vg.Normalize("tf")], seed=3)
    layer = layers.Augment(pipeline)
    x = pictures()
    assert np.array_equal(layer(x), pipeline.batch(x, samples=range(4)))
    assert layer(keras.Input((33, 48, 3), dtype="uint8")).dtype == "float32"
    with pytest.raises(ValueError, match="layers.MixUp"):
        layers.Augment(vg.Pipeline([vg.MixUp()]))
