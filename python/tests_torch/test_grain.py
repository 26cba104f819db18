"""`variegate.grain.Map`: the same elements on any number of workers, new draws in every epoch."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from samples import augment, picture

import variegate as vg

grain = pytest.importorskip("grain")


class Photos:
    """A source of random access."""

    def __len__(self) -> int:
        return 12

    def __getitem__(self, k: int) -> dict:
        return {"image": picture(k), "label": k}


def digests(data) -> list[str]:
    return [hashlib.sha256(element["image"].tobytes()).hexdigest() + str(element["label"]) for element in data]


def data(seed: int = 7):
    from variegate.grain import Map

    return grain.MapDataset.source(Photos()).seed(seed).shuffle().repeat(2).random_map(Map(augment()))


def test_elements_are_augmented():
    made = data()
    first = made[0]
    assert first["image"].shape == (24, 32, 3) and first["image"].dtype == np.uint8
    each = digests(made)
    assert len(each) == 24 and len({digest[:64] for digest in each}) == 24, "every epoch draws anew"
    assert digests(data()) == each and digests(data(seed=8)) != each


def test_workers_change_nothing():
    read = data().to_iter_dataset(grain.ReadOptions(num_threads=4))
    assert digests(read) == digests(data())
    spread = data().to_iter_dataset().mp_prefetch(grain.multiprocessing.MultiprocessingOptions(num_workers=2))
    assert digests(spread) == digests(data())


def test_tuples_and_arrays():
    from variegate.grain import Map

    turn = Map(vg.Pipeline([vg.Flip("horizontal")]))
    image, label = turn.random_map((picture(0), 3), np.random.default_rng(0))
    assert label == 3 and np.array_equal(image, picture(0)[:, ::-1])
    assert np.array_equal(turn.random_map(picture(1), np.random.default_rng(0)), picture(1)[:, ::-1])
    with pytest.raises(TypeError, match=r"expected a vg\.Pipeline"):
        Map([vg.Flip()])
