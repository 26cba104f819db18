"""`image_dataset_from_directory`, with Keras's arguments, checks and messages, and an augmentation on top.

What it gives is a `Dataset` (or `Singles`), not a `tf.data.Dataset`: no TensorFlow is needed, and epochs are shuffled
as a whole instead of within a buffer. Files, their order, their labels and a seeded split are those of Keras.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, ParameterError
from ..loader import Loader
from ..pipeline import Pipeline
from ..source import Source, folder
from . import applications
from . import preprocess as preprocessing
from .singles import Singles

if TYPE_CHECKING:
    from .dataset import Dataset

FORMATS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
COLOURS = {"rgb": "rgb", "rgba": "rgba", "grayscale": "grey"}
FILTERS = {
    "bilinear": "bilinear",
    "nearest": "nearest",
    "bicubic": "bicubic",
    "area": "box",
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
    "gaussian": "gaussian",
    "mitchellcubic": "mitchell",
}
LAYOUTS = {"channels_last": "NHWC", "channels_first": "NCHW"}
# What the engine works in where single pictures are asked for; it changes no byte of them.
CHUNK = 32


def image_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: str | Sequence[int] | None = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: int | tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
    *,
    augment: Pipeline | None = None,
    preprocess: str | None = None,
    antialias: bool = True,
    threads: int | None = None,
    prefetch: int | None = None,
    memory: int | str = "2GiB",
    on_bad: str = "quarantine",
    dtype: str = "float32",
) -> Dataset | Singles | tuple[Dataset, Dataset] | tuple[Singles, Singles]:
    """Pictures of a folder as batches for `fit`, as `keras.utils.image_dataset_from_directory` gives them.

    Where it differs from Keras: shrinking is antialiased unless `antialias=False`; hidden files are left aside;
    an epoch is shuffled as a whole; files that are broken do not end the training (see `on_bad`, and
    `dataset.loader.bad`); EXIF orientation is followed.

    Args:
        directory: The folder.
        labels: "inferred" from sub-folders, None, or whole numbers, one for each file in the order of the paths.
        label_mode: "int" (int32 of (N,)), "categorical" (float32 one-hot), "binary" (float32 of (N, 1)) or None.
        class_names: The sub-folders that are classes, in the order of their labels.
        color_mode: "rgb", "rgba" or "grayscale".
        batch_size: Pictures of a batch. None for pictures one by one, in a loop of your own.
        image_size: Height and width, or one number for both.
        shuffle: Whether each epoch has an order of its own.
        seed: The seed of the split and of the order. Drawn from NumPy's global generator unless given.
        validation_split: Share of the files held back, between 0 and 1: the last ones of a seeded shuffle, the same
            files as Keras takes.
        subset: "training", "validation", or "both" for a pair.
        interpolation: "bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian" or "mitchellcubic".
        follow_links: Whether links to folders are entered.
        crop_to_aspect_ratio: Whether the middle of the picture with the aspect of `image_size` is taken, instead of
            stretching it. Its sides are within one pixel of Keras's.
        pad_to_aspect_ratio: Whether the whole picture is fitted in, in the middle, between bars of black.
        data_format: "channels_last" or "channels_first". `keras.config.image_data_format()` unless given.
        format: "tf" or "grain", which say what Keras builds upon. Both are the same here, and neither is needed.
        verbose: Whether the number of files and classes is printed.
        augment: A pipeline for pictures already brought to `image_size`; both become one pass over the pixels. Where
            it ends in another size, that is the size of the batches. With `subset`, it is for training alone.
        preprocess: The model that takes the pictures ("VGG16", see `variegate.keras.applications`) or a mode of
            `preprocess_input`: its numbers are written in the same pass, for training and validation.
        antialias: Whether shrinking averages all pixels under the footprint, as Pillow does and Keras does not.
        threads: Worker threads. As many as the machine has cores unless given.
        prefetch: Batches made ahead.
        memory: What batches made ahead may hold.
        on_bad: "raise", "skip", "substitute" or "quarantine".
        dtype: "float32", "float16", "bfloat16" or "uint8".

    Returns:
        A `Dataset`, with batch_size=None `Singles`, and with subset="both" a pair of them: images of 0 to 255 (unless
        `preprocess` or `augment` says otherwise), with labels unless there are none. `class_names`, `file_paths`,
        `num_batches` and `loader` are its attributes.

    Raises:
        ValueError: With Keras's message, if an argument is wrong or no picture is found.
    """
    _check_labels(labels, label_mode, class_names)
    if labels is None or label_mode is None:
        # As in Keras: without labels the whole tree is one list.
        labels = label_mode = None
    size = _check_pictures(color_mode, image_size, interpolation, crop_to_aspect_ratio, pad_to_aspect_ratio)
    _check_split(validation_split, subset, shuffle, seed)
    if format not in ("tf", "grain"):
        raise ValueError(f'`format` should be either "tf" or "grain". Received: format={format}')
    if augment is not None and not isinstance(augment, Pipeline):
        raise TypeError(f"augment: expected a vg.Pipeline or None, found {type(augment).__name__}")
    last = _last(preprocess, augment)

    import keras

    from .dataset import Dataset

    layout = LAYOUTS[keras.config.image_data_format() if data_format is None else _data_format(data_format)]
    seed = int(np.random.randint(1_000_000)) if seed is None else seed
    source, names = _index(directory, labels, class_names, follow_links)
    if label_mode == "binary" and len(names or ()) != 2:
        raise ValueError(
            'When passing `label_mode="binary"`, there must be exactly 2 class_names. '
            f"Received: class_names={names}"
        )
    _say(verbose, f"Found {len(source)} files" + (f" belonging to {len(names)} classes." if names else "."))

    positions = np.arange(len(source))
    if shuffle:
        np.random.RandomState(seed).shuffle(positions)
    held_back = int((validation_split or 0) * len(positions))
    cut = len(positions) - held_back

    def dataset(part: np.ndarray, training: bool, mixed: bool) -> Dataset | Singles:
        if len(part) == 0:
            kind = {None: "", True: "training ", False: "validation "}[training if subset == "both" else None]
            raise ValueError(f"No {kind}images found in directory {directory}. Allowed formats: {FORMATS}")
        if subset is not None:
            _say(verbose, f"Using {len(part)} files for {'training' if training else 'validation'}.")
        frame = _frame(size, FILTERS[interpolation.lower()], antialias, crop_to_aspect_ratio, pad_to_aspect_ratio)
        loader = Loader(
            source.select(part),
            _pipeline(frame, augment if training else None, last),
            batch_size=CHUNK if batch_size is None else batch_size,
            shuffle=mixed,
            seed=seed,
            threads=threads,
            prefetch=prefetch,
            memory=memory,
            dtype=dtype,
            layout=layout,
            on_bad=on_bad,
            colour=COLOURS[color_mode],
            label_mode=label_mode,
        )
        if batch_size is None:
            return Singles(loader, names, advance=training)
        made = Dataset(loader, advance=training)
        made.class_names = names
        return made

    match subset:
        case "both":
            return dataset(positions[:cut], True, shuffle), dataset(positions[cut:], False, False)
        case "validation":
            return dataset(positions[cut:], False, shuffle)
    return dataset(positions[:cut], True, shuffle)


def _frame(size: tuple[int, int], filter: str, antialias: bool, crop: bool, pad: bool) -> dict[str, Any]:
    """The stage that brings pictures to a size, as data."""
    body: dict[str, Any] = {"size": list(size), "filter": filter, "antialias": antialias, "name": "image_size"}
    name = "resize"
    if crop:
        # The largest window with the aspect wanted, in the middle.
        name = "resized_crop"
        body |= {"area": 1.0, "aspect": size[1] / size[0], "x": 0.5, "y": 0.5}
    if pad:
        name = "letterbox"
        del body["antialias"]
    # Its own name keeps what comes after it apart from what it draws.
    return {name: body}


def _pipeline(frame: dict[str, Any], augment: Pipeline | None, last: list[Any]) -> Pipeline:
    document = {"variegate": 1} if augment is None else json.loads(augment.to_json())
    document["pipeline"] = [frame, *document.get("pipeline", []), *last]
    return Pipeline.from_yaml(json.dumps(document))


def _last(preprocess: str | None, augment: Pipeline | None) -> list[Any]:
    """The final write, as data; nothing where none is asked for."""
    if preprocess is None:
        return []
    if augment is not None and any("normalize" in stage for stage in json.loads(augment.to_json())["pipeline"]):
        raise ParameterError(f"preprocess={preprocess!r}: `augment` normalises already; give one of the two")
    if preprocess in preprocessing.MODES:
        return [preprocessing.operation(preprocess).to_dict()]
    return [applications.of(preprocess).operation().to_dict()]


def _index(
    directory: str | os.PathLike[str], labels: Any, class_names: Sequence[str] | None, follow_links: bool
) -> tuple[Source, list[str] | None]:
    """The files in the order in which Keras lists them, and the names of the classes."""
    names = None
    if labels == "inferred":
        # Links to folders count as classes in Keras, whatever follow_links says.
        found = sorted(e.name for e in os.scandir(directory) if e.is_dir() and not e.name.startswith("."))
        if class_names is not None and not set(class_names).issubset(found):
            raise ValueError(
                "The `class_names` passed did not match the names of the subdirectories of the target directory. "
                f"Expected: {found} (or a subset of it), but received: class_names={class_names}"
            )
        names = list(found if class_names is None else class_names)
    elif class_names is not None:
        raise ValueError("When `labels=None` (no labels), argument `class_names` cannot be specified.")
    try:
        if names == []:
            raise InputError("it has no sub-folders to infer classes from; pass labels=None for pictures without")
        source = folder(directory, classes=names, labelled=names is not None, follow_links=follow_links)
    except InputError as error:
        raise InputError(f"No images found in directory {directory}. Allowed formats: {FORMATS}. {error}") from None
    paths, given = source.paths, source.labels
    wanted = [k for k, path in enumerate(paths) if path.lower().endswith(FORMATS)]
    wanted.sort(key=lambda k: (given[k] or 0, *os.path.split(paths[k])))
    source = source.select(wanted)
    if not isinstance(labels, str) and labels is not None:
        if len(labels) != len(source):
            raise ValueError(
                "Expected the lengths of `labels` to match the number of files in the target directory. len(labels) is "
                f"{len(labels)} while we found {len(source)} files in directory {directory}."
            )
        source = source.relabel(labels)
        names = [str(label) for label in sorted(set(labels))]
    return source, names


def _check_labels(labels: Any, label_mode: str | None, class_names: Sequence[str] | None) -> None:
    if labels is not None and not (isinstance(labels, str) and labels == "inferred"):
        if not isinstance(labels, (list, tuple)):
            raise ValueError(
                "`labels` argument should be a list/tuple of integer labels, of the same size as the number of image "
                "files in the target directory. If you wish to infer the labels from the subdirectory names in the "
                'target directory, pass `labels="inferred"`. If you wish to get a dataset that only contains images '
                f"(no labels), pass `labels=None`. Received: labels={labels}"
            )
        if class_names:
            raise ValueError(
                f'You can only pass `class_names` if `labels="inferred"`. Received: labels={labels}, and '
                f"class_names={class_names}"
            )
    if label_mode not in ("int", "categorical", "binary", None):
        raise ValueError(
            '`label_mode` argument must be one of "int", "categorical", "binary", or None. '
            f"Received: label_mode={label_mode}"
        )


def _check_pictures(color_mode: str, image_size: Any, interpolation: str, crop: bool, pad: bool) -> tuple[int, int]:
    if color_mode not in COLOURS:
        raise ValueError(
            f'`color_mode` must be one of {{"rgb", "rgba", "grayscale"}}. Received: color_mode={color_mode}'
        )
    if isinstance(image_size, int):
        image_size = (image_size, image_size)
    elif not isinstance(image_size, (list, tuple)) or len(image_size) != 2:
        raise ValueError(
            f"Invalid `image_size` value. Expected a tuple of 2 integers. Received: image_size={image_size}"
        )
    if interpolation.lower() not in FILTERS:
        raise ValueError(
            f"Argument `interpolation` should be one of {tuple(FILTERS)}. Received: interpolation={interpolation}"
        )
    if crop and pad:
        raise ValueError("Only one of `pad_to_aspect_ratio`, `crop_to_aspect_ratio` can be set to `True`.")
    return int(image_size[0]), int(image_size[1])


def _check_split(validation_split: float | None, subset: str | None, shuffle: bool, seed: int | None) -> None:
    if validation_split and not 0 < validation_split < 1:
        raise ValueError(f"`validation_split` must be between 0 and 1, received: {validation_split}")
    if (validation_split or subset) and not (validation_split and subset):
        raise ValueError("If `subset` is set, `validation_split` must be set, and inversely.")
    if subset not in ("training", "validation", "both", None):
        raise ValueError(f'`subset` must be either "training", "validation" or "both", received: {subset}')
    if validation_split and shuffle and seed is None:
        raise ValueError(
            "If using `validation_split` and shuffling the data, you must provide a `seed` argument, to make sure that "
            "there is no overlap between the training and validation subset."
        )


def _data_format(data_format: str) -> str:
    if data_format.lower() not in LAYOUTS:
        raise ValueError(
            "The `data_format` argument must be one of {'channels_first', 'channels_last'}. "
            f"Received: data_format={data_format}"
        )
    return data_format.lower()


def _say(verbose: bool, text: str) -> None:
    if verbose:
        print(text)


__all__ = ["image_dataset_from_directory"]
