"""Files that cannot be used, under each policy: told by name, and nothing else is lost."""

from __future__ import annotations

import os

import numpy as np
import pytest
from files import augment, make_folder, samples
from pictures import photo

import variegate as vg

POLICIES = ["raise", "skip", "substitute", "quarantine"]
HTML = b"<!DOCTYPE html><html><body>404 Not Found</body></html>" * 20


@pytest.fixture
def root(tmp_path):
    return make_folder(tmp_path / "photos", 24)


def spoil(root):
    """Four bad files; which, and a word of what is said about each."""
    jpeg = (root / "bee" / "001.jpg").read_bytes()
    bad = {
        root / "ant" / "html.jpg": (HTML, "HTML"),
        root / "ant" / "empty.jpg": (b"", "empty"),
        root / "bee" / "noise.png": (bytes(range(256)) * 8, "no image format"),
        root / "cat" / "short.jpg": (jpeg[: len(jpeg) // 3], ""),
    }
    for path, (content, _) in bad.items():
        path.write_bytes(content)
    return {str(path): word for path, (_, word) in bad.items()}


def load_all(load):
    """One epoch, going on after errors."""
    batches, errors, loop = [], [], load.batches()
    while True:
        try:
            batches.append(next(loop))
        except StopIteration:
            return batches, errors
        except vg.Error as error:
            errors.append(error)


def loader(source, **options):
    return vg.Loader(source, augment(), **({"batch_size": 4, "threads": 2, "partial_decode": False} | options))


@pytest.mark.parametrize("policy", POLICIES)
def test_bad_files_are_told_and_good_ones_come(root, policy):
    whole = {vg.folder(root).paths[i]: image for i, image in samples(loader(vg.folder(root)).batches()).items()}
    assert len(whole) == 24
    bad = spoil(root)
    source = vg.folder(root)
    load = loader(source, on_bad=policy)
    batches, errors = load_all(load)
    assert {entry["path"] for entry in load.bad} == set(bad)
    for entry in load.bad:
        assert set(entry) == {"path", "reason", "kind", "id", "epoch"} and entry["epoch"] == 0
        assert source.paths[entry["id"]] == entry["path"]
        assert bad[entry["path"]].lower() in entry["reason"].lower()
    paths = [source.paths[i] for batch in batches for i in batch.ids]
    assert not set(paths) & set(bad)
    match policy:
        case "raise":
            assert errors and all(isinstance(error, vg.InputError) for error in errors)
            assert all(error.path in bad and error.path in str(error) for error in errors)
            assert len(batches) + len(errors) == len(load)
        case "skip":
            assert not errors and sorted(paths) == sorted(whole)
        case _:
            assert not errors and len(paths) == 28 and set(paths) == set(whole)
    # Another epoch, the same fate; what is bad is listed once.
    again, errors = load_all(load)
    assert {entry["path"] for entry in load.bad} == set(bad) and bool(errors) == (policy == "raise")
    assert not {source.paths[i] for batch in again for i in batch.ids} & set(bad)


@pytest.mark.parametrize("policy", ["skip", "substitute", "quarantine"])
def test_a_bad_file_shifts_no_other_sample(root, policy):
    source = vg.folder(root)
    before = [samples(loader(source).batches()), None]
    second = loader(source)
    second.seek(1)
    before[1] = samples(second.batches())
    for name in ("ant/000.png", "cat/005.jpg"):
        (root / name).write_bytes(HTML)
    load = loader(source, on_bad=policy)
    for epoch in range(2):
        for i, image in samples(load.batches()).items():
            assert image == before[epoch][i]


@pytest.mark.parametrize("threads", [1, 2, 7])
@pytest.mark.parametrize("policy", ["skip", "substitute", "quarantine"])
def test_bad_files_leave_the_stream_to_the_seed(root, policy, threads):
    spoil(root)
    source = vg.folder(root)
    plain, load = loader(source, on_bad=policy, threads=1), loader(source, on_bad=policy, threads=threads)
    for epoch in range(3):
        expected = [(b.ids.tolist(), b.images.tobytes()) for b in plain.batches()]
        assert [(b.ids.tolist(), b.images.tobytes()) for b in load.batches()] == expected
        fresh = loader(source, on_bad=policy)
        fresh.seek(epoch)
        assert [(b.ids.tolist(), b.images.tobytes()) for b in fresh.batches()] == expected


def test_a_file_that_ends_early_is_bad_whatever_part_is_looked_at(tmp_path):
    for k in range(4):
        (tmp_path / f"{k}.jpg").write_bytes(vg.encode(np.roll(photo(400, 600), 9 * k, axis=0), "jpeg"))
    short = tmp_path / "1.jpg"
    short.write_bytes(short.read_bytes()[: short.stat().st_size * 2 // 3])
    source = vg.folder(tmp_path)
    corner = vg.Pipeline([vg.ResizedCrop(16, area=(0.01, 0.1))], seed=2)
    for policy in ("quarantine", "substitute", "skip"):
        for partial in (True, False):
            load = vg.Loader(source, corner, batch_size=2, threads=2, on_bad=policy, partial_decode=partial)
            assert not any(1 in batch.ids for _ in range(8) for batch in load.batches())
            (entry,) = load.bad
            assert entry["path"] == str(short) and "cut short" in entry["reason"]


def test_a_batch_of_bad_files_alone_is_passed_over(root):
    bad = spoil(root)
    source = vg.folder(root)
    load = loader(source, on_bad="skip", batch_size=1)
    batches = list(load.batches())
    assert len(batches) == len(load) - len(bad) == 24


def test_too_many_bad_files_are_an_error(root):
    spoil(root)
    load = loader(vg.folder(root), on_bad="skip", max_bad=3, batch_size=28)
    with pytest.raises(vg.InputError, match="4 different samples could not be used, more than the 3 that are borne"):
        list(load)
    assert list(loader(vg.folder(root), on_bad="skip", max_bad=4))
    for k in range(9):
        (root / "ant" / f"more{k}.png").write_bytes(b"no picture")
    with pytest.raises(vg.InputError, match="loader.bad"):
        list(loader(vg.folder(root), batch_size=37))


def test_nothing_but_bad_files(tmp_path):
    for k in range(4):
        (tmp_path / f"{k}.jpg").write_bytes(HTML)
    for policy in POLICIES:
        with pytest.raises(vg.InputError, match=r"\d.jpg"):
            list(loader(vg.folder(tmp_path), on_bad=policy))


def test_a_file_that_vanishes_is_bad(root):
    source = vg.folder(root)
    (root / "ant" / "000.png").unlink()
    load = loader(source)
    list(load)
    (entry,) = load.bad
    assert entry["kind"] == "io" and entry["path"].endswith("000.png")
    with pytest.raises(vg.IoError, match="000.png"):
        list(loader(source, on_bad="raise", shuffle=False))


def test_other_files_and_empty_classes_are_left_aside(root):
    (root / "ant" / "notes.txt").write_text("bring milk")
    (root / "ant" / ".hidden.jpg").write_bytes(HTML)
    (root / "dog").mkdir()
    (root / "stray.jpg").write_bytes((root / "bee" / "001.jpg").read_bytes())
    source = vg.folder(root, labelled=True)
    assert source.classes == ["ant", "bee", "cat", "dog"] and len(source) == 24
    assert len(source.problems) == 2
    assert any("dog" in problem and "no pictures" in problem for problem in source.problems)
    assert any("stray.jpg" in problem and "belongs to no class" in problem for problem in source.problems)
    images, labels = next(iter(loader(source, label_mode="categorical")))
    assert labels.shape == (4, 4)


def test_names_that_are_not_utf8(root):
    jpeg = (root / "bee" / "001.jpg").read_bytes()
    folder = os.path.join(os.fsencode(root), b"d\xff\xfe")
    os.mkdir(folder)
    good, bad = os.path.join(folder, b"\xffgood.jpg"), os.path.join(folder, b"\xfebad.jpg")
    for path, content in ((good, jpeg), (bad, HTML)):
        with open(path, "wb") as file:
            file.write(content)
    source = vg.folder(root)
    assert os.fsencode(source.paths[-1]) == good and os.fsencode(source.paths[-2]) == bad
    assert len(source.classes) == 4 and source.classes[3].startswith("d")
    load = loader(source)
    list(load)
    (entry,) = load.bad
    assert os.fsencode(entry["path"]) == bad
    with pytest.raises(vg.InputError, match="bad.jpg"):
        list(loader(source, on_bad="raise", batch_size=26))
    assert len(vg.folder(os.fsdecode(folder))) == 2
    assert len(vg.folder(root, classes=["ant", "bee"])) == 16


@pytest.mark.parametrize("follow_links", [False, True])
def test_links_in_a_circle(root, follow_links):
    (root / "ant" / "loop").symlink_to(root, target_is_directory=True)
    (root / "ant" / "other").symlink_to(root / "bee", target_is_directory=True)
    (root / "ant" / "link.jpg").symlink_to(root / "bee" / "001.jpg")
    (root / "ant" / "broken.jpg").symlink_to(root / "nowhere.jpg")
    source = vg.folder(root, follow_links=follow_links)
    assert len(source) == (33 if follow_links else 25)
    assert any("broken.jpg" in problem and "broken link" in problem for problem in source.problems)
    assert any("not entered again" in problem for problem in source.problems) == follow_links
    assert len(samples(loader(source).batches())) == len(source)


def test_a_folder_without_permission(root):
    if os.geteuid() == 0:
        pytest.skip("root may read everything: run as another user to test missing permissions")
    os.chmod(root / "ant", 0)
    os.chmod(root / "bee" / "001.jpg", 0)
    try:
        source = vg.folder(root)
        assert any("ant" in problem and "cannot be listed" in problem for problem in source.problems)
        load = loader(source)
        list(load)
        assert [entry["kind"] for entry in load.bad] == ["io"]
    finally:
        os.chmod(root / "ant", 0o755)


def test_a_file_the_system_refuses_to_read(root):
    """A path that fails for root, too: reading this one is an error of the system."""
    if not os.path.exists("/proc/self/mem"):
        pytest.skip("there is no /proc")
    (root / "ant" / "mem.jpg").symlink_to("/proc/self/mem")
    load = loader(vg.folder(root))
    list(load)
    (entry,) = load.bad
    assert entry["path"].endswith("mem.jpg") and entry["kind"] in ("io", "input")


def test_a_pipe_does_not_stall(root):
    os.mkfifo(root / "ant" / "pipe.jpg")
    source = vg.folder(root)
    assert len(samples(loader(source).batches())) == 24


def test_folders_that_cannot_be_used(tmp_path, root):
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("a")
    for call, error, message in [
        (lambda: vg.folder(tmp_path / "nowhere"), vg.IoError, "nowhere.*cannot be opened"),
        (lambda: vg.folder(root / "bee" / "001.jpg"), vg.IoError, "not a folder"),
        (lambda: vg.folder(tmp_path / "empty"), vg.InputError, "no files; expected root/picture.jpg"),
        (lambda: vg.folder(tmp_path / "texts"), vg.InputError, "1 file, not with an image extension"),
        (lambda: vg.folder(root, classes=["ant", "bea"]), vg.InputError, 'did you mean "bee"'),
        (lambda: vg.folder(root, classes=["ant"], labelled=False), vg.ParameterError, "drop one of the two"),
        (lambda: vg.folder(root, classes=["ant", "ant"]), vg.ParameterError, "given twice"),
    ]:
        with pytest.raises(error, match=message):
            call()


def test_a_huge_header_is_refused_before_memory_is_taken(root):
    png = bytearray(vg.encode(np.zeros((4, 4, 3), np.uint8), "png"))
    png[16:24] = (60_000).to_bytes(4, "big") * 2
    (root / "ant" / "huge.png").write_bytes(png)
    load = loader(vg.folder(root))
    list(load)
    (entry,) = load.bad
    assert entry["path"].endswith("huge.png") and entry["kind"] in ("limit", "input")
