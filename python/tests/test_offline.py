"""Data sets made offline: shard k is a pure function of (plan, k), published whole, never made twice."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import tarfile
from collections import Counter

import numpy as np
import pytest
from files import make_folder, python

import variegate as vg
from variegate import offline


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos") / "in", 12)


@pytest.fixture
def source(root):
    return vg.folder(root)


def augment(seed: int = 7) -> vg.Pipeline:
    return vg.Pipeline([vg.Rotate((-20, 20)), vg.Flip("horizontal", p=0.5), vg.Brightness((0.7, 1.3))], seed=seed)


def content(folder) -> dict[str, str]:
    """The digest of every file of a folder."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def samples(data: bytes) -> dict[str, dict[str, bytes]]:
    """The members of a shard by name and suffix, as a reader of WebDataset groups them."""
    made: dict[str, dict[str, bytes]] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            key, _, suffix = member.name.partition(".")
            made.setdefault(key, {})[suffix] = tar.extractfile(member).read()
    return made


@pytest.mark.parametrize("shuffle", [False, True])
def test_shards_share_out_every_copy(source, shuffle):
    plan = offline.plan(source, augment(), 3, 10, shuffle=shuffle)
    assert len(plan) == 4 and plan.records == 36 and plan.name(2) == "shard-00002.tar"
    members = [plan.members(k) for k in range(4)]
    assert [len(each) for each in members] == [10, 10, 10, 6]
    every = [member for each in members for member in each]
    assert sorted(every) == [(sample, copy) for sample in range(12) for copy in range(3)]
    assert (every == sorted(every)) is not shuffle
    assert pickle.loads(pickle.dumps(plan)) == plan
    with pytest.raises(IndexError, match="shard 4: the plan has 4"):
        plan.members(4)


def test_a_shard_holds_what_it_says(source):
    plan = offline.plan(source, augment(), 2, 24, format="png")
    shard = offline.make_shard(plan, 0)
    assert shard.samples == 24 and shard.bad == []
    made = samples(shard.data)
    assert len(made) == 24
    for parts in made.values():
        assert list(parts) == ["png", "cls", "json"]
        about = json.loads(parts["json"])
        sample, copy = about["sample"], about["copy"]
        assert source.paths[sample].endswith("/" + about["file"]) and not os.path.isabs(about["file"])
        assert int(parts["cls"]) == about["label"] == source.labels[sample]
        assert about["class"] == source.classes[about["label"]]
        original = vg.decode(source.paths[sample])
        picture = vg.decode(parts["png"])
        assert np.array_equal(picture, augment()(original, epoch=copy, sample=sample))
        assert np.array_equal(picture, augment().apply(about["recipe"], original))


def test_members_tell_nothing_of_when_and_who(source):
    with tarfile.open(fileobj=io.BytesIO(offline.make_shard(offline.plan(source, augment()), 0).data)) as tar:
        for member in tar:
            assert (member.mtime, member.uid, member.gid, member.uname, member.gname) == (0, 0, 0, "", "")
            assert member.mode == 0o644 and member.isreg()


MAKES = """
import hashlib, os
import variegate as vg
from variegate import offline
from test_offline import augment
os.chdir("/")
plan = offline.plan(vg.folder(os.environ["PHOTOS"]), augment(), 2, 7)
print(*(hashlib.sha256(offline.make_shard(plan, k).data).hexdigest() for k in reversed(range(len(plan)))))
"""


def test_a_shard_is_the_same_in_any_process_and_place(root, source, tmp_path):
    plan = offline.plan(source, augment(), 2, 7)
    expected = [hashlib.sha256(offline.make_shard(plan, k).data).hexdigest() for k in range(len(plan))]
    assert len(set(expected)) == 4
    elsewhere = shutil.copytree(root, tmp_path / "elsewhere")
    for photos in (root, elsewhere):
        done = python(MAKES, PHOTOS=str(photos), PYTHONHASHSEED="5", TZ="Asia/Tokyo")
        assert done.stdout.split()[::-1] == expected, done.stderr
    assert offline.plan(vg.folder(elsewhere), augment(), 2, 7).about() == plan.about()


@pytest.mark.parametrize("threads", [1, 3])
def test_write_makes_the_shards_of_the_plan(source, tmp_path, threads):
    seen = []
    options = {"copies": 2, "shard_size": 7, "threads": threads, "progress": lambda *at: seen.append(at)}
    report = offline.write(source, augment(), tmp_path / "out", **options)
    assert report == {"shards": 4, "made": 4, "samples": 24, "bad": []} and seen == [(k, 4) for k in (1, 2, 3, 4)]
    plan = offline.plan(source, augment(), 2, 7)
    index = json.loads((tmp_path / "out" / "index.json").read_text())["shards"]
    for k, about in enumerate(index):
        data = (tmp_path / "out" / plan.name(k)).read_bytes()
        assert data == offline.make_shard(plan, k).data
        assert about["name"] == plan.name(k) and about["bytes"] == len(data)
        assert about["samples"] == len(plan.members(k))
        assert about["sha256"] == hashlib.sha256(data).hexdigest()
    assert str(source.paths[0]).rsplit("/", 2)[0] not in (tmp_path / "out" / "plan.json").read_text()


def test_what_lies_there_is_not_made_again(source, tmp_path):
    out = tmp_path / "out"
    job = {"copies": 2, "shard_size": 7, "threads": 1}
    offline.write(source, augment(), out, **job)
    expected = content(out)
    times = {path.name: path.stat().st_mtime_ns for path in out.glob("*.tar")}
    assert offline.write(source, augment(), out, **job)["made"] == 0
    # One is gone, one was cut, of one the facts are gone, and an interrupted writer left its part.
    (out / "shard-00000.tar").unlink()
    (out / "shard-00001.tar").write_bytes(b"short")
    (out / "shard-00002.json").unlink()
    (out / ".shard-00003.tar.abc.part").write_bytes(b"half")
    assert offline.write(source, augment(), out, **job)["made"] == 3
    assert content(out) == expected
    assert (out / "shard-00003.tar").stat().st_mtime_ns == times["shard-00003.tar"]
    # A byte that was changed shows where it is looked for.
    data = bytearray((out / "shard-00003.tar").read_bytes())
    data[700] ^= 1
    (out / "shard-00003.tar").write_bytes(data)
    assert offline.write(source, augment(), out, **job)["made"] == 0
    assert offline.write(source, augment(), out, verify=True, **job)["made"] == 1
    assert content(out) == expected


KILLED = """
import os, signal, threading, time
import variegate as vg
from variegate import offline
from test_offline import augment
done = lambda at, of: at < 3 or os.kill(os.getpid(), signal.SIGKILL)
job = {"copies": 4, "shard_size": 4, "threads": 2, "progress": done}
offline.write(vg.folder(os.environ["PHOTOS"]), augment(), os.environ["OUT"], **job)
"""


def test_a_job_that_was_killed_goes_on(root, source, tmp_path):
    killed = python(KILLED, PHOTOS=str(root), OUT=str(tmp_path / "out"))
    assert killed.returncode == -9, killed.stderr
    there = [path.name for path in (tmp_path / "out").glob("*.tar")]
    assert 3 <= len(there) < 12 and not (tmp_path / "out" / "index.json").exists()
    job = {"copies": 4, "shard_size": 4}
    report = offline.write(source, augment(), tmp_path / "out", **job)
    assert 0 < report["made"] <= 12 - 3
    offline.write(source, augment(), tmp_path / "whole", **job)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_two_jobs_in_one_folder_do_each_other_no_harm(root, tmp_path):
    program = KILLED.replace("at < 3 or os.kill(os.getpid(), signal.SIGKILL)", "None")
    environment = os.environ | {"PHOTOS": str(root), "OUT": str(tmp_path / "out")}
    package = os.path.dirname(os.path.dirname(vg.__file__))
    environment["PYTHONPATH"] = os.pathsep.join([os.path.dirname(__file__), package])
    command = [sys.executable, "-c", program]
    both = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(2)]
    assert [job.wait(60) for job in both] == [0, 0], [job.stderr.read() for job in both]
    offline.write(vg.folder(root), augment(), tmp_path / "whole", copies=4, shard_size=4)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_a_folder_of_another_plan_is_refused(source, tmp_path):
    offline.write(source, augment(), tmp_path / "out", shard_size=7)
    before = content(tmp_path / "out")
    with pytest.raises(vg.ParameterError, match=r"copies was 1 and is 2; pipeline was .* Give another folder"):
        offline.write(source, augment(seed=8), tmp_path / "out", shard_size=7, copies=2, seed=7)
    assert content(tmp_path / "out") == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(vg.ParameterError, match=r"not empty and has no plan\.json"):
        offline.write(source, augment(), tmp_path / "mine")
    assert content(tmp_path / "mine").keys() == {"diary.txt"}


def test_bad_files_are_told_and_no_other_sample_is_moved(root, tmp_path):
    broken = shutil.copytree(root, tmp_path / "in")
    victim = vg.folder(broken).paths[5]
    with open(victim, "r+b") as file:
        file.write(b"\0" * 64)
    whole, less = (offline.plan(vg.folder(photos), augment(), 2, 24) for photos in (root, broken))
    shard = offline.make_shard(less, 0)
    assert shard.samples == 22
    assert [(event["sample"], event["kind"]) for event in shard.bad] == [(5, "input")] * 2
    assert all(event["file"] == os.path.relpath(victim, broken) and event["reason"] for event in shard.bad)
    assert str(tmp_path) not in json.dumps(shard.bad)
    made, expected = samples(shard.data), samples(offline.make_shard(whole, 0).data)
    assert made == {key: parts for key, parts in expected.items() if not key.startswith("00000005")}
    report = offline.write(vg.folder(broken), augment(), tmp_path / "out", copies=2, shard_size=24)
    assert report["samples"] == 22 and report["bad"] == shard.bad
    with pytest.raises(vg.InputError):
        offline.write(vg.folder(broken), augment(), tmp_path / "raises", on_bad="raise")


def test_a_file_that_cannot_be_read_is_no_bad_sample(root, tmp_path):
    gone = shutil.copytree(root, tmp_path / "in")
    source = vg.folder(gone)
    os.unlink(source.paths[3])
    with pytest.raises(vg.IoError):
        offline.write(source, augment(), tmp_path / "out", shard_size=2, threads=1)
    assert not (tmp_path / "out" / "index.json").exists()
    shutil.copy(vg.folder(root).paths[3], source.paths[3])
    offline.write(source, augment(), tmp_path / "out", shard_size=2, threads=1)
    offline.write(vg.folder(root), augment(), tmp_path / "whole", shard_size=2)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_formats_and_colours(source):
    for format, colour, options in (("jpeg", "grey", {"quality": 40}), ("webp", "rgb", {}), ("png", "rgba", {})):
        plan = offline.plan(source, augment(), format=format, colour=colour, **options)
        kinds = Counter(suffix for parts in samples(offline.make_shard(plan, 0).data).values() for suffix in parts)
        assert kinds == {"jpg" if format == "jpeg" else format: 12, "cls": 12, "json": 12}
    small = offline.make_shard(offline.plan(source, augment(), quality=20), 0)
    large = offline.make_shard(offline.plan(source, augment(), quality=95), 0)
    assert len(small.data) < len(large.data)


def test_wrong_arguments_are_errors_before_anything_is_made(source, tmp_path):
    with pytest.raises(vg.ParameterError, match=r"it gives float32, .* leave vg\.Normalize to the trainer"):
        offline.plan(source, vg.Pipeline([vg.Normalize("imagenet")]))
    with pytest.raises(vg.UnsupportedError, match="mix"):
        offline.plan(source, vg.Pipeline([vg.Resize((32, 32)), vg.MixUp()]))
    wrong = {"copies": 0, "shard_size": 0, "format": "gif", "colour": "cmyk", "on_bad": "skip", "quality": 200, "seed": -1}
    for name, value in wrong.items():
        with pytest.raises(vg.ParameterError, match=name):
            offline.write(source, augment(), tmp_path / "out", **{name: value})
    with pytest.raises(vg.ParameterError, match="threads: expected 1 or more"):
        offline.write(source, augment(), tmp_path / "out", threads=0)
    with pytest.raises(TypeError, match=r"source: expected what vg\.folder"):
        offline.plan("photos", augment())
    gone = vg.folder(shutil.copytree(os.path.dirname(source.paths[0]), tmp_path / "gone"))
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(vg.ParameterError, match="which is no file"):
        offline.plan(gone, augment())
    assert not (tmp_path / "out").exists()
