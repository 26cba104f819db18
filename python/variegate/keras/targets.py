"""Boxes, masks and points of a batch in the forms that Keras takes.

`Dataset` calls it. It renames arrays and copies none.
"""

from __future__ import annotations

from typing import Any

from ..loader import Batch


def for_fit(batch: Batch) -> Any:
    """(images, y) as `fit` takes it.

    y is the masks where there is nothing else; boxes as {"boxes", "labels"}, as detectors of KerasHub take them, where
    there is nothing else; otherwise what `for_layers` gives, without the images.
    """
    if not isinstance(batch.targets, dict):
        return batch.pair()
    attached = _named(batch.targets)
    only = next(iter(attached.values())) if len(attached) == 1 else attached
    return (batch.images, only) if batch.weights is None else (batch.images, only, batch.weights)


def for_layers(batch: Batch) -> dict[str, Any]:
    """One dict as Keras's preprocessing layers take it: images, labels, bounding_boxes, segmentation_masks, keypoints."""
    named = {"images": batch.images}
    if isinstance(batch.targets, dict):
        return named | _named(batch.targets)
    return named if batch.labels is None else named | {"labels": batch.labels}


def _named(targets: dict[str, Any]) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if "labels" in targets:
        named["labels"] = targets["labels"]
    if "boxes" in targets:
        named["bounding_boxes"] = {"boxes": targets["boxes"], "labels": targets["box_labels"]}
    if "masks" in targets:
        # Layers of Keras want an axis of channels.
        named["segmentation_masks"] = targets["masks"][..., None]
    if "points" in targets:
        named["keypoints"] = targets["points"]
    return named


__all__ = ["for_fit", "for_layers"]
