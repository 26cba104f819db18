"""Several views of one picture, pictures straight from files, and where the time goes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from files import make_folder
from PIL import Image

import variegate as vg


def crops(side, **options):
    return vg.Pipeline([vg.ResizedCrop(side, **options), vg.Flip("horizontal", p=0.5)], seed=5)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos"))


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    y, x = np.mgrid[0:904, 0:1208]
    waves = [120 + 60 * np.sin(x / (30 + 9 * c)) + 50 * np.cos(y / (40 - 5 * c)) for c in range(3)]
    path = tmp_path_factory.mktemp("large") / "a.jpg"
    Image.fromarray(np.stack(waves, axis=-1).clip(0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def test_views_have_draws_of_their_own():
    image = np.random.default_rng(1).integers(0, 256, (40, 50, 3), dtype=np.uint8)
    large, small = crops(24), crops(8)
    views = vg.views(image, [(large, 2), (small, 3)], epoch=2, sample=9)
    assert [view.shape for view in views] == [(24, 24, 3)] * 2 + [(8, 8, 3)] * 3
    assert np.array_equal(views[0], large(image, epoch=2, sample=9))
    for k, view in enumerate(views):
        pipeline = (large, large, small, small, small)[k]
        assert np.array_equal(view, pipeline.view(k)(image, epoch=2, sample=9))
    assert not np.array_equal(views[0], views[1])
    assert large.view(0) == large and large.view(1) != large and isinstance(large.view(1), vg.Pipeline)
    # Without a sample, the counter of calls goes on.
    first, second = (vg.views(image, [crops(24)])[0], vg.views(image, [large])[0])
    assert np.array_equal(first, second)


def test_a_loader_of_views(root):
    source = vg.folder(root)
    large, small = crops(24), crops(8)
    options = {"batch_size": 5, "seed": 3, "partial_decode": False}
    load = vg.Loader(source, [(large, 2), small], threads=2, **options)
    alone = [vg.Loader(source, p, **options) for p in (large, large.view(1), small.view(2))]
    for batch, *others in zip(load.batches(), *(other.batches() for other in alone), strict=True):
        views, labels = batch.pair()
        assert isinstance(views, list) and [view.shape[1:] for view in views] == [(24, 24, 3)] * 2 + [(8, 8, 3)]
        assert all(view.flags.c_contiguous and view.ctypes.data % 64 == 0 for view in views)
        assert all(np.array_equal(view, other.images) for view, other in zip(views, others, strict=True))
        assert np.array_equal(labels, others[0].labels)
    assert "and" in repr(batch)


def test_a_list_of_one_is_a_list(root):
    source, pipeline = vg.folder(root), crops(16)
    views, _ = next(iter(vg.Loader(source, [pipeline], batch_size=4)))
    images, _ = next(iter(vg.Loader(source, pipeline, batch_size=4)))
    assert len(views) == 1 and np.array_equal(views[0], images)


def test_views_resume(root):
    def made():
        return vg.Loader(vg.folder(root), [(crops(16), 2)], batch_size=4)

    load = made()
    batches = load.batches()
    next(batches)
    token = load.state()
    other = made()
    other.resume(token)
    for batch, same in zip(batches, other.batches(), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(batch.images, same.images, strict=True))
    with pytest.raises(vg.ParameterError, match="the pipeline"):
        vg.Loader(vg.folder(root), [(crops(16), 3)], batch_size=4).resume(token)


def test_wrong_lists_are_told(root):
    source = vg.folder(root)
    with pytest.raises(vg.ParameterError, match="at least one pipeline"):
        vg.Loader(source, [])
    with pytest.raises(vg.ParameterError, match="expected 1 or more of a pipeline, found 0"):
        vg.Loader(source, [(crops(8), 0)])
    with pytest.raises(TypeError, match="pairs of a pipeline and a count"):
        vg.views(np.zeros((4, 4, 3), np.uint8), [3])


def test_a_file_is_opened_in_part(photo):
    pipeline = crops(32, area=(0.5, 1.0))
    full = pipeline(vg.decode(photo), epoch=1, sample=4)
    assert np.array_equal(pipeline.open(photo, epoch=1, sample=4, partial_decode=False), full)
    region = pipeline.open(str(photo), epoch=1, sample=4, partial_decode="region")
    assert np.abs(region.astype(int) - full).max() <= 1
    data = photo.read_bytes()
    shrunk = pipeline.open(data, epoch=1, sample=4)
    apart = np.abs(shrunk.astype(int) - full)
    assert 0 < apart.mean() < 1.2 and np.percentile(apart, 99.9) <= 10
    assert np.array_equal(pipeline.open(io.BytesIO(data), epoch=1, sample=4), shrunk)
    assert np.array_equal(vg.views(photo, [pipeline], epoch=1, sample=4)[0], shrunk)
    both = vg.views(photo, [pipeline, crops(300)], epoch=1, sample=4)
    assert np.abs(both[0].astype(int) - full).max() <= 1, "the second view needs every pixel"


def test_a_turned_file_is_opened_upright(photo, tmp_path):
    path = tmp_path / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(photo) as image:
        image.save(path, quality=92, exif=exif)
    pipeline = vg.Pipeline([vg.Resize((40, 30))])
    full = pipeline(vg.decode(path))
    assert np.abs(pipeline.open(path, partial_decode="region").astype(int) - full).max() <= 1
    assert pipeline.open(path, upright=False).shape == (40, 30, 3)


def test_what_cannot_be_opened_is_told(tmp_path, photo):
    with pytest.raises(vg.IoError, match="nothing.jpg"):
        crops(8).open(tmp_path / "nothing.jpg")
    (tmp_path / "text.jpg").write_text("hello")
    with pytest.raises(vg.InputError, match="text.jpg"):
        crops(8).open(tmp_path / "text.jpg")
    with pytest.raises(vg.ParameterError, match='True, False or "region", found "half"'):
        crops(8).open(photo, partial_decode="half")


def test_where_the_time_goes(root, photo):
    pipeline = vg.Pipeline([vg.ResizedCrop(32), vg.ColorJitter(brightness=0.4), vg.Normalize("imagenet")])
    made = pipeline.profile(root, n=6)
    assert [stage["name"] for stage in made["stages"]] == ["read", "plan", "decode", "augment"]
    assert made["samples"] == 6 and made["images_per_second"] > 0
    names = {node["name"] for node in made["nodes"]}
    assert {"Warp", "final write"} <= names
    assert abs(sum(node["share"] for node in made["nodes"]) - 1) < 1e-9
    assert "ns/pixel" in str(made)
    alone = pipeline.profile(vg.decode(photo), n=2)
    assert [stage["name"] for stage in alone["stages"]] == ["plan", "augment"]
    assert len(pipeline.profile(photo, n=1)["stages"]) == 4
    assert len(pipeline.profile(vg.folder(root), n=1)["stages"]) == 4


def test_five_and_ten_crops_are_the_corners_and_the_centre():
    image = np.random.default_rng(1).integers(0, 256, (40, 50, 3), dtype=np.uint8)

    def corners(a):
        return [a[:20, :30], a[:20, 20:], a[20:, :30], a[20:, 20:], a[10:30, 10:40]]

    five, ten = vg.views(image, vg.five_crop((20, 30))), vg.views(image, vg.ten_crop((20, 30)))
    assert all(np.array_equal(a, b) for a, b in zip(five, corners(image), strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(ten, corners(image) + corners(image[:, ::-1]), strict=True))
