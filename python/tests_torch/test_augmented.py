"""`Augmented` and `Addressed`: the same bytes in every worker, however it is started."""

from __future__ import annotations

import hashlib

import pytest
import torch
from samples import Pictures, augment, picture
from torch.utils.data import DataLoader, DistributedSampler, RandomSampler

import variegate as vg
from variegate.torch import Addressed, Augmented, Transform


def digests(loader: DataLoader, epochs: int = 2) -> list[str]:
    """What each of some passes gives: pictures and numbers, in order."""
    made = []
    for _ in range(epochs):
        digest = hashlib.sha256()
        for images, numbers in loader:
            for image, number in zip(images, numbers, strict=True):
                digest.update(image.numpy().tobytes() + bytes([int(number)]))
        made.append(digest.hexdigest())
    return made


def oracle(epochs: int = 2, count: int = 24) -> list[str]:
    """The same by calling the pipeline."""
    made = []
    for epoch in range(epochs):
        digest = hashlib.sha256()
        for k in range(count):
            digest.update(augment()(picture(k), epoch=epoch, sample=k).transpose(2, 0, 1).tobytes() + bytes([k]))
        made.append(digest.hexdigest())
    return made


WORKERS = [(0, None), *((workers, context) for workers in (1, 4) for context in ("fork", "spawn", "forkserver"))]
# Starting processes takes seconds: the other ways to say the epoch are tried on three of seven.
CASES = [("Addressed", *how) for how in WORKERS]
CASES += [(by, *how) for by in ("visits", "set_epoch") for how in ((0, None), (4, "fork"), (4, "spawn"))]


@pytest.mark.parametrize(("by", "workers", "context"), CASES)
def test_bytes_do_not_depend_on_workers(by, workers, context):
    data = Augmented(Pictures(), augment())
    sampler = Addressed(data) if by == "Addressed" else None
    loader = DataLoader(data, batch_size=5, sampler=sampler, num_workers=workers, multiprocessing_context=context)
    if by == "set_epoch":
        made = []
        for epoch in (0, 1):
            data.set_epoch(epoch)
            made += digests(loader, 1)
    else:
        made = digests(loader)
    assert made == oracle()


@pytest.mark.parametrize("by", ["Addressed", "set_epoch", "visits"])
def test_workers_that_live_on_learn_the_epoch(by):
    data = Augmented(Pictures(), augment())
    sampler = Addressed(data) if by == "Addressed" else None
    options = {"num_workers": 2, "persistent_workers": True, "multiprocessing_context": "spawn"}
    loader = DataLoader(data, batch_size=4, sampler=sampler, **options)
    made = []
    for epoch in range(3):
        if by == "set_epoch":
            data.set_epoch(epoch)
        made += digests(loader, 1)
    assert made == oracle(3)


@pytest.mark.parametrize("workers", [0, 2])
def test_threads_change_nothing(workers):
    data = Augmented(Pictures(), augment(), threads=3)
    context = "fork" if workers else None
    loader = DataLoader(data, batch_size=5, num_workers=workers, multiprocessing_context=context)
    assert digests(loader) == oracle()
    with pytest.raises(vg.ParameterError, match="threads: expected 1 or more, found 0"):
        Augmented(Pictures(), augment(), threads=0)


def test_a_pass_left_early_is_an_epoch():
    data = Augmented(Pictures(), augment())
    loader = DataLoader(data, batch_size=4, sampler=Addressed(data))
    next(iter(loader))
    assert digests(loader, 1) == oracle(2)[1:]


def test_order_is_that_of_the_sampler_within():
    data = Augmented(Pictures(), augment())
    sampler = Addressed(RandomSampler(data, generator=torch.Generator().manual_seed(5)), epoch=3)
    pairs = list(sampler)
    assert {epoch for epoch, _ in pairs} == {3} and sorted(index for _, index in pairs) == list(range(24))
    assert {epoch for epoch, _ in sampler} == {4} and len(sampler) == 24
    for (epoch, index), (image, number) in zip(pairs[:3], (data[pair] for pair in pairs[:3]), strict=True):
        expected = augment()(picture(index), epoch=epoch, sample=index)
        assert number == index and image.numpy().tobytes() == expected.transpose(2, 0, 1).tobytes()


def test_two_ranks_see_all_of_an_epoch():
    data = Augmented(Pictures(), augment())
    for epoch in (0, 1):
        ranks = [Addressed(DistributedSampler(data, num_replicas=2, rank=rank, seed=3), epoch=epoch) for rank in (0, 1)]
        pairs = [list(rank) for rank in ranks]
        assert sorted(index for rank in pairs for _, index in rank) == list(range(24))
        inner = DistributedSampler(data, num_replicas=2, rank=0, seed=3)
        inner.set_epoch(epoch)
        assert [index for _, index in pairs[0]] == list(inner)


@pytest.mark.parametrize("context", ["fork", "spawn", "forkserver"])
def test_fork_after_use_works(context):
    """Calls, and a batch on several threads, come before the workers are started."""
    transform = Transform(augment())
    for _ in range(3):
        transform(picture(1))
    transform.augment.batch([picture(k) for k in range(4)], threads=4)
    data = Augmented(Pictures(8), transform)
    # A worker that hung would be an error; those that begin anew import torch first, which takes them seconds.
    timeout = 20 if context == "fork" else 60
    loader = DataLoader(data, batch_size=4, num_workers=2, multiprocessing_context=context, timeout=timeout)
    assert digests(loader, 1) == oracle(1, 8)


def test_an_index_that_is_none():
    data = Augmented(Pictures(4), augment())
    assert torch.equal(data[(0, -1)][0], data[(0, 3)][0])
    with pytest.raises(IndexError, match="sample 4: the data set has 4 samples"):
        data[4]
    with pytest.raises(vg.ParameterError, match="epoch"):
        data.set_epoch(-1)
    with pytest.raises(TypeError, match="__len__"):
        Augmented(iter([]), augment())


def test_dicts_go_through():
    class Dicts(Pictures):
        def __getitem__(self, k):
            image, label = super().__getitem__(k)
            return {"image": image, "label": label}

    data = Augmented(Dicts(), augment())
    batch = next(iter(DataLoader(data, batch_size=4)))
    assert batch["image"].shape == (4, 3, 24, 32) and batch["label"].tolist() == [0, 1, 2, 3]
