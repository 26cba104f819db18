"""A callback that puts what the pipeline does beside what the model does.

`fit` calls it; whatever reads the logs of an epoch (history, CSV, TensorBoard, early stopping) sees the figures. It
must change no batch, and it measures training alone, without validation.
"""

from __future__ import annotations

import os
import time
from typing import Any

import keras

from ..errors import ParameterError
from .dataset import Dataset
from .singles import Singles


class Monitor(keras.callbacks.Callback):
    """Adds the figures of a pipeline to the logs of each epoch.

    * `pipeline_images_per_second`: pictures trained on, by the time that training took.
    * `pipeline_waiting_share`: share of that time in which the trainer waited for a batch, 0 to 1. Near 0 the model is
      the slower one, and a faster pipeline would change nothing.
    * `pipeline_bad_samples`: files that could not be used so far.

    Callbacks that come after it in the list see them, so it stands before `TensorBoard` or `CSVLogger`; or it writes
    for TensorBoard itself.

    Args:
        dataset: What `fit` is given, or a loader that feeds it.
        log_dir: A folder for TensorBoard, written by the package `tensorboard`, without TensorFlow. None for none.

    Raises:
        ImportError: If `log_dir` is given and `tensorboard` is not installed.
    """

    def __init__(self, dataset: Any, log_dir: str | os.PathLike[str] | None = None) -> None:
        super().__init__()
        loader = dataset.loader if isinstance(dataset, Dataset | Singles) else dataset
        if not hasattr(loader, "report"):
            found = type(dataset).__name__
            raise ParameterError(f"dataset: expected a variegate.keras.Dataset or a loader, found {found}")
        self._loader = loader
        self._board: Any = None
        if log_dir is not None:
            from tensorboard.summary import Writer

            self._board = Writer(os.fspath(log_dir))
        self._began = self._ended = self._waited = 0.0
        self._batches = 0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Starts the clock."""
        self._began = self._ended = time.perf_counter()
        self._waited = self._loader.report()["waiting_seconds"]
        self._batches = 0

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Stops the clock, for the time being."""
        self._ended = time.perf_counter()
        self._batches = batch + 1

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Adds the figures to the logs."""
        figures = self.figures()
        if logs is not None:
            logs.update(figures)
        if self._board is not None:
            for name, value in figures.items():
                self._board.add_scalar(name, value, step=epoch)
            self._board.flush()

    def figures(self) -> dict[str, float]:
        """Those of the epoch so far."""
        report = self._loader.report()
        seconds = max(self._ended - self._began, 1e-9)
        # The last batch of an epoch may be smaller; a rate does not show it.
        images = self._batches * self._loader.batch_size
        return {
            "pipeline_images_per_second": images / seconds,
            "pipeline_waiting_share": min(1.0, max(0.0, (report["waiting_seconds"] - self._waited) / seconds)),
            "pipeline_bad_samples": float(report["bad"]),
        }


__all__ = ["Monitor"]
