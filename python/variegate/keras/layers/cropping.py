"""Layers whose result has a size of its own: Keras's crops and `Resizing`, KerasCV's crops with scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ... import ops
from ...operation import Stage
from . import windows
from .base import ImageLayer, Specs
from .draws import Batch, Draws
from .engine import EngineLayer
from .factors import FILTERS, Range, number, spread, whole, word
from .host import Spec
from .registered import registered
from .values import Scale


def resized(specs: Specs, height: int, width: int) -> Specs:
    """Specs with another height and width of pictures and masks."""
    out = dict(specs)
    for name in ("images", "segmentation_masks"):
        if name in specs:
            shape, dtype = specs[name]
            out[name] = Spec((shape[0], height, width, *shape[3:]), dtype)
    return out


class Sized(ImageLayer):
    """A layer with `height` and `width` of its result."""

    moves = True

    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height = whole(type(self).__name__, "height", height)
        self.width = whole(type(self).__name__, "width", width)

    def outlined(self, specs: Specs) -> Specs:
        return resized(specs, self.height, self.width)

    def centred(self, batch: Batch) -> Batch:
        """The middle; of pictures that are too small, the middle of its aspect, stretched."""
        sides = self.height, self.width
        if all(side >= wanted for side, wanted in zip(batch["images"].shape[1:3], sides, strict=True)):
            return windows.centred(batch, sides)
        return windows.stretched(windows.of_aspect(batch, sides), sides)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height": self.height, "width": self.width}


@registered
class CenterCrop(Sized):
    """Cuts out the middle, also in inference; what is smaller is cut to the aspect and stretched.

    Args:
        height: Of the result, in pixels.
        width: Of the result.
    """

    always = True

    def __init__(self, height: int, width: int, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(height, width, data_format=data_format, **kwargs)

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        return self.centred(batch)


@registered
class RandomCrop(Sized, EngineLayer):
    """Cuts a window out at a random place, another one of each picture, and the middle in inference.

    Pictures that are smaller than the window are cut to its aspect in the middle and stretched. compat="keras3" takes one
    place for the whole batch, the middle also where a side is as long as the window, and leaves pictures alone in
    inference.

    Args:
        height: Of the result, in pixels.
        width: Of the result.
    """

    compats = ("keras3",)

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(height, width, seed=seed, data_format=data_format, name=name, **kwargs)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        return [ops.Crop((self.height, self.width))]

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        height, width = batch["images"].shape[1:3]
        if height < self.height or width < self.width:
            return self.centred(batch)
        if not self.compat:
            return super().augment(batch, draws)
        if height == self.height or width == self.width:
            return self.centred(batch)
        g = draws.generator(0, type(self).__name__)
        places = g.integers(height - self.height + 1), g.integers(width - self.width + 1)
        return windows.cut(batch, *map(int, places), self.height, self.width)

    @property
    def acts_in_inference(self) -> bool:
        return self.compat is None

    def infer(self, batch: Batch) -> Batch:
        return self.centred(batch)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "seed": self.seed}


@registered
class Resizing(Sized):
    """Brings pictures to a size, also in inference.

    Args:
        height: Of the result, in pixels.
        width: Of the result.
        interpolation: "nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian" or "mitchellcubic".
        crop_to_aspect_ratio: Whether the middle is cut to the aspect first.
        pad_to_aspect_ratio: Whether margins of `fill_value` are added first.
        fill_mode: "constant".
        fill_value: Of the margins.
        antialias: Whether shrinking averages all pixels under the footprint.
    """

    always = True

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(height, width, data_format=data_format, **kwargs)
        name = type(self).__name__
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise ValueError(f"{name}: only one of `crop_to_aspect_ratio` and `pad_to_aspect_ratio` can be True.")
        self.interpolation = word(name, "interpolation", str(interpolation).lower(), FILTERS)
        self.crop_to_aspect_ratio, self.pad_to_aspect_ratio = crop_to_aspect_ratio, pad_to_aspect_ratio
        self.fill_mode = word(name, "fill_mode", fill_mode, ("constant",))
        self.fill_value, self.antialias = number(name, "fill_value", fill_value), antialias

    def augment(self, batch: Batch, draws: Draws) -> Batch:
        sides = self.height, self.width
        if self.crop_to_aspect_ratio:
            batch = windows.of_aspect(batch, sides)
        elif self.pad_to_aspect_ratio:
            batch = windows.framed(batch, sides, self.fill_value)
        return windows.stretched(batch, sides, FILTERS[self.interpolation], self.antialias)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "interpolation": self.interpolation,
            "crop_to_aspect_ratio": self.crop_to_aspect_ratio,
            "pad_to_aspect_ratio": self.pad_to_aspect_ratio,
            "fill_mode": self.fill_mode,
            "fill_value": self.fill_value,
            "antialias": self.antialias,
        }


class Targeted(EngineLayer):
    """A layer with a `target_size`, (height, width), that shows everything at that size in inference."""

    moves = True

    def __init__(self, target_size: Sequence[int], interpolation: str = "bilinear", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.target_size = pair(type(self).__name__, "target_size", target_size)
        self.interpolation = word(type(self).__name__, "interpolation", interpolation, FILTERS)

    def outlined(self, specs: Specs) -> Specs:
        return resized(specs, *self.target_size)

    def infer(self, batch: Batch) -> Batch:
        return windows.stretched(batch, self.target_size, FILTERS[self.interpolation])

    def get_config(self) -> dict[str, Any]:
        said = {"target_size": self.target_size, "interpolation": self.interpolation, "seed": self.seed}
        return {**super().get_config(), **said}


@registered
class RandomCropAndResize(Targeted):
    """Cuts out a window of random area and aspect and brings it to a size.

    Args:
        target_size: Height and width of the result.
        crop_area_factor: Area of the window as a share of the picture, above 0 to 1; a pair is a range.
        aspect_ratio_factor: Width over height of the window; a pair is drawn by ratio.
        interpolation: As of `Resizing`.
    """

    def __init__(
        self,
        target_size: Sequence[int],
        crop_area_factor: float | Range,
        aspect_ratio_factor: float | Range,
        interpolation: str = "bilinear",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(target_size, interpolation, seed=seed, **kwargs)
        name = type(self).__name__
        self.crop_area_factor, self.aspect_ratio_factor = crop_area_factor, aspect_ratio_factor
        area = crop_area_factor if isinstance(crop_area_factor, Sequence) else (crop_area_factor, crop_area_factor)
        aspect = aspect_ratio_factor if isinstance(aspect_ratio_factor, Sequence) else [aspect_ratio_factor] * 2
        self._area = spread(name, "crop_area_factor", area, 0.0001, 1.0)
        self._aspect = spread(name, "aspect_ratio_factor", aspect, 0.01, 100.0)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        look = {"filter": FILTERS[self.interpolation], "antialias": False}
        return [ops.ResizedCrop(self.target_size, area=self._area, aspect=self._aspect, **look)]

    def get_config(self) -> dict[str, Any]:
        said = {"crop_area_factor": self.crop_area_factor, "aspect_ratio_factor": self.aspect_ratio_factor}
        return {**super().get_config(), **said}


@registered
class JitteredResize(Targeted):
    """Scales pictures by a random multiple of what fits them into a size, then crops or pads to that size.

    Args:
        target_size: Height and width of the result.
        scale_factor: The multiple, 0.01 to 10; a pair is a range.
        crop_size: The size to crop or pad to before it is stretched to `target_size`; the same where it is None.
        interpolation: As of `Resizing`.
    """

    def __init__(
        self,
        target_size: Sequence[int],
        scale_factor: float | Range,
        crop_size: Sequence[int] | None = None,
        interpolation: str = "bilinear",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(target_size, interpolation, seed=seed, **kwargs)
        name = type(self).__name__
        self.scale_factor = scale_factor
        factor = scale_factor if isinstance(scale_factor, Sequence) else (scale_factor, scale_factor)
        self._factor = spread(name, "scale_factor", factor, 0.01, 10.0)
        self.crop_size = None if crop_size is None else pair(name, "crop_size", crop_size)

    def operations(self, how: Scale, shape: tuple[int, int, int]) -> Sequence[Stage]:
        filter = FILTERS[self.interpolation]
        size = self.crop_size or self.target_size
        stages: list[Stage] = [ops.LargeScaleJitter(size, factor=self._factor, filter=filter)]
        if self.crop_size not in (None, self.target_size):
            stages.append(ops.Resize(self.target_size, filter=filter, antialias=False))
        return stages

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "scale_factor": self.scale_factor, "crop_size": self.crop_size}


def pair(layer: str, name: str, size: Any) -> tuple[int, int]:
    """A height and a width.

    Raises:
        ValueError: If it is not two whole numbers.
    """
    if not isinstance(size, Sequence) or len(size) != 2:
        raise ValueError(f"{layer}: the `{name}` argument should be a height and a width. Received: {name}={size!r}")
    return whole(layer, name, size[0]), whole(layer, name, size[1])
