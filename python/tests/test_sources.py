"""Choices and unions of sources, Netpbm files, and the page on sources."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from delivered import labels, loaded
from files import augment, make_folder, samples
from pictures import photo

import variegate as vg


@pytest.fixture
def root(tmp_path):
    return make_folder(tmp_path / "photos", 24)


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
