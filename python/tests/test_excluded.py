"""Lists of bad files: the same on any number of threads, and good for leaving those files out; and waits that are told."""

from __future__ import annotations

import json
import os
import threading
import warnings

import pytest
from files import augment, make_folder
from test_bad_samples import HTML, spoil

import variegate as vg
from variegate.errors import StallWarning


@pytest.fixture
def root(tmp_path):
    root = make_folder(tmp_path / "photos", 60)
    spoil(root)
    for k in (7, 20, 33):
        path = next(root.glob(f"*/{k:03}.*"))
        path.write_bytes((HTML, path.read_bytes()[: path.stat().st_size * 2 // 3], b"")[k % 3])
    return root


def loader(source, **options):
    return vg.Loader(source, augment(), **({"batch_size": 4, "threads": 2, "dtype": "uint8"} | options))


def stream(load, epochs=1):
    return [(b.ids.tolist(), b.images.tobytes()) for _ in range(epochs) for b in load.batches()]


@pytest.mark.parametrize("policy", ["skip", "substitute", "quarantine"])
def test_lists_are_the_same_on_any_number_of_threads(root, tmp_path, policy):
    source = vg.folder(root)
    texts = set()
    for threads in (1, 8, 8, 3):
        # Regions differ from epoch to epoch: a file cut short is bad in the epochs that look at what is missing.
        with loader(source, threads=threads, on_bad=policy) as load:
            told = []
            for _ in load.batches():
                told.append([(entry["id"], entry["reason"], entry["epoch"]) for entry in load.bad])
            path = tmp_path / f"{threads}.jsonl"
            assert load.save_bad(path) == len(load.bad) >= 5
            texts.add((path.read_text(), json.dumps(told)))
    assert len(texts) == 1
    lines = [json.loads(line) for line in next(iter(texts))[0].splitlines()]
    assert [set(line) for line in lines] == [{"name", "reason", "id", "mark"}] * len(lines)
    assert [line["id"] for line in lines] == sorted(line["id"] for line in lines)
    assert all(source.paths[line["id"]] == line["name"] for line in lines)


@pytest.mark.parametrize("policy", ["raise", "skip", "substitute", "quarantine"])
def test_what_is_excluded_is_replaced_as_quarantine_does(root, tmp_path, policy):
    source = vg.folder(root)
    with loader(source, partial_decode=False) as first:
        wanted = stream(first, epochs=2)
        first.save_bad(tmp_path / "bad.jsonl")
        bad = first.bad
    for exclude in (tmp_path / "bad.jsonl", str(tmp_path / "bad.jsonl"), [b["id"] for b in bad], [b["path"] for b in bad]):
        with loader(source, partial_decode=False, on_bad=policy, exclude=exclude) as second:
            assert stream(second, epochs=2) == wanted
            assert second.bad == []


def test_a_list_knows_its_samples_elsewhere_and_among_others(root, tmp_path):
    with loader(vg.folder(root)) as load:
        stream(load)
        names = {os.path.basename(entry["path"]) for entry in load.bad}
        load.save_bad(tmp_path / "bad.jsonl")
    moved = root.rename(tmp_path / "moved")
    (moved / "ant" / "0000.jpg").write_bytes(next(moved.glob("*/001.jpg")).read_bytes())
    (moved / "ant" / "empty.jpg").unlink()
    source = vg.folder(moved)
    with loader(source, exclude=tmp_path / "bad.jsonl") as load:
        paths = {os.path.basename(source.paths[i]) for ids, _ in stream(load) for i in ids}
    assert not paths & names and "0000.jpg" in paths


def test_what_is_excluded_is_never_read_for_partners_either(root):
    source = vg.folder(root)
    mixing = vg.Pipeline([vg.Resize((24, 24)), vg.MixUp(0.5)], seed=3)
    for path in source.paths[6:]:
        os.unlink(path)
    with vg.Loader(source, mixing, batch_size=4, on_bad="raise", exclude=range(6, len(source))) as load:
        ids = {int(i) for batch in load.batches() for i in batch.ids}
    assert ids == set(range(6))


def test_wrong_lists_are_refused(root, tmp_path):
    source = vg.folder(root)
    with pytest.raises(vg.ParameterError, match="no sample 999"):
        loader(source, exclude=[999])
    with pytest.raises(vg.ParameterError, match="no sample -1"):
        loader(source, exclude=[-1])
    with pytest.raises(vg.ParameterError, match="not in the source"):
        loader(source, exclude=["nowhere.jpg"])
    with pytest.raises(vg.ParameterError, match="all .* are excluded"):
        loader(source, exclude=range(len(source)))
    with pytest.raises(vg.IoError, match="cannot be read"):
        loader(source, exclude=tmp_path / "none.jsonl")
    (tmp_path / "other.jsonl").write_text('{"name": "x", "mark": "00000000000000aa"}\n')
    with pytest.raises(vg.ParameterError, match="nothing of the 1"):
        loader(source, exclude=tmp_path / "other.jsonl")
    (tmp_path / "broken.jsonl").write_text('{"name": "x"}\n')
    with pytest.raises(vg.InputError, match="line 1 of"):
        loader(source, exclude=tmp_path / "broken.jsonl")
    with pytest.raises(TypeError, match="ids and paths"):
        loader(source, exclude=[1.5])


def test_a_wait_is_told_with_its_cause_and_goes_on(tmp_path):
    source = vg.folder(make_folder(tmp_path / "photos", 6))
    gate = threading.Event()

    def held(image, rng):
        gate.wait(20)

    augment = vg.Pipeline([vg.Resize((24, 24)), vg.custom(held, "held in a test")], seed=1)
    opened = threading.Timer(1.2, gate.set)
    opened.start()
    with warnings.catch_warnings(record=True) as caught, vg.Loader(
        source, augment, batch_size=4, threads=1, shuffle=False, stall_after=0.3
    ) as load:
        warnings.simplefilter("always")
        batches = list(load.batches())
    opened.join()
    assert [len(batch) for batch in batches] == [4, 2]
    told = [str(warning.message) for warning in caught if warning.category is StallWarning]
    # After 0.3 and 0.6 s, and perhaps after 1.2: not at every look, however late the machine is.
    assert 1 <= len(told) <= 3
    assert 'worker 0 is at "augment" of sample 0' in told[0] and source.paths[0] in told[0]
    assert "at step 0 of epoch 0" in told[0]


def test_a_warning_made_an_error_ends_the_wait(tmp_path):
    source = vg.folder(make_folder(tmp_path / "photos", 4))
    gate = threading.Event()

    def shut(image, rng):
        gate.wait(20)

    augment = vg.Pipeline([vg.Resize((24, 24)), vg.custom(shut, "shut in a test")], seed=1)
    load = vg.Loader(source, augment, batch_size=4, threads=1, stall_after=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("error", StallWarning)
        with pytest.raises(StallWarning, match="no batch for"):
            next(load.batches())
    gate.set()
    load.close()
