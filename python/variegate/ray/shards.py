"""`variegate.offline.write` on a cluster: the plan is made here, Ray only has shards made.

It must decide nothing that the bytes depend on: shard k is what `variegate.offline.make_shard` makes of it anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ray
import ray.data

from .. import offline, publish
from ..pipeline import Pipeline
from ..source import Source

# Shards of a task: few enough tasks for Ray's book-keeping, and never much to do again.
_MOST_TASKS = 2000


def write(
    source: Source,
    augment: Pipeline,
    out: str | os.PathLike[str],
    *,
    copies: int = 1,
    shard_size: int = 1000,
    concurrency: int | tuple[int, int] = (1, 1000),
    verify: bool = False,
    progress: Callable[[int, int], Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Makes all shards of a data set on a Ray cluster: the very files that `variegate.offline.write` makes.

    Shards are published whole or not at all. A worker or a node that dies costs the shards it was making; others make
    them again, to the same bytes. A job that was interrupted is begun again by the same call, which does not make again
    what lies there.

    Args:
        source: As for `variegate.offline.plan`. All nodes must see the pictures under the same paths.
        augment: As for `variegate.offline.plan`.
        out: A folder that all nodes see, new or empty, or one that an earlier call with the same plan has begun.
        copies: As for `variegate.offline.plan`.
        shard_size: As for `variegate.offline.plan`.
        concurrency: How many workers, of one CPU each, or a pair of fewest and most.
        verify: Whether shards that lie there are read and compared with their digests.
        progress: Called here with (shards done, shards in all) as they end.
        options: Any other argument of `variegate.offline.plan`.

    Returns:
        A dict of shards, made (in this call), samples, and bad: a list of dicts of sample, copy, file, kind and reason.

    Raises:
        ParameterError: If an argument cannot be used, or the folder holds shards of another plan.
        ray.exceptions.RayTaskError: If a worker raised, with the error of `variegate.offline.make_shard` within.
    """
    job = offline.plan(source, augment, copies, shard_size, **options)
    folder = Path(out).absolute()
    publish.begin(folder, job.about())
    missing = offline.unpublished(job, folder, verify)
    if missing:
        rows = ray.data.from_items(missing, override_num_blocks=min(len(missing), _MOST_TASKS))
        made = rows.map_batches(
            _Maker,
            fn_constructor_kwargs={"plan": ray.put(job), "out": str(folder), "verify": verify},
            batch_size=1,
            num_cpus=1,
            concurrency=concurrency,
        )
        for count, _ in enumerate(made.iter_rows(), start=len(job) - len(missing) + 1):
            if progress is not None:
                progress(count, len(job))
    return offline.finish(job, folder, len(missing))


class _Maker:
    """What a worker holds: the plan, fetched once."""

    def __init__(self, plan: Any, out: str, verify: bool) -> None:
        self._plan = ray.get(plan) if isinstance(plan, ray.ObjectRef) else plan
        self._out, self._verify = out, verify

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        for k in batch["item"]:
            offline.write_shard(self._plan, int(k), self._out, self._verify)
        return batch


__all__ = ["write"]
