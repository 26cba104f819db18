"""Pipelines: operations in order, ready to be called.

The compiled class does the work; this one adds its construction from operations and files.
"""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

from . import _variegate, migration
from .custom import functions_of, register
from .distributions import plain
from .errors import IoError
from .notebook import Draws, Explained, pipeline_html, show
from .operation import Stage, documents, dumped, stage_written
from .source import Source, folder

if TYPE_CHECKING:
    from .custom import Function


class Pipeline(_variegate.Pipeline):
    """Operations in order, applied to a picture and everything attached to it.

    Call it with one array to get one array, or with names to get a dict of the same names:

        out = augment(image)
        out = augment(image=image, mask=mask, boxes=boxes, box_format="coco", box_labels=names, points=points)

    Names: `image`, `images` (a list), `mask`, `masks` (a list), `boxes` with `box_format` and `box_labels`, `points`,
    `labels` (handed through), `video` (frames, height, width, channels) and `volume` (slices, height, width, channels),
    with `video_mask` and `volume_mask` (frames or slices, height, width); `polygons`, one for each instance, of (n, 2)
    corners or x, y, x, y, … or a list of such; `instance_masks` (instances, height, width); `heatmap` (height, width) or
    (height, width, channels), read between pixels; `depth` (height, width), never mixed; `flow` (height, width, 2), steps
    right and down in pixels, turned and stretched with the picture; `normals` (height, width, 3), directions right, down
    and out of the picture, turned with it; `points_visible`, a flag or level of each point that becomes 0 where the
    point is lost. Operations of the families `volume` and `video`
    see all slices or frames at once and need one of these; the others do the same to every one of them.
    Everything moves under one geometry, so everything has one height and width. Pictures are uint8, uint16 or float32
    (float16 and float64 are cast to float32) of (height, width) or (height, width, channels) and any number of channels;
    masks are of any dtype, which they keep; boxes and points are float32 or float64 rows. Arrays of the caller are
    never changed; read-only and non-contiguous ones work. Boxes that leave are dropped, and with them their
    `box_labels`, `polygons` and `instance_masks`; without boxes, a polygon of which nothing is seen comes back empty. Points keep their number and order; `points_visible` in the result says which are still seen.

    What is drawn depends on the seed, `epoch=` and `sample=` alone; without `sample` a counter of the calls is the
    sample's id.

    Args:
        operations: The operations, from first to last.
        seed: The seed of every draw, a whole number from 0.
        exact: Whether operations run one by one on the pixels of the one before, instead of being fused.
        value_range: Black and white of float pictures; black must be 0.
        min_area: Boxes of fewer pixels are dropped.
        min_visibility: Boxes of which less than this share is still seen are dropped, 0 to 1.
        clip_boxes: Whether boxes are cut at the edges of what is seen.
        swap: Pairs of points that exchange places under a mirroring: left and right eye, say.
        mask_fill: What masks hold where nothing is seen.

    Raises:
        ParameterError: If a value is out of bounds or a name unknown; a built pipeline cannot fail on a valid picture.
    """

    def __new__(
        cls,
        operations: Stage | Iterable[Stage] = (),
        *,
        seed: int = 0,
        exact: bool = False,
        value_range: tuple[float, float] = (0.0, 1.0),
        min_area: float = 0.0,
        min_visibility: float = 0.0,
        clip_boxes: bool = True,
        swap: Sequence[tuple[int, int]] = (),
        mask_fill: float = 0.0,
    ) -> Self:
        seed = operator.index(seed)
        document = {
            "variegate": 1,
            # YAML's whole numbers end at 2⁶³.
            "seed": seed if seed < 2**63 else str(seed),
            "exact": bool(exact),
            "value_range": plain(value_range),
            "min_area": plain(min_area),
            "min_visibility": plain(min_visibility),
            "clip_boxes": bool(clip_boxes),
            "swap": plain(list(swap)),
            "mask_fill": plain(mask_fill),
            "pipeline": documents(operations, "operations"),
        }
        return super().__new__(cls, dumped(document))

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Reads a pipeline from YAML or JSON. Loading never runs code.

        Raises:
            ParameterError: With line, column and what was expected.
        """
        return _variegate.Pipeline.__new__(cls, text, "<text>")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Reads a pipeline from a file of YAML or JSON. Loading never runs code.

        Raises:
            ParameterError: With file, line, column and what was expected.
            IoError: If the file cannot be read.
        """
        path = os.fspath(path)
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except OSError as error:
            raise IoError(f"{path}: the file cannot be read: {error.strerror}", path) from error
        return _variegate.Pipeline.__new__(cls, text, path)

    @classmethod
    def from_albumentations(
        cls, transform: Any, *, seed: int | None = None, size: tuple[int, int] | None = None, strict: bool = True
    ) -> Self:
        """Reads a pipeline of Albumentations 2.0.8. What differs is listed in one `UserWarning`.

            augment = vg.Pipeline.from_albumentations(json.load(file))      # what A.to_dict gave

        Args:
            transform: A transform, or what `A.to_dict` gives of one.
            seed: The seed of every draw; the transform's own, or 0, where it is not given.
            size: Height and width in pixels of the pictures that will come: lengths in pixels there are fractions here.
                Where it is not given and nothing before fixes a size, the shorter side counts as 224.
            strict: Whether it raises where a part has no counterpart, or else leaves such parts out and warns.

        Raises:
            ParameterError: With every part that has no counterpart, its place, why, and our nearest operation.
        """
        return cls._migrated("albumentations", migration.of_albumentations(transform), seed, size, strict)

    @classmethod
    def from_torchvision(
        cls, transform: Any, *, seed: int | None = None, size: tuple[int, int] | None = None, strict: bool = True
    ) -> Self:
        """Reads transforms of torchvision, v1 or v2. What differs is listed in one `UserWarning`.

        Args:
            transform: A transform (a `Compose`, say) or a list of them; its class and public attributes are read.
            seed: The seed of every draw, 0 where it is not given.
            size: Height and width in pixels of the pictures that will come: lengths in pixels there are fractions here.
                Where it is not given and nothing before fixes a size, the shorter side counts as 224.
            strict: Whether it raises where a part has no counterpart, or else leaves such parts out and warns.

        Raises:
            ParameterError: With every part that has no counterpart, its place, why, and our nearest operation.
        """
        return cls._migrated("torchvision", migration.of_torchvision(transform), seed, size, strict)

    @classmethod
    def from_keras(
        cls, layers: Any, *, seed: int | None = None, size: tuple[int, int] | None = None, strict: bool = True
    ) -> Self:
        """Reads image layers of Keras 3 or KerasCV. What differs is listed in one `UserWarning`.

        Args:
            layers: A layer, a list of them, or a chain (`Sequential`, `Pipeline`); class names and `get_config()` are read.
            seed: The seed of every draw, 0 where it is not given.
            size: Height and width in pixels of the pictures that will come: lengths in pixels there are fractions here.
                Where it is not given and nothing before fixes a size, the shorter side counts as 224.
            strict: Whether it raises where a part has no counterpart, or else leaves such parts out and warns.

        Raises:
            ParameterError: With every part that has no counterpart, its place, why, and our nearest operation.
        """
        return cls._migrated("keras", migration.of_keras(layers), seed, size, strict)

    @classmethod
    def from_image_data_generator(
        cls, arguments: Any, *, seed: int | None = None, size: tuple[int, int] | None = None, strict: bool = True
    ) -> Self:
        """Reads the arguments of Keras's legacy `ImageDataGenerator`. What differs is listed in one `UserWarning`.

        `variegate.keras.ImageDataGenerator` takes the same arguments and keeps the iterators; this makes a pipeline for
        a loader of them.

        Args:
            arguments: A mapping of arguments: `dict(rotation_range=15, horizontal_flip=True)`.
            seed: The seed of every draw, 0 where it is not given.
            size: Height and width in pixels of the pictures that will come, for shifts that are given in pixels.
            strict: Whether it raises where an argument has no counterpart, or else leaves it out and warns.

        Raises:
            ParameterError: With every argument that has no counterpart, and why.
        """
        return cls._migrated("imagedatagenerator", migration.written(arguments), seed, size, strict)

    @classmethod
    def _migrated(cls, library: str, given: Any, seed: int | None, size: Any, strict: bool) -> Self:
        document = migration.document(library, given, size, strict)
        if seed is not None:
            seed = operator.index(seed)
            document["seed"] = seed if seed < 2**63 else str(seed)
        return _variegate.Pipeline.__new__(cls, dumped(document))

    def view(self, k: int) -> Self:
        """The pipeline that makes view `k` where several are made with this one, in `vg.views` or in a loader.

        It differs in its seed alone; view 0 is this pipeline.
        """
        return _variegate.Pipeline.__new__(type(self), self._view(operator.index(k)))

    def profile(self, image: Any, n: int = 64) -> Profile:
        """Says where the time goes: by node of the fused plan, and with files by stage, on one thread.

            print(augment.profile("photos"))

        A node's share is what it adds to a run, so nodes that share a pass over the pixels are told apart.

        Args:
            image: An array, the path of a file or of a folder, or what `vg.folder` returns.
            n: How many samples are made; files come in order, and again from the first after the last.

        Returns:
            A dict of samples, images_per_second, stages and nodes; these two are lists of dicts of name, samples,
            seconds, ns_per_pixel (of the result) and share. Printed, it is a table.
        """
        if isinstance(image, str | os.PathLike):
            path = os.fspath(image)
            return Profile(self._profile(None, folder(path).paths if os.path.isdir(path) else [path], n))
        if isinstance(image, Source):
            return Profile(self._profile(None, image.paths, n))
        return Profile(self._profile(image, [], n))

    def explain(self, shape: Any, epoch: int = 0, sample: int = 0) -> Explained:
        """The plan of one sample in words, before and after fusion; arguments as for `plan`. A notebook keeps its lines."""
        return Explained(super().explain(shape, epoch, sample))

    def show(self, image: Any, rows: int = 3, columns: int = 4, seed: int | None = None, **attached: Any) -> Draws:
        """Draws of this pipeline in rows, for a notebook or a file.

            augment.show("photos")                                  # each picture once
            augment.show(image, boxes=boxes, box_labels=labels)     # one picture, again and again
            augment.show(vg.coco("instances.json")).save("draws.html")

        Boxes are framed in the colour of their class, masks lie over the picture, points are dots. Final numbers for a
        network are left out: they are no colours.

        Args:
            image: An array of (height, width) or (height, width, channels), the path of a file or of a folder, or a source.
                Sample ids are 0, 1, 2, …, one for each draw of an image or each picture of a folder or source.
            rows: How many rows, at least 1.
            columns: How many draws in a row, at least 1; at most 400 in all.
            seed: The seed of the draws, a whole number from 0; the pipeline's own unless given.
            **attached: `mask`, `boxes` (with `box_format`, "xyxy" unless given, and `box_labels`) and `points` of one image.

        Returns:
            An object that a notebook shows, with `pictures` and `save(path)`.

        Raises:
            ParameterError: If there are too few or too many draws, and if attached things come with a folder or source.
            InputError: If a file is no picture.
            UnsupportedError: If the pipeline mixes pictures.
        """
        return show(self, image, operator.index(rows), operator.index(columns), seed, attached)

    def _repr_html_(self) -> str:
        return pipeline_html(self)

    def __repr__(self) -> str:
        document = json.loads(self.to_json())
        stages = ", ".join(map(stage_written, document.pop("pipeline")))
        del document["variegate"]
        said = "".join(f", {key}={value!r}" for key, value in document.items())
        return f"{type(self).__name__}([{stages}]{said})"

    def __reduce__(self) -> tuple[Any, ...]:
        document = self.to_json()
        return _restored, (type(self), document, functions_of(document))


class Profile(dict[str, Any]):
    """Where the time of a pipeline goes, as data. Printed, it is a table."""

    def __init__(self, made: dict[str, Any]) -> None:
        self._text: str = made.pop("text")
        super().__init__(made)

    def __str__(self) -> str:
        return self._text.rstrip()


def _restored(cls: type[Pipeline], document: str, functions: dict[str, Function]) -> Pipeline:
    for name, function in functions.items():
        register(name, function)
    return _variegate.Pipeline.__new__(cls, document)
