"""Trains one network again and again from fresh weights, and measures.

`__main__` calls it for every seed, with and without augmentation. There is one model for all runs, because JAX compiles
for each new one; its weights and the optimiser's memory are drawn anew for each run. Both kinds of run get the same
first weights, the same number of gradient steps and the same learning rates, and nothing here looks at the test
pictures but the measurement of accuracy.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import variegate as vg
from variegate.keras import image_dataset_from_directory

from study import Study

#: Times at which the accuracy is measured, the last one being the end.
CHECKPOINTS = 8
RATE = 1e-3


@dataclass(frozen=True)
class Run:
    """What came of one training."""

    #: (gradient steps, accuracy on the test pictures), the last one being the result.
    curve: list[tuple[int, float]]
    seconds: float
    #: Seconds of these in which the network waited for pictures.
    waiting: float

    @property
    def accuracy(self) -> float:
        return self.curve[-1][1]


@dataclass(frozen=True)
class Speed:
    """What the pipeline does when nothing but it runs."""

    images_per_second: float
    cpu_seconds_per_1000: float


def dataset(study: Study, folder: Path, seed: int, augment: vg.Pipeline | None = None, shuffle: bool = True):
    """The pictures of class folders as Keras takes them."""
    return image_dataset_from_directory(
        str(folder),
        color_mode=study.color_mode,
        batch_size=study.batch,
        image_size=study.size,
        shuffle=shuffle,
        seed=seed,
        augment=augment,
        verbose=False,
    )


def arrays(pictures) -> tuple[np.ndarray, np.ndarray]:
    """All pictures of a data set and their labels, in memory: one pass over it."""
    images, labels = zip(*pictures, strict=True)
    return np.concatenate(images), np.concatenate(labels)


class Trainer:
    """Holds the model that all runs share."""

    def __init__(self, study: Study, classes: int):
        self.study = study
        self.classes = classes
        self.model = study.network(classes)
        self.model.compile(
            optimizer=keras.optimizers.Adam(RATE),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=["accuracy"],
        )

    def run(self, pictures, test, steps: int, seed: int, tell: Callable[[], None]) -> Run:
        """Trains from fresh weights for about `steps` gradient steps, in whole epochs, and calls `tell` with each."""
        self.renew(seed)
        stops = stops_of(epochs_of(steps, len(pictures)))
        counter = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: tell())
        before = pictures.loader.report()["waiting_seconds"]
        curve, seconds, epoch = [], 0.0, 0
        for stop in stops:
            self.model.optimizer.learning_rate.assign(rate(epoch / stops[-1]))
            began = time.perf_counter()
            self.model.fit(pictures, initial_epoch=epoch, epochs=stop, verbose=0, callbacks=[counter])
            seconds += time.perf_counter() - began
            epoch = stop
            curve.append((stop * len(pictures), self.accuracy(test)))
        return Run(curve, seconds, pictures.loader.report()["waiting_seconds"] - before)

    def renew(self, seed: int) -> None:
        """Draws fresh weights and empties the optimiser's memory."""
        keras.utils.set_random_seed(seed)
        self.model.set_weights(self.study.network(self.classes).get_weights())
        self.model.optimizer.build(self.model.trainable_variables)
        rate_holder = self.model.optimizer.learning_rate
        for variable in self.model.optimizer.variables:
            if variable is not rate_holder:
                variable.assign(np.zeros(variable.shape, variable.dtype))

    def accuracy(self, test) -> float:
        """Share of the test pictures named rightly."""
        images, labels = test
        batch = min(300, len(images))
        return self.model.evaluate(images, labels, batch_size=batch, verbose=0, return_dict=True)["accuracy"]

    def pace(self, pictures, test) -> float:
        """Seconds a gradient step takes, measurements of accuracy included, once everything is compiled."""
        self.renew(0)
        self.model.fit(pictures, epochs=1, verbose=0)
        self.accuracy(test)
        epochs = epochs_of(20, len(pictures))
        began = time.perf_counter()
        self.model.fit(pictures, epochs=epochs, verbose=0)
        trained = time.perf_counter()
        self.accuracy(test)
        measuring = CHECKPOINTS * (time.perf_counter() - trained) / self.study.steps
        return (trained - began) / (epochs * len(pictures)) + measuring


def speed(pictures, seconds: float) -> Speed:
    """Asks the pipeline for batches alone, for about so many seconds, after one epoch to warm up."""
    count = sum(len(labels) for _, labels in pictures)
    passes, began, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < seconds:
        for _ in pictures:
            pass
        passes += 1
    wall, spent = time.perf_counter() - began, time.process_time() - used
    return Speed(passes * count / wall, 1000 * spent / (passes * count))


def rate(share: float) -> float:
    """The learning rate: whole for the first half of a run, then falling to a fifth."""
    return RATE * (1 if share < 0.5 else 0.2 + 0.8 * (1 + math.cos(2 * math.pi * (share - 0.5))) / 2)


def epochs_of(steps: int, batches: int) -> int:
    """The whole epochs nearest to so many steps, one at least."""
    return max(1, round(steps / batches))


def stops_of(epochs: int) -> list[int]:
    """The epochs after which to measure: evenly spread, more of them early, where most happens."""
    shares = [(k / CHECKPOINTS) ** 1.5 for k in range(1, CHECKPOINTS + 1)]
    return sorted({max(1, round(epochs * share)) for share in shares})
