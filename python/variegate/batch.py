"""A batch: pictures, labels, what is attached to them, and where they come from.

The loader hands it out. Its arrays are views of the memory the engine wrote; nothing here copies a picture.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _variegate
from .errors import ParameterError
from .source import Source

if TYPE_CHECKING:
    from .sidecar import Received


class Batch:
    """Pictures, labels, what is attached to the pictures, and where they come from.

    With several views `images` is a list of arrays, and `targets` one of dicts. `targets` is None where the source
    knows nothing that is attached to its pictures.
    """

    __slots__ = ("_raw", "images", "labels", "targets")

    def __init__(self, raw: _variegate.Batch | Received, labels: Labels, several: bool = False) -> None:
        self._raw = raw
        self.images: Any = [raw.images(k) for k in range(raw.views)] if several else raw.images(0)
        if several and raw.mixes:
            each = [labels.of(raw, k) for k in range(raw.views)]
            self.labels: Any = None if all(view is None for view in each) else each
        else:
            self.labels = labels.of(raw, 0)
        attached = [raw.targets(k) for k in range(raw.views)]
        for k, view in enumerate(attached):
            if view is not None and self.labels is not None:
                view["labels"] = self.labels[k] if isinstance(self.labels, list) else self.labels
        self.targets: Any = None if attached[0] is None else attached if several else attached[0]

    @property
    def ids(self) -> np.ndarray:
        """The position of each sample in its source, int64."""
        return self._raw.ids

    @property
    def samples(self) -> np.ndarray:
        """What the draws of each sample are addressed by, int64: `sample=` of a pipeline's call that makes the same.

        The id of a sample that comes for the first time in its epoch, and as much more as the source has samples for
        every further time.
        """
        return self._raw.samples

    @property
    def weights(self) -> np.ndarray | None:
        """1 for each sample and 0 for padding, float32; None unless the loader's `rest` is "pad"."""
        return self._raw.weights

    @property
    def epoch(self) -> int:
        """The epoch."""
        return self._raw.epoch

    @property
    def step(self) -> int:
        """The step within the epoch."""
        return self._raw.step

    def pair(self) -> Any:
        """(images, targets) or (images, labels), or the images where there are neither; and the weights of a padded loader."""
        beside = self.labels if self.targets is None else self.targets
        weights = self.weights
        if weights is not None:
            return self.images, beside, weights
        return self.images if beside is None else (self.images, beside)

    def torch(self) -> Any:
        """As tensors of torch, the images without a copy; whole labels are int64, as torch's losses want them."""
        import torch

        def tensor(images: np.ndarray) -> Any:
            if images.dtype.name == "bfloat16":
                return torch.from_dlpack(images.view(np.uint16)).view(torch.bfloat16)
            return torch.from_dlpack(images)

        def label(values: np.ndarray) -> Any:
            labels = torch.from_dlpack(values)
            return labels if labels.is_floating_point() else labels.long()

        images = _each(tensor, self.images)
        if self.targets is not None:
            return images, _named(label, self.targets)
        return images if self.labels is None else (images, _each(label, self.labels))

    def jax(self) -> Any:
        """As arrays of JAX, the images without a copy where JAX runs on the CPU."""
        import jax

        def taken(images: np.ndarray) -> Any:
            # DLPack knows no bfloat16 that NumPy would hand over.
            take = jax.device_put if images.dtype.name == "bfloat16" else jax.dlpack.from_dlpack
            return take(images)

        images = _each(taken, self.images)
        if self.targets is not None:
            return images, _named(jax.numpy.asarray, self.targets)
        return images if self.labels is None else (images, _each(jax.numpy.asarray, self.labels))

    def __len__(self) -> int:
        return len(self._raw)

    def __repr__(self) -> str:
        views = self.images if isinstance(self.images, list) else [self.images]
        shapes = " and ".join(f"{view.shape} {view.dtype}" for view in views)
        return f"<Batch {self.step} of epoch {self.epoch}: {shapes}>"


def _each(change: Callable[[np.ndarray], Any], arrays: Any) -> Any:
    return [change(array) for array in arrays] if isinstance(arrays, list) else change(arrays)


def _named(change: Callable[[np.ndarray], Any], targets: Any) -> Any:
    def one(view: dict[str, np.ndarray]) -> dict[str, Any]:
        return {name: change(values) for name, values in view.items()}

    return [one(view) for view in targets] if isinstance(targets, list) else one(targets)


class Labels:
    """How labels are written."""

    def __init__(self, source: Source, mode: str | None) -> None:
        if mode not in ("int", "categorical", "binary", None):
            raise ParameterError(f'label_mode: expected "int", "categorical", "binary" or None, found {mode!r}')
        self.mode = mode
        self.count = len(source.classes)
        if mode == "binary" and self.count not in (0, 2):
            raise ParameterError(f'label_mode="binary": expected 2 classes, found {self.count}: {source.classes}')

    def of(self, raw: _variegate.Batch | Received, view: int) -> np.ndarray | None:
        """Those of a view: shares where it mixes samples, the samples' own otherwise."""
        soft = None if self.mode is None else raw.soft(view)
        if soft is not None:
            return soft[:, 1:] if self.mode == "binary" else soft
        classes = None if self.mode is None else raw.classes
        if classes is None or self.mode == "int":
            return classes
        if self.mode == "binary":
            return classes.astype(np.float32)[:, np.newaxis]
        # `np.equal` keeps the type that `==` loses.
        return np.equal(classes[:, np.newaxis], np.arange(self.count)).astype(np.float32)


__all__ = ["Batch", "Labels"]
