"""The transform of one call as data, drawn first and applied to one part of the inputs after the other.

Every layer has these methods, under the names that Keras's have. A transform is the address of its draws, not Keras's dict of
angles and shifts: numbers are drawn where they are used. They work where values are known, not inside a graph.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from . import boxes as box_formats
from .draws import Draws
from .host import array, spec
from .layout import batched, inward, outward

Transformation = dict[str, Any]


class Explicit:
    """Methods that draw a transform and that apply it."""

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Transformation | None:
        """Draws for pictures, or a dict of them, as one call of the layer would.

        Args:
            data: As the layer is called with.
            training: Whether it acts; outside of training there is nothing to draw.
            seed: A whole number to draw by instead of the layer's own seed and count of calls.

        Returns:
            A dict of `seed`, `samples` (a number for each picture) and `shape` (of the batch, channels last), or None.
        """
        if not (training or self.always):  # type: ignore[attr-defined]
            return None
        images = data["images"] if isinstance(data, dict) else data
        single, first = self._layout({"images": spec(images)})  # type: ignore[attr-defined]
        shape = batched(spec(images), "images", single, first).shape
        if seed is not None:
            state: Any = (int(seed), 0)
        elif self.generator is None:  # type: ignore[attr-defined]
            state = (0, 0)
        else:
            state = keras.ops.convert_to_numpy(self.generator.next())  # type: ignore[attr-defined]
        draws = Draws.of(np.asarray(state), int(shape[0]))
        return {"seed": draws.seed, "samples": draws.samples, "shape": shape}

    def transform_images(self, images: Any, transformation: Transformation | None, training: bool = True) -> Any:
        """Pictures under a transform, of (height, width, channels) or a batch of them."""
        return self._under(transformation, training, "images", images)

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Transformation | None, training: bool = True
    ) -> Any:
        """Masks under the transform that their pictures got."""
        return self._under(transformation, training, "segmentation_masks", segmentation_masks)

    def transform_labels(self, labels: Any, transformation: Transformation | None, training: bool = True) -> Any:
        """Labels under the transform that their pictures got: themselves, unless the layer mixes."""
        return self._under(transformation, training, "labels", labels)

    def transform_bounding_boxes(
        self, bounding_boxes: dict[str, Any], transformation: Transformation | None, training: bool = True
    ) -> dict[str, Any]:
        """A dict of `boxes` (n, m, 4) and `labels` (n, m) under the transform that their pictures got."""
        if transformation is None or not (training or self.always) or not self.moves:  # type: ignore[attr-defined]
            return bounding_boxes
        parts = {name: array(value) for name, value in self._boxes(bounding_boxes).items()}  # type: ignore[attr-defined]
        form = self.bounding_box_format  # type: ignore[attr-defined]
        parts["boxes"] = box_formats.to_edges(parts["boxes"], form, *transformation["shape"][1:3])
        made = self._made(transformation, parts)
        boxes = box_formats.from_edges(made["boxes"], form, *made["images"].shape[1:3])
        key = "classes" if "classes" in bounding_boxes and "labels" not in bounding_boxes else "labels"
        return {**bounding_boxes, "boxes": self._given(boxes), key: self._given(made["box_labels"])}

    def _under(self, transformation: Transformation | None, training: bool, name: str, value: Any) -> Any:
        concerned = {"images": True, "segmentation_masks": self.moves, "labels": self.relabels}  # type: ignore[attr-defined]
        if transformation is None or not (training or self.always) or not concerned[name]:  # type: ignore[attr-defined]
            return value
        rows = array(value)
        rank = {"images": 4, "labels": 2}.get(name, 0)
        single = rows.ndim == rank - 1 if rank else rows.shape[0] != len(transformation["samples"])
        first = self.data_format == "channels_first"  # type: ignore[attr-defined]
        made = self._made(transformation, {name: inward(rows, name, single, first)})
        return self._given(outward(made[name], name, single, first))

    def _made(self, transformation: Transformation, parts: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        draws = Draws(transformation["seed"], list(transformation["samples"]))
        # Where only what belongs to pictures is asked for, a black one stands for each.
        blank = {} if "images" in parts else {"images": np.zeros(transformation["shape"], np.uint8)}
        return self.augment({**blank, **parts}, draws)  # type: ignore[attr-defined]

    def _given(self, value: np.ndarray) -> Any:
        return keras.ops.convert_to_tensor(value)
