"""`pad_to_aspect_ratio` of `image_dataset_from_directory`."""

from __future__ import annotations

import numpy as np
import pytest

import variegate as vg

keras = pytest.importorskip("keras")


def test_the_whole_picture_between_black_bars(tmp_path):
    (tmp_path / "wide.png").write_bytes(vg.encode(np.full((20, 40, 3), 200, np.uint8), "png"))
    data = vg.keras.image_dataset_from_directory(
        tmp_path, labels=None, image_size=(40, 40), pad_to_aspect_ratio=True, data_format="channels_last", verbose=False
    )
    (image,) = data[0]
    assert (image[12:28] == 200).all() and (image[:9] == 0).all() and (image[31:] == 0).all()
