"""Keras's free functions on pictures."""

from __future__ import annotations

import io

import numpy as np
import pytest

from variegate.keras import pictures as ours
from variegate.keras import random_image as free

LAST = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
picture = np.random.default_rng(1).integers(0, 256, (31, 44, 3), np.uint8)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("channels", [1, 3])
def test_as_keras_makes_images(scale, channels):
    keras, x = pytest.importorskip("keras"), picture[..., :channels].astype(np.float32) * 0.7 + 20
    same = np.asarray(ours.array_to_img(x, "channels_last", scale)).astype(int)
    assert np.abs(same - np.asarray(keras.utils.array_to_img(x, "channels_last", scale)).astype(int)).max() <= 1


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("mode", ["rgb", "rgba", "grayscale"])
def test_as_keras_loads(tmp_path, keep, mode):
    keras, path = pytest.importorskip("keras"), tmp_path / "a.png"
    ours.save_img(path, picture, "channels_last", scale=False)
    theirs = keras.utils.load_img(path, color_mode=mode, target_size=(20, 24), keep_aspect_ratio=keep)
    assert np.array_equal(ours.load_img(path, mode, (20, 24), keep_aspect_ratio=keep), theirs)
    assert np.array_equal(ours.load_img(io.BytesIO(path.read_bytes())), picture)


@pytest.mark.parametrize("size", [(20, 20), (50, 30)])
def test_as_keras_resizes_smartly(size):
    keras, x = pytest.importorskip("keras"), picture.astype(np.float32)
    theirs = keras.preprocessing.image.smart_resize(x, size, data_format="channels_last")
    assert np.abs(ours.smart_resize(x, size) - np.asarray(theirs)).max() < 0.01


def test_shapes_of_arrays():
    assert ours.img_to_array(picture, "channels_first").shape == (3, 31, 44)
    assert ours.img_to_array(picture[..., 0], "channels_last").shape == (31, 44, 1)
    with pytest.raises(ValueError, match="channel number: 2"):
        ours.array_to_img(picture[..., :2], "channels_last")


@pytest.mark.parametrize("factor", [0.37, 1.6])
def test_brightness_is_pillows(factor):
    image = pytest.importorskip("PIL.Image")
    enhance = pytest.importorskip("PIL.ImageEnhance")
    theirs = np.asarray(enhance.Brightness(image.fromarray(picture)).enhance(factor))
    assert np.array_equal(free.apply_brightness_shift(picture, factor, scale=False), theirs)


def test_channel_shift_is_cut_at_the_picture_own_ends():
    x = np.array([[[10.0, 20.0, 200.0]]])
    assert free.apply_channel_shift(x, 50).tolist() == [[[60, 70, 200]]]


def test_shifts_go_where_their_names_say():
    np.random.seed(3)
    striped = np.tile(np.arange(40, dtype=np.float32)[:, None, None], (1, 30, 1))
    # Rows alike: only a shift along the height shows.
    assert np.array_equal(free.random_shift(striped, 0.5, 0.0, **LAST), striped)
    assert not np.array_equal(free.random_shift(striped, 0.5, 0.0, **LAST, compat="tf2.9"), striped)


def test_wrong_arguments_are_named():
    with pytest.raises(ValueError, match="zoom_range"):
        free.random_zoom(picture, 0.5 * np.ones(3), **LAST)
    with pytest.raises(ValueError, match="fill_mode"):
        free.random_rotation(picture, 20, **LAST, fill_mode="mirror")
    with pytest.raises(ValueError, match="axes"):
        free.apply_affine_transform(picture, 20, row_axis=0, col_axis=0, channel_axis=2)
