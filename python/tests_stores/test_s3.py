"""What a store of S3's protocol delivers is what a local folder of the same files does."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivered import loaded, same
from files import make_folder

import variegate as vg


@pytest.fixture(scope="module")
def both(s3, tmp_path_factory):
    """A folder here and there: more pictures than a page of a listing has keys."""
    root = make_folder(tmp_path_factory.mktemp("photos"), 1100)
    for path in root.rglob("*.*"):
        s3.put_object(Bucket="pictures", Key=f"set/photos/{path.relative_to(root).as_posix()}", Body=path.read_bytes())
    return root, vg.folder(root)


def test_folders(both):
    _, folder = both
    there = vg.folder("s3://pictures/set/photos")
    assert len(there) == 1100 and there.labels == folder.labels and there.classes == folder.classes
    assert there._samples.fingerprint == folder._samples.fingerprint
    same(there, folder)


def test_tables_shards_and_parquet(both, s3):
    root, folder = both
    first = folder.select(range(0, 1100, 37))
    names = [Path(path).relative_to(root).as_posix() for path in first.paths]
    rows = "\n".join(["image,label", *(f"{name},{label}" for name, label in zip(names, first.labels, strict=True))])
    s3.put_object(Bucket="pictures", Key="set/photos/some.csv", Body=rows.encode())
    assert loaded(vg.csv("s3://pictures/set/photos/some.csv", label="label")) == loaded(first)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for k, path in enumerate(first.paths):
            member = tarfile.TarInfo(f"{k:04}{Path(path).suffix}")
            member.size = Path(path).stat().st_size
            archive.addfile(member, io.BytesIO(Path(path).read_bytes()))
    s3.put_object(Bucket="pictures", Key="shards/a-0.tar", Body=out.getvalue())
    assert loaded(vg.tar("s3://pictures/shards/*.tar")) == loaded(first)
    for options in [{}, {"row_group_size": 10}, {"write_page_index": True, "data_page_size": 4096, "compression": "zstd"}]:
        out = io.BytesIO()
        pictures = [{"bytes": Path(path).read_bytes(), "path": name} for path, name in zip(first.paths, names, strict=True)]
        pq.write_table(pa.table({"image": pictures, "label": first.labels}), out, **options)
        s3.put_object(Bucket="pictures", Key="sets/a.parquet", Body=out.getvalue())
        source = vg.parquet("s3://pictures/sets/a.parquet")
        assert source.labels == first.labels and loaded(source) == loaded(first)


def test_a_missing_bucket_is_told(s3):
    with pytest.raises(vg.IoError, match="there is no such bucket"):
        vg.folder("s3://nowhere/set")
