"""Packed sets: the pictures of a source, shrunk and raw, in shards that anything reads and that resume byte for byte."""

from __future__ import annotations

import hashlib
import json
import tarfile

import numpy as np
import pytest
from files import make_folder, python

import variegate as vg


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos") / "in", 12)


@pytest.fixture
def source(root):
    return vg.folder(root)


def content(folder) -> dict[str, str]:
    """The digest of every visible file of a folder."""
    paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_raw_members_are_the_decoded_pictures_shrunk(source, tmp_path):
    report = vg.pack(source, tmp_path, short_side=32, shard_size=5)
    assert (report["shards"], report["made"], report["samples"], report["bad"]) == (3, 3, 12, [])
    packed = vg.tar(f"{tmp_path}/*.tar")
    assert packed.classes == source.classes == ["ant", "bee", "cat"]
    assert packed.labels == source.labels
    shrink = vg.Pipeline([vg.ResizeShortest(32)])
    found = 0
    for path in sorted(tmp_path.glob("*.tar")):
        with tarfile.open(path) as tar:
            for member in tar:
                if member.name.endswith(".ppm"):
                    sample = int(member.name.split(".")[0])
                    whole = vg.decode(source.paths[sample])
                    expected = shrink(whole) if min(whole.shape[:2]) > 32 else whole
                    assert np.array_equal(vg.decode(tar.extractfile(member).read()), expected)
                    found += 1
                assert (member.mtime, member.uid, member.gid, member.mode) == (0, 0, 0, 0o644)
    assert found == 12


@pytest.mark.parametrize(("partial_decode", "as_files"), [(False, False), ("region", "region"), (True, "region")])
def test_a_loader_gives_the_same_from_raw_members_as_from_files(source, tmp_path, partial_decode, as_files):
    vg.pack(source, tmp_path, shard_size=5)
    augment = vg.Pipeline([vg.ResizedCrop((24, 20)), vg.Flip("horizontal", p=0.5), vg.Rotate((-9, 9))], seed=3)

    def samples(of, decode):
        loader = vg.Loader(of, augment, batch_size=4, shuffle=True, partial_decode=decode)
        batches = list(loader.batches())
        order = np.argsort(np.concatenate([batch.ids for batch in batches]))
        images = np.concatenate([np.asarray(batch.images) for batch in batches])
        return images[order], np.concatenate([batch.labels for batch in batches])[order]

    images, labels = samples(source, as_files)
    packed = vg.tar(f"{tmp_path}/*.tar")
    for of in (packed, packed.select(range(12)), packed.select(range(5)).concat(packed.select(range(5, 12)))):
        made, classes = samples(of, partial_decode)
        assert np.array_equal(classes, labels)
        # Parts that are read in whole rows begin elsewhere, which may round a value the other way.
        assert np.abs(made - images).max() <= (0 if partial_decode is False else 1)


@pytest.mark.parametrize("format", ["png", "webp", "jpeg"])
def test_encoded_members(source, tmp_path, format):
    vg.pack(source, tmp_path, format=format)
    packed = vg.tar(f"{tmp_path}/*.tar")
    suffix = "jpg" if format == "jpeg" else format
    assert all(path.endswith(f".{suffix}") for path in packed.paths)
    with tarfile.open(tmp_path / "shard-00000.tar") as tar:
        made = vg.decode(tar.extractfile(f"00000003.{suffix}").read())
    expected = vg.decode(source.paths[3])
    if format == "jpeg":
        expected = vg.decode(vg.encode(expected, "jpeg", quality=95))
    assert np.array_equal(made, expected)


def test_bytes_depend_on_neither_threads_nor_place(root, source, tmp_path):
    vg.pack(source, tmp_path / "a", threads=1, shard_size="20kb")
    vg.pack(source, tmp_path / "b", threads=3, shard_size="20kb")
    moved = tmp_path / "moved"
    root.rename(moved)
    try:
        vg.pack(vg.folder(moved), tmp_path / "c", shard_size="20kb")
    finally:
        moved.rename(root)
    assert len(list((tmp_path / "a").glob("*.tar"))) > 2
    assert content(tmp_path / "a") == content(tmp_path / "b") == content(tmp_path / "c")


def test_a_killed_job_resumes_to_the_same_bytes(root, source, tmp_path):
    code = f"""
import os
import variegate as vg
def stop(done, total):
    if done == total:
        os._exit(9)
vg.pack(vg.folder({str(root)!r}), {str(tmp_path / "out")!r}, shard_size=2, progress=stop)
"""
    assert python(code).returncode == 9
    assert not (tmp_path / "out" / "index.json").exists()
    (tmp_path / "out" / "shard-00003.tar").unlink()
    vg.pack(source, tmp_path / "whole", shard_size=2)
    assert vg.pack(source, tmp_path / "out", shard_size=2)["made"] == 1
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_an_exception_of_the_callback_ends_the_job(source, tmp_path):
    def stop(done, total):
        assert 0 <= done <= total == 12
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        vg.pack(source, tmp_path / "out", progress=stop)
    assert not (tmp_path / "out" / "index.json").exists()
    seen = []
    vg.pack(source, tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (12, 12)


def test_boxes_go_along(root, tmp_path):
    image = vg.decode(vg.folder(root).paths[0])
    height, width = image.shape[:2]
    (tmp_path / "one.png").write_bytes(vg.encode(image, "png"))
    about = {
        "images": [{"id": 1, "file_name": "one.png", "height": height, "width": width}],
        "categories": [{"id": 4, "name": "bee"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 4, "bbox": [2, 4, 10, 20], "iscrowd": 0}],
    }
    (tmp_path / "coco.json").write_text(json.dumps(about))
    vg.pack(vg.coco(tmp_path / "coco.json", tmp_path), tmp_path / "out", short_side=20)
    with tarfile.open(tmp_path / "out" / "shard-00000.tar") as tar:
        assert tar.getnames() == ["00000000.ppm", "00000000.json"]
        packed = vg.decode(tar.extractfile("00000000.ppm").read())
        known = json.load(tar.extractfile("00000000.json"))
    assert min(packed.shape[:2]) == 20 and known["size"] == list(packed.shape[:2])
    (box,) = known["boxes"]
    assert (box["label"], box["class"]) == (0, "bee")
    y, x = packed.shape[0] / height, packed.shape[1] / width
    assert np.allclose(box["box"], [2 * x, 4 * y, 12 * x, 24 * y])


def test_bad_files_are_listed_or_raise(root, tmp_path):
    folder = make_folder(tmp_path / "in", 6)
    bad = sorted(folder.rglob("*.jpg"))[0]
    bad.write_bytes(b"no picture")
    report = vg.pack(vg.folder(folder), tmp_path / "out")
    assert [(event["file"], event["kind"]) for event in report["bad"]] == [
        (bad.relative_to(folder).as_posix(), "input")
    ]
    assert len(vg.tar(f"{tmp_path}/out/*.tar")) == 5
    with pytest.raises(vg.InputError, match=bad.name):
        vg.pack(vg.folder(folder), tmp_path / "strict", on_bad="raise")


def test_wrong_arguments(source, tmp_path):
    for wrong in (
        {"format": "gif"},
        {"quality": 90},
        {"format": "jpeg", "quality": 101},
        {"short_side": 0},
        {"shard_size": 0},
        {"shard_size": "12 apples"},
        {"shard_size": "0MB"},
        {"threads": 0},
        {"on_bad": "skip"},
    ):
        with pytest.raises(vg.ParameterError):
            vg.pack(source, tmp_path / "out", **wrong)
        assert not (tmp_path / "out").exists(), wrong
    with pytest.raises(TypeError):
        vg.pack("photos", tmp_path / "out")
    vg.pack(source, tmp_path / "out", shard_size=5)
    with pytest.raises(vg.ParameterError, match="shard_samples was 5 and is 6"):
        vg.pack(source, tmp_path / "out", shard_size=6)
