"""Which share of the data belongs to this process, asked of whoever distributes the training.

Users call it when they make a loader. It imports no framework: one that was not imported distributes nothing.
"""

from __future__ import annotations

import sys
from typing import Any


def shards() -> dict[str, int]:
    """The shares and the one of this process, for a loader: `vg.Loader(source, augment, rest="drop", **shards())`.

    The first of these that says something is asked: the distribution of `keras.distribution` that is set, the strategy
    of `tf.distribute` whose scope it is called in, `torch.distributed` where it is initialised, and the processes of
    JAX. Processes that hold parts of one replica of a model get the same share.

    Returns:
        `num_shards` and `shard_id`; 1 and 0 where nothing is distributed.
    """
    for ask in (_keras, _tensorflow, _torch, _jax):
        found = ask()
        if found is not None:
            return {"num_shards": found[0], "shard_id": found[1]}
    return {"num_shards": 1, "shard_id": 0}


def _keras() -> tuple[int, int] | None:
    keras = sys.modules.get("keras")
    distribution = None if keras is None else keras.distribution.distribution()
    if not hasattr(distribution, "data_shard_id"):
        # None is set, or Keras is older than the question; then its data are shared among the processes of JAX.
        return None
    # Where processes outnumber replicas, several of them share one.
    return min(distribution.num_processes, distribution.num_model_replicas), distribution.data_shard_id


def _tensorflow() -> tuple[int, int] | None:
    tf = sys.modules.get("tensorflow")
    if tf is None or not tf.distribute.has_strategy():
        return None
    resolver = tf.distribute.get_strategy().cluster_resolver
    if resolver is None:
        return None
    return of_cluster(resolver.cluster_spec().as_dict(), resolver.task_type, resolver.task_id)


def of_cluster(cluster: dict[str, Any], task_type: str | None, task_id: int | None) -> tuple[int, int]:
    """Shares and share of a task of TensorFlow: the chief works, too, and comes first; evaluators do not share."""
    chiefs, workers = len(cluster.get("chief", ())), len(cluster.get("worker", ()))
    if chiefs + workers == 0 or task_type not in ("chief", "worker"):
        return 1, 0
    return chiefs + workers, (chiefs if task_type == "worker" else 0) + (task_id or 0)


def _torch() -> tuple[int, int] | None:
    torch = sys.modules.get("torch")
    if torch is None or not torch.distributed.is_available() or not torch.distributed.is_initialized():
        return None
    return torch.distributed.get_world_size(), torch.distributed.get_rank()


def _jax() -> tuple[int, int] | None:
    jax = sys.modules.get("jax")
    return None if jax is None else (jax.process_count(), jax.process_index())


__all__ = ["shards"]
