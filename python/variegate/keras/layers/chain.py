"""Layers made of layers, in one go through the host: Keras's `Pipeline` and colour jitter.

Each layer inside draws for itself, by its place; one that was given a seed keeps to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras

from .base import ImageLayer, Specs
from .colour import RandomBrightness, RandomContrast, RandomHue
from .draws import Batch, Draws
from .factors import values
from .filtering import RandomSaturation
from .fused import joined
from .numbers import ValueLayer
from .registered import registered


Member = ImageLayer | ValueLayer


class Steps:
    """What a chain does, in order. Not a list, in which Keras would look for layers a second time."""

    def __init__(self, made: list[Any]) -> None:
        self.made = made


class Chain(ImageLayer):
    """A layer that sends a batch through others of this package, one after the other."""

    def __init__(self, layers: Sequence[Member], **kwargs: Any) -> None:
        # Keras reads these before there is a state, so they are known first.
        self.moves = any(layer.moves for layer in layers)
        self.relabels = any(layer.relabels for layer in layers)
        said = {layer.bounding_box_format for layer in layers} - {None}
        if len(said) > 1:
            raise ValueError(
                f"{type(self).__name__}: expected layers of one `bounding_box_format`, for boxes go through all of "
                f"them. Received: {', '.join(sorted(said))}"
            )
        if kwargs.get("bounding_box_format") is None and said:
            kwargs["bounding_box_format"] = said.pop()
        super().__init__(**kwargs)
        self.layers = list(layers)
        self._steps = Steps(joined(layers))

    def build(self, input_shape: Any = None) -> None:
        """Builds the layers inside, which may have learnt something."""
        shape = input_shape.get("images") if isinstance(input_shape, dict) else input_shape
        for layer in self.layers:
            if not layer.built:
                layer.build(shape)
            shape = None if shape is None else layer.compute_output_shape(shape)
        self.built = True

    def outlined(self, specs: Specs) -> Specs:
        for layer in self.layers:
            specs = layer._cast(layer.outlined(specs))
        return specs

    def _outlined_in_inference(self, specs: Specs) -> Specs:
        for layer in self.layers:
            if layer.acts_in_inference:
                specs = layer._cast(layer.outlined(specs))
        return specs

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        for place, step in enumerate(self._steps.made):
            batch = step.augment(batch, draws.within(place, getattr(step, "seed", None)))
        return batch

    @property
    def acts_in_inference(self) -> bool:
        return any(layer.acts_in_inference for layer in self.layers)

    def infer(self, batch: Batch) -> Batch:
        for layer in self.layers:
            if layer.always:
                batch = layer.augment(batch, Draws(0, [0] * len(next(iter(batch.values())))))
            elif layer.acts_in_inference:
                batch = layer.infer(batch)
        return batch


@registered
class RandomColorJitter(Chain):
    """Changes brightness, contrast, saturation and hue, in this order, as far as each is given.

    Args:
        value_range: Least and greatest value.
        brightness_factor: As of `RandomBrightness`.
        contrast_factor: As of `RandomContrast`.
        saturation_factor: As of `RandomSaturation`.
        hue_factor: As of `RandomHue`.
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0, 255),
        brightness_factor: Any = None,
        contrast_factor: Any = None,
        saturation_factor: Any = None,
        hue_factor: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        given = (
            (RandomBrightness, brightness_factor),
            (RandomContrast, contrast_factor),
            (RandomSaturation, saturation_factor),
            (RandomHue, hue_factor),
        )
        chosen = [layer(factor, value_range=value_range) for layer, factor in given if factor is not None]
        super().__init__(chosen, seed=seed, data_format=data_format, **kwargs)
        self.value_range = values(type(self).__name__, value_range)
        self.brightness_factor, self.contrast_factor = brightness_factor, contrast_factor
        self.saturation_factor, self.hue_factor = saturation_factor, hue_factor

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "value_range": self.value_range,
            "brightness_factor": self.brightness_factor,
            "contrast_factor": self.contrast_factor,
            "saturation_factor": self.saturation_factor,
            "hue_factor": self.hue_factor,
            "seed": self.seed,
        }


@registered
class Pipeline(Chain):
    """Layers of this package one after the other, in one go: inside `tf.data`, say, where a `Sequential` cannot be.

    Neighbours without a seed that the engine can do become one plan, so that a picture is resampled once. A layer with
    a seed of its own is done alone, and does what it does outside.

    Args:
        layers: Layers of this package; all boxes are of one format.
        name: Of the layer.
    """

    def __init__(self, layers: Sequence[Member], name: str | None = None, **kwargs: Any) -> None:
        for k, layer in enumerate(layers):
            if not isinstance(layer, Member):
                raise ValueError(
                    f"{type(self).__name__}: expected layers of variegate.keras.layers; use keras.layers.Pipeline or "
                    f"keras.Sequential for others. Received: layers[{k}]={layer!r}"
                )
        if kwargs.get("data_format") is None and layers:
            kwargs["data_format"] = layers[0].data_format
        super().__init__(layers, name=name, **kwargs)

    def get_config(self) -> dict[str, Any]:
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return {**super().get_config(), "layers": layers, "seed": self.seed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Pipeline:
        return cls(**within(config, "layers"))


def within(config: dict[str, Any], key: str) -> dict[str, Any]:
    """A config with its layers made."""
    held = config[key]
    made = (
        [keras.saving.deserialize_keras_object(item) for item in held]
        if isinstance(held, list)
        else keras.saving.deserialize_keras_object(held)
    )
    return {**config, key: made}
