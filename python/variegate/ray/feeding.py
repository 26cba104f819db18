"""Loaders for the workers of Ray Train: each takes its share of the batches that one process would get.

Ray starts the workers and tells them who they are; pictures do not go through Ray.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import ray.train

from ..errors import ParameterError
from ..loader import Loader
from ..pipeline import Pipeline
from ..several import Views
from ..source import Source


def feed(
    source: Source,
    augment: Pipeline | Views | None = None,
    *,
    global_batch_size: int,
    loader: Callable[..., Any] = Loader,
    **options: Any,
) -> Any:
    """The loader of this worker, called in the training function of a Ray trainer.

        def train(config):
            batches = variegate.ray.feed(source, augment, global_batch_size=256, seed=7, loader=variegate.torch.Loader)

    Step s of all workers together is step s of one process with `batch_size=global_batch_size`, for any number of
    workers that divides it. So a run may go on with another number, from `state()` or `state_dict()` of any worker.

    Args:
        source: What to read, as from `vg.folder`. All workers must see it under the same paths.
        augment: As for `vg.Loader`.
        global_batch_size: Pictures of a step, over all workers.
        loader: `vg.Loader`, or what takes its arguments, as `variegate.torch.Loader`.
        options: Any other argument of it. `rest` is "drop" unless given, and may be "wrap".

    Returns:
        What `loader` gives.

    Raises:
        ParameterError: If there is no worker around, or their number does not divide the batch.
    """
    try:
        context = ray.train.get_context()
        workers, rank = context.get_world_size(), context.get_world_rank()
    except RuntimeError as error:
        raise ParameterError(f"feed: call it in the training function of a Ray trainer: {error}") from error
    if workers is None or rank is None:
        raise ParameterError("feed: call it in the training function of a Ray trainer; there is none around")
    for name in ("num_shards", "shard_id", "batch_size", "drop_last"):
        if name in options:
            raise ParameterError(f"{name}: Ray Train and global_batch_size say it; leave it out")
    size = operator.index(global_batch_size)
    if size < 1 or size % workers:
        raise ParameterError(f"global_batch_size: expected a multiple of the {workers} workers, found {size}")
    share = {"batch_size": size // workers, "num_shards": workers, "shard_id": rank}
    return loader(source, augment, **share, **({"rest": "drop"} | options))


__all__ = ["feed"]
