"""Layers that mix pictures of a batch, with labels, masks, boxes and points: MixUp, CutMix, FourierMix, Mosaic.

Partners, shares and regions are the engine's. Where every pixel is one of some picture's, the engine is asked a second
time with pictures of places, which says where each came from: masks, boxes and points follow that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import ops
from ...operation import Stage
from ...pipeline import Pipeline
from . import boxes as box_formats
from . import keras3
from .base import Specs
from .draws import Batch, Draws
from .engine import EngineLayer
from .factors import Range, spread
from .host import Spec
from .registered import registered
from .values import Scale, cast, forth, scale


class Mixing(EngineLayer):
    """A layer whose pictures are made of several, and labels with them by share.

    Labels are rows of a share for each class, one-hot to begin with.
    """

    moves = True
    relabels = True
    # How many pictures a result may show boxes and points of.
    parts = 2

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [self.operation()]

    def operation(self) -> Stage:
        """What mixes."""
        raise NotImplementedError

    def outlined(self, specs: Specs) -> Specs:
        out = dict(specs)
        if "labels" in specs:
            shape, dtype = specs["labels"]
            if len(shape) < 2:
                raise ValueError(
                    f"{type(self).__name__}: labels are mixed by share, so they must be one-hot, of shape "
                    "(batch, classes): use keras.ops.one_hot or keras.utils.to_categorical. "
                    f"Received: labels.shape={shape}"
                )
            out["labels"] = Spec(shape, dtype if "float" in dtype else "float32")
        for name in ("boxes", "box_labels", "keypoints"):
            if name in specs:
                shape, dtype = specs[name]
                most = None if shape[1] is None else shape[1] * self.parts
                out[name] = Spec((shape[0], most, *shape[2:]), dtype)
        return out

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        images = batch["images"]
        how = scale(images.dtype, None)
        pipeline = self.pipeline(how, images.shape[1:])
        count = len(images)
        made, shares = pipeline.batch(
            forth(images, how), np.eye(count, dtype=np.float32), epoch=draws.seed, samples=draws.samples, threads=None
        )
        out = {**batch, "images": how.back(made)}
        if "labels" in batch:
            labels = batch["labels"]
            rows = labels.reshape(count, -1).astype(np.float32)
            out["labels"] = (shares @ rows).reshape(labels.shape)
        if any(name in batch for name in ("segmentation_masks", "boxes", "keypoints")):
            out.update(self.followed(batch, shares, pipeline, draws))
        return out

    def followed(self, batch: Batch, shares: np.ndarray, pipeline: Pipeline, draws: Draws) -> Batch:
        """Masks, boxes and points of a mixed batch."""
        height, width = batch["images"].shape[1:3]
        return self.followed_from(batch, *origins(pipeline, draws, height, width))

    def followed_from(self, batch: Batch, k: np.ndarray, y: np.ndarray, x: np.ndarray) -> Batch:
        """Masks, boxes and points of a batch whose pixels come from (k, y, x)."""
        out: Batch = {}
        if "segmentation_masks" in batch:
            out["segmentation_masks"] = batch["segmentation_masks"][k, y, x]
        if "boxes" in batch:
            out["boxes"], out["box_labels"] = self.boxes(batch["boxes"], batch["box_labels"], k, y, x)
        if "keypoints" in batch:
            out["keypoints"] = self.points(batch["keypoints"], k, y, x)
        return out

    def boxes(
        self, edges: np.ndarray, labels: np.ndarray, k: np.ndarray, y: np.ndarray, x: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Boxes and their labels, (n, parts · m), of pictures whose pixels come from (k, y, x)."""
        raise NotImplementedError

    def points(self, points: np.ndarray, k: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Points, (n, parts · count, 2), alike."""
        own = np.arange(len(points))
        return np.concatenate([points, points[partners(k, own)]], axis=1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}


def origins(pipeline: Pipeline, draws: Draws, height: int, width: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each pixel of the results, the picture of the batch it comes from, its row and its column."""
    places = np.empty((len(draws.samples), height, width, 3), np.uint16)
    places[..., 0] = np.arange(len(places))[:, None, None]
    places[..., 1] = np.arange(height)[:, None]
    places[..., 2] = np.arange(width)
    moved = pipeline.batch(places, epoch=draws.seed, samples=draws.samples, threads=None)
    return moved[..., 0], moved[..., 1], moved[..., 2]


def partners(k: np.ndarray, own: np.ndarray) -> np.ndarray:
    """For each result, the other picture that it shows, or itself."""
    other = [pictures[pictures != mine] for pictures, mine in zip(k.reshape(len(k), -1), own, strict=True)]
    return np.array([found[0] if len(found) else mine for found, mine in zip(other, own, strict=True)], int)


@registered
class MixUp(Mixing):
    """Fades another picture of the batch in, and its label with it.

    Both keep their boxes and points. Masks of floats are faded alike; of others, such as class numbers, the mask of the
    picture that weighs more is taken.

    Args:
        alpha: Shape of the Beta distribution of shares, above 0 to 1.
    """

    def __init__(
        self, alpha: float = 0.2, data_format: str | None = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        if isinstance(alpha, (bool, str, Sequence)) or not 0 < alpha <= 1:
            raise ValueError(
                f"{type(self).__name__}: the `alpha` argument should be a number above 0 and up to 1. "
                f"Received: alpha={alpha!r}"
            )
        self.alpha = alpha

    def operation(self) -> Stage:
        return ops.MixUp(self.alpha)

    def followed(self, batch: Batch, shares: np.ndarray, pipeline: Pipeline, draws: Draws) -> Batch:
        own = np.arange(len(shares))
        mine = shares[own, own]
        others = shares.copy()
        others[own, own] = 0
        partner = np.where(mine < 1, others.argmax(axis=1), own)
        out: Batch = {}
        if "segmentation_masks" in batch:
            masks = batch["segmentation_masks"]
            weight = mine.reshape(-1, *[1] * (masks.ndim - 1))
            if masks.dtype.kind == "f":
                out["segmentation_masks"] = cast(weight * masks + (1 - weight) * masks[partner], masks.dtype)
            else:
                out["segmentation_masks"] = np.where(weight >= 0.5, masks, masks[partner])
        for name in ("boxes", "box_labels", "keypoints"):
            if name in batch:
                other = np.array(batch[name][partner])
                if name == "box_labels":
                    other[partner == own] = -1
                out[name] = np.concatenate([batch[name], other], axis=1)
        return out

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "alpha": self.alpha}


@registered
class CutMix(Mixing):
    """Shows a rectangle of another picture of the batch in the same place, and mixes their labels by its pixels.

    Boxes that the rectangle covers are lost; those of the other picture are cut to it. compat="keras3" draws α once for
    the batch, and mixes labels by the area of the rectangle before it is cut to whole pixels.

    Args:
        factor: Range of the shape α of the Beta distribution of areas, drawn for each picture; one number f is 0 to f.
    """

    compats = ("keras3",)

    def __init__(
        self, factor: float | Range = 1.0, seed: int | None = None, data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed=seed, data_format=data_format, **kwargs)
        self.factor = spread(type(self).__name__, "factor", factor, 0.0, 1.0, signed=False)

    def operation(self) -> Stage:
        low, high = self.factor
        return ops.CutMix((low + 1e-6, high + 1e-6))

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        if not self.compat:
            return super().augment(batch, draws)
        images = batch["images"]
        count, sides = len(images), images.shape[1:3]
        g = draws.generator(0, type(self).__name__)
        alpha = g.uniform(*self.factor) + 1e-6
        ratio = np.sqrt(1 - g.beta(alpha, alpha, count))
        partner = g.permutation(count)
        rows, columns = (
            (g.uniform(size=count) * (side - ratio * side))[:, None] + np.outer(ratio, [0, side])
            for side in sides
        )
        made, kept = keras3.cut_mixed(images, rows, columns, partner)
        out = {**batch, "images": made}
        if "labels" in batch:
            labels = batch["labels"].astype(np.float32)
            share = kept.astype(np.float32).reshape(-1, *[1] * (labels.ndim - 1))
            out["labels"] = share * labels + (1 - share) * labels[partner]
        # Where every pixel comes from, for masks and boxes; each keeps its row and column.
        own = np.arange(count)
        y, x = np.broadcast_arrays(np.arange(sides[0])[:, None], np.arange(sides[1]))
        place = np.broadcast_to(own[:, None, None, None], (count, *sides, 1))
        k = keras3.cut_mixed(place, rows, columns, partner)[0][..., 0]
        return {**out, **self.followed_from(batch, k, np.broadcast_to(y, k.shape), np.broadcast_to(x, k.shape))}

    def boxes(
        self, edges: np.ndarray, labels: np.ndarray, k: np.ndarray, y: np.ndarray, x: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        own = np.arange(len(edges))
        other = partners(k, own)
        kept, theirs = np.array(labels), np.array(labels[other])
        moved = np.array(edges[other])
        for n in own:
            rows, columns = (np.flatnonzero((k[n] != n).any(axis=axis)) for axis in (1, 0))
            if not len(rows):
                theirs[n] = -1
                continue
            window = np.array([columns[0], rows[0], columns[-1] + 1, rows[-1] + 1], np.float32)
            covered = (edges[n, :, :2] >= window[:2]).all(axis=-1) & (edges[n, :, 2:] <= window[2:]).all(axis=-1)
            kept[n][covered] = -1
            moved[n] = np.clip(moved[n], np.tile(window[:2], 2), np.tile(window[2:], 2))
        height, width = k.shape[1:]
        return box_formats.cropped(
            np.concatenate([edges, moved], axis=1), np.concatenate([kept, theirs], axis=1), height, width
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "factor": self.factor}


@registered
class FourierMix(Mixing):
    """Shows random blobs of another picture of the batch in the same places, and mixes their labels by area.

    Masks follow; boxes and points cannot, for a blob has no edges that a box could be cut at.

    Args:
        alpha: Shape of the Beta distribution of areas.
        decay_power: How fast amplitudes fall with the frequency: the larger, the smoother the blobs.
    """

    def __init__(self, alpha: float = 0.5, decay_power: float = 3, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        self.alpha, self.decay_power = alpha, decay_power
        self.operation()

    def operation(self) -> Stage:
        return ops.FMix(self.alpha, decay=self.decay_power)

    def outlined(self, specs: Specs) -> Specs:
        if "boxes" in specs or "keypoints" in specs:
            raise ValueError(
                f"{type(self).__name__}: expected images, labels and masks; blobs have no edges that boxes or points "
                "could follow. Use CutMix or Mosaic for them."
            )
        return super().outlined(specs)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "alpha": self.alpha, "decay_power": self.decay_power}


@registered
class Mosaic(Mixing):
    """Puts each picture and three others of the batch together around a centre, and mixes their labels by area.

    Args:
        offset: Range of the centre, 0 to 1 of each side.
    """

    parts = 4

    def __init__(self, offset: Range = (0.25, 0.75), seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=seed, **kwargs)
        offset = offset if isinstance(offset, Sequence) else (offset, offset)
        self.offset = spread(type(self).__name__, "offset", offset, 0.0, 1.0)

    def operation(self) -> Stage:
        return ops.Mosaic(self.offset, y=self.offset)

    def boxes(
        self, edges: np.ndarray, labels: np.ndarray, k: np.ndarray, y: np.ndarray, x: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        found, named = [], []
        for picture, shift, part in quarters(k, y, x):
            moved = edges[picture] + np.tile(shift, 2)[:, None]
            cut = np.clip(moved, part[:, None, [0, 1, 0, 1]], part[:, None, [2, 3, 2, 3]])
            found.append(cut)
            named.append(labels[picture])
        height, width = k.shape[1:]
        both = np.concatenate(found, axis=1).astype(np.float32), np.concatenate(named, axis=1)
        return box_formats.cropped(*both, height, width)

    def points(self, points: np.ndarray, k: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
        moved = [points[picture] + shift[:, None] for picture, shift, _ in quarters(k, y, x)]
        return np.concatenate(moved, axis=1).astype(points.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "offset": self.offset}


def quarters(k: np.ndarray, y: np.ndarray, x: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each part of a mosaic, which picture it shows, how far it was moved and which edges it has.

    Parts come as top left, top right, bottom left and bottom right: pictures (n,), shifts (n, 2) of x and y, edges
    (n, 4).
    """
    height, width = k.shape[1:]
    # The picture at the top left touches the centre with its last row and column.
    centre = np.stack([width - x[:, 0, 0].astype(int), height - y[:, 0, 0].astype(int)], axis=1)
    made = []
    for row in (0, -1):
        for column in (0, -1):
            picture = k[:, row, column].astype(int)
            place = np.array([column % width, row % height])
            shift = place - np.stack([x[:, row, column], y[:, row, column]], axis=1).astype(int)
            start = np.where([column, row], centre, 0)
            end = np.where([column, row], [width, height], centre)
            made.append((picture, shift, np.concatenate([start, end], axis=1)))
    return made
