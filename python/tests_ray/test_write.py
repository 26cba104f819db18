"""`variegate.ray.write` on two nodes: the files of one machine, byte for byte, whatever dies on the way."""

from __future__ import annotations

import os
import shutil

import pytest
import ray
from files import make_folder
from test_offline import augment, content

import variegate as vg
from variegate import offline
from variegate.ray import write

JOB = {"copies": 60, "shard_size": 24}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return make_folder(tmp_path_factory.mktemp("photos") / "in", 12)


@pytest.fixture(scope="module")
def expected(root, tmp_path_factory):
    """What this machine makes alone: 30 shards."""
    out = tmp_path_factory.mktemp("local") / "out"
    assert offline.write(vg.folder(root), augment(), out, **JOB)["shards"] == 30
    return content(out)


def test_files_are_those_of_one_machine(nodes, root, expected, tmp_path):
    seen = []
    report = write(vg.folder(root), augment(), tmp_path / "out", progress=lambda *at: seen.append(at), **JOB)
    assert report == {"shards": 30, "made": 30, "samples": 720, "bad": []}
    assert seen == [(k, 30) for k in range(1, 31)]
    assert content(tmp_path / "out") == expected
    assert write(vg.folder(root), augment(), tmp_path / "out", **JOB)["made"] == 0


@pytest.mark.parametrize("victim", ["worker", "node"])
def test_a_death_in_the_middle_changes_nothing(nodes, root, expected, tmp_path, victim):
    out = tmp_path / "out"
    unfinished = []

    def progress(done: int, of: int) -> None:
        if done >= 3 and not unfinished and nodes.workers(second=True):
            unfinished.append(of - len(list(out.glob("*.tar"))))
            nodes.kill_worker() if victim == "worker" else nodes.kill_node()

    report = write(vg.folder(root), augment(), out, progress=progress, concurrency=4, **JOB)
    assert unfinished and unfinished[0] > 0, "nothing was killed, or only after all was done"
    assert report["shards"] == 30 and report["samples"] == 720
    assert content(out) == expected


def test_a_job_that_was_interrupted_goes_on(nodes, root, expected, tmp_path):
    out = tmp_path / "out"

    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(vg.folder(root), augment(), out, progress=stop, **JOB)
    assert not (out / "index.json").exists()
    report = write(vg.folder(root), augment(), out, **JOB)
    assert 0 < report["made"] <= 27
    assert content(out) == expected
    # What the other one has begun, this machine may end, and the other way round.
    (out / "shard-00007.tar").unlink()
    assert offline.write(vg.folder(root), augment(), out, **JOB)["made"] == 1
    assert content(out) == expected


def test_bad_files_are_the_same_everywhere(nodes, root, tmp_path):
    broken = shutil.copytree(root, tmp_path / "in")
    with open(vg.folder(broken).paths[5], "r+b") as file:
        file.write(b"\0" * 64)
    small = {"copies": 2, "shard_size": 5}
    report = write(vg.folder(broken), augment(), tmp_path / "ray", **small)
    assert report == offline.write(vg.folder(broken), augment(), tmp_path / "local", **small)
    assert len(report["bad"]) == 2 and content(tmp_path / "ray") == content(tmp_path / "local")


def test_an_error_of_a_worker_names_the_file(nodes, root, tmp_path):
    gone = shutil.copytree(root, tmp_path / "in")
    source = vg.folder(gone)
    os.unlink(source.paths[3])
    with pytest.raises(ray.exceptions.RayTaskError, match=os.path.basename(source.paths[3])):
        write(source, augment(), tmp_path / "out", shard_size=2)


def test_wrong_arguments_start_nothing(tmp_path, root):
    with pytest.raises(vg.ParameterError, match="copies"):
        write(vg.folder(root), augment(), tmp_path / "out", copies=0)
    assert not (tmp_path / "out").exists()
