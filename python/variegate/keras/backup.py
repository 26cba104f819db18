"""Keras's `BackupAndRestore`, that also keeps the place within the epoch.

`fit` takes it as a callback. What it writes stands in Keras's own file beside the weights, so that both are of one
moment; it must count the batches that were trained on, never those that were fetched.
"""

from __future__ import annotations

import json
import os
import warnings
from typing import Any

import keras

from ..errors import InputError, ParameterError
from .dataset import Dataset
from .follow import FollowEpochs

_ENDED_EARLY = "Your input ran out of data"


class BackupAndRestore(keras.callbacks.BackupAndRestore):
    """Backs up model and place, and goes on there after an interruption with the batches that were still to come.

        backup = variegate.keras.BackupAndRestore(dataset, "backup", save_freq=100)
        model.fit(dataset, epochs=30, callbacks=[backup])

    The interrupted run and the one that goes on train on the same batches as one that was not interrupted, each once,
    from the moment of the last backup. The epoch that goes on has the rest of its batches: its metrics are means over
    those. Where the backup was made behind the last batch of an epoch, the next epoch begins, and what callbacks and
    validation had to say of the last one is not said. Epoch e of `fit` is epoch e of the loader, as with
    `Dataset.follow_epochs`. A backup of another pipeline, data set or seed is refused.

    The one case that is not exact: `steps_per_epoch` on TensorFlow, where `tf.data` holds batches of one epoch ready
    and Keras trains on them in the next.

    Args:
        dataset: What `fit` is given.
        backup_dir: The folder of the backup, of this run alone.
        save_freq: "epoch", or after how many batches.
        double_checkpoint: Whether the backup before the last is kept, too.
        delete_checkpoint: Whether the backup is deleted where training comes to its end.
    """

    def __init__(
        self,
        dataset: Dataset,
        backup_dir: str | os.PathLike[str],
        save_freq: int | str = "epoch",
        double_checkpoint: bool = False,
        delete_checkpoint: bool = True,
    ) -> None:
        self._follow = FollowEpochs(dataset)
        super().__init__(os.fspath(backup_dir), save_freq, double_checkpoint, delete_checkpoint)
        # Batches of this epoch that were trained on in this pass, and those before it; the epoch that was resumed.
        self._trained = self._before = 0
        self._resumed: int | None = None
        self._quiet: warnings.catch_warnings | None = None

    def set_params(self, params: dict[str, Any]) -> None:
        """Called by Keras before training."""
        super().set_params(params)
        self._follow.set_params(params)

    def on_train_begin(self, logs: Any = None) -> None:
        """Restores model and place where there is a backup."""
        self._resumed, self._before = None, 0
        super().on_train_begin(logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Moves the data set to the epoch, or to where the backup was made in it."""
        self._before = self._before if epoch == self._resumed else 0
        self._current_epoch, self._trained, self._resumed = epoch, 0, None
        self._follow.go(epoch, self._before)
        if self._before:
            self._hush()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Backs up where it is time to."""
        self._trained = batch + 1
        super().on_train_batch_end(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Backs up where it is time to."""
        self._speak()
        self._trained = self._before = 0
        super().on_epoch_end(epoch, logs)

    def on_train_end(self, logs: Any = None) -> None:
        """Deletes the backup, unless it is to be kept."""
        self._speak()
        super().on_train_end(logs)

    def _save_model(self) -> None:
        super()._save_model()
        epoch, done = self._current_epoch, self._before + self._trained
        if self._follow.steps is not None and done >= self._follow.steps:
            epoch, done = epoch + 1, 0
        token = self._follow.dataset._token(*self._follow.place(epoch, done))
        with open(self._training_metadata_path, "w", encoding="utf-8") as file:
            json.dump({"epoch": epoch, "batch": done, "dataset": json.loads(token)}, file)

    def _load_model(self) -> None:
        super()._load_model()
        if not os.path.exists(self._training_metadata_path):
            return
        with open(self._training_metadata_path, encoding="utf-8") as file:
            kept = json.load(file)
        if "dataset" not in kept:
            raise InputError(
                f"{self._training_metadata_path}: the backup was not made by variegate.keras.BackupAndRestore and does "
                "not tell a place; go on with Keras's own callback and Dataset.follow_epochs(), or delete it"
            )
        dataset = self._follow.dataset
        # Refuses what belongs to another pipeline, data set or seed.
        dataset.resume(json.dumps(kept["dataset"]))
        if (dataset._epoch, dataset._served) != self._follow.place(kept["epoch"], kept["batch"]):
            raise ParameterError(
                f"{self._training_metadata_path}: the backup was made after batch {kept['batch']} of epoch "
                f"{kept['epoch']}, of other batches; keep batch_size, num_shards and "
                "steps_per_epoch to go on within an epoch"
            )
        self._resumed, self._before = kept["epoch"], kept["batch"]

    def _hush(self) -> None:
        # An epoch that goes on is shorter than Keras was told, and it would say that the data ran out.
        self._quiet = warnings.catch_warnings()
        self._quiet.__enter__()
        warnings.filterwarnings("ignore", _ENDED_EARLY, UserWarning)

    def _speak(self) -> None:
        if self._quiet is not None:
            self._quiet.__exit__(None, None, None)
            self._quiet = None


__all__ = ["BackupAndRestore"]
