"""Neighbours in a chain that the engine can do in one plan: their moves are one resampling, their tones one table.

`chain` asks for them. What they do is what they do one after the other, read continuously: nothing is resampled twice,
and what one of them moves out of sight another may bring back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...pipeline import Pipeline
from .draws import Batch, Draws, salt
from .engine import EngineLayer, Kept, sent
from .geometry import Moving
from .host import Spec
from .values import scale


class Fused:
    """Layers of the engine as one pipeline, whose places keep their draws apart."""

    def __init__(self, layers: Sequence[EngineLayer]) -> None:
        self.layers = list(layers)
        self._kept = Kept()

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        """What the layers do to a batch, in one go."""
        images = batch["images"]
        how = scale(images.dtype, _range(self.layers))
        key = (how, images.shape[1:])
        pipeline = self._kept.pipelines.get(key)
        if pipeline is None:
            stages, spec = [], {"images": Spec(images.shape, images.dtype.name)}
            for layer in self.layers:
                stages += layer.operations(how, spec["images"].shape[1:])
                spec = layer.outlined(spec)
            pipeline = Pipeline(stages, seed=salt(type(self).__name__), value_range=(0.0, how.white))
            self._kept.pipelines[key] = pipeline
        return sent(batch, draws, pipeline, how)


def joined(layers: Sequence[Any]) -> list[Any]:
    """The layers in order, those that go together as one `Fused`.

    A layer with a seed or a dtype of its own stays alone, and so does one that reads values in another range.
    """
    out: list[Any] = []
    for layer in layers:
        last = out[-1] if out else None
        if not _plain(layer):
            out.append(layer)
        elif isinstance(last, Fused) and _agree([*last.layers, layer]):
            out[-1] = Fused([*last.layers, layer])
        else:
            out.append(Fused([layer]))
    return [item.layers[0] if isinstance(item, Fused) and len(item.layers) == 1 else item for item in out]


def _plain(layer: Any) -> bool:
    """Whether a layer is its operations and nothing else."""
    return (
        isinstance(layer, EngineLayer)
        and type(layer).augment in (EngineLayer.augment, Moving.augment)
        and not layer.compat
        and layer.seed is None
        and not layer.dtype_asked
    )


def _range(layers: Sequence[EngineLayer]) -> tuple[float, float] | None:
    return next((layer.value_range for layer in layers if layer.value_range is not None), None)


def _agree(layers: Sequence[EngineLayer]) -> bool:
    """Whether layers read values in one range, and every constant that moves uncover lies in it."""
    ranges = {layer.value_range for layer in layers if layer.value_range is not None}
    low, high = _range(layers) or (0.0, 255.0)
    return len(ranges) <= 1 and all(low <= float(np.min(layer.fill_value)) <= high for layer in layers)
