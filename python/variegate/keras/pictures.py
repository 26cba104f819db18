"""Keras's functions between files, Pillow's images and arrays.

Those that hand out or take an image of Pillow need Pillow, which is imported when they are called.
"""

from __future__ import annotations

import io
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from ..ops import Resize
from ..pipeline import Pipeline
from .random_image import stretched

FORMATS = ("channels_last", "channels_first")


def checked_format(data_format: str | None) -> str:
    """Where the channels are: the name given, or else Keras's setting. Raises ValueError for an unknown name."""
    if data_format is None:
        import keras

        return str(keras.config.image_data_format())
    if data_format not in FORMATS:
        raise ValueError(f"Invalid data_format: {data_format}. Expected one of {FORMATS}")
    return data_format


def img_to_array(img: Any, data_format: str | None = None, dtype: str | None = None) -> np.ndarray:
    """A picture as an array of three axes; grey ones get an axis of one channel.

    Args:
        img: An image of Pillow, or an array of (height, width) or (height, width, channels).
        data_format: "channels_last" or "channels_first". Keras's setting unless given.
        dtype: float32 unless given.

    Raises:
        ValueError: If it has not two or three axes.
    """
    first = checked_format(data_format) == "channels_first"
    x = np.array(img, dtype=dtype or "float32")
    if x.ndim not in (2, 3):
        raise ValueError(f"Unsupported image shape: {x.shape}")
    if x.ndim == 2:
        return x[None] if first else x[..., None]
    return x.transpose(2, 0, 1) if first else x


def array_to_img(
    x: npt.ArrayLike, data_format: str | None = None, scale: bool = True, dtype: str | None = None
) -> Any:
    """An array as an image of Pillow, of 8 bits (grey values above 255: of 32).

    Args:
        x: One picture of 1, 3 or 4 channels.
        data_format: "channels_last" or "channels_first". Keras's setting unless given.
        scale: Whether values are stretched from their smallest and largest to 0 and 255; fractions are cut off.
        dtype: float32 unless given.

    Raises:
        ImportError: If Pillow is not installed.
        ValueError: If the shape is wrong.
    """
    first = checked_format(data_format) == "channels_first"
    x = np.asarray(x, dtype=dtype or "float32")
    if x.ndim != 3:
        raise ValueError(f"Expected image array to have rank 3 (single image). Got array with shape: {x.shape}")
    x = x.transpose(1, 2, 0) if first else x
    if x.shape[2] not in (1, 3, 4):
        raise ValueError(f"Unsupported channel number: {x.shape[2]}")
    image = pillow()
    x = stretched(x) if scale else x
    if x.shape[2] == 1:
        grey = x[..., 0]
        return image.fromarray(grey.astype("int32" if grey.max() > 255 else "uint8"))
    return image.fromarray(x.astype("uint8"))


def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """A file as an image of Pillow. As in Keras, EXIF orientation is not followed.

    Args:
        path: A path, or a file object opened in binary mode.
        color_mode: "rgb", "rgba" or "grayscale".
        target_size: Height and width it is brought to.
        interpolation: "nearest", "bilinear", "bicubic", "hamming", "box" or "lanczos".
        keep_aspect_ratio: Whether the middle with the aspect of `target_size` is taken, instead of stretching.

    Raises:
        ImportError: If Pillow is not installed.
        ValueError: If a name is unknown.
        TypeError: If `path` is neither.
    """
    if color_mode not in ("rgb", "rgba", "grayscale"):
        raise ValueError(f'color_mode must be "grayscale", "rgb", or "rgba". Received: color_mode={color_mode}')
    image = pillow()
    if isinstance(path, io.IOBase):
        img = image.open(path)
    elif isinstance(path, str | bytes | os.PathLike):
        with open(path, "rb") as file:
            img = image.open(io.BytesIO(file.read()))
    else:
        raise TypeError(f"path should be path-like or io.BytesIO, not {type(path)}")
    if color_mode != "grayscale":
        img = img.convert(color_mode.upper())
    elif img.mode not in ("L", "I;16", "I"):
        img = img.convert("L")
    if target_size is None:
        return img
    height, width = target_size
    if img.size == (width, height):
        return img
    filters = {name: image.Resampling[name.upper()] for name in ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")}
    if interpolation not in filters:
        raise ValueError(f"Invalid interpolation method {interpolation}. Supported methods are {', '.join(filters)}")
    if not keep_aspect_ratio:
        return img.resize((width, height), filters[interpolation])
    top, left, tall, wide = middle(img.size[1], img.size[0], height, width)
    return img.resize((width, height), filters[interpolation], box=(left, top, left + wide, top + tall))


def save_img(
    path: Any,
    x: npt.ArrayLike,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Writes an array as a file, in the format of its extension or in `file_format`; `kwargs` go to Pillow.

    `scale` stretches values from their smallest and largest to 0 and 255, as in Keras. JPEG has no transparency: it is
    left out there.
    """
    img = array_to_img(x, data_format, scale)
    named = (file_format or os.path.splitext(str(path))[1].lstrip(".")).lower()
    if img.mode == "RGBA" and named in ("jpg", "jpeg"):
        img = img.convert("RGB")
    img.save(path, format={"jpg": "jpeg"}.get(file_format or "", file_format), **kwargs)


def smart_resize(
    x: npt.ArrayLike,
    size: tuple[int, int],
    interpolation: str = "bilinear",
    data_format: str = "channels_last",
    backend_module: Any = None,
) -> np.ndarray:
    """Brings pictures to a size without stretching: the middle with its aspect, resized without antialiasing.

    Args:
        x: One picture or a batch, of three or four axes.
        size: Height and width.
        interpolation: "bilinear", "nearest", "bicubic", "lanczos3" or "lanczos5".
        data_format: "channels_last" or "channels_first".
        backend_module: Taken for Keras's sake, and not used: the result is an array of NumPy.

    Returns:
        A new float32 array.

    Raises:
        ValueError: If the size or the number of axes is wrong.
    """
    if len(size) != 2:
        raise ValueError(f"Expected `size` to be a tuple of 2 integers, but got: {size}.")
    images = np.asarray(x, np.float32)
    if images.ndim not in (3, 4):
        raise ValueError(f"Expected an image array with shape (height, width, channels), or a batch, got {images.shape}.")
    first = checked_format(data_format) == "channels_first"
    single = images.ndim == 3
    images = images[None] if single else images
    images = images.transpose(0, 2, 3, 1) if first else images
    top, left, tall, wide = middle(*images.shape[1:3], *size)
    cut = np.ascontiguousarray(images[:, top : top + tall, left : left + wide])
    resize = Pipeline([Resize(tuple(size), filter=interpolation, antialias=False)], value_range=(0.0, 255.0))
    out = resize.batch(cut, threads=None)
    out = out.transpose(0, 3, 1, 2) if first else out
    return out[0] if single else out


def middle(height: int, width: int, tall: int, wide: int) -> tuple[int, int, int, int]:
    """Top, left, height and width of the largest window in the middle with the aspect wanted, in whole pixels."""
    cut_height = min(height, max(1, int(float(width * tall) / wide)))
    cut_width = min(width, max(1, int(float(height * wide) / tall)))
    return int((height - cut_height) / 2), int((width - cut_width) / 2), cut_height, cut_width


def pillow() -> Any:
    """The module `PIL.Image`."""
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("images of Pillow need Pillow: pip install pillow") from error
    return Image
