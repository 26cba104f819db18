"""The compiled half. Users meet it as `variegate.Pipeline`, `Recipe`, `Plan`, `Loader`, `decode` and `encode`."""

import os
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO, Literal, Self, final, overload

import numpy as np
import numpy.typing as npt

__version__: str

_Shape = tuple[int, int] | tuple[int, int, int]
_Recipe = Recipe | dict[str, Any] | str
_Dtype = Literal["uint8", "uint16", "float32", "float16", "bfloat16"]
_Layout = Literal["NHWC", "NCHW", "channels_last", "channels_first"]

def simd_level() -> str: ...
def preset_yaml(name: str, size: int, seed: int) -> str: ...
def registry_json() -> str: ...
def migrated_json(library: str, text: str, size: tuple[float, float] | None) -> str: ...
def decode(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO,
    colour: Literal["rgb", "grey", "gray", "rgba", "stored"] = "rgb",
    *,
    dtype: Literal["uint8"] | None = "uint8",
    upright: bool = True,
    max_pixels: int | None = None,
) -> np.ndarray: ...
def encode(
    image: npt.ArrayLike,
    format: Literal["jpeg", "jpg", "png", "webp", "bmp", "tiff", "tif"] = "jpeg",
    *,
    quality: int | None = None,
) -> bytes: ...

class Plan:
    @property
    def nodes(self) -> list[str]: ...
    @property
    def written(self) -> list[str]: ...
    @property
    def passes(self) -> int: ...
    @property
    def input(self) -> tuple[int, int, int]: ...
    @property
    def output(self) -> tuple[int, int, int]: ...

class Recipe:
    @classmethod
    def from_json(cls, text: str) -> Self: ...
    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self: ...
    def to_json(self) -> str: ...
    def to_dict(self) -> dict[str, Any]: ...
    @property
    def shape(self) -> tuple[int, int, int]: ...
    @property
    def epoch(self) -> int: ...
    @property
    def sample(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def steps(self) -> list[dict[str, Any]]: ...
    def __len__(self) -> int: ...

class Pipeline:
    def __new__(cls, document: str, file: str | None = None) -> Self: ...
    @overload
    def __call__(self, image: npt.ArrayLike, /, *, epoch: int = 0, sample: int | None = None) -> np.ndarray: ...
    @overload
    def __call__(
        self,
        *,
        image: npt.ArrayLike | None = None,
        images: Iterable[npt.ArrayLike] | None = None,
        mask: npt.ArrayLike | None = None,
        masks: Iterable[npt.ArrayLike] | None = None,
        boxes: npt.ArrayLike | None = None,
        box_format: str = "xyxy",
        box_labels: Sequence[Any] | np.ndarray | None = None,
        points: npt.ArrayLike | None = None,
        points_visible: npt.ArrayLike | None = None,
        polygons: Sequence[Any] | None = None,
        instance_masks: npt.ArrayLike | None = None,
        heatmap: npt.ArrayLike | None = None,
        depth: npt.ArrayLike | None = None,
        flow: npt.ArrayLike | None = None,
        normals: npt.ArrayLike | None = None,
        labels: Any = None,
        video: npt.ArrayLike | None = None,
        video_mask: npt.ArrayLike | None = None,
        volume: npt.ArrayLike | None = None,
        volume_mask: npt.ArrayLike | None = None,
        epoch: int = 0,
        sample: int | None = None,
    ) -> dict[str, Any]: ...
    @overload
    def apply(self, recipe: _Recipe, image: npt.ArrayLike, /) -> np.ndarray: ...
    @overload
    def apply(self, recipe: _Recipe, /, **targets: Any) -> dict[str, Any]: ...
    @overload
    def undo(self, recipe: _Recipe, image: npt.ArrayLike, /) -> np.ndarray: ...
    @overload
    def undo(self, recipe: _Recipe, /, **targets: Any) -> dict[str, Any]: ...
    @overload
    def batch(
        self,
        images: npt.ArrayLike | Sequence[npt.ArrayLike],
        labels: None = None,
        masks: None = None,
        *,
        epoch: int = 0,
        samples: Iterable[int] | None = None,
        threads: int | None = 1,
        dtype: _Dtype | None = None,
        layout: _Layout = "NHWC",
        out: np.ndarray | None = None,
    ) -> np.ndarray: ...
    @overload
    def batch(
        self,
        images: npt.ArrayLike | Sequence[npt.ArrayLike],
        labels: Any = None,
        masks: npt.ArrayLike | Sequence[npt.ArrayLike] | None = None,
        *,
        epoch: int = 0,
        samples: Iterable[int] | None = None,
        threads: int | None = 1,
        dtype: _Dtype | None = None,
        layout: _Layout = "NHWC",
        out: np.ndarray | None = None,
    ) -> tuple[Any, ...]: ...
    def open(
        self,
        source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO,
        *,
        epoch: int = 0,
        sample: int | None = None,
        colour: Literal["rgb", "grey", "gray", "rgba"] = "rgb",
        upright: bool = True,
        partial_decode: bool | Literal["region"] = True,
    ) -> np.ndarray: ...
    def draw(self, shape: _Shape, epoch: int = 0, sample: int = 0, **attached: Any) -> Recipe: ...
    def plan(self, shape: _Shape, epoch: int = 0, sample: int = 0) -> Plan: ...
    def explain(self, shape: _Shape, epoch: int = 0, sample: int = 0) -> str: ...
    def to_yaml(self) -> str: ...
    def to_json(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def fingerprint(self) -> int: ...
    def _view(self, k: int) -> str: ...
    def _profile(self, image: Any, files: list[str], n: int) -> dict[str, Any]: ...
    def __len__(self) -> int: ...

def views(
    image: Any,
    views: list[tuple[Pipeline, int]],
    *,
    epoch: int,
    sample: int | None,
    colour: str,
    upright: bool,
    partial_decode: bool | Literal["region"],
) -> list[np.ndarray]: ...

def folder(
    path: str | os.PathLike[str],
    classes: Sequence[str] | None = None,
    labelled: bool | None = None,
    follow_links: bool = False,
) -> Source: ...

def coco(
    file: str | os.PathLike[str], images: str | os.PathLike[str] | None, crowd: bool, masks: str | None
) -> Source: ...
def voc(
    folder: str | os.PathLike[str], split: str | None, classes: Sequence[str] | None, one_based: bool, difficult: bool
) -> Source: ...
def yolo(place: str | os.PathLike[str], split: str | None) -> Source: ...
def masks(
    images: str | os.PathLike[str], folder: str | os.PathLike[str], suffix: str, classes: Sequence[str]
) -> Source: ...
def csv(
    path: str | os.PathLike[str],
    image: str,
    label: str | None,
    root: str,
    classes: Sequence[str] | None,
    delimiter: int,
) -> Source: ...
def json(
    path: str | os.PathLike[str],
    image: str,
    label: str | None,
    root: str,
    classes: Sequence[str] | None,
) -> Source: ...
def tar(
    paths: Sequence[str | os.PathLike[str]],
    image: str | None,
    label: str | None,
    classes: Sequence[str] | None,
    cache: tuple[str, bool] | None,
) -> Source: ...
def tfrecord(
    paths: Sequence[str | os.PathLike[str]],
    image: str,
    label: str | None,
    classes: Sequence[str] | None,
    cache: tuple[str, bool] | None,
) -> Source: ...
def arrays(images: np.ndarray) -> Source: ...
def expand_braces(pattern: str) -> list[str]: ...

@final
class Source:
    @property
    def classes(self) -> list[str]: ...
    @property
    def paths(self) -> list[str]: ...
    @property
    def labels(self) -> list[int | None]: ...
    @property
    def problems(self) -> list[str]: ...
    @property
    def fingerprint(self) -> int: ...
    def __len__(self) -> int: ...
    def _entry(self, position: int) -> tuple[str, int | None]: ...
    def _marks(self) -> list[int]: ...
    def _select(self, positions: Sequence[int]) -> Source: ...
    def _relabel(self, labels: Sequence[int], classes: Sequence[str]) -> Source: ...
    def _split(self, share: float, seed: int) -> tuple[Source, Source]: ...
    def _concat(self, others: Sequence[Source], weights: Sequence[float] | None) -> Source: ...

@final
class Batch:
    def images(self, k: int) -> np.ndarray: ...
    def targets(self, k: int) -> dict[str, np.ndarray] | None: ...
    @property
    def views(self) -> int: ...
    @property
    def classes(self) -> npt.NDArray[np.int32] | None: ...
    @property
    def mixes(self) -> bool: ...
    def soft(self, k: int) -> npt.NDArray[np.float32] | None: ...
    @property
    def ids(self) -> npt.NDArray[np.int64]: ...
    @property
    def samples(self) -> npt.NDArray[np.int64]: ...
    @property
    def weights(self) -> npt.NDArray[np.float32] | None: ...
    @property
    def epoch(self) -> int: ...
    @property
    def step(self) -> int: ...
    def __len__(self) -> int: ...

@final
class Loader:
    def __new__(
        cls,
        source: Source,
        views: list[tuple[Pipeline, int]],
        *,
        batch_size: int,
        shuffle: bool,
        seed: int | None,
        num_shards: int,
        shard_id: int,
        threads: int | None,
        prefetch: int | None,
        memory: int,
        dtype: str,
        layout: str,
        on_bad: str,
        rest: str,
        colour: str,
        upright: bool,
        max_bad: int | None,
        max_bad_rate: float,
        partial_decode: bool | Literal["region"],
        targets: Sequence[str] | None,
        box_format: str,
        max_boxes: int | None,
        min_area: float | None,
        min_visibility: float | None,
        mask_dtype: str | None,
        weights: Sequence[float] | None,
        balanced: bool,
        repeats: int,
        exclude: Sequence[int],
        stall_after: float | None,
    ) -> Self: ...
    @property
    def steps(self) -> int: ...
    @property
    def samples(self) -> int: ...
    @property
    def seed(self) -> int: ...
    def next(self) -> Batch | None: ...
    def place(self) -> tuple[int, int]: ...
    def seek(self, epoch: int, step: int) -> None: ...
    def state(self) -> str: ...
    def resume(self, token: str) -> None: ...
    def report(self) -> dict[str, Any]: ...
    def bad(self) -> list[dict[str, Any]]: ...
    def close(self) -> None: ...
