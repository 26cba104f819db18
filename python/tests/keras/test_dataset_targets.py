"""Boxes and masks as Keras takes them: through `fit`, and through its own layers."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import variegate as vg
from annotated_files import mask, rectangles

COUNT = 12


def loader(source, **more) -> vg.Loader:
    return vg.Loader(source, vg.Pipeline([vg.Resize((32, 40))]), batch_size=4, shuffle=False, threads=1, **more)


def test_boxes_train_a_model(boxed):
    """A small net finds the box of the first rectangle better after some steps than before."""
    dataset = vg.keras.Dataset(loader(boxed, max_boxes=3, box_format="rel_xyxy"))
    images, targets = dataset[0]
    assert targets["boxes"].shape == (4, 3, 4) and targets["labels"].shape == (4, 3) and images.shape == (4, 32, 40, 3)
    picture = keras.Input((32, 40, 3))
    flat = keras.layers.Flatten()(keras.layers.AveragePooling2D(4)(picture / 255.0))
    boxes = keras.layers.Reshape((3, 4), name="boxes")(keras.layers.Dense(12)(flat))
    model = keras.Model(picture, {"boxes": boxes})
    pairs = [(images, {"boxes": targets["boxes"]}) for images, targets in dataset]
    x, y = np.concatenate([images for images, _ in pairs]), np.concatenate([t["boxes"] for _, t in pairs])
    model.compile(keras.optimizers.Adam(0.01), loss={"boxes": "mse"})
    before = model.evaluate(x, {"boxes": y}, verbose=0)
    model.fit(x, {"boxes": y}, epochs=30, verbose=0)
    assert model.evaluate(x, {"boxes": y}, verbose=0) < before / 4


def test_masks_go_through_fit(masked):
    dataset = vg.keras.Dataset(loader(masked, dtype="float32"))
    model = keras.Sequential([keras.layers.Rescaling(1 / 255), keras.layers.Conv2D(43, 1, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.1), loss="sparse_categorical_crossentropy")
    history = model.fit(dataset, epochs=4, verbose=0).history["loss"]
    assert history[-1] < history[0] / 2


def test_the_dict_goes_through_layers(boxed, masked):
    """A mirroring layer of Keras moves the boxes to where our own flip puts them."""
    batch = vg.keras.Dataset(loader(boxed, max_boxes=3), form="layers")[0]
    assert sorted(batch) == ["bounding_boxes", "images"]
    augment = vg.Pipeline([vg.Resize((32, 40)), vg.Flip("horizontal")])
    flipped = vg.Loader(boxed, augment, batch_size=4, shuffle=False, max_boxes=3)
    _, wanted = next(iter(flipped))
    for row in range(4):
        boxes = batch["bounding_boxes"]["boxes"][row]
        count = len(rectangles(row)[1])
        mirrored = np.stack([40 - boxes[:, 2], boxes[:, 1], 40 - boxes[:, 0], boxes[:, 3]], axis=1)[:count]
        np.testing.assert_allclose(wanted["boxes"][row, :count], mirrored, atol=1e-4)
        assert (batch["bounding_boxes"]["labels"][row, count:] == -1).all()
    layer = keras.layers.RandomFlip("horizontal", seed=1)
    out = layer({"images": batch["images"].copy()}, training=True)
    assert out["images"].shape == (4, 32, 40, 3)
    segments = vg.keras.Dataset(loader(masked), form="layers")[0]
    assert segments["segmentation_masks"].shape == (4, 32, 40, 1)
    assert set(np.unique(segments["segmentation_masks"][0])) <= set(np.unique(mask(0)))


def test_a_wrong_form_is_refused(boxed):
    with pytest.raises(vg.ParameterError, match='form: expected "fit" or "layers"'):
        vg.keras.Dataset(loader(boxed), form="dict")
