"""Keras's `preprocess_input`, without its side effects.

`Normalize` of the same modes does it in the final write of a pipeline, for free; use one of the two, never both.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_CAFFE_MEAN = (103.939, 116.779, 123.68)
_TORCH_MEAN = (0.485, 0.456, 0.406)
_TORCH_STD = (0.229, 0.224, 0.225)


def preprocess_input(x: npt.ArrayLike, mode: str = "caffe", data_format: str = "channels_last") -> np.ndarray:
    """Brings RGB pictures of 0 to 255 into the numbers that a model of `keras.applications` was trained with.

    * "caffe" (VGG16, VGG19, ResNet50/101/152): BGR order, minus (103.939, 116.779, 123.68).
    * "tf" (Xception, Inception, MobileNet, MobileNetV2, NASNet, ResNetV2): x / 127.5 − 1.
    * "torch" (DenseNet): (x / 255 − mean) / std with ImageNet's figures.
    * "unit": as it is; EfficientNet, ConvNeXt and MobileNetV3 hold their own rescaling.

    Keras changes float arrays of the caller in place; this returns a new array.

    Args:
        x: Pictures of three channels: (height, width, 3) or (n, height, width, 3), or channels first.
        mode: One of the above.
        data_format: "channels_last" or "channels_first".

    Returns:
        A new array of the shape of `x`; float dtypes are kept, others become float32.

    Raises:
        ValueError: If the shape or a name is wrong.

    >>> float(preprocess_input(np.full((1, 1, 3), 255, np.uint8), "tf").max())
    1.0
    """
    x = np.asarray(x)
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError(f'data_format: expected "channels_last" or "channels_first", found {data_format!r}')
    axis = -1 if data_format == "channels_last" else -3
    if x.ndim not in (3, 4) or x.shape[axis] != 3:
        raise ValueError(f"x: expected RGB pictures, {data_format}, of 3 or 4 axes; found shape {x.shape}")
    x = x.astype(x.dtype if x.dtype.kind == "f" else np.float32)

    def each(values: tuple[float, ...]) -> np.ndarray:
        return np.asarray(values, x.dtype).reshape((3,) + (1,) * (-1 - axis))

    match mode:
        case "caffe":
            return np.ascontiguousarray(np.flip(x, axis)) - each(_CAFFE_MEAN)
        case "tf":
            return x / x.dtype.type(127.5) - x.dtype.type(1.0)
        case "torch":
            return (x / x.dtype.type(255.0) - each(_TORCH_MEAN)) / each(_TORCH_STD)
        case "unit":
            return x
    raise ValueError(f'mode: expected "caffe", "tf", "torch" or "unit", found {mode!r}')
