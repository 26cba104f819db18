"""`shards`: the share of this process, as each framework tells it."""

from __future__ import annotations

import importlib
import sys
from types import SimpleNamespace

import pytest
from files import augment, make_folder, python, samples

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402

module = importlib.import_module("variegate.keras.shards")


@pytest.fixture
def alone(monkeypatch):
    """No framework but the one a test puts in."""
    for name in ("keras", "tensorflow", "torch", "jax"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return lambda name, value: monkeypatch.setitem(sys.modules, name, value)


def test_one_process_has_everything():
    assert vk.shards() == {"num_shards": 1, "shard_id": 0}


def test_it_imports_nothing():
    code = "import sys, variegate.keras as vk; print(vk.shards()); assert not {'keras', 'jax'} & set(sys.modules)"
    assert python(code).stdout == "{'num_shards': 1, 'shard_id': 0}\n"


@pytest.mark.parametrize(
    ("processes", "replicas", "process", "share"),
    [(4, 8, 3, (4, 3)), (4, 4, 1, (4, 1)), (4, 2, 1, (2, 0)), (4, 2, 3, (2, 1)), (1, 2, 0, (1, 0))],
)
def test_the_distribution_of_keras_comes_first(alone, processes, replicas, process, share):
    from keras.src.distribution import distribution_lib

    class Set(distribution_lib.Distribution):
        num_model_replicas = replicas

        def __init__(self):
            self._num_processes, self._process_id = processes, process

    alone("keras", SimpleNamespace(distribution=SimpleNamespace(distribution=Set)))
    alone("jax", SimpleNamespace(process_count=lambda: 9, process_index=lambda: 8))
    assert vk.shards() == {"num_shards": share[0], "shard_id": share[1]}


@pytest.mark.skipif(keras.backend.backend() != "jax", reason="Keras distributes on JAX alone")
def test_the_distribution_that_is_set():
    devices = keras.distribution.list_devices()
    before = keras.distribution.distribution()
    try:
        keras.distribution.set_distribution(keras.distribution.DataParallel(devices=devices))
        assert vk.shards() == {"num_shards": 1, "shard_id": 0}
    finally:
        keras.distribution.set_distribution(before)


def test_jax(alone):
    alone("jax", SimpleNamespace(process_count=lambda: 4, process_index=lambda: 2))
    assert vk.shards() == {"num_shards": 4, "shard_id": 2}


def test_torch(alone):
    group = SimpleNamespace(get_world_size=lambda: 3, get_rank=lambda: 1)
    group.is_available = group.is_initialized = lambda: True
    alone("torch", SimpleNamespace(distributed=group))
    assert vk.shards() == {"num_shards": 3, "shard_id": 1}
    group.is_initialized = lambda: False
    assert vk.shards() == {"num_shards": 1, "shard_id": 0}


@pytest.mark.parametrize(
    ("cluster", "task", "share"),
    [
        ({"worker": ["a", "b"]}, ("worker", 1), (2, 1)),
        ({"chief": ["c"], "worker": ["a", "b"]}, ("worker", 1), (3, 2)),
        ({"chief": ["c"], "worker": ["a", "b"]}, ("chief", 0), (3, 0)),
        ({"chief": ["c"], "worker": ["a"], "evaluator": ["e"]}, ("evaluator", 0), (1, 0)),
        ({}, (None, None), (1, 0)),
    ],
)
def test_clusters_of_tensorflow(alone, cluster, task, share):
    assert module.of_cluster(cluster, *task) == share
    spec = SimpleNamespace(as_dict=lambda: cluster)
    resolver = SimpleNamespace(cluster_spec=lambda: spec, task_type=task[0], task_id=task[1])
    strategy = SimpleNamespace(cluster_resolver=resolver)
    distribute = SimpleNamespace(has_strategy=lambda: True, get_strategy=lambda: strategy)
    alone("tensorflow", SimpleNamespace(distribute=distribute))
    assert vk.shards() == {"num_shards": share[0], "shard_id": share[1]}


def test_an_older_keras_leaves_it_to_jax(alone):
    alone("keras", SimpleNamespace(distribution=SimpleNamespace(distribution=SimpleNamespace)))
    alone("jax", SimpleNamespace(process_count=lambda: 2, process_index=lambda: 1))
    assert vk.shards() == {"num_shards": 2, "shard_id": 1}


def test_the_shares_of_all_processes_are_the_data(alone, tmp_path):
    make_folder(tmp_path)
    seen = []
    for process in range(2):
        alone("jax", SimpleNamespace(process_count=lambda: 2, process_index=lambda k=process: k))
        loader = vg.Loader(vg.folder(tmp_path), augment(), batch_size=3, rest="drop", **vk.shards())
        seen.append(samples(loader.batches()))
    assert not seen[0].keys() & seen[1].keys()
    whole = samples(vg.Loader(vg.folder(tmp_path), augment(), batch_size=6).batches())
    assert seen[0] | seen[1] == whole
