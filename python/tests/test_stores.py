"""Object stores deliver what a local folder of the same files does, whatever goes wrong on the way."""

from __future__ import annotations

import io
import json
import re
import tarfile
import time
from pathlib import Path

import pytest
from delivered import bad_of, loaded, same
from files import make_folder
from stores import Store

import variegate as vg


@pytest.fixture
def root(tmp_path):
    return make_folder(tmp_path / "photos", 24)


@pytest.fixture
def store(root, monkeypatch):
    """A store that holds the folder, found by the environment as any other is."""
    store = Store()
    store.add(root, "data/photos")
    monkeypatch.setenv("AWS_ENDPOINT_URL", store.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "someone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    yield store
    store.close()


def named(root):
    """The folder, and what each picture is called."""
    source = vg.folder(root)
    return source, [Path(path).relative_to(root).as_posix() for path in source.paths]


def packed(folder, keys):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for k in keys:
            ending = folder.paths[k].rsplit(".", 1)[1]
            for name, content in [(f"{k}.{ending}", Path(folder.paths[k]).read_bytes()), (f"{k}.cls", b"%d" % folder.labels[k])]:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


class TestEqual:
    def test_a_folder_of_classes(self, root, store):
        here, there = vg.folder(root), vg.folder("s3://bucket/data/photos")
        assert there.paths == [f"s3://bucket/data/photos/{name}" for name in named(root)[1]]
        assert (there.classes, there.labels) == (here.classes, here.labels)
        assert there._samples.fingerprint == here._samples.fingerprint
        same(there, here)

    def test_order_is_that_of_a_walk(self, root, store, tmp_path):
        content = (root / "ant/000.png").read_bytes()
        odd = ["a/z.png", "a.b/c.png", "a-b.png", "a.png", "A.png", "b/a/c d é.png", "b/a.png", ".hidden/x.png", "note.txt"]
        for name in odd:
            (tmp_path / "odd" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "odd" / name).write_bytes(content)
        store.add(tmp_path / "odd", "odd")
        here, there = vg.folder(tmp_path / "odd"), vg.folder("s3://bucket/odd/")
        assert there._samples.fingerprint == here._samples.fingerprint and len(here) == 7
        assert loaded(there) == loaded(here)
        assert vg.folder("s3://bucket/data/photos", classes=["cat", "ant"]).classes == ["cat", "ant"]
        with pytest.raises(vg.InputError, match='did you mean "bee"'):
            vg.folder("s3://bucket/data/photos", classes=["bea"])

    def test_lists(self, root, store):
        folder, names = named(root)
        rows = [f"{name},{label}" for name, label in zip(names, folder.labels, strict=True)]
        store.objects["data/photos/all.csv"] = "\n".join(["image,class", *rows]).encode()
        lines = [json.dumps({"image": name, "class": label}) for name, label in zip(names, folder.labels, strict=True)]
        store.objects["data/all.json"] = f"[{','.join(lines)}]".encode()
        same(vg.csv("s3://bucket/data/photos/all.csv", label="class"), folder)
        same(vg.csv(f"{store.url}/bucket/data/photos/all.csv", label="class"), folder)
        same(vg.json("s3://bucket/data/all.json", label="class", root="s3://bucket/data/photos"), folder)
        with pytest.raises(vg.IoError, match="none of the first 8 pictures can be found.*no such object"):
            vg.json("s3://bucket/data/all.json", label="class")
        store.objects["data/out.csv"] = b"image\n../x.jpg\n"
        with pytest.raises(vg.InputError, match="leaves the folder"):
            vg.csv("s3://bucket/data/out.csv")

    def test_shards(self, root, store, tmp_path):
        folder, _ = named(root)
        for shard in range(2):
            store.objects[f"shards/p-{shard}.tar"] = packed(folder, range(12 * shard, 12 * shard + 12))
        for paths in ["s3://bucket/shards/p-{0..1}.tar", "s3://bucket/shards/p-*.tar", f"{store.url}/bucket/shards/p-{{0..1}}.tar"]:
            source = vg.tar(paths, cache=tmp_path / "index")
            assert source.labels == folder.labels
            same(source, folder)
        before = store.requests.total()
        vg.tar("s3://bucket/shards/p-{0..1}.tar", cache=tmp_path / "index", classes=folder.classes and ["0", "1", "2"])
        assert store.requests.total() == before, "the index is kept"
        with pytest.raises(vg.InputError, match="no object fits"):
            vg.tar("s3://bucket/shards/q-*.tar")


FAULTS = {"busy": "SlowDown", "short": "attempts", "wrong length": "bytes", "stall": "no answer within"}


class TestFaults:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_fault_that_passes_is_not_seen(self, root, store, fault):
        store.fault = lambda name, attempt: fault if attempt == 1 and re.search("00[1-6]", name) else None
        source = vg.folder("s3://bucket/data/photos", storage={"attempt_limit": 0.5})
        same(source, vg.folder(root))
        assert store.requests["data/photos/bee/001.jpg"] >= 2

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_fault_that_stays_is_a_bad_sample(self, store, fault):
        store.fault = lambda name, attempt: fault if name.endswith("bee/001.jpg") else None
        source = vg.folder("s3://bucket/data/photos", storage={"attempt_limit": 0.4, "retries": 1})
        ((path, reason),) = bad_of(source)
        assert path == "s3://bucket/data/photos/bee/001.jpg" and FAULTS[fault] in reason
        assert store.requests["data/photos/bee/001.jpg"] == 2

    def test_errors_say_what_where_and_how_to_mend(self, store, monkeypatch):
        quick = {"retries": 1, "attempt_limit": 1, "time_limit": 3}
        begun = time.monotonic()
        for path, message in [
            ("s3://nobucket/a", r"s3://nobucket: there is no such bucket; check its name"),
            ("s3://bucket/nothing", "no files; expected root/class/picture.jpg|no files"),
            ("s3://", "names no bucket"),
        ]:
            with pytest.raises(vg.Error, match=message):
                vg.folder(path, storage=quick)
        with pytest.raises(vg.ParameterError, match='no option "colour"'):
            vg.folder("s3://bucket/data", storage={"colour": "red"})
        with pytest.raises(vg.ParameterError, match="retries=\"many\"; expected a whole number"):
            vg.folder("s3://bucket/data", storage={"retries": "many"})
        with pytest.raises(vg.IoError, match="no such object; check its name"):
            vg.csv("s3://bucket/none.csv")
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        with pytest.raises(vg.IoError, match="the host cannot be reached after 2 attempts; check the address"):
            vg.folder("s3://bucket/data", storage=quick)
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        with pytest.raises(vg.ParameterError, match="cannot be set up.*Missing AccessKeyId; check"):
            vg.folder("s3://bucket/data", storage=quick)
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(vg.IoError, match="no credentials were found; set AWS_ACCESS_KEY_ID"):
            vg.folder("s3://bucket/data", storage=quick)
        assert time.monotonic() - begun < 20


class TestCache:
    def test_what_is_kept_is_not_fetched_again_and_damage_is(self, root, store, tmp_path):
        options = {"cache": tmp_path / "kept", "cache_bytes": 1 << 20}
        source = vg.folder("s3://bucket/data/photos", storage=options)
        first = loaded(source)
        again = vg.folder("s3://bucket/data/photos", storage=options)
        before = store.requests.total()
        assert loaded(again) == first and store.requests.total() == before
        kept = sorted((tmp_path / "kept").iterdir())
        assert len(kept) == 24
        kept[0].write_bytes(kept[0].read_bytes()[:-1] + b"?")
        kept[1].write_bytes(b"")
        anew = vg.folder("s3://bucket/data/photos", storage=options)
        before = store.requests.copy()
        assert loaded(anew) == first and len(store.requests - before) == 2

    def test_it_stays_within_its_bytes(self, root, store, tmp_path):
        options = {"cache": tmp_path / "kept", "cache_bytes": 8000}
        same(vg.folder("s3://bucket/data/photos", storage=options), vg.folder(root))
        assert 0 < sum(path.stat().st_size for path in (tmp_path / "kept").iterdir()) <= 8000

    def test_an_object_written_anew_is_another(self, store, tmp_path):
        options = {"cache": tmp_path / "kept"}
        old = vg.folder("s3://bucket/data/photos", storage=options)
        before = loaded(old)
        store.objects["data/photos/ant/000.png"] = store.objects["data/photos/bee/004.png"]
        after = loaded(vg.folder("s3://bucket/data/photos", storage=options))
        assert [k for k in before if before[k] != after[k]] == [0]


def test_latency_is_met_by_reading_ahead(root, store):
    store.latency = 0.03
    source = vg.folder("s3://bucket/data/photos")
    assert loaded(source, threads=1) == loaded(vg.folder(root), threads=1)
    assert store.most_at_once >= 8, "one thread has many requests under way"
    assert store.most_at_once <= 66, "and not without bound"
