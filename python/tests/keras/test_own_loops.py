"""A `Dataset` in loops without `fit`: arrays of JAX and tensors of torch, pass by pass."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from files import augment, make_folder

import variegate as vg

keras = pytest.importorskip("keras")

import variegate.keras as vk  # noqa: E402


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


def dataset(root):
    return vk.Dataset(vg.Loader(vg.folder(root), augment((12, 14)), batch_size=7))


def same(ours, theirs):
    for (x, y), (images, labels) in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(np.asarray(x), images)
        assert np.asarray(y).tolist() == labels.tolist()


def test_arrays_of_jax(root):
    jax = pytest.importorskip("jax")
    data, plain = dataset(root), dataset(root)
    images, labels = next(data.jax())
    assert isinstance(images, jax.Array) and isinstance(labels, jax.Array)
    list(plain)
    for _ in range(2):
        same(data.jax(), plain)
    # By DLPack: the engine wrote the memory that the array shows.
    loader = data.loader
    loader.seek(0)
    batch = next(loader.batches())
    assert batch.jax()[0].unsafe_buffer_pointer() == batch.images.ctypes.data


def test_what_speaks_tensorflow_needs_it(root, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ImportError, match="tensorflow"):
        vk.to_tf_dataset(dataset(root).loader)


def test_tensors_of_torch(root):
    torch = pytest.importorskip("torch")
    data, plain = dataset(root), dataset(root)
    for _ in range(2):
        passes = list(data.torch())
        assert all(isinstance(x, torch.Tensor) and y.dtype == torch.int64 for x, y in passes)
        same(passes, plain)


def test_a_pass_that_is_left_and_one_that_is_not(root):
    pytest.importorskip("jax")
    data = dataset(root)
    first = next(data.jax())[0]
    assert data.epoch == 0
    second = next(iter(data))[0]
    assert data.epoch == 1 and not np.array_equal(np.asarray(first), second)
