"""KerasCV's layers that choose for each picture what is done to it: apply or not, one of several, several of several.

Only what was chosen is done, on the part of the batch that chose it. Layers inside must keep shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from .base import ImageLayer, Specs
from .chain import Chain, within
from .draws import Batch, Draws
from .factors import number, whole
from .host import Spec
from .registered import registered


class Choosing(Chain):
    """A layer that does one of its layers, or none, to each picture."""

    def __init__(self, layers: Sequence[ImageLayer], **kwargs: Any) -> None:
        name = type(self).__name__
        # TensorFlow's vectorised map is not what runs here, so there is nothing to choose.
        kwargs.pop("auto_vectorize", None)
        for k, layer in enumerate(layers):
            if not isinstance(layer, ImageLayer):
                raise ValueError(f"{name}: expected layers of variegate.keras.layers. Received: layers[{k}]={layer!r}")
        if not layers:
            raise ValueError(f"{name}: expected at least one layer. Received: none")
        super().__init__(layers, **kwargs)

    def outlined(self, specs: Specs) -> Specs:
        for layer in self.layers:
            made = layer.outlined(specs)
            changed = [name for name in specs if made[name] != specs[name]]
            if changed:
                raise ValueError(
                    f"{type(self).__name__}: expected layers that keep shapes and dtypes, for they are done to some "
                    f"pictures only. Received: {type(layer).__name__}, which makes {made[changed[0]]} of "
                    f"{changed[0]} of {specs[changed[0]]}"
                )
        return specs

    def _outlined_in_inference(self, specs: Specs) -> Specs:
        return specs

    @property
    def acts_in_inference(self) -> bool:
        return False

    def chosen(self, batch: Batch, choice: np.ndarray, draws: Draws, round: int = 0) -> Batch:
        """Does to picture k the layer of number choice[k], or nothing at −1."""
        out = dict(batch)
        for place, layer in enumerate(self.layers):
            members = np.flatnonzero(choice == place)
            if not len(members):
                continue
            part = {name: value[members] for name, value in batch.items()}
            own = Draws(draws.seed, [draws.samples[k] for k in members]).within(f"{round}/{place}", layer.seed)
            for name, value in layer.augment(part, own).items():
                if out[name] is batch[name]:
                    out[name] = np.array(batch[name])
                out[name][members] = value
        return out

    def uniform(self, draws: Draws, count: int, batchwise: bool = False) -> np.ndarray:
        """(n, count) numbers of 0 to 1, the same for all pictures where the batch chooses as one."""
        places = [0 if batchwise else k for k in range(len(draws.samples))]
        return np.array([draws.generator(k, type(self).__name__).uniform(size=count) for k in places])


@registered
class RandomApply(Choosing):
    """Does a layer to some of the pictures.

    Args:
        layer: The layer, which must keep shapes.
        rate: The chance that a picture is done, 0 to 1.
        batchwise: Whether all of a batch are done, or none.
    """

    def __init__(
        self, layer: ImageLayer, rate: float = 0.5, batchwise: bool = False, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__([layer], seed=seed, **kwargs)
        self.rate, self.batchwise = number(type(self).__name__, "rate", rate, 0, 1), batchwise

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        u = self.uniform(draws, 1, self.batchwise)[:, 0]
        return self.chosen(batch, np.where(u < self.rate, 0, -1), draws)

    def get_config(self) -> dict[str, Any]:
        layer = keras.saving.serialize_keras_object(self.layers[0])
        said = {"layer": layer, "rate": self.rate, "batchwise": self.batchwise}
        return {**super().get_config(), **said, "seed": self.seed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> RandomApply:
        return cls(**within(config, "layer"))


@registered
class RandomChoice(Choosing):
    """Does one of several layers to each picture.

    Args:
        layers: The layers, which must keep shapes.
        batchwise: Whether all of a batch get the same one.
    """

    def __init__(
        self, layers: Sequence[ImageLayer], batchwise: bool = False, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(layers, seed=seed, **kwargs)
        self.batchwise = batchwise

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        u = self.uniform(draws, 1, self.batchwise)[:, 0]
        return self.chosen(batch, (u * len(self.layers)).astype(int), draws)

    def get_config(self) -> dict[str, Any]:
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return {**super().get_config(), "layers": layers, "batchwise": self.batchwise, "seed": self.seed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> RandomChoice:
        return cls(**within(config, "layers"))


@registered
class RandomAugmentationPipeline(Choosing):
    """Does several layers to each picture one after the other, each drawn anew.

    Args:
        layers: The layers, which must keep shapes.
        augmentations_per_image: How many are done to a picture.
        rate: The chance of each of them, 0 to 1.
    """

    def __init__(
        self,
        layers: Sequence[ImageLayer],
        augmentations_per_image: int,
        rate: float = 1.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(layers, seed=seed, **kwargs)
        name = type(self).__name__
        self.augmentations_per_image = whole(name, "augmentations_per_image", augmentations_per_image)
        self.rate = number(name, "rate", rate, 0, 1)

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        u = self.uniform(draws, 2 * self.augmentations_per_image)
        for round in range(self.augmentations_per_image):
            choice = np.where(u[:, 2 * round] < self.rate, (u[:, 2 * round + 1] * len(self.layers)).astype(int), -1)
            batch = self.chosen(batch, choice, draws, round)
        return batch

    def get_config(self) -> dict[str, Any]:
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        said = {"layers": layers, "augmentations_per_image": self.augmentations_per_image, "rate": self.rate}
        return {**super().get_config(), **said, "seed": self.seed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> RandomAugmentationPipeline:
        return cls(**within(config, "layers"))


@registered
class RepeatedAugmentation(Chain):
    """Sends a batch through each of several layers and returns all results as one batch.

    Args:
        augmenters: The layers, which must agree on shapes.
        shuffle: Whether the results change places.
    """

    def __init__(
        self, augmenters: Sequence[ImageLayer], shuffle: bool = True, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(augmenters, seed=seed, **kwargs)
        # Whatever belongs to a picture is repeated with it.
        self.moves = self.relabels = True
        self.shuffle = shuffle

    def outlined(self, specs: Specs) -> Specs:
        made = self.layers[0].outlined(specs)
        for layer in self.layers[1:]:
            if layer.outlined(specs) != made:
                raise ValueError(
                    f"{type(self).__name__}: expected augmenters that agree on shapes and dtypes. Received: "
                    f"{layer.outlined(specs)} and {made}"
                )
        count = len(self.layers)
        return {
            name: Spec((None if item.shape[0] is None else item.shape[0] * count, *item.shape[1:]), item.dtype)
            for name, item in made.items()
        }

    def _layout(self, specs: Specs) -> tuple[bool, bool]:
        single, first = super()._layout(specs)
        if single:
            raise ValueError(
                f"{type(self).__name__}: expected a batch of images, of rank 4, for the result has more of them. "
                f"Received: data.shape={specs['images'].shape}"
            )
        return single, first

    @property
    def acts_in_inference(self) -> bool:
        return False

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        made = [layer.augment(batch, draws.within(place, layer.seed)) for place, layer in enumerate(self.layers)]
        count = len(draws.samples) * len(made)
        order = draws.generator(0, type(self).__name__).permutation(count) if self.shuffle else np.arange(count)
        return {name: np.concatenate([part[name] for part in made])[order] for name in batch}

    def get_config(self) -> dict[str, Any]:
        layers = [keras.saving.serialize_keras_object(layer) for layer in self.layers]
        return {**super().get_config(), "augmenters": layers, "shuffle": self.shuffle, "seed": self.seed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> RepeatedAugmentation:
        return cls(**within(config, "augmenters"))
