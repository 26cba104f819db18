"""Single pictures instead of batches: what `image_dataset_from_directory(batch_size=None)` gives.

Loops of the user's own call it; `fit` wants batches, so it takes a `Dataset`. The engine still works in batches of its
own; this must change neither the order nor a byte of what a `Dataset` of the same loader would give.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..loader import Loader


class Singles:
    """Pictures of a loader one by one, each with its label.

        for image, label in singles: ...

    One `for` is one epoch, and the next `for` the next one, also where the last was left early.

    Args:
        loader: The loader. It belongs to the singles from here on; its batch size says nothing here.
        class_names: Names of the classes, by label, or None.
        advance: Whether each pass is the next epoch. False for validation: every pass is the same epoch.

    Raises:
        TypeError: If `loader` is something else.
    """

    def __init__(self, loader: Loader, class_names: list[str] | None = None, *, advance: bool = True) -> None:
        if not isinstance(loader, Loader):
            raise TypeError(f"loader: expected a vg.Loader, found {type(loader).__name__}")
        self.loader = loader
        self.class_names = class_names
        self._advance = bool(advance)
        self._epoch = loader.epoch
        self._begun = False

    @property
    def file_paths(self) -> list[str]:
        """Paths of all files, in the order of their ids."""
        return self.loader.source.paths

    @property
    def epoch(self) -> int:
        """The epoch of this pass, and before the first one that of the first."""
        return self._epoch

    @property
    def num_batches(self) -> int:
        """What Keras calls so where nothing is batched: the pictures of an epoch."""
        return len(self.loader.source)

    def __len__(self) -> int:
        return self.num_batches

    def __iter__(self) -> Iterator[Any]:
        """One epoch of (image, label), or of images where there are no labels: (height, width, channels) each."""
        if self._begun and self._advance:
            self._epoch += 1
        self._begun = True
        self.loader.seek(self._epoch)
        for batch in self.loader.batches():
            if batch.labels is None:
                yield from batch.images
            else:
                yield from zip(batch.images, batch.labels, strict=True)

    def __repr__(self) -> str:
        return f"<Singles: {len(self)} pictures from {self.loader.source!r}>"


__all__ = ["Singles"]
