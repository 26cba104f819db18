"""Draws and pipelines as a notebook shows them: HTML that holds its pictures, made by the engine's own encoder.

`Pipeline.show` and the HTML forms of pipelines and operations come from here. Nothing is fetched, and no script is written.
"""

from __future__ import annotations

import base64
import html
import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from . import _variegate
from .errors import ParameterError
from .operation import dumped, stage_written
from .source import Source, folder

if TYPE_CHECKING:
    from .pipeline import Pipeline

# Strong colours, far from each other; a class has the one at its number.
COLOURS = np.array(
    [(255, 59, 48), (52, 199, 89), (0, 122, 255), (255, 204, 0), (175, 82, 222), (255, 149, 0), (90, 200, 250), (255, 45, 146)],
    np.uint8,
)  # fmt: skip
SIDE = 256
MOST = 400


class Explained(str):
    """The plan of a sample in words. In a notebook it keeps its lines; everywhere else it is a string."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self)}</pre>"


class Draws:
    """Draws of a pipeline in rows. A notebook shows them; `save` writes them to a file.

    Attributes:
        pictures: The drawn pictures with what is attached, uint8 arrays of (height, width, 3), of at most 256 pixels a side.
        columns: How many stand in a row.
    """

    def __init__(self, pictures: list[npt.NDArray[np.uint8]], titles: list[str], columns: int) -> None:
        self.pictures = pictures
        self.columns = columns
        self._titles = titles

    def _repr_html_(self) -> str:
        cells = "".join(map(_cell, self.pictures, self._titles))
        style = f"display:grid;grid-template-columns:repeat({self.columns},minmax(0,{SIDE}px));gap:8px;align-items:center"
        return f'<div style="{style}">{cells}</div>'

    def __repr__(self) -> str:
        return f"<{len(self.pictures)} draws, {self.columns} in a row>"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes an HTML page where the name ends in `.html`, or else one picture: `.png`, `.webp` or `.jpg`.

        Raises:
            ParameterError: If the name has another ending.
            OSError: If the file cannot be written.
        """
        path = os.fspath(path)
        ending = os.path.splitext(path)[1].lower().lstrip(".")
        if ending == "html":
            page = f'<!doctype html><meta charset="utf-8"><title>Draws</title><body>{self._repr_html_()}'
            content = page.encode()
        elif ending in ("png", "webp", "jpg", "jpeg"):
            content = _variegate.encode(self._sheet(), "jpeg" if ending == "jpg" else ending)
        else:
            raise ParameterError(f"{path}: expected a name that ends in .html, .png, .webp or .jpg")
        with open(path, "wb") as file:
            file.write(content)

    def _sheet(self) -> npt.NDArray[np.uint8]:
        height = max(picture.shape[0] for picture in self.pictures)
        width = max(picture.shape[1] for picture in self.pictures)
        rows = -(-len(self.pictures) // self.columns)
        gap = 4
        sheet = np.full((rows * (height + gap) - gap, self.columns * (width + gap) - gap, 3), 255, np.uint8)
        for k, picture in enumerate(self.pictures):
            y, x = k // self.columns * (height + gap), k % self.columns * (width + gap)
            sheet[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        return sheet


def _cell(picture: npt.NDArray[np.uint8], title: str) -> str:
    data = base64.b64encode(_variegate.encode(picture, "png")).decode()
    said = html.escape(title, quote=True)
    return f'<img src="data:image/png;base64,{data}" alt="{said}" title="{said}" style="max-width:100%;margin:0">'


def show(augment: Pipeline, image: Any, rows: int, columns: int, seed: int | None, attached: Mapping[str, Any]) -> Draws:
    """The draws that `Pipeline.show` gives."""
    if not (1 <= rows and 1 <= columns and rows * columns <= MOST):
        raise ParameterError(f"show: expected at least one row and column and at most {MOST} draws, found {rows} × {columns}")
    shown = _without_final_numbers(augment, seed)
    pictures, titles = [], []
    for sample, title, given in _samples(image, rows * columns, attached):
        made = shown(**given, sample=sample)
        pictures.append(drawn(made))
        titles.append(f"{title}, sample {sample}")
    return Draws(pictures, titles, columns)


def _without_final_numbers(augment: Pipeline, seed: int | None) -> _variegate.Pipeline:
    # Numbers for a network are no colours.
    finish = {entry["name"] for entry in json.loads(_variegate.registry_json()) if entry["family"] == "finish"}
    document = json.loads(augment.to_json())
    document["pipeline"] = [stage for stage in document["pipeline"] if not finish & stage.keys()]
    if seed is not None:
        document["seed"] = seed if seed < 2**63 else str(seed)
    return _variegate.Pipeline(dumped(document))


def _samples(image: Any, count: int, attached: Mapping[str, Any]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    is_path = isinstance(image, str | os.PathLike)
    if is_path and os.path.isdir(image):
        image = folder(image)
    if isinstance(image, Source):
        if attached:
            raise ParameterError("show: boxes, masks and points of a source are its own; give them with one image")
        for k, path in enumerate(image.paths[:count]):
            yield k, os.path.basename(path), _known(image, k)
        return
    name = os.path.basename(os.fspath(image)) if is_path else "image"
    array = _variegate.decode(image) if is_path else image
    for k in range(count):
        yield k, name, {"image": array, **({"box_format": "xyxy"} if "boxes" in attached else {}), **attached}


def _known(source: Source, k: int) -> dict[str, Any]:
    """A picture of a source with what the source knows of it, in pixels."""
    from .loader import Loader

    (batch,) = Loader(source.select([k]), batch_size=1, dtype="uint8", box_format="xyxy", on_bad="raise")
    # Pictures alone where there is nothing else.
    images, targets = batch if isinstance(batch, tuple) else (batch, None)
    given: dict[str, Any] = {"image": images[0]}
    if not isinstance(targets, dict):
        return given
    if "boxes" in targets:
        # Rows that fill a batch up have the class −1; of a batch of one there are none.
        given |= {"boxes": targets["boxes"][0], "box_format": "xyxy", "box_labels": targets["box_labels"][0]}
    if "masks" in targets:
        given["mask"] = targets["masks"][0]
    if "points" in targets:
        points = np.asarray(targets["points"][0])
        given["points"] = points.reshape(-1, points.shape[-1])
        given["points_visible"] = np.asarray(targets["points_visible"][0]).reshape(-1)
    return given


def drawn(made: Mapping[str, Any]) -> npt.NDArray[np.uint8]:
    """A sample as a picture of at most 256 pixels a side: its mask in colours, boxes as frames, points as dots.

    Args:
        made: What a pipeline gives for names: `image`, and `mask`, `boxes` as left, top, right, bottom, `box_labels` and
            `points` where they are there.

    Returns:
        A uint8 array of (height, width, 3).
    """
    image = _bytes(np.asarray(made["image"]))
    height, width = image.shape[:2]
    fit = _variegate.Pipeline(dumped({"variegate": 1, "pipeline": [{"resize_longest": {"length_px": SIDE}}]}))
    if max(height, width) > SIDE:
        small = fit(image=image, mask=np.asarray(made["mask"])) if "mask" in made else {"image": fit(image)}
    else:
        small = {"image": image, **({"mask": np.asarray(made["mask"])} if "mask" in made else {})}
    picture: npt.NDArray[np.uint8] = np.array(small["image"])
    if "mask" in small:
        mask = small["mask"].astype(np.int64)
        seen = mask != 0
        picture[seen] = (picture[seen].astype(np.uint16) + COLOURS[(mask[seen] - 1) % len(COLOURS)]) // 2
    scale = picture.shape[0] / height, picture.shape[1] / width
    labels = np.asarray(made.get("box_labels", ()))
    numbers = np.unique(labels, return_inverse=True)[1] if labels.dtype.kind not in "iu" else labels
    for k, box in enumerate(np.asarray(made.get("boxes", ())).reshape(-1, 4)):
        _frame(picture, box * np.array([scale[1], scale[0]] * 2), COLOURS[int(numbers[k]) % len(COLOURS) if len(numbers) else 0])
    seen = np.asarray(made.get("points_visible", True))
    points = np.asarray(made.get("points", ()))
    for x, y in points[np.broadcast_to(seen > 0, len(points))][:, :2] if len(points) else ():
        _dot(picture, x * scale[1], y * scale[0])
    return picture


def _bytes(image: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Any picture in three channels of eight bits: grey thrice, alpha and further channels left out."""
    if image.dtype.kind == "f":
        image = np.round(np.clip(image, 0.0, 1.0) * 255.0)
    elif image.dtype == np.uint16:
        image = image >> 8
    image = image[..., None] if image.ndim == 2 else image
    image = image[..., :3] if image.shape[2] >= 3 else np.repeat(image[..., :1], 3, axis=2)
    return np.ascontiguousarray(image, np.uint8)


def _frame(picture: npt.NDArray[np.uint8], box: npt.NDArray[Any], colour: npt.NDArray[np.uint8]) -> None:
    height, width = picture.shape[:2]
    x0, y0 = (int(np.clip(edge, 0, most - 1)) for edge, most in zip(box[:2], (width, height), strict=True))
    x1, y1 = (int(np.clip(np.ceil(edge), 1, most)) for edge, most in zip(box[2:], (width, height), strict=True))
    # Two pixels, of which the inner one is lost in a box too small for it.
    picture[y0 : min(y0 + 2, y1), x0:x1] = picture[max(y1 - 2, y0) : y1, x0:x1] = colour
    picture[y0:y1, x0 : min(x0 + 2, x1)] = picture[y0:y1, max(x1 - 2, x0) : x1] = colour


def _dot(picture: npt.NDArray[np.uint8], x: float, y: float) -> None:
    for radius, colour in ((3, (0, 0, 0)), (2, (255, 225, 26))):
        top, left = max(int(y) - radius, 0), max(int(x) - radius, 0)
        picture[top : max(int(y) + radius + 1, 0), left : max(int(x) + radius + 1, 0)] = colour


def pipeline_html(augment: Pipeline) -> str:
    """A pipeline as a short numbered list."""
    document = json.loads(augment.to_json())
    stages = "".join(f"<li><code>{html.escape(stage_written(stage))}</code></li>" for stage in document["pipeline"])
    return f"<b>{html.escape(type(augment).__name__)}</b>, seed {document.get('seed', 0)}<ol>{stages}</ol>"
