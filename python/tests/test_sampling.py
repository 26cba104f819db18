"""Weights, balanced classes, repeats and padding: how often samples come, and that nothing but the seed decides it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from files import augment, make_folder

import variegate as vg

KINDS = [
    {"weights": [1.0 + k % 5 for k in range(24)]},
    {"balanced": True},
    {"repeats": 3},
    {"repeats": 2, "balanced": True, "rest": "pad"},
]


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


@pytest.fixture
def source(root):
    return vg.folder(root)


def loader(source, **options):
    return vg.Loader(source, augment(), **({"batch_size": 4, "threads": 2, "dtype": "uint8"} | options))


def stream(batches):
    """Each place of a stream: what stands there, its bytes, and whether it counts."""
    rows = []
    for batch in batches:
        weights = np.ones(len(batch)) if batch.weights is None else batch.weights
        rows += [
            (int(i), int(s), x.tobytes(), float(w))
            for i, s, x, w in zip(batch.ids, batch.samples, batch.images, weights, strict=True)
        ]
    return rows


def test_samples_come_by_weight(source):
    weights = [0.0, 0.5, 3.0] * 8
    load = loader(source, weights=weights)
    assert len(load) == 6
    all_epochs = Counter()
    for _ in range(20):
        counts = Counter(i for i, *_ in stream(load.batches()))
        for i, weight in enumerate(weights):
            assert abs(counts[i] - weight * 24 / 28) < 1
        all_epochs += counts
    for i, weight in enumerate(weights):
        # Twenty fair roundings of at most ½ each lie within ten of their mean five standard deviations out.
        assert abs(all_epochs[i] - weight * 20 * 24 / 28) <= 10


def test_classes_come_equally_often(tmp_path):
    make_folder(tmp_path, 5, ("rare",))
    make_folder(tmp_path, 19, ("often",))
    load = loader(vg.folder(tmp_path), balanced=True)
    for _ in range(4):
        labels = Counter(int(label) for batch in load.batches() for label in batch.labels)
        assert labels == {0: 12, 1: 12}


def test_a_sample_has_draws_of_its_own_each_time(source):
    plain = {i: x for i, _, x, _ in stream(loader(source).batches())}
    load = loader(source, repeats=3, partial_decode=False)
    assert len(load) == 18
    rows = stream(load.batches())
    assert sorted(s for _, s, *_ in rows) == list(range(72))
    assert all(i == s % 24 for i, s, *_ in rows)
    for third in range(3):
        assert sorted(i for i, *_ in rows[24 * third : 24 * third + 24]) == list(range(24))
    # The first time is what comes without repeats; the others differ from it and from each other.
    assert all(plain[i] == x for i, s, x, _ in stream(loader(source, repeats=3).batches()) if s < 24)
    assert len({x for i, _, x, _ in rows if i == 5}) == 3
    picture = {s: x for _, s, x, _ in rows}
    for sample in (5, 29, 53):
        assert augment().open(source.paths[5], sample=sample, partial_decode=False).tobytes() == picture[sample]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind))
def test_the_stream_is_the_seeds_alone(source, kind):
    def rest(options):
        return {"rest": "wrap"} | options

    whole = stream(loader(source, batch_size=6, threads=1, **rest(kind)).batches())
    assert stream(loader(source, batch_size=6, threads=7, **rest(kind)).batches()) == whole
    assert stream(loader(source, batch_size=12, **rest(kind)).batches()) == whole
    shards = [list(loader(source, batch_size=3, num_shards=2, shard_id=k, **rest(kind)).batches()) for k in range(2)]
    dealt = [row for pair in zip(*shards, strict=True) for row in stream(pair)]
    assert dealt == whole
    first = loader(source, batch_size=6, **rest(kind))
    batches = first.batches()
    next(batches), next(batches)
    second = loader(source, batch_size=6, threads=3, **rest(kind))
    second.resume(first.state())
    assert stream(second.batches()) == whole[12:]


def test_equal_weights_change_nothing(source):
    assert stream(loader(source, weights=[2.5] * 24).batches()) == stream(loader(source).batches())


@pytest.mark.parametrize("kind", KINDS[:3] + [{"exclude": [3]}], ids=lambda kind: "-".join(kind))
def test_tokens_know_how_often_samples_come(source, kind):
    token = loader(source).state()
    assert len(loader(source, **kind).state()) < 1024
    with pytest.raises(vg.ParameterError, match="how often samples come|are excluded"):
        loader(source, **kind).resume(token)


def test_the_last_batch_is_padded_with_weight_0(source):
    load = loader(source, batch_size=5, rest="pad")
    batches = list(load.batches())
    assert [len(batch) for batch in batches] == [5] * 5
    assert np.concatenate([batch.weights for batch in batches]).tolist() == [1.0] * 24 + [0.0]
    assert batches[-1].weights.dtype == np.float32
    assert sorted(i for i, _, _, w in stream(batches) if w) == list(range(24))
    images, labels, weights = next(iter(load))
    assert images.shape[0] == labels.shape[0] == weights.shape[0] == 5
    # A sum over samples is the same on any number of shards.
    whole = sum(float(b.weights @ b.images.mean((1, 2, 3), dtype=np.float64)) for b in batches)
    shared = 0.0
    for shard in range(4):
        part = loader(source, batch_size=2, rest="pad", num_shards=4, shard_id=shard)
        assert len(part) == 3
        shared += sum(float(b.weights @ b.images.mean((1, 2, 3), dtype=np.float64)) for b in part.batches())
    assert shared == pytest.approx(whole, rel=1e-12)
    assert list(loader(source).batches())[0].weights is None


def test_keras_takes_the_weights_of_padding(source):
    data = vg.keras.Dataset(loader(source, batch_size=5, rest="pad"))
    images, labels, weights = data[4]
    assert images.shape[0] == labels.shape[0] == 5 and weights.tolist() == [1, 1, 1, 1, 0]
    weighed = vg.keras.Dataset(loader(source, batch_size=5, rest="pad"), class_weight={0: 2.0, 1: 2.0, 2: 2.0})
    assert weighed[4][2].tolist() == [2, 2, 2, 2, 0]
    with pytest.raises(vg.ParameterError, match="padding"):
        vg.keras.Dataset(loader(source, rest="pad"), form="layers")


def test_wrong_arguments_are_refused(source):
    for options, words in [
        ({"weights": [1.0]}, "1 given for 24"),
        ({"weights": [-1.0] * 24}, "found -1"),
        ({"weights": [0.0] * 24}, "all are 0"),
        ({"weights": [1.0] * 24, "balanced": True}, "contradict"),
        ({"repeats": 0}, "repeats"),
        ({"rest": "fill"}, "pad"),
        ({"stall_after": 0}, "stall_after"),
    ]:
        with pytest.raises(vg.ParameterError, match=words):
            loader(source, **options)
    bare = vg.arrays(np.zeros((8, 32, 36, 3), np.uint8))
    with pytest.raises(vg.ParameterError, match="no class"):
        vg.Loader(bare, balanced=True)
