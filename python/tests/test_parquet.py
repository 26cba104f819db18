"""Parquet files deliver the pictures of their rows.

`data/pictures.parquet` was written by pyarrow 26 as `datasets` lays pictures out: nine PNG files of 12 × 8 pixels in groups
of four rows, with `ClassLabel` names in the footer. Row k's first pixel is 40 k.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from delivered import loaded
from stores import Store

import variegate as vg

FILE = Path(__file__).parent / "data" / "pictures.parquet"
LABELS = [1, 0, 1, 1, 0, 1, 1, 0, 1]


def first_pixels(source):
    with vg.Loader(source, vg.Pipeline([]), batch_size=4) as loader:
        return {int(i): int(x[0, 0, 0]) for batch in loader.batches() for i, x in zip(batch.ids, batch.images, strict=True)}


def test_rows_and_classes_of_hugging_face():
    source = vg.parquet(FILE)
    assert (source.classes, source.labels) == (["ant", "bee"], LABELS)
    assert source.paths[5] == f"{FILE}/5"
    assert first_pixels(source) == {k: 40 * k % 256 for k in range(9)}
    raw = vg.parquet(FILE.with_name("pict*.parquet"), image="raw", label=None)
    assert raw.labels == [None] * 9 and loaded(raw) == loaded(source)
    assert loaded(source, threads=1) == loaded(source, threads=3)
    assert len(vg.parquet([FILE, FILE])) == 18


def test_an_object_store_serves_them(monkeypatch):
    store = Store()
    store.objects["sets/train.parquet"] = FILE.read_bytes()
    store.fault = lambda name, attempt: "busy" if attempt % 3 == 1 else None
    for name, value in [("ENDPOINT_URL", store.url), ("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b")]:
        monkeypatch.setenv(f"AWS_{name}", value)
    try:
        source = vg.parquet("s3://bucket/sets/*.parquet")
        assert source.labels == LABELS and loaded(source) == loaded(vg.parquet(FILE))
    finally:
        store.close()


def test_what_is_wrong_is_told(tmp_path):
    with pytest.raises(vg.InputError, match='no column "imag"; did you mean "image"'):
        vg.parquet(FILE, image="imag")
    (tmp_path / "cut.parquet").write_bytes(FILE.read_bytes()[:-9])
    with pytest.raises(vg.InputError, match="the Parquet file cannot be read"):
        vg.parquet(tmp_path / "cut.parquet")
    with pytest.raises(vg.InputError, match="no file fits"):
        vg.parquet(tmp_path / "no*.parquet")
