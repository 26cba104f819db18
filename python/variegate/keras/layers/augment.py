"""Any pipeline of the engine as a Keras layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import pipeline as engine
from .base import ImageLayer, Specs
from .draws import Batch, Draws
from .engine import attached
from .host import Spec, dtype_of
from .registered import registered

# Operations whose labels are shares of several pictures have layers of their own.
MIXING = {"cut_mix": "CutMix", "f_mix": "FourierMix", "mix_up": "MixUp", "mosaic": "Mosaic", "patch_mix": "CutMix",
          "resize_mix": "CutMix"}  # fmt: skip


@registered
class Augment(ImageLayer):
    """A pipeline of operations, in training.

    Floats are read in the pipeline's own range of values, 0 to 1 unless it says otherwise. The draws are the
    pipeline's, by its own seed, and each call's samples have numbers of their own.

    Args:
        pipeline: A `vg.Pipeline`, or its YAML or JSON. It must not mix pictures, and results must have one size.
    """

    moves = True

    def __init__(self, pipeline: engine.Pipeline | str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        name = type(self).__name__
        if isinstance(pipeline, str):
            pipeline = engine.Pipeline.from_yaml(pipeline)
        if not isinstance(pipeline, engine.Pipeline):
            raise TypeError(
                f"{name}: the `pipeline` argument should be a variegate.Pipeline or its YAML. "
                f"Received: {type(pipeline).__name__}"
            )
        text = pipeline.to_json()
        for word, layer in MIXING.items():
            if f'"{word}"' in text:
                raise ValueError(
                    f"{name}: {word} mixes pictures and their labels, which this layer does not; put "
                    f"variegate.keras.layers.{layer} behind it."
                )
        self.pipeline = pipeline
        self.text = pipeline.to_yaml()

    def outlined(self, specs: Specs) -> Specs:
        shape, dtype = specs["images"]
        if None in shape[1:]:
            return {**specs, "images": Spec((shape[0], None, None, shape[3]), dtype)}
        # A picture says more than a plan: its dtype, too, may change.
        made = self._batch(np.zeros((1, *shape[1:]), dtype_of(dtype)), None, Draws(0, [0]))
        out = {**specs, "images": Spec((shape[0], *made.shape[1:]), str(made.dtype))}
        if "segmentation_masks" in specs:
            masks = specs["segmentation_masks"]
            out["segmentation_masks"] = Spec((masks.shape[0], *made.shape[1:3], *masks.shape[3:]), masks.dtype)
        return out

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        draws = Draws(0, draws.samples)
        masks = batch.get("segmentation_masks")
        made = self._batch(batch["images"], masks, draws)
        out = dict(batch)
        if masks is not None:
            made, out["segmentation_masks"] = made
        out["images"] = made
        if "boxes" in batch or "keypoints" in batch:
            out.update(attached(self.pipeline, batch, draws))
        return out

    def _batch(self, images: np.ndarray, masks: np.ndarray | None, draws: Draws) -> Any:
        return self.pipeline.batch(images, None, masks, epoch=draws.seed, samples=draws.samples, threads=None)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "pipeline": self.text, "seed": self.seed}
