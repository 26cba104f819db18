"""`variegate.torch.Loader`: tensors without a copy, and the state as torchdata's loader keeps it."""

from __future__ import annotations

import gc
import hashlib
import json

import numpy as np
import pytest
import torch
from files import augment, make_folder, python

import variegate as vg
from variegate.torch import Loader


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return vg.folder(make_folder(tmp_path_factory.mktemp("photos")))


def loader(source, **options) -> Loader:
    return Loader(source, augment(), **({"batch_size": 4, "threads": 2} | options))


def passed(batches) -> list[str]:
    """A digest of each batch."""
    return [hashlib.sha256(images.numpy().tobytes() + bytes(labels.tolist())).hexdigest() for images, labels in batches]


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32", "float16", "bfloat16"])
def test_batches_are_the_engines_own(source, channels_last, dtype):
    load = loader(source, channels_last=channels_last, dtype=dtype)
    assert len(load) == 6 and load.batch_size == 4 and load.classes == ["ant", "bee", "cat"] and load.dataset is source
    plain = vg.Loader(source, augment(), batch_size=4, threads=1, dtype=dtype)
    for (images, labels), (expected, numbers) in zip(load, plain, strict=True):
        assert images.shape == (4, 3, 32, 36) and images.dtype == getattr(torch, dtype)
        assert images.is_contiguous(memory_format=torch.channels_last if channels_last else torch.contiguous_format)
        if dtype == "bfloat16":
            images, expected = images.view(torch.uint16), expected.view(np.uint16)
        assert np.array_equal(images.numpy().transpose(0, 2, 3, 1), expected)
        assert labels.dtype == torch.int64 and labels.tolist() == numbers.tolist()


def test_nothing_is_copied_and_nothing_is_written_over(source):
    load = loader(source)
    batches = load.engine.batches()
    batch = next(batches)
    assert load._tensors(batch)[0].data_ptr() == batch.images.ctypes.data
    kept = [(images, hashlib.sha256(images.numpy().tobytes()).digest()) for _ in range(4) for images, _ in load]
    load.close()
    del load, batch, batches
    gc.collect()
    assert len({images.data_ptr() for images, _ in kept}) == len(kept)
    assert all(hashlib.sha256(images.numpy().tobytes()).digest() == digest for images, digest in kept)


@pytest.mark.parametrize("step", [0, 1, 4, 6])
def test_resumed_after_any_batch_the_rest_is_the_same(source, step):
    whole = loader(source)
    expected = [passed(whole) for _ in range(3)]
    first = loader(source)
    for _ in first:
        pass
    batches = iter(first)
    for _ in range(step):
        next(batches)
    state = json.loads(json.dumps(first.state_dict()))
    assert len(json.dumps(state)) < 1024
    second = loader(source, threads=1)
    second.load_state_dict(state)
    epoch = second.epoch
    rest = expected[1][step:] + expected[2]
    made = []
    for number in range(epoch, 3):
        second.set_epoch(number)
        made += passed(second)
    assert made == rest


def test_epochs(source):
    load = loader(source)
    expected = [passed(load) for _ in range(3)]
    assert len({digest for each in expected for digest in each}) == 18
    load.set_epoch(1)
    assert load.epoch == 1 and passed(load) == expected[1]
    load.set_epoch(1)
    next(iter(load))
    load.set_epoch(1)
    assert passed(load) == expected[1], "an epoch that is set begins at its first batch"
    with pytest.raises(vg.ParameterError, match="epoch"):
        load.set_epoch(-1)


def test_a_foreign_state_is_refused(source):
    load = loader(source)
    for wrong in ({}, {"epoch": 3}, "text", None):
        with pytest.raises(vg.ParameterError, match="state_dict: expected what state_dict"):
            load.load_state_dict(wrong)
    other = Loader(source, augment(seed=8), batch_size=4)
    with pytest.raises(vg.ParameterError):
        load.load_state_dict(other.state_dict())


def test_views_and_no_labels(source):
    large, small = next(iter(Loader(source, [augment(), augment((16, 16))], batch_size=4, label_mode=None)))
    assert large.shape == (4, 3, 32, 36) and small.shape == (4, 3, 16, 16)
    mixed = vg.Pipeline([vg.ResizedCrop((32, 36)), vg.MixUp(alpha=1.0)], seed=3)
    images, labels = next(iter(Loader(source, mixed, batch_size=4)))
    assert labels.shape == (4, 3) and labels.dtype == torch.float32 and torch.allclose(labels.sum(dim=1), torch.ones(4))


def test_pinning_needs_a_gpu(source):
    if torch.cuda.is_available():
        images, labels = next(iter(loader(source, pin_memory=True)))
        assert images.is_pinned() and labels.is_pinned()
        return
    with pytest.warns(UserWarning, match="torch sees no GPU"):
        load = loader(source, pin_memory=True)
    images, _ = next(iter(load))
    assert not images.is_pinned()


def test_wrong_arguments(source):
    with pytest.raises(vg.ParameterError, match=r"layout: tensors are \(N, C, H, W\) always"):
        loader(source, layout="NHWC")
    with pytest.raises(TypeError, match=r"source: expected what vg\.folder"):
        Loader("photos", augment())
    with pytest.raises(vg.ParameterError, match="batch_size"):
        loader(source, batch_size=0)


def test_a_model_trains(source):
    """Six epochs of a small network: the loss falls."""
    torch.manual_seed(0)
    layers = torch.nn.Conv2d(3, 8, 3, stride=2), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.LazyLinear(3)
    model = torch.nn.Sequential(*layers)
    load = Loader(source, augment(), batch_size=8, threads=1)
    optimiser = None
    losses = []
    for epoch in range(6):
        load.set_epoch(epoch)
        total = 0.0
        for images, labels in load:
            scores = model(images / 255)
            optimiser = optimiser or torch.optim.SGD(model.parameters(), lr=0.05)
            loss = torch.nn.functional.cross_entropy(scores, labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            total += loss.item()
        losses.append(total)
    assert losses[-1] < losses[0]


FORKED = """
import os, signal, sys, time
import variegate as vg
from variegate.torch import Loader
from files import augment
load = Loader(vg.folder(os.environ["PHOTOS"]), augment(), batch_size=4, threads=2)
next(iter(load))
child = os.fork()
if child == 0:
    start = time.perf_counter()
    try:
        next(iter(load))
    except vg.Error as error:
        print("refused" if "forked" in str(error) and time.perf_counter() - start < 1 else error, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print(len(list(load)), flush=True)
"""


def test_a_loader_after_a_fork_says_so_at_once(source):
    done = python(FORKED, PHOTOS=source.paths[0].rsplit("/", 2)[0])
    assert done.stdout.split() == ["refused", "6"], done.stdout + done.stderr


RANK = """
import hashlib, os, sys
import variegate as vg
from variegate.torch import Loader
from files import augment
rank = int(os.environ["RANK"])
shard = {"num_shards": 2, "shard_id": rank, "rest": "drop"}
load = Loader(vg.folder(os.environ["PHOTOS"]), augment(), batch_size=4, threads=1, **shard)
for epoch in range(2):
    load.set_epoch(epoch)
    for images, labels in load:
        print(*(hashlib.sha256(image.numpy().tobytes()).hexdigest() for image in images))
"""


def test_two_processes_need_no_engine(source):
    """Rank 0 and rank 1, each with `num_shards` and `shard_id`, give the global batches of one process between them."""
    photos = source.paths[0].rsplit("/", 2)[0]
    ranks = [python(RANK, PHOTOS=photos, RANK=str(rank)) for rank in (0, 1)]
    assert all(rank.returncode == 0 for rank in ranks), ranks[0].stderr + ranks[1].stderr
    steps = [[line.split() for line in rank.stdout.splitlines()] for rank in ranks]
    assert len(steps[0]) == len(steps[1]) == 6
    one = Loader(source, augment(), batch_size=8, rest="drop")
    whole = []
    for epoch in range(2):
        one.set_epoch(epoch)
        whole += [sorted(hashlib.sha256(image.numpy().tobytes()).hexdigest() for image in images) for images, _ in one]
    assert [sorted(first + second) for first, second in zip(*steps, strict=True)] == whole
