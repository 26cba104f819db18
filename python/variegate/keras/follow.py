"""A callback that keeps a data set at the epoch that `fit` is in.

`Dataset.follow_epochs` makes it, and `BackupAndRestore` builds upon it. It moves the data set between passes alone, and
knows nothing of models.
"""

from __future__ import annotations

from typing import Any

import keras

from .dataset import Dataset


class FollowEpochs(keras.callbacks.Callback):
    """Makes epoch e of `fit` epoch e of the loader, also with `initial_epoch` and after Keras's `BackupAndRestore`.

    A loader that is not shuffled counts the epochs of `steps_per_epoch` batches one after another instead, as `fit`
    does without this callback.

    Args:
        dataset: What `fit` is given.
    """

    def __init__(self, dataset: Dataset) -> None:
        if not isinstance(dataset, Dataset):
            raise TypeError(f"dataset: expected a variegate.keras.Dataset, found {type(dataset).__name__}")
        super().__init__()
        self.dataset = dataset

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Called by Keras before each epoch."""
        self.go(epoch, 0)

    def go(self, epoch: int, done: int) -> None:
        """Moves the data set behind the first `done` batches of an epoch of `fit`."""
        dataset = self.dataset
        dataset._inside = False
        dataset._given = 0
        steps = self.steps
        dataset._go(*self.place(epoch, done), batches=None if steps is None or done == 0 else steps - done)

    def place(self, epoch: int, done: int) -> tuple[int, int]:
        """Epoch and step of the loader behind the first `done` batches of an epoch of `fit`."""
        steps, whole = self.steps, len(self.dataset)
        if steps is not None and done >= steps:
            return self.place(epoch + 1, 0)
        one_after_another = steps is not None and self.dataset._in_order()
        return divmod(epoch * (steps if one_after_another else whole) + done, whole)

    @property
    def steps(self) -> int | None:
        """Batches of an epoch of `fit`."""
        return self.params.get("steps") if self.params else None


__all__ = ["FollowEpochs"]
