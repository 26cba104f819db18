"""`variegate.huggingface.Columns`, called as `datasets` calls it; where `datasets` is there, by itself."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from files import augment
from pictures import photo
from PIL import Image

import variegate as vg
from variegate.huggingface import Columns


def batch(count: int = 6) -> dict[str, list]:
    images = [Image.fromarray(np.roll(photo(40, 60), 7 * k, axis=1)) for k in range(count)]
    return {"image": images, "label": list(range(count)), "key": [10 * k for k in range(count)]}


def expected(k: int, sample: int, epoch: int = 0) -> np.ndarray:
    return augment()(np.roll(photo(40, 60), 7 * k, axis=1), epoch=epoch, sample=sample)


def test_rows_are_drawn_by_a_column_by_indices_or_by_counting():
    columns = pickle.loads(pickle.dumps(Columns(augment(), ids="key", epoch=2)))
    made = columns(batch())
    assert list(made) == ["image", "label", "key"] and made["label"] == [0, 1, 2, 3, 4, 5]
    assert all(np.array_equal(image, expected(k, 10 * k, 2)) for k, image in enumerate(made["image"]))
    made = Columns(augment())(batch(), [5, 4, 3, 2, 1, 0])
    assert all(np.array_equal(image, expected(k, 5 - k)) for k, image in enumerate(made["image"]))
    counts = Columns(augment())
    for first in (0, 6):
        made = counts(batch())
        assert all(np.array_equal(image, expected(k, first + k)) for k, image in enumerate(made["image"]))


def test_columns_of_other_names_and_boxes():
    given = batch(2) | {"boxes": [[[1.0, 2.0, 11.0, 12.0]], []]}
    given["pixels"] = given.pop("image")
    made = Columns(vg.Pipeline([vg.Flip("horizontal")]), names={"pixels": "image"})(
        given | {"boxes": [np.array(boxes, np.float32).reshape(-1, 4) for boxes in given["boxes"]]}
    )
    assert np.array_equal(made["pixels"][0], photo(40, 60)[:, ::-1])
    assert made["boxes"][0].tolist() == [[49.0, 2.0, 59.0, 12.0]] and len(made["boxes"][1]) == 0


def test_wrong_arguments():
    with pytest.raises(vg.ParameterError, match="ids: there is no column 'id'; there are 'image', 'label', 'key'"):
        Columns(augment(), ids="id")(batch())
    with pytest.raises(vg.ParameterError, match="epoch"):
        Columns(augment(), epoch=-1)
    with pytest.raises(vg.ParameterError, match="'picture' is nothing a pipeline knows"):
        Columns(augment(), names={"image": "picture"})
    with pytest.raises(TypeError, match=r"expected a vg\.Pipeline"):
        Columns(vg.Invert())


def test_with_datasets_itself(tmp_path):
    datasets = pytest.importorskip("datasets")
    for k in range(6):
        (tmp_path / f"{k}.png").write_bytes(vg.encode(np.roll(photo(40, 60), 7 * k, axis=1), "png"))
    paths = [str(tmp_path / f"{k}.png") for k in range(6)]
    data = datasets.Dataset.from_dict({"image": paths, "key": list(range(6))}).cast_column("image", datasets.Image())
    seen = data.with_transform(Columns(augment(), ids="key"))
    assert all(np.array_equal(seen[k]["image"], expected(k, k)) for k in range(6))
    columns = Columns(augment(), epoch=1)
    made = data.map(columns, batched=True, batch_size=4, with_indices=True).with_format("numpy")
    assert all(np.array_equal(made[k]["image"], expected(k, k, 1)) for k in range(6))
