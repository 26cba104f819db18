"""`variegate.ray.augment` on two nodes: rows have the bytes of a local call, and bad pictures cost no block."""

from __future__ import annotations

import hashlib
import time

import numpy as np
import pytest
import ray
from pictures import photo

import variegate as vg
from variegate.ray import augment as on_ray
from variegate.ray.batches import _Augmenter, _id

COUNT = 400


def pipeline(seed: int = 7) -> vg.Pipeline:
    return vg.Pipeline([vg.ResizedCrop((32, 36)), vg.Flip("horizontal", p=0.5), vg.Brightness((0.7, 1.3))], seed=seed)


def picture(k: int) -> np.ndarray:
    return np.roll(photo(40 + k % 5, 60 - k % 4), 7 * k, axis=1)


def rows(count: int = COUNT) -> list[dict]:
    return [{"id": k, "bytes": vg.encode(picture(k), "png"), "label": k % 3} for k in range(count)]


def expected(count: int = COUNT, epoch: int = 2) -> dict[int, str]:
    made = {}
    for k in range(count):
        made[k] = hashlib.sha256(pipeline()(picture(k), epoch=epoch, sample=k).tobytes()).hexdigest()
    return made


def digests(made) -> dict[int, str]:
    found = {}
    for row in made:
        assert row["error"] == "" and row["label"] == row["id"] % 3
        found[row["id"]] = hashlib.sha256(row["bytes"].tobytes()).hexdigest()
    return found


@pytest.mark.parametrize(("batch_size", "threads", "blocks"), [(64, 1, 8), (7, 2, 3)])
def test_rows_have_the_bytes_of_a_local_call(nodes, batch_size, threads, blocks):
    data = ray.data.from_items(rows(), override_num_blocks=blocks)
    made = on_ray(data, pipeline(), image="bytes", ids="id", epoch=2, batch_size=batch_size, threads=threads)
    assert digests(made.iter_rows()) == expected()


@pytest.mark.parametrize("victim", ["worker", "node"])
def test_a_death_in_the_middle_changes_nothing(nodes, victim):
    """A stage before ours makes the blocks slow, so that much is left to do when the first rows arrive."""
    def slowly(batch):
        time.sleep(0.3)
        return batch

    data = ray.data.from_items(rows(), override_num_blocks=40).map_batches(slowly, batch_size=None, num_cpus=0.1)
    made = on_ray(data, pipeline(), image="bytes", ids="id", epoch=2, batch_size=10, concurrency=3)
    found: list[dict] = []
    killed_at = None
    for batch in made.iter_batches(batch_size=10, batch_format="numpy", prefetch_batches=0):
        found += [dict(zip(batch, values, strict=True)) for values in zip(*batch.values(), strict=True)]
        if killed_at is None and len(found) >= 20 and nodes.workers(second=True):
            killed_at = len(found)
            nodes.kill_worker() if victim == "worker" else nodes.kill_node()
    assert killed_at is not None and killed_at < COUNT, "nothing was killed, or only after all was done"
    assert len(found) == COUNT and digests(found) == expected()


def test_bad_pictures_are_rows_with_a_reason(nodes):
    data = rows(30)
    data[4]["bytes"] = b"no picture at all"
    data[11]["bytes"] = data[11]["bytes"][:40]
    data[12]["bytes"] = b""
    made = on_ray(ray.data.from_items(data, override_num_blocks=2), pipeline(), image="bytes", ids="id", epoch=2)
    found = {row["id"]: row for row in made.iter_rows()}
    assert sorted(found) == list(range(30))
    bad = {k: row["error"] for k, row in found.items() if row["error"]}
    assert sorted(bad) == [4, 11, 12] and all(bad.values())
    assert not any(found[k]["bytes"].any() for k in bad)
    assert digests(row for k, row in found.items() if k not in bad) == {
        k: digest for k, digest in expected(30).items() if k not in bad
    }
    assert made.filter(lambda row: not row["error"]).count() == 27


def test_arrays_and_dtypes_and_layouts(nodes):
    images = np.stack([photo(40, 60)] * 6)
    data = ray.data.from_numpy(images).add_column("id", lambda batch: np.arange(len(batch)), batch_format="pandas")
    normal = vg.Pipeline([vg.ResizedCrop((32, 36)), vg.Normalize("imagenet")], seed=3)
    made = on_ray(data, normal, image="data", ids="id", layout="NCHW", batch_size=4)
    for row in made.iter_rows():
        alone = normal(images[0], epoch=0, sample=row["id"])
        assert row["data"].dtype == np.float32 and np.array_equal(row["data"], alone.transpose(2, 0, 1))


def test_paths_are_ids(nodes, tmp_path):
    for k in range(4):
        (tmp_path / f"{k}.png").write_bytes(vg.encode(picture(k), "png"))
    files = ray.data.read_binary_files(str(tmp_path), include_paths=True)
    found = {row["path"]: row["bytes"] for row in on_ray(files, pipeline(), image="bytes", ids="path").iter_rows()}
    assert len(found) == 4
    for path, made in found.items():
        assert np.array_equal(made, pipeline()(vg.decode(path), epoch=0, sample=_id(path)))
    assert _id("a.png") == _id(b"a.png") != _id("b.png") and 0 <= _id("a.png") < 2**63


def batch_of(pictures: list) -> dict[str, np.ndarray]:
    column = np.empty(len(pictures), dtype=object)
    column[:] = pictures
    return {"image": column, "id": np.arange(len(pictures))}


def actor(**options) -> _Augmenter:
    return _Augmenter(pipeline().to_json(), "image", "id", 0, 1, {"dtype": None, "layout": "NHWC"} | options)


def test_a_batch_of_nothing_but_bad_pictures_has_the_columns_of_any_other():
    made = actor()(batch_of([b"x", b"y"]))
    assert made["image"].shape == (2, 32, 36, 3) and made["image"].dtype == np.uint8 and not made["image"].any()
    assert all(made["error"])


def test_a_picture_of_another_kind_costs_itself_alone():
    """Four channels among three: the engine refuses the batch, and each is tried by itself."""
    good, other = picture(0), np.dstack([picture(1), picture(1)[:, :, :1]])
    made = actor()(batch_of([good, other, picture(2), np.zeros((0, 5, 3), np.uint8), "text"]))
    assert [error == "" for error in made["error"]] == [True, False, True, False, False]
    assert "4" in made["error"][1]
    for k in (0, 2):
        assert np.array_equal(made["image"][k], pipeline()(picture(k), epoch=0, sample=k))


def test_wrong_arguments_are_errors_before_anything_runs(nodes):
    data = ray.data.from_items(rows(3))
    data = data.materialize()
    with pytest.raises(vg.ParameterError, match=r"ids: there is no column 'path'; there are 'id', 'bytes', 'label'"):
        on_ray(data, pipeline(), image="bytes", ids="path")
    with pytest.raises(vg.ParameterError, match="several sizes"):
        on_ray(data, vg.Pipeline([vg.Flip()]), image="bytes", ids="id")
    with pytest.raises(vg.UnsupportedError, match="mix"):
        on_ray(data, vg.Pipeline([vg.Resize((8, 8)), vg.MixUp()]), image="bytes", ids="id")
    with pytest.raises(vg.ParameterError, match="'error' already"):
        on_ray(ray.data.from_items([{"error": 1, "id": 1, "image": b""}]).materialize(), pipeline(), ids="id")
    for wrong in ({"threads": 0}, {"batch_size": 0}, {"epoch": -1}, {"dtype": "int3"}, {"layout": "HW"}):
        with pytest.raises(vg.ParameterError, match=next(iter(wrong))):
            on_ray(data, pipeline(), image="bytes", ids="id", **wrong)
    with pytest.raises(TypeError, match=r"expected a ray\.data\.Dataset"):
        on_ray([1, 2], pipeline(), ids="id")
