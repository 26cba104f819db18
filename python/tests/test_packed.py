"""Archives and files of records deliver what the folder of the same pictures does."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tarfile
from pathlib import Path

import pytest
from delivered import bad_of, same
from files import make_folder

import variegate as vg


@pytest.fixture
def root(tmp_path):
    return make_folder(tmp_path / "photos", 24)


@pytest.fixture
def named(root):
    """The folder, and what each picture is called: for lists and archives of the same pictures."""
    source = vg.folder(root)
    names = [Path(path).relative_to(root).as_posix() for path in source.paths]
    return source, list(zip(names, source.labels, strict=True))


def pack(path, members):
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT if "pax" in path.name else tarfile.GNU_FORMAT) as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def members(folder, entries, k, count):
    """What a shard holds: pictures and labels, of every count-th picture from the k-th on."""
    for (name, label), path in list(zip(entries, folder.paths, strict=True))[k * 12 : k * 12 + count]:
        stem, ending = name.rsplit(".", 1)
        long = f"{'long-' * 30}{stem}"
        yield f"{long}.{ending}", Path(path).read_bytes()
        yield f"{long}.cls", str(label).encode()
        yield f"{long}.json", json.dumps({"class": folder.classes[label], "number": label}).encode()


class TestTar:
    @pytest.fixture
    def shards(self, named, tmp_path):
        folder, entries = named
        pack(tmp_path / "gnu-00.tar", members(folder, entries, 0, 12))
        pack(tmp_path / "pax-01.tar", members(folder, entries, 1, 12))
        return f"{tmp_path}/{{gnu-00,pax-01}}.tar"

    def test_shards_deliver_what_the_folder_does(self, named, shards):
        folder, _ = named
        source = vg.tar(shards)
        same(source, folder)
        assert source.problems == [] and source.classes == ["0", "1", "2"]
        by_name = vg.tar(shards, label="json.class")
        assert by_name.labels == folder.labels and by_name.classes == folder.classes
        assert vg.tar(shards, label="json.number").labels == folder.labels
        assert vg.tar(shards, label=None).labels == [None] * 24
        assert Path(source.paths[0]).parts[-3] == "gnu-00.tar" and source.paths[0].endswith("ant/000.png")

    def test_the_index_is_kept_and_believed_while_it_is_true(self, named, shards, tmp_path):
        folder, entries = named
        cache = tmp_path / "cache"
        first = vg.tar(shards, cache=cache)
        kept = sorted(cache.iterdir())
        assert len(kept) == 2
        assert not list(tmp_path.glob(".*index"))
        times = [path.stat().st_mtime_ns for path in kept]
        again = vg.tar(shards, cache=cache)
        assert again.paths == first.paths and again._samples.fingerprint == first._samples.fingerprint
        assert [path.stat().st_mtime_ns for path in kept] == times
        pack(tmp_path / "gnu-00.tar", members(folder, entries, 0, 5))
        assert len(vg.tar(shards, cache=cache)) == 17
        kept[0].write_text("damaged")
        assert len(vg.tar(shards, cache=cache)) == 17
        vg.tar(shards, cache=False)
        assert not list(tmp_path.glob(".*index"))
        vg.tar(shards)
        assert len(list(tmp_path.glob(".*index"))) == 2

    def test_bad_members_are_named_with_their_shard(self, tmp_path, named):
        folder, entries = named
        good = [(f"{k:02}.jpg", Path(path).read_bytes()) for k, path in enumerate(folder.paths[:12])]
        pack(tmp_path / "one.tar", [*good, ("bad/page.jpg", b"<html>404</html>")])
        [(path, reason)] = bad_of(vg.tar(tmp_path / "one.tar"))
        assert path == str(tmp_path / "one.tar" / "bad" / "page.jpg") and "HTML" in reason

    def test_broken_archives_are_refused_by_name(self, shards, tmp_path):
        whole = (tmp_path / "gnu-00.tar").read_bytes()
        (tmp_path / "cut.tar").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(vg.InputError, match="ends within its member|damaged or cut short") as caught:
            vg.tar(tmp_path / "cut.tar")
        assert caught.value.path == str(tmp_path / "cut.tar")
        (tmp_path / "small.tar.gz").write_bytes(gzip.compress(whole))
        with pytest.raises(vg.UnsupportedError, match="compressed"):
            vg.tar(tmp_path / "small.tar.gz")
        with pytest.raises(vg.IoError, match="none.tar"):
            vg.tar(tmp_path / "none.tar")
        with pytest.raises(vg.InputError, match="no file fits"):
            vg.tar(tmp_path / "none-*.tar")
        with pytest.raises(vg.ParameterError, match="not closed"):
            vg.tar(f"{tmp_path}/{{0..3.tar")
        with pytest.raises(vg.ParameterError, match="expected a path"):
            vg.tar([])

    def test_patterns_are_sorted_lists(self, shards, tmp_path):
        assert vg.tar(tmp_path / "*-0?.tar").paths == vg.tar(shards).paths
        assert vg.tar([tmp_path / "pax-01.tar", tmp_path / "gnu-00.tar"]).labels[:12] == vg.tar(shards).labels[12:]


def masked(data):
    """CRC-32C, turned and moved, as records keep it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def varint(value):
    out = b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def piece(field, content):
    return varint(field << 3 | 2) + varint(len(content)) + content


def record(image, label):
    def entry(key, feature):
        return piece(1, piece(1, key.encode()) + piece(2, feature))

    features = entry("image/encoded", piece(1, piece(1, image))) + entry("label", piece(3, piece(1, varint(label))))
    message = piece(1, features)
    size = struct.pack("<Q", len(message))
    return size + masked(size) + message + masked(message)


class TestTfrecord:
    def test_records_deliver_what_the_folder_does(self, named, tmp_path):
        folder, _ = named
        records = [record(Path(p).read_bytes(), label) for p, label in zip(folder.paths, folder.labels, strict=True)]
        for k in range(2):
            (tmp_path / f"all-{k}-of-2.tfrecord").write_bytes(b"".join(records[12 * k : 12 * k + 12]))
        source = vg.tfrecord(tmp_path / "all-{0..1}-of-2.tfrecord", label="label")
        same(source, folder)
        assert Path(source.paths[13]).parts[-2:] == ("all-1-of-2.tfrecord", "record 1")

    def test_damage_is_told_by_record(self, named, tmp_path):
        folder, _ = named
        records = [record(Path(p).read_bytes(), 0) for p in folder.paths[:12]]
        path = tmp_path / "some.tfrecord"
        spoiled = bytearray(b"".join(records))
        spoiled[len(records[0]) - 100] ^= 1
        path.write_bytes(spoiled)
        [(name, reason)] = bad_of(vg.tfrecord(path))
        assert name == str(path / "record 0") and "checksum" in reason
        path.write_bytes(b"".join(records)[:-1])
        with pytest.raises(vg.InputError, match=f"record 11 from byte {sum(map(len, records[:11]))} on: .*cut short"):
            vg.tfrecord(path)
        path.write_bytes(records[0])
        with pytest.raises(vg.InputError, match="no feature \"image\"; .*image/encoded"):
            vg.tfrecord(path, image="image")
