"""Samples mixed with others: what is promised of their pixels and labels."""

from __future__ import annotations

import numpy as np
import pytest
from files import make_folder
from pictures import photo

import variegate as vg

MIXES = [vg.MixUp(alpha=1.0), vg.CutMix(), vg.FMix(), vg.ResizeMix(), vg.PatchMix()]
MIXES += [vg.Mosaic(), vg.Mosaic(fit="stretch")]


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    return np.stack([np.roll(photo(32, 40), 5 * k, axis=1) ^ (31 * k) for k in range(8)]).astype(np.uint8)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return vg.folder(make_folder(tmp_path_factory.mktemp("mixing"), 18))


def pipeline(*mixes) -> vg.Pipeline:
    return vg.Pipeline([vg.ResizedCrop((20, 24)), vg.Flip(p=0.5), *mixes, vg.Brightness((0.7, 1.3))], seed=5)


@pytest.mark.parametrize("mix", MIXES, ids=repr)
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_labels_are_shares_and_threads_change_nothing(images, mix, dtype):
    given = images.astype(dtype) if dtype != "float32" else (images / 255).astype(dtype)
    augment = pipeline(mix)
    batch, labels = augment.batch(given, np.arange(8) % 3, samples=range(8))
    assert batch.shape == (8, 20, 24, 3) and batch.dtype == dtype
    assert labels.shape == (8, 3) and labels.dtype == np.float32
    assert np.allclose(labels.sum(axis=1), 1) and (labels >= 0).all()
    assert (labels < 1).any(), "something is mixed"
    for threads in (2, 7):
        again, same = augment.batch(given, np.arange(8) % 3, samples=range(8), threads=threads)
        assert (again == batch).all() and (same == labels).all()


@pytest.mark.parametrize("mix", MIXES, ids=repr)
def test_a_label_of_its_own_for_each_tells_what_is_in_the_picture(images, mix):
    """Pictures of one value each: the mean of what comes out is the mean of the values, weighed by the label."""
    values = 10 + 30 * np.arange(8)
    plain = np.broadcast_to(values[:, None, None, None], (8, 20, 24, 3)).astype(np.uint8)
    batch, labels = vg.Pipeline([mix], seed=2).batch(plain, np.eye(8), samples=range(8))
    # Half a level of rounding.
    assert np.abs(batch.mean(axis=(1, 2, 3)) - labels @ values).max() <= 0.51
    assert (np.diag(labels) < 1).any()


def test_labels_may_be_whole_numbers_or_rows(images):
    augment = pipeline(vg.MixUp(alpha=1.0))
    _, whole = augment.batch(images, [0, 1, 2, 3, 0, 1, 2, 3], samples=range(8))
    rows = np.eye(4)[np.arange(8) % 4]
    for given in (rows, rows.astype(np.float32), np.asfortranarray(rows), rows.astype(int)):
        assert (augment.batch(images, given, samples=range(8))[1] == whole).all()
    for wrong in (["a"] * 8, np.zeros((8, 2, 2)), np.linspace(0, 1, 8), [-1] * 8):
        with pytest.raises(vg.InputError, match="labels: "):
            augment.batch(images, wrong, samples=range(8))
    # A pipeline that does not mix hands them through.
    labels = ["a"] * 8
    assert vg.Pipeline([vg.Invert()]).batch(images, labels)[1] is labels


def test_the_order_of_ids_is_the_address(images):
    augment = pipeline(vg.CutMix())
    first = augment.batch(images, samples=range(8), epoch=1)
    assert (augment.batch(images, samples=range(8), epoch=1) == first).all()
    assert (augment.batch(images, samples=range(8, 16), epoch=1) != first).any()
    assert (augment.batch(images, samples=range(8), epoch=2) != first).any()


def test_one_picture_is_its_own_company(images):
    """Alone in its batch a picture is mixed with itself."""
    batch, labels = vg.Pipeline([vg.MixUp(alpha=1.0)]).batch(images[:1], [1])
    assert np.abs(batch.astype(int) - images[:1]).max() <= 1
    assert np.allclose(labels, [[0, 1]])


@pytest.mark.parametrize("mix", MIXES, ids=repr)
def test_a_picture_alone_is_refused(images, mix, tmp_path):
    augment = vg.Pipeline([mix], seed=1)
    path = tmp_path / "a.png"
    path.write_bytes(vg.encode(images[0], "png"))
    calls = [
        lambda: augment(images[0]),
        lambda: augment(image=images[0], mask=images[0][..., 0]),
        lambda: augment(mask=images[0][..., 0]),
        lambda: augment.open(path),
        lambda: vg.views(images[0], [augment]),
        lambda: augment.profile(images[0]),
        lambda: augment.apply(augment.draw((32, 40)), images[0]),
    ]
    for call in calls:
        with pytest.raises(vg.UnsupportedError, match="mixing needs a data set"):
            call()
    with pytest.raises(vg.UnsupportedError, match="masks are not mixed yet"):
        augment.batch(images, masks=images[..., 0])


def test_uneven_pictures_are_told_what_to_do(images):
    with pytest.raises(vg.ParameterError, match="put Resize"):
        vg.Pipeline([vg.MixUp(alpha=1.0), vg.Resize(16)]).batch([images[0], images[1][:20]])


# The loader


def samples(load):
    return {
        int(i): (image.tobytes(), label.tobytes())
        for batch in load.batches()
        for i, image, label in zip(batch.ids, batch.images, batch.labels, strict=True)
    }


def test_a_loader_gives_soft_labels_and_the_same_samples_everywhere(source):
    augment = pipeline(vg.OneOf([vg.MixUp(alpha=1.0), vg.CutMix()]))
    load = vg.Loader(source, augment, batch_size=4, threads=1)
    images, labels = next(iter(load))
    assert labels.shape == (4, 3) and labels.dtype == np.float32 and np.allclose(labels.sum(axis=1), 1)
    plain = samples(vg.Loader(source, augment, batch_size=4, threads=1))
    for options in ({"threads": 2}, {"threads": 7, "batch_size": 5}, {"shuffle": False}):
        assert samples(vg.Loader(source, augment, **({"batch_size": 4, "threads": 2} | options))) == plain


def test_a_loader_is_a_batch_of_all_its_files(source):
    """One size of picture, so that the whole data set fits into one call."""
    augment = vg.Pipeline([vg.Flip(p=0.5), vg.CutMix(), vg.MixUp(alpha=1.0)], seed=9)
    even = [vg.Pipeline([vg.Resize((24, 30))])(vg.decode(path)) for path in source.paths]
    batch, labels = augment.batch(np.stack(even), source.labels, samples=range(len(source)))
    resized = vg.Pipeline([vg.Resize((24, 30)), vg.Flip(p=0.5), vg.CutMix(), vg.MixUp(alpha=1.0)], seed=9)
    load = vg.Loader(source, resized, batch_size=18, shuffle=False, dtype="uint8", partial_decode=False)
    (made,) = load.batches()
    # A flip before the resize's rounding or after it: a level.
    assert np.abs(made.images.astype(int) - batch).max() <= 1
    assert np.allclose(made.labels, labels)


def test_label_modes(source):
    augment = pipeline(vg.MixUp(alpha=1.0))

    def labels(mode, source=source):
        return next(vg.Loader(source, augment, batch_size=6, label_mode=mode).batches()).labels

    assert (labels("int") == labels("categorical")).all()
    assert labels(None) is None
    two = source.relabel([label % 2 for label in source.labels], ["even", "odd"])
    assert labels("binary", two).shape == (6, 1)
    assert (labels("binary", two)[:, 0] == labels("int", two)[:, 1]).all()


def test_views_have_labels_each(source):
    plain = vg.Pipeline([vg.Resize(8)])
    batch = next(vg.Loader(source, [pipeline(vg.MixUp(alpha=1.0)), plain], batch_size=6).batches())
    assert [label.shape for label in batch.labels] == [(6, 3), (6,)]
    assert next(vg.Loader(source, [plain, plain], batch_size=6).batches()).labels.shape == (6,)


def test_without_classes_there_are_only_pictures(source):
    flat = source.select(range(18))
    nameless = vg.folder(str(source.paths[0]).rsplit("/", 1)[0])
    assert flat.classes and not nameless.classes
    images = next(iter(vg.Loader(nameless, pipeline(vg.CutMix()), batch_size=3)))
    assert images.shape == (3, 20, 24, 3)


def test_torch_takes_soft_labels(source):
    torch = pytest.importorskip("torch")
    batch = next(vg.Loader(source, pipeline(vg.MixUp(alpha=1.0)), batch_size=6).batches())
    images, labels = batch.torch()
    assert labels.dtype == torch.float32 and labels.shape == (6, 3) and len(images) == 6
