"""Keras's `Rescaling` and `Normalization`: its own, so that gradients pass, and able to stand in a `Pipeline`.

On their own they are Keras's operations on any backend. Inside a `Pipeline` they are NumPy's, on the host.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from .base import Specs
from .draws import Batch, Draws
from .host import Spec
from .registered import registered


class ValueLayer:
    """What a layer of values must say to stand among the layers of pictures."""

    moves = False
    relabels = False
    always = True
    acts_in_inference = True
    seed = None
    bounding_box_format = None

    def __call__(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(data, dict):
            return {**data, "images": super().__call__(data["images"], *args, **kwargs)}  # type: ignore[misc]
        return super().__call__(data, *args, **kwargs)  # type: ignore[misc]

    @property
    def data_format(self) -> str:
        """Keras's setting: these layers have none of their own."""
        return keras.config.image_data_format()

    def outlined(self, specs: Specs) -> Specs:
        """The same shapes, and pictures in the dtype that the layer computes in."""
        return {**specs, "images": Spec(specs["images"].shape, str(self.compute_dtype))}  # type: ignore[attr-defined]

    def _cast(self, specs: Specs) -> Specs:
        return specs

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        """The batch with its pictures changed."""
        return {**batch, "images": self.changed(batch["images"].astype(np.float32, copy=False))}

    def changed(self, images: np.ndarray) -> np.ndarray:
        """New pictures, float32, channels last."""
        raise NotImplementedError


@registered
class Rescaling(ValueLayer, keras.layers.Rescaling):
    """Multiplies values by a scale and adds an offset, also in inference; in the layer's dtype, float32 by default.

    Args:
        scale: One number, or one for each channel.
        offset: Alike.
    """

    def changed(self, images: np.ndarray) -> np.ndarray:
        return images * np.asarray(self.scale, np.float32) + np.asarray(self.offset, np.float32)


@registered
class Normalization(ValueLayer, keras.layers.Normalization):
    """Takes the mean off and divides by the standard deviation, also in inference; `adapt` learns both from data.

    Args:
        axis: What has a mean and a variance of its own, the last axis by default.
        mean: Given instead of learnt, with `variance`.
        variance: Alike.
        invert: Whether it does the opposite.
    """

    def changed(self, images: np.ndarray) -> np.ndarray:
        mean, variance = (
            (self.input_mean, self.input_variance) if self.input_mean is not None else (self.mean, self.variance)
        )
        if mean is None:
            raise ValueError(
                "Normalization: it has neither a mean nor a variance yet; give it `mean` and `variance`, or call "
                "`adapt(data)` with data like that which it will get."
            )
        mean, variance = (
            np.asarray(keras.ops.convert_to_numpy(value), np.float32).ravel() for value in (mean, variance)
        )
        if mean.size not in (1, images.shape[-1]):
            raise ValueError(
                f"Normalization: inside a Pipeline a mean and a variance of one number, or of one for each of the "
                f"{images.shape[-1]} channels, are expected. Received: axis={self.axis}, {mean.size} of them"
            )
        deviation = np.maximum(np.sqrt(variance), np.float32(keras.config.epsilon()))
        return images * deviation + mean if self.invert else (images - mean) / deviation
