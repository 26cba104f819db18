"""A data set of torch's whose samples are augmented by their address: epoch and index.

A `DataLoader` holds it and its workers ask it; the bytes of a sample do not depend on which worker that is. It must
never draw from a generator of its own.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

from ..errors import ParameterError
from ..parts import Names
from ..pipeline import Pipeline
from .transform import Transform, checked


class Augmented(torch.utils.data.Dataset[Any]):
    """The samples of another data set, augmented: the bytes of sample i in epoch e depend on the seed, e and i alone.

        data = variegate.torch.Augmented(photos, augment)
        loader = DataLoader(data, sampler=variegate.torch.Addressed(RandomSampler(data)), num_workers=4)

    Neither the number of workers, nor how they are started, nor the size of batches changes a byte. The epoch comes
    from, in this order: the index itself, where it is a pair (epoch, index) as `Addressed` makes them; `set_epoch`; or
    how often the sample was asked for before, counted over all workers. The last needs no care and is right as long as
    passes are complete: one that is left early has also counted what the workers had fetched ahead.

    Args:
        dataset: A data set with `__getitem__` and `__len__`.
        augment: The pipeline, or a `Transform` for samples whose parts have other names.
        names: As for `Transform`.
        box_format: As for `Transform`.
        threads: How many threads of a worker make a batch; the data set is then asked by several at once.

    Raises:
        TypeError: If the data set has no length, or `augment` is no pipeline.
        ParameterError: If a name is none of the pipeline's, or there is no thread.
    """

    def __init__(
        self,
        dataset: Any,
        augment: Pipeline | Transform,
        *,
        names: Names = ("image", "labels"),
        box_format: str = "xyxy",
        threads: int = 1,
    ) -> None:
        if not hasattr(dataset, "__getitem__") or not hasattr(dataset, "__len__"):
            raise TypeError(
                f"dataset: expected a data set with __getitem__ and __len__, found {type(dataset).__name__}; "
                "within a stream of samples use Transform"
            )
        if not isinstance(augment, Transform):
            augment = Transform(augment, names=names, box_format=box_format)
        if operator.index(threads) < 1:
            raise ParameterError(f"threads: expected 1 or more, found {threads}")
        self.dataset = dataset
        self.threads = threads
        self.transform = augment
        # In shared memory, for all workers: how often each sample was asked for, and the epoch that was set, or -1.
        self._visits = torch.zeros(len(dataset), dtype=torch.int32).share_memory_()
        self._epoch = torch.full((), -1, dtype=torch.int64).share_memory_()

    def set_epoch(self, epoch: int) -> None:
        """Sets the epoch of what is asked for from here on, also in workers that run already.

        Raises:
            ParameterError: If it is negative.
        """
        self._epoch.fill_(checked(epoch))

    def __getitem__(self, index: int | tuple[int, int]) -> Any:
        """Sample `index`, or (epoch, index)."""
        if isinstance(index, tuple):
            epoch, index = (int(part) for part in index)
        else:
            index, epoch = int(index), int(self._epoch)
        if not -len(self) <= index < len(self):
            raise IndexError(f"sample {index}: the data set has {len(self)} samples")
        index %= len(self)
        if epoch < 0:
            epoch = int(self._visits[index])
            self._visits[index] += 1
        return self.transform(self.dataset[index], epoch=epoch, index=index)

    def __getitems__(self, indices: Sequence[int | tuple[int, int]]) -> list[Any]:
        """The samples of a batch, in order; a `DataLoader` asks for them at once."""
        if self.threads == 1:
            return [self[index] for index in indices]
        # Threads of one batch only: a worker that forks or ends has none left behind.
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(self.__getitem__, indices))

    def __len__(self) -> int:
        return len(self.dataset)


class Addressed(torch.utils.data.Sampler[tuple[int, int]]):
    """A sampler that says the epoch with every index: each pass over it is the next epoch.

    Workers learn the epoch with the index, so a worker that lives on, or one that fetched ahead, cannot mistake it.

    Args:
        sampler: What gives the order: a sampler, or the data set itself for its own order.
        epoch: The epoch of the first pass.
    """

    def __init__(self, sampler: Any, *, epoch: int = 0) -> None:
        self.sampler = sampler if isinstance(sampler, torch.utils.data.Sampler) else range(len(sampler))
        self.set_epoch(epoch)

    def set_epoch(self, epoch: int) -> None:
        """Sets the epoch of the next pass, and tells the sampler within, where it asks (`DistributedSampler`).

        Raises:
            ParameterError: If it is negative.
        """
        self.epoch = checked(epoch)
        tell = getattr(self.sampler, "set_epoch", None)
        if tell is not None:
            tell(epoch)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        epoch = self.epoch
        pairs = ((epoch, int(index)) for index in self.sampler)
        # At once: a pass that is left early was an epoch, too.
        self.set_epoch(epoch + 1)
        return pairs

    def __len__(self) -> int:
        return len(self.sampler)


__all__ = ["Addressed", "Augmented"]
