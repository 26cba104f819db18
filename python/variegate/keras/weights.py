"""How much each sample of a batch counts: weights of samples, of classes, or both.

`Dataset` calls it, so that `fit` is handed a third array. It must work from the ids and labels of a batch alone, for
these are the same on every machine and in every epoch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import ParameterError
from ..loader import Batch, Loader


class Weights:
    """Weights of the samples of a loader.

    Args:
        loader: The loader whose batches they are for.
        samples: One weight for each file, in the order of `loader.source.paths`, or None.
        classes: A weight for each label, as Keras's `class_weight`; labels that are not named weigh 1. Or None. Shares
            of classes weigh what their classes do.

    Raises:
        ParameterError: If there is not one weight for each file, a weight is negative or not finite, a label is
            unknown, or the loader gives no labels.
    """

    def __init__(self, loader: Loader, samples: npt.ArrayLike | None, classes: Mapping[int, float] | None) -> None:
        if loader._labels.mode is None or None in loader.source.labels:
            raise ParameterError("weights: the loader gives no labels, and Keras takes weights after labels only")
        if loader._several:
            raise ParameterError("weights: a loader of several views gives lists; weigh them in a loop of your own")
        self._samples = None if samples is None else _numbers("sample_weight", samples, len(loader.source))
        self._classes = None if classes is None else _of_classes(classes, len(loader.classes))
        self._binary = loader._labels.mode == "binary"

    def of(self, batch: Batch) -> np.ndarray:
        """Those of a batch, float32 of (N,); 0 for padding. Of a mixed sample, that of the file it began with."""
        weights = np.ones(len(batch.ids), np.float32)
        if batch.weights is not None:
            weights *= batch.weights
        if self._samples is not None:
            weights *= self._samples[batch.ids]
        if self._classes is not None:
            weights *= self._by_label(np.asarray(batch.labels))
        return weights

    def _by_label(self, labels: np.ndarray) -> np.ndarray:
        classes = self._classes
        if self._binary:
            return classes[0] + labels[:, 0] * (classes[1] - classes[0])
        return labels @ classes if labels.ndim == 2 else classes[labels]


def _numbers(what: str, values: Any, count: int) -> np.ndarray:
    numbers = np.asarray(values, np.float32)
    if numbers.shape != (count,):
        raise ParameterError(f"{what}: expected one number for each of {count} files, found shape {numbers.shape}")
    if not (np.isfinite(numbers).all() and (numbers >= 0).all()):
        raise ParameterError(f"{what}: expected numbers from 0, found {numbers.min():g} to {numbers.max():g}")
    return numbers


def _of_classes(classes: Mapping[int, float], count: int) -> np.ndarray:
    if unknown := [label for label in classes if label not in range(count)]:
        raise ParameterError(f"class_weight: expected labels from 0 to {count - 1}, found {unknown[0]!r}")
    return _numbers("class_weight", [classes.get(label, 1.0) for label in range(count)], count)


__all__ = ["Weights"]
