"""The two ways of one training: augmented by Keras's layers within the model, or by a pipeline before it.

`run.py` asks for them. Both get the same files in the same order from the same reader, the same first weights and the
same ranges of the same transformations; only who augments differs.
"""

from dataclasses import dataclass
from pathlib import Path

import keras
import variegate as vg
from keras import layers

DEGREES = 12
SHIFT = 0.08
ZOOM = 0.1


@dataclass(frozen=True)
class Task:
    """What is trained on, and how large its pictures are."""

    folder: Path
    side: int
    grey: bool
    #: Whether what is mirrored stays what it was.
    mirror: bool
    batch: int

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.side, self.side, 1 if self.grey else 3


def operations(task: Task) -> list:
    """Ours: fused into one resampling, together with the resize."""
    return [
        *([vg.Flip("horizontal", p=0.5)] if task.mirror else []),
        vg.Rotate((-DEGREES, DEGREES), border="reflect"),
        vg.Translate(x=(-SHIFT, SHIFT), y=(-SHIFT, SHIFT), border="reflect"),
        vg.Zoom((1 - ZOOM, 1 + ZOOM), border="reflect"),
    ]


def keras_layers(task: Task, seed: int) -> list[layers.Layer]:
    """Keras's: one resampling after the other, in the training step."""
    return [
        *([layers.RandomFlip("horizontal", seed=seed)] if task.mirror else []),
        layers.RandomRotation(DEGREES / 360, fill_mode="reflect", seed=seed + 1),
        layers.RandomTranslation(SHIFT, SHIFT, fill_mode="reflect", seed=seed + 2),
        layers.RandomZoom(ZOOM, fill_mode="reflect", seed=seed + 3),
    ]


def datasets(task: Task, seed: int, augment: list) -> tuple[vg.keras.Dataset, vg.keras.Dataset]:
    """Training and validation. The split is one for all seeds, the order of the training is the seed's."""
    parts = vg.folder(task.folder).split(0.25, seed=1)
    options = {"batch_size": task.batch, "colour": "grey" if task.grey else "rgb"}
    size = vg.Resize((task.side, task.side))
    train = vg.Loader(parts[0], vg.Pipeline([size, *augment], seed=seed), drop_last=True, **options)
    valid = vg.Loader(parts[1], vg.Pipeline([size]), shuffle=False, **options)
    return vg.keras.Dataset(train), vg.keras.Dataset(valid, advance=False)


def network(task: Task, classes: int, seed: int) -> keras.Sequential:
    """Three convolutions and a dense layer, with weights that depend on the seed alone."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input(task.shape), layers.Rescaling(1 / 127.5, -1)])
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(classes))
    return model


def prepared(way: str, task: Task, seed: int) -> tuple[keras.Model, vg.keras.Dataset, vg.keras.Dataset]:
    """The model and the data of a way ("keras" or "variegate") for a seed."""
    train, valid = datasets(task, seed, operations(task) if way == "variegate" else [])
    core = network(task, len(train.class_names), seed)
    model = core
    if way == "keras":
        model = keras.Sequential([keras.Input(task.shape), *keras_layers(task, seed), core])
    model.compile(
        keras.optimizers.Adam(2e-3),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model, train, valid
