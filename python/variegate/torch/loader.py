"""The engine's own loader as torch uses one: tensors, `state_dict`, `set_epoch`.

It replaces data set, sampler, workers and `DataLoader` together; the threads are the engine's. It must not copy pixels.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, Self

import torch

from ..errors import ParameterError
from ..loader import Batch
from ..loader import Loader as Engine
from ..pipeline import Pipeline
from ..several import Views
from ..source import Source
from .transform import checked

_KEY = "variegate"


class Loader:
    """Batches of a source as tensors, augmented, in a computed order; used as torchdata's `StatefulDataLoader` is.

        for epoch in range(90):
            loader.set_epoch(epoch)
            for images, labels in loader: ...

    Images are tensors over the memory that the engine wrote, without a copy; labels are int64, or float32 where they
    are shares. One `for` is one epoch, also without `set_epoch`. There are no worker processes to start: one loader
    works on `threads` threads of this process, and its bytes do not depend on their number.

    Args:
        source: What to read, as from `vg.folder`.
        augment: A pipeline that ends in one size, a list of them, or None; as for `vg.Loader`.
        pin_memory: Whether tensors are copied into page-locked memory, which copies to a GPU need to run beside
            the model (`tensor.to(device, non_blocking=True)`). Without a GPU nothing is pinned, and a warning says so.
        channels_last: Whether images lie in memory as (N, H, W, C), which convolutions on most GPUs prefer. Their shape
            is (N, C, H, W) all the same.
        options: Any other argument of `vg.Loader`: batch_size, shuffle, seed, num_shards, shard_id, threads, dtype, …
            Several processes of one training give `num_shards` and `shard_id` (world size and rank), and
            `rest="drop"` or "wrap".

    Raises:
        ParameterError: If an argument cannot be used.
    """

    def __init__(
        self,
        source: Source,
        augment: Pipeline | Views | None = None,
        *,
        pin_memory: bool = False,
        channels_last: bool = False,
        **options: Any,
    ) -> None:
        if "layout" in options:
            raise ParameterError(
                "layout: tensors are (N, C, H, W) always; channels_last=True says how they lie in memory"
            )
        self._channels_last = bool(channels_last)
        self._bfloat16 = options.get("dtype") == "bfloat16"
        self.engine = Engine(source, augment, layout="NHWC" if channels_last else "NCHW", **options)
        if pin_memory and not torch.cuda.is_available():
            warnings.warn("pin_memory: torch sees no GPU here, so nothing is pinned", stacklevel=2)
            pin_memory = False
        self.pin_memory = bool(pin_memory)

    def __iter__(self) -> Iterator[Any]:
        """One epoch of (images, labels), or of images where there are no labels."""
        return map(self._tensors, self.engine.batches())

    def __len__(self) -> int:
        """Batches of an epoch."""
        return len(self.engine)

    @property
    def batch_size(self) -> int:
        """Pictures of a batch, in this process."""
        return self.engine.batch_size

    @property
    def dataset(self) -> Source:
        """What is read."""
        return self.engine.source

    @property
    def classes(self) -> list[str]:
        """Names of the classes, by label."""
        return self.engine.classes

    @property
    def epoch(self) -> int:
        """The epoch of the next batch."""
        return self.engine.epoch

    def set_epoch(self, epoch: int) -> None:
        """Says which epoch the next `for` is.

        After `load_state_dict` in the middle of this very epoch the loader goes on there, so that a training loop that
        sets every epoch can be resumed as it stands.

        Raises:
            ParameterError: If it is negative.
        """
        if not (self.engine._goes_on and self.engine.epoch == checked(epoch)):
            self.engine.seek(epoch)

    def state_dict(self) -> dict[str, Any]:
        """Where the loader stands, after the last batch it gave: a dict of one short text, for a checkpoint."""
        return {_KEY: self.engine.state()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Goes on where `state_dict` says, with the next `for`; on another number of processes or threads, too.

        Raises:
            ParameterError: If it is none of this loader's, or belongs to another pipeline, data set, seed or version.
        """
        token = state_dict.get(_KEY) if isinstance(state_dict, dict) else None
        if not isinstance(token, str):
            raise ParameterError(
                f"state_dict: expected what state_dict() of this class gave, a dict with the key {_KEY!r}; "
                f"found {state_dict!r:.80}"
            )
        self.engine.resume(token)

    def close(self) -> None:
        """Ends the threads."""
        self.engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<torch Loader: {len(self)} batches of {self.batch_size} from {self.dataset!r}>"

    def _tensors(self, batch: Batch) -> Any:
        tensors = batch.torch()
        images, labels = tensors if isinstance(tensors, tuple) else (tensors, None)
        images = self._each(images, self._placed)
        if labels is None:
            return images
        return images, self._each(labels, self._pinned)

    def _placed(self, images: torch.Tensor) -> torch.Tensor:
        if self._bfloat16 and images.dtype == torch.uint16:
            # NumPy knows bfloat16 by a package only; torch needs none.
            images = images.view(torch.bfloat16)
        return self._pinned(images.permute(0, 3, 1, 2) if self._channels_last else images)

    def _pinned(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.pin_memory() if self.pin_memory else tensor

    @staticmethod
    def _each(tensors: Any, change: Any) -> Any:
        return [change(tensor) for tensor in tensors] if isinstance(tensors, list) else change(tensors)


__all__ = ["Loader"]
