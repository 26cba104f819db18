"""The batches of `ImageDataGenerator`: from arrays, from class folders and from tables.

They are endless iterators and `PyDataset`s of one epoch. Draws are made in order from a generator of their own; pictures
are then read and resampled on threads.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import keras
import numpy as np

from .generator import ImageDataGenerator
from .pictures import array_to_img
from .reading import COLOURS, EXTENSIONS, read
from .spare import Spare


class Iterator(keras.utils.PyDataset):
    """What the three have in common: order, length, threads and `save_to_dir`.

    A seed gives the order and the transforms that Keras draws with it. Indexing gives a batch of the epoch, `next` the
    next batch without end.
    """

    samples: int
    labels: Any

    def __init__(self, generator: ImageDataGenerator, n: int, batch_size: int, shuffle: bool, seed: int | None,
                 save_to_dir: str | None, save_prefix: str, save_format: str, subset: str | None) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        if batch_size < 1:
            raise ValueError(f"batch_size: expected a whole number from 1, received {batch_size!r}")
        self.image_data_generator, self.subset = generator, subset
        self.n = self.samples = n
        self.batch_size, self.shuffle, self.seed = int(batch_size), shuffle, seed
        self.save_to_dir, self.save_prefix, self.save_format = save_to_dir, save_prefix, save_format
        self.data_format, self.dtype = generator.data_format, generator.dtype
        self.batch_index = self.total_batches_seen = 0
        self.index_array: np.ndarray | None = None
        self.lock = threading.Lock()
        self._rng: Any = np.random.RandomState(np.random.randint(2**31) if seed is None else seed)
        self._pool = ThreadPoolExecutor(os.cpu_count())
        self._spare = Spare()

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)

    @property
    def num_batches(self) -> int:
        """Batches of an epoch."""
        return len(self)

    def __getitem__(self, idx: int) -> Any:
        if not 0 <= idx < len(self):
            raise IndexError(f"batch {idx}: an epoch has {len(self)} batches, from 0")
        with self.lock:
            if self.seed is not None:
                self._rng = np.random.RandomState(self.seed + self.total_batches_seen)
            self.total_batches_seen += 1
            if self.index_array is None:
                self._mix()
            assert self.index_array is not None
            chosen = self.index_array[self.batch_size * idx : self.batch_size * (idx + 1)]
            return self._get_batches_of_transformed_samples(chosen)

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        if self.batch_index == 0:
            self.index_array = None
        at = self.batch_index
        self.batch_index = (at + 1) % max(1, len(self))
        return self[at]

    next = __next__

    def reset(self) -> None:
        """The next batch is the first one again."""
        self.batch_index = 0

    def on_epoch_end(self) -> None:
        """Gives the next epoch an order of its own."""
        self._mix()

    def _mix(self) -> None:
        self.index_array = self._rng.permutation(self.n) if self.shuffle else np.arange(self.n)

    def _pictures(self, chosen: list[int]) -> list[np.ndarray]:
        """Pictures by their numbers, in the layout of the generator, uint8 or in its dtype."""
        raise NotImplementedError

    def _targets(self, chosen: np.ndarray, x: np.ndarray) -> Any:
        raise NotImplementedError

    def _shape(self, index: int) -> tuple[int, ...]:
        raise NotImplementedError

    def _get_batches_of_transformed_samples(self, chosen: np.ndarray) -> Any:
        generator = self.image_data_generator
        if not len(chosen):
            return self._targets(chosen, np.zeros((0, *self._shape(0)), self.dtype))
        drawn = [generator._draw(self._shape(int(j)), self._rng) for j in chosen]

        # A function of the user's may not like threads. The lists are what waits for them, and raises their errors.
        each = map if generator.preprocessing_function else self._pool.map
        x = generator._batch(self._pictures([int(j) for j in chosen]), drawn, each, self._spare.take)
        if self.save_to_dir is not None:
            for j, picture in zip(chosen, x, strict=True):
                name = f"{self.save_prefix}_{j}_{np.random.randint(1e7)}.{self.save_format}"
                array_to_img(picture, self.data_format).save(os.path.join(self.save_to_dir, name))
        return self._targets(chosen, x)


class NumpyArrayIterator(Iterator):
    """Batches of arrays: x, (x, y) or (x, y, weights); x may be a pair (pictures, others), others being handed through."""

    def __init__(self, generator: ImageDataGenerator, x: Any, y: Any, batch_size: int, shuffle: bool,
                 sample_weight: Any, seed: int | None, save_to_dir: str | None, save_prefix: str, save_format: str,
                 subset: str | None, ignore_class_split: bool) -> None:
        self.x_misc: list[np.ndarray] = []
        if isinstance(x, tuple | list) and len(x) == 2:
            others = x[1] if isinstance(x[1], list) else [x[1]]
            x, self.x_misc = x[0], [np.asarray(other) for other in others]
        x = np.asarray(x)
        x = x if x.dtype == np.uint8 else np.asarray(x, generator.dtype)
        if x.ndim != 4:
            raise ValueError(f"Input data in `NumpyArrayIterator` should have rank 4. Got array with shape {x.shape}")
        parts = {"y": None if y is None else np.asarray(y),
                 "sample_weight": None if sample_weight is None else np.asarray(sample_weight)}
        for name, part in [*parts.items(), *(("every other input", m) for m in self.x_misc)]:
            if part is not None and len(part) != len(x):
                raise ValueError(f"x and {name} should have the same length. Found: {len(x)} and {len(part)}")
        part = _part(subset, generator._validation_split, len(x))
        if subset is not None and parts["y"] is not None and not ignore_class_split:
            cut = int(len(x) * generator._validation_split)
            if not np.array_equal(np.unique(parts["y"][:cut]), np.unique(parts["y"][cut:])):
                raise ValueError(
                    "Training and validation subsets have different number of classes after the split. "
                    "If your numpy arrays are sorted by the label, you might want to shuffle them."
                )
        self.x, self.x_misc = x[part], [m[part] for m in self.x_misc]
        self.y = self.labels = None if parts["y"] is None else parts["y"][part]
        self.sample_weight = None if parts["sample_weight"] is None else parts["sample_weight"][part]
        self.image_shape = x.shape[1:]
        self._read = in_bytes(self.x)
        super().__init__(generator, len(self.x), batch_size, shuffle, seed, save_to_dir, save_prefix, save_format, subset)

    def _pictures(self, chosen: list[int]) -> list[np.ndarray]:
        return [self._read[j] for j in chosen]

    def _shape(self, index: int) -> tuple[int, ...]:
        return self.x.shape[1:]

    def _targets(self, chosen: np.ndarray, x: np.ndarray) -> Any:
        given = [x, *(m[chosen] for m in self.x_misc)] if self.x_misc else x
        if self.y is None:
            return given
        pair = (given, self.y[chosen])
        return pair if self.sample_weight is None else (*pair, self.sample_weight[chosen])


class _Files(Iterator):
    """Pictures of files, brought to one size. The rest fills in `filenames`, `filepaths` and `classes`."""

    filenames: list[str]
    filepaths: list[str]
    sample_weight: Any = None

    def _set(self, target_size: Sequence[int], color_mode: str, class_mode: str | None, modes: tuple[Any, ...],
             interpolation: str, keep: bool, generator: ImageDataGenerator) -> None:
        if color_mode not in COLOURS:
            raise ValueError(f'Invalid color mode: {color_mode}; expected "rgb", "rgba", or "grayscale".')
        if class_mode not in modes:
            raise ValueError(f"Invalid class_mode: {class_mode}; expected one of: {modes}")
        self.target_size = (int(target_size[0]), int(target_size[1]))
        self.color_mode, self.class_mode, self.interpolation, self.keep_aspect_ratio = (
            color_mode, class_mode, interpolation, keep)
        channels = {"rgb": 3, "rgba": 4, "grayscale": 1}[color_mode]
        last = generator.data_format == "channels_last"
        self.image_shape = (*self.target_size, channels) if last else (channels, *self.target_size)

    def _shape(self, index: int) -> tuple[int, ...]:
        return self.image_shape

    def _pictures(self, chosen: list[int]) -> list[np.ndarray]:
        return list(self._pool.map(self._picture, chosen))

    def _picture(self, index: int) -> np.ndarray:
        image = read(self.filepaths[index], self.color_mode, self.target_size, self.interpolation, self.keep_aspect_ratio)
        return image if self.data_format == "channels_last" else image.transpose(2, 0, 1)

    def _targets(self, chosen: np.ndarray, x: np.ndarray) -> Any:
        match self.class_mode:
            case None:
                return x
            case "input":
                y: Any = x.copy()
            case "multi_output":
                y = [column[chosen] for column in self.labels]
            case "binary" | "sparse":
                y = np.asarray(self.classes, self.dtype)[chosen]
            case "categorical":
                y = np.zeros((len(x), len(self.class_indices)), self.dtype)
                for k, j in enumerate(chosen):
                    y[k, self.classes[j]] = 1
            case _:
                y = self.labels[chosen]
        return (x, y) if self.sample_weight is None else (x, y, self.sample_weight[chosen])


class DirectoryIterator(_Files):
    """Batches of the files of class folders. The first part of each class is for validation, as in Keras."""

    def __init__(self, directory: Any, generator: ImageDataGenerator, target_size: Sequence[int], color_mode: str,
                 classes: Sequence[str] | None, class_mode: str | None, batch_size: int, shuffle: bool,
                 seed: int | None, save_to_dir: str | None, save_prefix: str, save_format: str, follow_links: bool,
                 subset: str | None, interpolation: str, keep_aspect_ratio: bool) -> None:
        modes = ("categorical", "binary", "sparse", "input", None)
        self._set(target_size, color_mode, class_mode, modes, interpolation, keep_aspect_ratio, generator)
        self.directory = os.fspath(directory)
        names = sorted(e.name for e in os.scandir(directory) if e.is_dir()) if not classes else list(classes)
        self.class_indices = {name: k for k, name in enumerate(names)}
        self.filenames, numbers = [], []
        for name, number in self.class_indices.items():
            found = []
            for root, _, files in sorted(os.walk(os.path.join(self.directory, name), followlinks=follow_links)):
                found += [os.path.join(root, f) for f in sorted(files) if f.lower().endswith(EXTENSIONS)]
            found = found[_part(subset, generator._validation_split, len(found))]
            self.filenames += [os.path.relpath(path, self.directory) for path in found]
            numbers += [number] * len(found)
        self.num_classes = len(names)
        self.filepaths = [os.path.join(self.directory, f) for f in self.filenames]
        self.classes = self.labels = np.array(numbers, "int32")
        print(f"Found {len(self.filenames)} images belonging to {len(names)} classes.")
        super().__init__(generator, len(self.filenames), batch_size, shuffle, seed, save_to_dir, save_prefix,
                         save_format, subset)


class DataFrameIterator(_Files):
    """Batches of the files that a table names: any object whose columns `table[name]` can be iterated."""

    def __init__(self, table: Any, directory: Any, generator: ImageDataGenerator, x_col: str, y_col: Any,
                 weight_col: str | None, target_size: Sequence[int], color_mode: str, classes: Sequence[str] | None,
                 class_mode: str | None, batch_size: int, shuffle: bool, seed: int | None, save_to_dir: str | None,
                 save_prefix: str, save_format: str, subset: str | None, interpolation: str, keep_aspect_ratio: bool,
                 validate_filenames: bool) -> None:
        modes = ("binary", "categorical", "input", "multi_output", "raw", "sparse", None)
        self._set(target_size, color_mode, class_mode, modes, interpolation, keep_aspect_ratio, generator)
        self.directory = os.fspath(directory or "")
        names = [str(f) for f in table[x_col]]
        rows = list(range(len(names)))
        if validate_filenames:
            def good(name: str) -> bool:
                return name.lower().endswith(EXTENSIONS) and os.path.isfile(os.path.join(self.directory, name))

            rows = [k for k in rows if good(names[k])]
            if bad := len(names) - len(rows):
                warnings.warn(f"Found {bad} invalid image filename(s) in x_col=\"{x_col}\". "
                              "These filename(s) will be ignored.", stacklevel=3)
        columns: list[list[Any]] = []
        if class_mode in ("multi_output", "raw"):
            wanted = [y_col] if isinstance(y_col, str) else list(y_col)
            columns = [list(table[name]) for name in wanted]
        self.classes, self.class_indices = [], {}
        if class_mode in ("binary", "categorical", "sparse"):
            given = list(table[y_col])
            sets = [list(v) if isinstance(v, list | tuple) else [v] for v in given]
            known = list(dict.fromkeys(classes)) if classes else sorted({v for k in rows for v in sets[k]})
            self.class_indices = {name: k for k, name in enumerate(known)}
            sets = [[v for v in each if v in self.class_indices] for each in sets]
            rows = [k for k in rows if sets[k]]
            if class_mode == "binary" and len(known) != 2:
                raise ValueError(f'If class_mode="binary" there must be 2 classes. {len(known)} class/es were given.')
            several = class_mode == "categorical" and any(isinstance(v, list | tuple) for v in given)
            self.classes = [[self.class_indices[v] for v in each] if several else self.class_indices[each[0]] for each in sets]
        rows = rows[_part(subset, generator._validation_split, len(rows))]
        self.filenames = [names[k] for k in rows]
        self.filepaths = [os.path.join(self.directory, f) for f in self.filenames]
        self.classes = [self.classes[k] for k in rows] if self.classes else []
        self.labels: Any = self.classes
        if class_mode == "multi_output":
            self.labels = [np.array([column[k] for k in rows]) for column in columns]
        elif class_mode == "raw":
            picked = [[column[k] for k in rows] for column in columns]
            self.labels = np.array(picked[0]) if isinstance(y_col, str) else np.array(picked).T
        if weight_col:
            weights = list(table[weight_col])
            self.sample_weight = np.array([weights[k] for k in rows], np.float64)
        said = f" belonging to {len(self.class_indices)} classes" if self.class_indices else ""
        print(f"Found {len(rows)} validated image filenames{said}.")
        super().__init__(generator, len(rows), batch_size, shuffle, seed, save_to_dir, save_prefix, save_format, subset)


def _part(subset: str | None, split: float, n: int) -> slice:
    """Validation is the first part, training the rest, as in Keras."""
    if subset not in (None, "training", "validation"):
        raise ValueError(f'Invalid subset name: {subset}; expected "training" or "validation".')
    if subset is None:
        return slice(None)
    cut = int(n * split)
    return slice(cut) if subset == "validation" else slice(cut, None)


def in_bytes(x: np.ndarray) -> np.ndarray:
    """Pictures as uint8, where their floats are whole numbers of 0 to 255 throughout, else as they are.

    Bytes are read four times as fast, and between them the engine still reads in reals. Most arrays end at the first
    picture that cannot be held.
    """
    if x.dtype == np.uint8 or x.dtype.kind != "f":
        return x
    out = np.empty(x.shape, np.uint8)
    for picture, target in zip(x, out, strict=True):
        if not picture.size or not 0 <= picture.min() <= picture.max() <= 255:
            return x
        target[...] = picture
        if not np.array_equal(target, picture):
            return x
    return out
