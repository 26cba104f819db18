"""Sources of every kind: the same pictures give the same batches, wherever they lie."""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import tarfile
from pathlib import Path

import numpy as np
import pytest
from files import augment, make_folder, samples
from pictures import photo

import variegate as vg


@pytest.fixture
def root(tmp_path):
    return make_folder(tmp_path / "photos", 24)


def loaded(source, threads=2, **options):
    """The bytes of each sample of one epoch, by id."""
    with vg.Loader(source, augment(), batch_size=5, threads=threads, **options) as loader:
        return samples(loader.batches())


def labels(source):
    """The label of each sample of one epoch, by id."""
    with vg.Loader(source, augment(), batch_size=5) as loader:
        return {int(i): int(label) for batch in loader.batches() for i, label in zip(batch.ids, batch.labels, strict=True)}


class TestChosen:
    def test_a_filter_sees_paths_and_labels(self, root):
        source = vg.folder(root)
        some = source.filter(lambda path, label: path.endswith(".png") and label != 1)
        wanted = [(p, k) for p, k in zip(source.paths, source.labels, strict=True) if p.endswith(".png") and k != 1]
        assert list(zip(some.paths, some.labels, strict=True)) == wanted and 0 < len(some) < 24
        assert some.classes == source.classes
        with pytest.raises(vg.ParameterError, match="none of 24 samples"):
            source.filter(lambda path, label: False)
        with pytest.raises(TypeError, match="expected a function"):
            source.filter("png")

    def test_choices_of_choices_are_delivered(self, root):
        source = vg.folder(root)
        some = source.select(range(4, 20)).filter(lambda path, label: label == 1).relabel([5] * 8, list("abcdef"))
        assert set(labels(some).values()) == {5} and len(some) == 8
        same = source.select([source.paths.index(path) for path in some.paths])
        assert loaded(some) == loaded(same)


class TestConcat:
    def test_the_parts_are_delivered_under_one_list_of_classes(self, tmp_path):
        first = vg.folder(make_folder(tmp_path / "one", 6, ("ant", "bee")))
        second = vg.folder(make_folder(tmp_path / "two", 6, ("bee", "cat")))
        both = first.concat(second)
        assert both.classes == ["ant", "bee", "cat"] and both.paths == first.paths + second.paths
        assert both.labels == [0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2]
        assert labels(both) == dict(enumerate(both.labels))
        one, all_of_it = loaded(first), loaded(both)
        assert {k: all_of_it[k] for k in range(6)} == one and len(all_of_it) == 12

    def test_weights_repeat_and_leave_nothing_out(self, tmp_path):
        few = vg.folder(make_folder(tmp_path / "few", 2, ()))
        many = vg.folder(make_folder(tmp_path / "many", 6, ()))
        even = few.concat(many, weights=[1, 1])
        assert even.paths == [few.paths[0]] * 3 + [few.paths[1]] * 3 + many.paths
        # Each copy is a sample of its own: it draws for itself.
        images = loaded(even)
        assert len(images) == 12 and images[0] != images[1]
        with pytest.raises(vg.ParameterError, match="one for each source"):
            few.concat(many, weights=[1])
        with pytest.raises(vg.ParameterError, match="above 0"):
            few.concat(many, weights=[1, -1])

    def test_named_and_numbered_classes_do_not_mix(self, root):
        named = vg.folder(root)
        numbered = vg.folder(root, labelled=False)
        assert named.concat(numbered).labels[24:] == [None] * 24
        with pytest.raises(TypeError, match="expected sources"):
            named.concat(root)

    def test_a_token_knows_its_parts(self, root):
        source = vg.folder(root)
        both = source.concat(source.select([3, 1]))
        with vg.Loader(both, augment(), batch_size=4, threads=1) as loader:
            batches = loader.batches()
            next(batches)
            token = loader.state()
            rest = samples(batches)
        with vg.Loader(source.concat(source.select([3, 1])), augment(), batch_size=4, threads=3) as loader:
            loader.resume(token)
            assert samples(loader.batches()) == rest
        with vg.Loader(source.concat(source.select([1, 3])), augment(), batch_size=4) as loader:
            with pytest.raises(vg.ParameterError, match="data set"):
                loader.resume(token)


@pytest.fixture
def named(root):
    """The folder, and what each picture is called: for lists and archives of the same pictures."""
    source = vg.folder(root)
    names = [Path(path).relative_to(root).as_posix() for path in source.paths]
    return source, list(zip(names, source.labels, strict=True))


def same(source, folder):
    """Whether a source delivers what the folder does, on one thread and on three, and goes on where it stood."""
    wanted = loaded(folder, threads=1)
    assert len(source) == len(folder) and source.labels == folder.labels
    assert loaded(source, threads=1) == wanted and loaded(source, threads=3) == wanted
    with vg.Loader(source, augment(), batch_size=4, threads=1) as loader:
        batches = loader.batches()
        next(batches), next(batches)
        token = loader.state()
        rest = samples(batches)
    with vg.Loader(source, augment(), batch_size=4, threads=3) as loader:
        loader.resume(token)
        assert samples(loader.batches()) == rest and len(rest) == len(folder) - 8


def bad_of(source):
    """What is told of the bad samples of one epoch: path and reason."""
    with vg.Loader(source, augment(), batch_size=4, on_bad="substitute") as loader:
        for _ in loader.batches():
            pass
        return [(entry["path"], entry["reason"]) for entry in loader.bad]


class TestCsv:
    def test_a_table_names_files(self, root, named):
        folder, entries = named
        lines = ["image,class", *(f"{name},{folder.classes[label]}" for name, label in entries)]
        (root / "all.csv").write_text("\n".join(lines))
        source = vg.csv(root / "all.csv", label="class")
        assert source.paths == folder.paths and source.classes == folder.classes
        same(source, folder)

    def test_numbers_delimiters_and_roots(self, root, named, tmp_path):
        folder, entries = named
        lines = ["n\tfile", *(f"{label}\t{name}" for name, label in entries)]
        (tmp_path / "all.tsv").write_text("\n".join(lines))
        source = vg.csv(tmp_path / "all.tsv", image="file", label="n", root=root)
        same(source, folder)
        assert source.classes == ["0", "1", "2"]
        (tmp_path / "all.txt").write_text("\n".join(lines).replace("\t", ";"))
        assert vg.csv(tmp_path / "all.txt", "file", "n", root, delimiter=";").labels == folder.labels
        with pytest.raises(vg.InputError, match="none of the first 8 pictures is there"):
            vg.csv(tmp_path / "all.tsv", image="file")

    def test_given_classes_fix_the_numbers(self, root, named):
        folder, entries = named
        (root / "all.csv").write_text("\n".join(["image,c", *(f"{n},{folder.classes[k]}" for n, k in entries)]))
        source = vg.csv(root / "all.csv", label="c", classes=["cat", "bee", "ant"])
        assert source.labels == [2 - label for label in folder.labels]
        with pytest.raises(vg.InputError, match='line 18: the label "cat"'):
            vg.csv(root / "all.csv", label="c", classes=["ant", "bee"])

    def test_what_is_wrong_is_told_where(self, root):
        path = root / "bad.csv"
        for text, message in [
            ("file,lable\nant/000.png,x\n", "no column \"image\""),
            ("image,lable\nant/000.png,x\n", "did you mean \"lable\""),
            ("image,label\nant/000.png,x,y\n", "line 2, column 3"),
            ("image,label\n../photos/ant/000.png,x\n", "line 2: .*leaves the folder"),
            ("image,label\n/etc/hostname,x\n", "line 2: .*leaves the folder"),
        ]:
            path.write_text(text)
            with pytest.raises(vg.InputError, match=message) as caught:
                vg.csv(path, label="label")
            assert caught.value.path == str(path)
        with pytest.raises(vg.ParameterError, match="one sign"):
            vg.csv(path, delimiter=",,")
        with pytest.raises(vg.IoError):
            vg.csv(root / "none.csv")


class TestJson:
    def test_arrays_and_lines_name_files(self, root, named):
        folder, entries = named
        records = [{"image": name, "label": folder.classes[label], "more": None} for name, label in entries]
        (root / "all.json").write_text(json.dumps(records, indent=1))
        (root / "all.jsonl").write_text("\n".join(map(json.dumps, records)))
        same(vg.json(root / "all.json", label="label"), folder)
        lines = vg.json(root / "all.jsonl", label="label")
        assert lines.paths == folder.paths and lines.labels == folder.labels
        assert vg.json(root / "all.jsonl").labels == [None] * 24

    def test_what_is_wrong_is_told_where(self, root):
        path = root / "bad.jsonl"
        for text, message in [
            ('{"image": "ant/000.png"}\n{"imago": "x"}', "line 2: no field \"image\"; did you mean \"imago\""),
            ('{"image": "ant/000.png"}\n{"image" "x"}', "line 2, column 10"),
            ('[{"image": 3}]', "entry 0: .*found 3"),
        ]:
            path.write_text(text)
            with pytest.raises(vg.InputError, match=message):
                vg.json(path)


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


class TestArrays:
    @pytest.fixture
    def images(self, tmp_path):
        """The pictures of an array, and a folder of the same pictures."""
        images = np.stack([np.roll(photo(40, 56), 5 * k, axis=1) for k in range(12)])
        (tmp_path / "same").mkdir()
        for k, image in enumerate(images):
            (tmp_path / "same" / f"{k:02}.png").write_bytes(vg.encode(image, "png"))
        return images, vg.folder(tmp_path / "same")

    def test_an_array_delivers_what_the_folder_does(self, images):
        images, folder = images
        source = vg.arrays(images)
        same(source, folder)
        assert source.paths[3] == "array[3]" and source.classes == []

    @pytest.mark.parametrize("kind", ["uint16", "float32", "strided", "swapped", "mapped"])
    def test_every_kind_of_array(self, images, kind, tmp_path):
        images, folder = images
        match kind:
            case "uint16":
                array = images.astype(np.uint16) * 257
            case "float32":
                array = images.astype(np.float32) / 255
            case "strided":
                array = np.repeat(images, 2, axis=2)[:, :, ::2]
            case "swapped":
                array = (images.astype(np.uint16) * 257).astype(">u2")
            case "mapped":
                np.save(tmp_path / "images.npy", images)
                array = np.load(tmp_path / "images.npy", mmap_mode="r")
        assert loaded(vg.arrays(array)) == loaded(folder)

    def test_a_grey_array_is_a_grey_picture(self, images):
        images, _ = images
        grey = np.ascontiguousarray(images[..., 1])
        assert loaded(vg.arrays(grey)) == loaded(vg.arrays(np.repeat(grey[..., np.newaxis], 3, axis=3)))

    def test_labels_are_numbers_or_names(self, images):
        images, _ = images
        assert labels(vg.arrays(images, [k % 3 for k in range(12)])) == {k: k % 3 for k in range(12)}
        source = vg.arrays(images, np.array(["bee", "ant"] * 6))
        assert source.classes == ["ant", "bee"] and source.labels == [1, 0] * 6
        assert vg.arrays(images, np.zeros((12, 1), np.int64)).labels == [0] * 12
        for wrong in ([0] * 11, [-1] * 12, np.zeros((12, 3)), [0.5] * 12):
            with pytest.raises(vg.ParameterError):
                vg.arrays(images, wrong)
        with pytest.raises(vg.ParameterError, match="'bee' is none of the 1 classes"):
            vg.arrays(images, ["bee"] * 12, classes=["ant"])

    def test_the_array_outlives_its_name(self, images):
        images, folder = images
        source = vg.arrays(images.copy())
        assert loaded(source.select([1, 2])) == loaded(folder.select([1, 2]))

    def test_what_is_no_picture_is_refused(self):
        for wrong in (np.zeros((2, 4, 4, 3), np.int32), np.zeros((4, 4), np.uint8), np.zeros((2, 4, 4, 5), np.uint8)):
            with pytest.raises(vg.InputError, match="images: expected"):
                vg.arrays(wrong)
        with pytest.raises(vg.ParameterError, match="no picture"):
            vg.arrays(np.zeros((2, 0, 4, 3), np.uint8))
        [(path, reason)] = bad_of(vg.arrays(np.stack([np.full((8, 8), v, np.float32) for v in (0.5, 3.0)])))
        assert path == "array[1]" and "beyond 0 to 1" in reason


def test_netpbm_files_are_pictures(tmp_path, root):
    """PPM and PNG of the same pixels."""
    (tmp_path / "ppm").mkdir()
    (tmp_path / "png").mkdir()
    for k in range(6):
        image = np.roll(photo(40, 56), 5 * k, axis=1)
        (tmp_path / "png" / f"{k}.png").write_bytes(vg.encode(image, "png"))
        (tmp_path / "ppm" / f"{k}.ppm").write_bytes(b"P6\n56 40\n255\n" + image.tobytes())
    assert loaded(vg.folder(tmp_path / "ppm")) == loaded(vg.folder(tmp_path / "png"))


def test_the_page_is_true(tmp_path, monkeypatch):
    """The programs of `docs/sources.md` run, one after another, in a folder that holds what they name."""
    page = Path(__file__).parents[2] / "docs" / "sources.md"
    if not page.exists():
        pytest.skip("the documentation is not beside this package")
    make_folder(tmp_path / "photos", 24)
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert len(programs) >= 5
    names: dict[str, object] = {}
    for program in programs:
        exec(compile(program, str(page), "exec"), names)
