"""Keras's `preprocess_input`, without its side effects, and the same as the last operation of a pipeline.

`variegate.keras.applications` calls it for each family of models. It must never change what it is given. One of the two
forms is enough: numbers that look as if they had been through it already are taken, with a warning.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal, overload

import numpy as np
import numpy.typing as npt

from ..ops import Normalize

MODES = ("caffe", "tf", "torch", "none")
CAFFE_MEAN = (103.939, 116.779, 123.68)
TORCH_MEAN = (0.485, 0.456, 0.406)
TORCH_STD = (0.229, 0.224, 0.225)
# What "tf" and "torch" give stays below the first; dark pixels less the means of "caffe" reach below the second, and
# the overshoot of a sharp filter does not.
SCALED = 3.0
SHIFTED = -50.0


@overload
def preprocess_input(x: str) -> Normalize: ...


@overload
def preprocess_input(x: npt.ArrayLike, mode: str = ..., data_format: str = ...) -> np.ndarray: ...


def preprocess_input(x: Any, mode: str = "caffe", data_format: str = "channels_last") -> Any:
    """Brings RGB pictures of 0 to 255 into the numbers that a model of `keras.applications` was trained with.

    * "caffe" (VGG16, VGG19, ResNet50/101/152): BGR order, minus (103.939, 116.779, 123.68).
    * "tf" (Xception, Inception, MobileNet, MobileNetV2, NASNet, ResNetV2): x / 127.5 − 1.
    * "torch" (DenseNet): (x / 255 − mean) / std with ImageNet's figures.
    * "none" (EfficientNet, ConvNeXt, MobileNetV3, which hold their own rescaling): as it is.

    Keras changes float arrays of the caller in place; this returns a new array. Tensors, also symbolic ones within a
    model, are handed to Keras, which does not change those.

    With a mode in place of pictures it returns the operation that does the same in the final write of a pipeline, at no
    cost: `vg.Pipeline([vg.ResizedCrop(224), preprocess_input("caffe")])`. `variegate.keras.applications` has both by
    the names of models.

    Args:
        x: Pictures of three channels: (height, width, 3) or (n, height, width, 3), or channels first. Or a mode.
        mode: One of the above.
        data_format: "channels_last" or "channels_first".

    Returns:
        A new array of the shape of `x`; float dtypes are kept, others become float32. For a mode, an operation.

    Warns:
        UserWarning: If the values of an array are not those of pictures from 0 to 255, but look as if they had been
            preprocessed already, or as if they went from 0 to 1.

    Raises:
        ValueError: If the shape or a name is wrong.

    >>> float(preprocess_input(np.full((1, 1, 3), 255, np.uint8), "tf").max())
    1.0
    >>> preprocess_input("caffe")
    Normalize(mode='caffe')
    """
    if isinstance(x, str):
        return operation(x)
    _known(mode)
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError(f'data_format: expected "channels_last" or "channels_first", found {data_format!r}')
    if not isinstance(x, np.ndarray | np.generic | list | tuple | int | float):
        return _of_tensor(x, mode, data_format)
    x = np.asarray(x)
    axis = -1 if data_format == "channels_last" else -3
    if x.ndim not in (3, 4) or x.shape[axis] != 3:
        raise ValueError(f"x: expected RGB pictures, {data_format}, of 3 or 4 axes; found shape {x.shape}")
    if x.dtype.kind == "f" and mode != "none":
        _doubt(x)
    x = x.astype(x.dtype if x.dtype.kind == "f" else np.float32)

    def each(values: tuple[float, ...]) -> np.ndarray:
        return np.asarray(values, x.dtype).reshape((3,) + (1,) * (-1 - axis))

    match mode:
        case "caffe":
            return np.ascontiguousarray(np.flip(x, axis)) - each(CAFFE_MEAN)
        case "tf":
            return x / x.dtype.type(127.5) - x.dtype.type(1.0)
        case "torch":
            return (x / x.dtype.type(255.0) - each(TORCH_MEAN)) / each(TORCH_STD)
    return x


def operation(mode: str) -> Normalize:
    """The final write that does what `preprocess_input` of this mode does. It stands last in a pipeline.

    Raises:
        ValueError: If there is no such mode.
    """
    _known(mode)
    if mode == "none":
        # White is 255: the same numbers, and float32 also where the pipeline is called with bytes.
        return Normalize("custom", mean=0.0, std=1.0 / 255.0)
    figures: dict[str, Literal["caffe", "tf", "torch"]] = {"caffe": "caffe", "tf": "tf", "torch": "torch"}
    return Normalize(figures[mode])


def _known(mode: Any) -> None:
    if mode not in MODES:
        raise ValueError(f'mode: expected "caffe", "tf", "torch" or "none", found {mode!r}')


def _of_tensor(x: Any, mode: str, data_format: str) -> Any:
    import keras
    from keras.applications import imagenet_utils

    if mode == "none":
        return x
    if not keras.backend.is_float_dtype(keras.backend.standardize_dtype(x.dtype)):
        x = keras.ops.cast(x, keras.config.floatx())
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode=mode)


def _doubt(x: np.ndarray) -> None:
    """Warns of numbers that cannot be those of pictures from 0 to 255."""
    if x.size == 0:
        return
    low, high = float(x.min()), float(x.max())
    if low < SHIFTED or (low < 0 and high <= SCALED):
        found = "that looks like pictures that were preprocessed already; do it once, here or in the pipeline"
    elif low >= 0 and 0 < high <= 1 and bool(((x > 0) & (x < 1)).any()):
        found = "that looks like pictures from 0 to 1; multiply them by 255"
    else:
        return
    warnings.warn(f"x: expected pictures of 0 to 255, found {low:g} to {high:g}: {found}", UserWarning, stacklevel=3)


__all__ = ["MODES", "operation", "preprocess_input"]
