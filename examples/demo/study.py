"""What is compared: the two studies, one on digits and one on a user's photos, as data.

`__main__` chooses one and the others read it. A study says everything a reader may want to change (the operations, the
network, how much is trained); it must not do anything itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import variegate as vg
from keras import layers


@dataclass(frozen=True)
class Study:
    """One comparison of the same training with and without augmentation."""

    title: str
    #: Training images a class, one comparison for each; None takes all there are.
    counts: tuple[int | None, ...]
    seeds: tuple[int, ...]
    #: Gradient steps of every run, fewer where the machine is slow.
    steps: int
    #: Most seconds all runs together may take.
    budget: float
    batch: int
    size: tuple[int, int]
    color_mode: str
    augment: Callable[[int], vg.Pipeline]
    network: Callable[[int], keras.Model]
    #: What a reader of the report should know about this choice of operations.
    advice: str

    @property
    def channels(self) -> int:
        return 1 if self.color_mode == "grayscale" else 3


def augment_digits(seed: int) -> vg.Pipeline:
    """Small turns, shifts, zooms and slants: what another hand might have written. Fused, they are one pass."""
    return vg.Pipeline(
        [
            vg.Rotate((-12, 12)),
            vg.Translate(x=(-0.08, 0.08), y=(-0.08, 0.08)),
            vg.Zoom((0.9, 1.1)),
            vg.Shear(x=(-6, 6)),
        ],
        seed=seed,
    )


def augment_photos(seed: int) -> vg.Pipeline:
    """A window of the photo, mirrored half of the time, in other light."""
    return vg.Pipeline(
        [
            vg.ResizedCrop(96, area=(0.5, 1.0), aspect=(3 / 4, 4 / 3)),
            vg.Flip("horizontal", p=0.5),
            vg.ColorJitter(brightness=0.2, contrast=0.2, saturation=0.2),
        ],
        seed=seed,
    )


def network_for_digits(classes: int) -> keras.Model:
    """Two convolutions and two dense layers, about 65,000 weights."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(classes),
        ]
    )


def network_for_photos(classes: int) -> keras.Model:
    """Four convolutions, each halving the picture, and one dense layer."""
    stages = []
    for width in (16, 32, 64, 128):
        stages += [
            layers.Conv2D(width, 3, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    return keras.Sequential(
        [
            keras.Input((96, 96, 3)),
            layers.Rescaling(1 / 127.5, offset=-1),
            *stages,
            layers.GlobalAveragePooling2D(),
            layers.Dense(classes),
        ]
    )


def digits(quick: bool) -> Study:
    """Twenty and fifty digits a class against the remaining ones."""
    return Study(
        title="Handwritten digits",
        counts=(20,) if quick else (20, 50),
        seeds=(1,) if quick else (1, 2, 3),
        steps=80 if quick else 800,
        budget=15 if quick else 420,
        batch=50,
        size=(28, 28),
        color_mode="grayscale",
        augment=augment_digits,
        network=network_for_digits,
        advice=(
            "Every operation here keeps a digit the digit it was. A left-right flip would not: it makes of a 2 or a 5 "
            "something that no one writes, and would teach the network wrong. Which changes are harmless depends on "
            "the data, and only its owner can say."
        ),
    )


def photos(quick: bool) -> Study:
    """All of a user's photos."""
    return Study(
        title="Your photos",
        counts=(None,),
        seeds=(1,) if quick else (1, 2, 3),
        steps=40 if quick else 800,
        budget=20 if quick else 420,
        batch=32,
        size=(96, 96),
        color_mode="rgb",
        augment=augment_photos,
        network=network_for_photos,
        advice=(
            "These operations suit photos of things that may be mirrored and stand in any light. Leave the flip out "
            "where left and right mean something (text, signs, organs), and the colour changes where colour tells the "
            "classes apart."
        ),
    )
