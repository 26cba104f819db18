"""The loader's promises about values: purity, order, shards, resume."""

from __future__ import annotations

import numpy as np
import pytest
from files import augment, make_folder, python, samples

import variegate as vg


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


@pytest.fixture
def source(root):
    return vg.folder(root)


def loader(source, **options):
    return vg.Loader(source, augment(), **({"batch_size": 4, "threads": 2} | options))


def epoch(loader):
    return list(loader.batches())


# What a loader gives


def test_a_for_is_an_epoch(source):
    load = loader(source, batch_size=5)
    assert len(load) == 5 and load.epoch == 0
    first = list(load)
    assert [len(images) for images, _ in first] == [5, 5, 5, 5, 4]
    assert load.epoch == 1
    images, labels = first[0]
    assert images.shape == (5, 32, 36, 3) and images.dtype == np.float32
    assert labels.shape == (5,) and labels.dtype == np.int32
    second = epoch(load)
    assert {batch.epoch for batch in second} == {1} and [batch.step for batch in second] == [0, 1, 2, 3, 4]
    assert sorted(i for batch in second for i in batch.ids) == list(range(24))


def test_leaving_early_begins_the_next_epoch(source):
    load = loader(source)
    for k, batch in enumerate(load.batches()):
        assert batch.epoch == 0
        if k == 2:
            break
    assert [batch.epoch for batch in load.batches()] == [1] * 6
    # Left after the very last batch.
    for batch in load.batches():
        if batch.step == 5:
            break
    assert [batch.epoch for batch in load.batches()] == [3] * 6


def test_labels_belong_to_their_pictures(source):
    for batch in loader(source).batches():
        assert [source.labels[i] for i in batch.ids] == batch.labels.tolist()
        assert all(source.classes[label] in source.paths[i] for i, label in zip(batch.ids, batch.labels, strict=True))


def test_label_modes(source):
    images, labels = next(iter(loader(source, label_mode="categorical", shuffle=False)))
    assert labels.dtype == np.float32 and labels.tolist() == [[1, 0, 0]] * 4
    assert isinstance(next(iter(loader(source, label_mode=None))), np.ndarray)
    with pytest.raises(vg.ParameterError, match="expected 2 classes, found 3"):
        loader(source, label_mode="binary")
    two = source.relabel([label % 2 for label in source.labels], ["even", "odd"])
    images, labels = next(iter(loader(two, label_mode="binary")))
    assert labels.shape == (4, 1) and labels.dtype == np.float32
    with pytest.raises(vg.ParameterError, match='label_mode: expected "int"'):
        loader(source, label_mode="one_hot")


def test_without_labels_a_batch_is_the_images(root, source):
    flat = vg.folder(root, labelled=False)
    assert (flat.classes, flat.labels) == ([], [None] * 24)
    assert next(iter(loader(flat, label_mode="categorical"))).shape == (4, 32, 36, 3)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float16", "float32"])
@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_dtypes_and_layouts(source, dtype, layout):
    plain = epoch(loader(source))[0].images
    images = epoch(loader(source, dtype=dtype, layout=layout))[0].images
    assert images.dtype == dtype and images.ctypes.data % 64 == 0
    if layout == "NCHW":
        images = images.transpose(0, 2, 3, 1)
    scale = 257 if dtype == "uint16" else 1
    assert np.abs(images / scale - plain).max() <= (0.51 if dtype.startswith("u") else 0.1)


def test_bfloat16_is_that_of_ml_dtypes(source):
    ml_dtypes = pytest.importorskip("ml_dtypes")
    images = epoch(loader(source, dtype="bfloat16"))[0].images
    assert images.dtype == ml_dtypes.bfloat16
    assert np.abs(images.astype(np.float32) - epoch(loader(source))[0].images).max() <= 0.5


def test_colours(source):
    assert epoch(loader(source, colour="grey"))[0].images.shape == (4, 32, 36, 1)
    assert epoch(loader(source, colour="rgba"))[0].images.shape == (4, 32, 36, 4)


# Purity and order


@pytest.mark.parametrize("epoch_number", [0, 2])
def test_a_sample_is_what_the_pipeline_makes_of_its_picture(source, epoch_number):
    load = loader(source, partial_decode=False, dtype="uint8")
    load.seek(epoch_number)
    pipeline = augment()
    for batch in load.batches():
        for i, image in zip(batch.ids, batch.images, strict=True):
            alone = pipeline(vg.decode(source.paths[i]), epoch=epoch_number, sample=int(i))
            assert np.array_equal(image, alone)


def test_a_sample_with_normalisation_is_what_the_pipeline_makes(source):
    pipeline = vg.Pipeline([vg.ResizedCrop(20), vg.Normalize("imagenet")], seed=3)
    batch = next(vg.Loader(source, pipeline, batch_size=6).batches())
    for i, image in zip(batch.ids, batch.images, strict=True):
        assert np.array_equal(image, pipeline(vg.decode(source.paths[i]), epoch=0, sample=int(i)))


def test_partial_decoding_is_close_to_whole_decoding(source):
    whole, part = (samples(epoch(loader(source, dtype="uint8", partial_decode=p))) for p in (False, True))
    for i, image in whole.items():
        a, b = (np.frombuffer(x, np.uint8).astype(int) for x in (image, part[i]))
        assert np.abs(a - b).max() <= 2


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads_change_no_byte(source, threads):
    load, plain = loader(source, threads=threads), loader(source, threads=1)
    for _ in range(2):
        for a, b in zip(load.batches(), plain.batches(), strict=True):
            assert a.ids.tolist() == b.ids.tolist() and a.images.tobytes() == b.images.tobytes()


def test_batch_sizes_and_shuffling_change_no_sample(source):
    plain = samples(epoch(loader(source)))
    assert samples(epoch(loader(source, batch_size=7))) == plain
    assert samples(epoch(loader(source, shuffle=False))) == plain
    assert samples(epoch(loader(source, seed=99))) == plain
    assert [b.ids.tolist() for b in epoch(loader(source, shuffle=False))][0] == [0, 1, 2, 3]


HASHES = """
import hashlib, variegate as vg
from files import augment
load = vg.Loader(vg.folder({root!r}), augment(), batch_size=4, dtype={dtype!r}, partial_decode={partial})
hash = hashlib.sha256()
for _ in range(2):
    for images, labels in load:
        hash.update(images.tobytes() + labels.tobytes())
print(vg._variegate.simd_level(), hash.hexdigest())
"""


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_instruction_sets_change_no_byte(root, dtype, partial):
    code = HASHES.format(root=str(root), dtype=dtype, partial=partial)
    found = {}
    for level in ("scalar", "avx2", "avx512"):
        done = python(code, VARIEGATE_SIMD=level)
        assert done.returncode == 0, done.stderr
        used, digest = done.stdout.split()
        found[used] = digest
    assert "scalar" in found and len(set(found.values())) == 1, found


def test_shards_share_the_global_batch(source):
    whole = epoch(loader(source, batch_size=8))
    parts = [epoch(loader(source, batch_size=4, num_shards=2, shard_id=k, drop_last=True)) for k in (0, 1)]
    for batch, left, right in zip(whole, *parts, strict=True):
        assert batch.images.tobytes() == left.images.tobytes() + right.images.tobytes()
    with pytest.raises(vg.ParameterError, match="drop_last"):
        loader(source, num_shards=2)


def test_the_rest(source):
    counts = {}
    for rest in ("keep", "drop", "wrap"):
        counts[rest] = [len(batch) for batch in epoch(loader(source, batch_size=9, rest=rest))]
    assert counts == {"keep": [9, 9, 6], "drop": [9, 9], "wrap": [9, 9, 9]}
    with pytest.raises(vg.ParameterError, match="contradict"):
        loader(source, drop_last=True, rest="wrap")


# Resume


@pytest.mark.parametrize("shards", [1, 2])
@pytest.mark.parametrize("stop", [0, 1, 5, 6, 8])
def test_a_token_goes_on_where_it_was_taken(source, stop, shards):
    straight = loader(source, drop_last=True)
    expected = (epoch(straight) + epoch(straight) + epoch(straight))[stop:]
    first, taken = loader(source, drop_last=True), 0
    while taken < stop:
        for _ in first.batches():
            taken += 1
            if taken == stop:
                break
    token = first.state()
    assert len(token) < 1024
    seconds = [
        vg.Loader(source, augment(), batch_size=4 // shards, threads=1, drop_last=True, num_shards=shards, shard_id=k)
        for k in range(shards)
    ]
    for second in seconds:
        second.resume(token)
    for _ in range(2):
        for batches in zip(*(second.batches() for second in seconds), strict=True):
            whole = expected.pop(0)
            assert whole.images.tobytes() == b"".join(batch.images.tobytes() for batch in batches)
            assert {batch.epoch for batch in batches} == {whole.epoch}


def test_tokens_of_another_run_are_refused(root, source):
    token = loader(source).state()
    with pytest.raises(vg.ParameterError, match="the pipeline changed"):
        vg.Loader(source, augment(size=20)).resume(token)
    with pytest.raises(vg.ParameterError, match="the seed, shuffle changed"):
        loader(source, seed=8, shuffle=False).resume(token)
    with pytest.raises(vg.ParameterError, match="the data set"):
        loader(source.select(range(20))).resume(token)
    with pytest.raises(vg.ParameterError, match="not a state token"):
        loader(source).resume("{}")


def test_seek(source):
    load = loader(source)
    all_ids = [[batch.ids.tolist() for batch in load.batches()] for _ in range(2)]
    load.seek(1, 4)
    assert [batch.ids.tolist() for batch in load.batches()] == all_ids[1][4:]
    load.seek(0)
    assert [batch.ids.tolist() for batch in load.batches()] == all_ids[0]
    with pytest.raises(vg.ParameterError, match="6 steps"):
        load.seek(0, 6)
    with pytest.raises(vg.ParameterError, match="whole number from 0"):
        load.seek(-1)


# Arguments


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": 0}, "batch_size: expected a whole number from 1, found 0"),
        ({"threads": 0}, "threads: expected a whole number from 1, found 0"),
        ({"prefetch": 0}, "prefetch: expected a whole number from 1"),
        ({"seed": -1}, "seed: expected a whole number from 0"),
        ({"num_shards": 2, "shard_id": 2, "drop_last": True}, "expected shard_id from 0 to num_shards - 1"),
        ({"dtype": "int8"}, "dtype: expected uint8"),
        ({"layout": "WHC"}, 'layout: expected "NHWC" or "NCHW"'),
        ({"on_bad": "ignore"}, 'on_bad: expected "raise", "skip"'),
        ({"rest": "fill"}, 'rest: expected "keep", "drop", "wrap" or "pad"'),
        ({"colour": "bgr"}, 'colour: expected "rgb"'),
        ({"batch_size": 25, "drop_last": True}, "24 samples do not fill one batch of 25"),
    ],
)
def test_wrong_arguments_are_told(source, options, message):
    with pytest.raises(vg.ParameterError, match=message):
        loader(source, **options)


def test_wrong_types_are_told(source):
    with pytest.raises(TypeError, match="vg.folder"):
        vg.Loader("photos", augment())
    with pytest.raises(TypeError, match="a list of them or None, found Flip"):
        vg.Loader(source, vg.Flip())
    with pytest.raises(TypeError, match="operations belong into a vg.Pipeline"):
        vg.Loader(source, [vg.Flip()])
    with pytest.raises(TypeError, match="batch_size: expected a whole number, found 2.5"):
        loader(source, batch_size=2.5)


def test_without_a_pipeline_pictures_must_be_of_one_size(source, tmp_path):
    with pytest.raises(vg.ParameterError, match="add Resize, ResizedCrop or CenterCrop"):
        list(vg.Loader(source, batch_size=8))
    for k in range(3):
        (tmp_path / f"{k}.png").write_bytes(vg.encode(np.full((5, 6, 3), k, np.uint8), "png"))
    (images,) = vg.Loader(vg.folder(tmp_path), shuffle=False, dtype="uint8")
    assert images[:, 0, 0, 0].tolist() == [0, 1, 2] and images.shape == (3, 5, 6, 3)


def test_an_epoch_may_have_a_size_of_its_own(source):
    pipeline = vg.Pipeline([vg.Resize(vg.schedule({0: 16, 1: 24}))])
    load = vg.Loader(source, pipeline, batch_size=6)
    assert {b.images.shape[1] for b in load.batches()} == {16}
    assert {b.images.shape[1] for b in load.batches()} == {24}


# Sources


def test_sources(source):
    train, valid = source.split(0.25, seed=1)
    assert (len(train), len(valid)) == (18, 6)
    assert sorted(train.paths + valid.paths) == source.paths
    assert source.split(0.25, seed=1)[1].paths == valid.paths != source.split(0.25, seed=2)[1].paths
    assert source.select([3, 1]).paths == [source.paths[3], source.paths[1]]
    assert (source.relabel(range(24)).labels, len(source.relabel(range(24)).classes)) == (list(range(24)), 24)
    for call, message in [
        (lambda: source.split(1.5), "share between 0 and 1"),
        (lambda: source.select([24]), "there is no sample 24"),
        (lambda: source.select([-1]), "positions count from 0"),
        (lambda: source.relabel([1, 2]), "2 labels given for 24 samples"),
        (lambda: source.relabel([-1] * 24), "whole numbers from 0"),
        (lambda: source.relabel([3] * 24, ["a"]), "label 3 has no name"),
        (lambda: vg.folder("x", classes="ant"), "expected a list of names"),
    ]:
        with pytest.raises(vg.ParameterError, match=message):
            call()
