"""Tables and JSON lists deliver what the folder of the same pictures does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from delivered import same
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
