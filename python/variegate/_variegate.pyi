"""The compiled half. Users meet it as `variegate.Pipeline`, `Recipe`, `Plan`, `Loader`, `decode` and `encode`.

What users call says here what it says when it runs, word for word; `python/tests/test_docs.py` compares them.
"""

import os
from collections.abc import Callable, Iterable, Sequence
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
def warped(
    images: np.ndarray | Sequence[np.ndarray],
    maps: npt.NDArray[np.float64],
    masks: np.ndarray | None = None,
    *,
    filter: str = "bilinear",
    border: str = "edge",
    fill: float = 0.0,
    white: float = 255.0,
    scale: float = 1.0,
    antialias: bool = False,
    threads: int | None = None,
    dtype: str | None = None,
    layout: str = "NHWC",
    out: np.ndarray | None = None,
) -> Any: ...
def decode(
    source: str | os.PathLike[str] | bytes | bytearray | memoryview | BinaryIO,
    colour: Literal["rgb", "grey", "gray", "rgba", "stored"] = "rgb",
    *,
    dtype: Literal["uint8"] | None = "uint8",
    upright: bool = True,
    max_pixels: int | None = None,
) -> np.ndarray:
    """Decodes a picture file: JPEG, PNG, WebP, BMP, GIF, TIFF or PNM, told by its content.

    Args:
        source: A path, the bytes of a file, or a file opened in binary mode.
        colour: "rgb", "grey", "rgba", or "stored" for the channels of the file (palette indices for masks among them).
        dtype: "uint8", or None for that of the file: uint8, uint16 or float32.
        upright: Whether a picture that its EXIF data says lies on its side is turned.
        max_pixels: More pixels are refused before anything is allocated; Pillow's 178 956 970 unless given.

    Returns:
        A new array of (height, width, channels).

    Raises:
        InputError: If the file is no picture, broken or cut short.
        IoError: If it cannot be read.
        LimitError: If it is too large, or would expand too much.
        UnsupportedError: If it is of a kind this build cannot decode.
    """
def encode(
    image: npt.ArrayLike,
    format: Literal["jpeg", "jpg", "png", "webp", "bmp", "tiff", "tif"] = "jpeg",
    *,
    quality: int | None = None,
) -> bytes:
    """Encodes a picture into the bytes of a file.

    Args:
        image: An array of (height, width) or (height, width, channels); what a format cannot hold is refused.
        format: "jpeg", "png", "webp", "bmp" or "tiff".
        quality: 1 to 100, of JPEG (90 unless given) and WebP (without loss unless given).

    Returns:
        The bytes of the file.

    Raises:
        ParameterError: If the format cannot hold the dtype or the channels.
    """

class Plan:
    """The plan of one sample."""

    @property
    def nodes(self) -> list[str]:
        """The kinds of the fused nodes, in order."""
    @property
    def written(self) -> list[str]:
        """The kinds of the nodes as the operations wrote them."""
    @property
    def passes(self) -> int:
        """Passes over pixels."""
    @property
    def input(self) -> tuple[int, int, int]:
        """(height, width, channels) of the picture that goes in."""
    @property
    def output(self) -> tuple[int, int, int]:
        """(height, width, channels) of the picture that comes out."""

class Recipe:
    """What happens to one sample, as plain data: the drawn value of every parameter.

    Made by `Pipeline.draw`; saved with `to_json`, edited as the dict of `to_dict`, replayed with `Pipeline.apply`.
    """

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reads the JSON of `to_json`, edited or not; every value is checked.

        Raises `ParameterError` that names the step and the parameter.
        """
    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Reads the dict of `to_dict`, edited or not; every value is checked."""
    def to_json(self) -> str:
        """The recipe as one line of JSON."""
    def to_dict(self) -> dict[str, Any]:
        """The recipe as a new dict of plain values."""
    @property
    def shape(self) -> tuple[int, int, int]:
        """The (height, width, channels) it was drawn for."""
    @property
    def epoch(self) -> int:
        """The epoch it was drawn for."""
    @property
    def sample(self) -> int:
        """The sample id it was drawn for."""
    @property
    def seed(self) -> int:
        """The seed it was drawn with."""
    @property
    def steps(self) -> list[dict[str, Any]]:
        """The operations in order: a new list of dicts with `op` and its parameters."""
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
    def apply(self, recipe: _Recipe, image: npt.ArrayLike, /) -> np.ndarray:
        """Applies a recipe to a picture and everything attached to it: the same bytes as the call it was drawn for.

        Args:
            recipe: A `Recipe`, its dict or its JSON, edited or not.
            image: As in a call, and so are all other names. Boxes and points need no picture here.

        Raises:
            InputError: If something is not of the size that the recipe was drawn for.
            ParameterError: If an edited value is out of bounds.
        """
    @overload
    def apply(self, recipe: _Recipe, /, **targets: Any) -> dict[str, Any]: ...
    @overload
    def undo(self, recipe: _Recipe, image: npt.ArrayLike, /) -> np.ndarray:
        """Takes predictions on an augmented picture back to the original one: test-time augmentation.

        Geometry alone is undone, not colour. Pictures (maps of probabilities, say) are read bilinearly, masks by the
        nearest pixel; black and the mask fill stand where nothing is known.

        Args:
            recipe: A `Recipe`, its dict or its JSON.
            image: As in a call, and so are all other names; everything of the size that the recipe ends in.

        Raises:
            InputError: If something is not of that size.
            UnsupportedError: If a step maps many places onto one.
        """
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
    ) -> np.ndarray:
        """Augments many pictures into one array, each with draws of its own.

        Args:
            images: An array of (n, height, width) or (n, height, width, channels), or a list of arrays, whose sizes may
                differ where the pipeline ends in one size.
            labels: One for each picture; handed through untouched, unless the pipeline mixes pictures: then whole
                numbers,
                or rows of a share for each class.
            masks: One for each picture, of its size: an array or a list.
            epoch: Which epoch, from 0.
            samples: The ids of the samples; without them, the counter of calls goes on by n.
            threads: How many threads work; None for one a core. The bytes do not depend on it.
            dtype: "uint8", "uint16", "float32", "float16" or "bfloat16"; that of the pictures, or float32 where the
                pipeline normalises, unless given.
            layout: "NHWC" or "NCHW".
            out: An array to be written into, of the right shape and dtype and C-contiguous.

        Returns:
            The batch, aligned to 64 bytes; a tuple (batch, labels), (batch, masks) or (batch, labels, masks) where they
            were given. A pipeline that mixes takes the partners of a picture from the same batch, by its draws, and
            gives
            labels of float32 (n, classes) whose rows sum to 1; of whole numbers the greatest says how many classes
            there
            are. Masks cannot be mixed yet.

        Raises:
            InputError: If pictures come out of different sizes: it says which.
            UnsupportedError: If the pipeline mixes and masks are given.
        """
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
    ) -> np.ndarray:
        """Augments an encoded picture, of which only the part that the plan looks at is decoded, and shrunk on the
        way where
        the plan shrinks: much less work than a decode for large photos.

        Args:
            source: A path, the bytes of a file, or a file opened in binary mode.
            epoch: Which epoch, from 0.
            sample: The sample's id, from 0; without it, the number of calls so far that gave none.
            colour: "rgb", "grey" or "rgba".
            upright: Whether a picture that its EXIF data says lies on its side is turned.
            partial_decode: False decodes all of the picture, "region" the part without shrinking.

        Returns:
            The array that a `Loader` of this pipeline gives for the same epoch and sample: (height, width, channels).

        Raises:
            InputError: If the file is no picture, broken or cut short.
            IoError: If it cannot be read.
        """
    def draw(self, shape: _Shape, epoch: int = 0, sample: int = 0, **attached: Any) -> Recipe:
        """Draws the parameters of one sample.

        Args:
            shape: (height, width) or (height, width, channels) of the picture; three channels unless given.
            epoch: Which epoch, from 0.
            sample: The sample's id, from 0.
            boxes, box_format, mask, masks: As in a call, for operations that look at them: the recipe keeps where
                they lie.
        """
    def plan(self, shape: _Shape, epoch: int = 0, sample: int = 0) -> Plan:
        """The plan of one sample; arguments as for `draw`, or the shape (depth, height, width, channels) of a volume
        or video."""
    def explain(self, shape: _Shape, epoch: int = 0, sample: int = 0) -> str:
        """The plan of one sample in words, before and after fusion; arguments as for `plan`."""
    def to_yaml(self) -> str:
        """The pipeline as YAML."""
    def to_json(self) -> str:
        """The pipeline as one line of JSON."""
    @property
    def seed(self) -> int:
        """The seed of every draw."""
    @property
    def fingerprint(self) -> int:
        """A number that changes whenever the pipeline does."""
    def _view(self, k: int) -> str: ...
    def _profile(self, image: Any, files: list[str], n: int) -> dict[str, Any]: ...
    def __len__(self) -> int: ...

def views(
    image: Any,
    views: Sequence[tuple[Pipeline, int]],
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
    storage: dict[str, str] | None = None,
) -> Source: ...
def stored(folder: str, named: dict[str, str] | None = None) -> list[str]: ...

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
    storage: dict[str, str] | None = None,
) -> Source: ...
def json(
    path: str | os.PathLike[str],
    image: str,
    label: str | None,
    root: str,
    classes: Sequence[str] | None,
    storage: dict[str, str] | None = None,
) -> Source: ...
def tar(
    paths: Sequence[str | os.PathLike[str]],
    image: str | None,
    label: str | None,
    classes: Sequence[str] | None,
    cache: tuple[str, bool] | None,
    storage: dict[str, str] | None = None,
) -> Source: ...
def tfrecord(
    paths: Sequence[str | os.PathLike[str]],
    image: str,
    label: str | None,
    classes: Sequence[str] | None,
    cache: tuple[str, bool] | None,
    storage: dict[str, str] | None = None,
) -> Source: ...
def parquet(
    paths: Sequence[str],
    image: str,
    label: str | None,
    classes: Sequence[str] | None,
    storage: dict[str, str] | None = None,
) -> Source: ...
def pack(
    source: Source,
    out: str | os.PathLike[str],
    short_side: int | None,
    format: str,
    quality: int | None,
    shard_size: tuple[int, bool],
    threads: int | None,
    strict: bool,
    verify: bool,
    progress: Callable[[int, int], Any] | None,
) -> dict[str, Any]: ...
def register_function(name: str, function: Callable[..., Any]) -> None: ...
def arrays(images: np.ndarray) -> Source: ...
def ordered(count: int, seed: int, start: int, stop: int) -> list[int]: ...
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
        views: Sequence[tuple[Pipeline, int]],
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
