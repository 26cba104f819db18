"""What the parts of a sample are called, and the way of a sample through a pipeline and back.

A sample is a picture, a tuple, or a dict, as data sets of torch, Grain and Hugging Face hold them; their modules here
call this and say how values become arrays and arrays become values. It must not import any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .errors import ParameterError
from .pipeline import Pipeline

# Handed through: what belongs to a sample as a whole does not move with its pixels.
_THROUGH = "labels"
TARGETS = (
    "image", "images", "mask", "masks", "boxes", "box_format", "box_labels", "points", "points_visible", "polygons",
    "instance_masks", "heatmap", "depth", "flow", "normals", "video", "video_mask", "volume", "volume_mask", _THROUGH,
)  # fmt: skip
Names = Sequence[str] | Mapping[Any, str]


class Parts:
    """Runs samples through a pipeline and gives them back in the container they came in.

    Args:
        augment: The pipeline.
        names: What the pipeline calls the parts: of a tuple in order, of a dict as {key: name}. Keys that are the
            pipeline's own names need no entry. A dict within a tuple is taken apart likewise.
        box_format: How boxes are written, where the sample does not say so.
        take: What makes an array, or a list of arrays, of (value, name).
        give: What makes a value of (array or list, name, the value that was taken).

    Raises:
        TypeError: If `augment` is no pipeline.
        ParameterError: If a name is none of the pipeline's.
    """

    def __init__(
        self,
        augment: Pipeline,
        names: Names,
        box_format: str,
        take: Callable[[Any, str], Any],
        give: Callable[[Any, str, Any], Any],
    ) -> None:
        if not isinstance(augment, Pipeline):
            raise TypeError(f"augment: expected a vg.Pipeline, found {type(augment).__name__}")
        if isinstance(names, str):
            raise ParameterError(f'names: expected a list as ["image", "mask"] or a dict, found {names!r}')
        named = dict(names) if isinstance(names, Mapping) else dict(enumerate(names))
        for name in named.values():
            if name not in TARGETS:
                known = ", ".join(TARGETS)
                raise ParameterError(f"names: {name!r} is nothing a pipeline knows; expected one of {known}")
        self.augment = augment
        self._names = {0: "image"} | named
        self._box_format = box_format
        self._take, self._give = take, give

    def __call__(self, given: Any, *, epoch: int, sample: int) -> Any:
        """One sample, augmented."""
        parts = list(given) if isinstance(given, tuple | list) else [given]
        targets: dict[str, Any] = {}
        for place, part in enumerate(parts):
            if isinstance(part, Mapping):
                for key, name in self._named(part).items():
                    self._add(targets, name, part[key])
            else:
                self._add(targets, self._names.get(place), part)
        if targets.keys() == {"image"}:
            made = {"image": self.augment(targets["image"], epoch=epoch, sample=sample)}
        else:
            if "boxes" in targets:
                targets.setdefault("box_format", self._box_format)
            made = self.augment(**targets, epoch=epoch, sample=sample)
        for place, part in enumerate(parts):
            if isinstance(part, Mapping):
                parts[place] = {key: self._back(made, name, part[key]) for key, name in self._named(part).items()}
            else:
                parts[place] = self._back(made, self._names.get(place), part)
        return tuple(parts) if isinstance(given, tuple | list) else parts[0]

    def _named(self, part: Mapping[Any, Any]) -> dict[Any, str | None]:
        """What the pipeline calls each part of a dict, or None."""
        named = {key: self._names.get(key, key if key in TARGETS else None) for key in part}
        if _THROUGH in part and _THROUGH not in self._names and "box_labels" not in named.values():
            # The custom of detection: as many labels as boxes are theirs, and go where they go.
            boxes = next((part[key] for key, name in named.items() if name == "boxes"), None)
            if boxes is not None and np.ndim(part[_THROUGH]) == 1 and len(part[_THROUGH]) == len(boxes):
                named[_THROUGH] = "box_labels"
        return named

    def _add(self, targets: dict[str, Any], name: str | None, value: Any) -> None:
        """Puts a part where the engine looks for it."""
        if name is None or name == _THROUGH or value is None:
            return
        if name in targets:
            raise ParameterError(f"a sample has two parts called {name!r}; tell them apart by names=")
        targets[name] = value if name == "box_format" else self._take(value, name)

    def _back(self, made: Mapping[str, Any], name: str | None, given: Any) -> Any:
        """What the engine made of a part."""
        return self._give(made[name], name, given) if name in made and name != "box_format" else given


def take(value: Any, name: str) -> Any:
    """The array of an array or a PIL picture, or the list of a list of them.

    Palettes and CMYK of PIL become RGB in a picture; in a mask the numbers of a palette are the classes, and stay.
    """
    if name in ("images", "masks"):
        return [take(each, name[:-1]) for each in value]
    if name in ("box_labels", "polygons"):
        return value
    if hasattr(value, "getbands") and hasattr(value, "convert"):
        if name != "mask" and value.mode not in ("L", "RGB", "RGBA", "I;16", "F"):
            # Everything else means colours by a table, by inks or by single bits.
            value = value.convert({"1": "L", "LA": "RGBA", "PA": "RGBA"}.get(value.mode, "RGB"))
        return np.asarray(value)
    return np.asarray(value)


def give(value: Any, name: str, given: Any) -> Any:
    """What the engine made, as it is."""
    return value


__all__ = ["TARGETS", "Names", "Parts", "give", "take"]
