"""Sources: the samples a loader reads, their labels and classes.

The compiled half finds and reads them; this file gives its lists their shape.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self

import numpy as np

from . import _variegate
from .errors import InputError, ParameterError, UnsupportedError
from .storage import Options, named


class Source:
    """Samples in a fixed order, each with a label or none. Made by `vg.folder` and its like; never changed once it is made.

    The position of a sample is its id: what a pipeline draws for it depends on that, on the seed and on the epoch.
    """

    __slots__ = ("_recipe", "_samples")

    def __init__(self, samples: _variegate.Source, recipe: tuple[Any, ...] | None = None) -> None:
        self._samples = samples
        self._recipe = recipe

    @classmethod
    def made(cls, maker: str, *arguments: Any) -> Self:
        """What a maker of the compiled half returns, with what it takes to make it again in another process."""
        return cls(getattr(_variegate, maker)(*arguments), (None, maker, arguments))

    def _derived(self, maker: str, *arguments: Any) -> Source:
        bare = [[one._samples for one in given] if _are_sources(given) else given for given in arguments]
        return Source(getattr(self._samples, maker)(*bare), (self, maker, arguments))

    def __reduce__(self) -> tuple[Any, ...]:
        """A source is made again where it is unpickled, and refused there if its list of samples is another one."""
        if self._recipe is None:
            raise UnsupportedError(
                "this source cannot be made again in another process; use one that vg.folder(…) and its like return"
            )
        return _restored, (*self._recipe, self._samples.fingerprint)

    @property
    def classes(self) -> list[str]:
        """Names of the classes, by label: the numbers themselves where they have no names. Empty where there are none."""
        return self._samples.classes

    @property
    def paths(self) -> list[str]:
        """Paths of all samples, in order: of files, or of members below their archive. A name that is not UTF-8 is as `os.fsdecode` gives it."""
        return self._samples.paths

    @property
    def labels(self) -> list[int | None]:
        """The label of each sample, in order."""
        return self._samples.labels

    @property
    def problems(self) -> list[str]:
        """What was met and left aside: links in a circle, folders that may not be entered, classes without pictures."""
        return self._samples.problems

    def split(self, share: float, *, seed: int = 0) -> tuple[Source, Source]:
        """Shares the samples out: all but the last `share` of a seeded shuffle, and that share.

        Both keep the order of the samples. The same seed gives the same split on every machine.

        Args:
            share: Share of the second source, between 0 and 1.
            seed: The seed of the shuffle, a whole number from 0.

        Returns:
            The large and the small source: training and validation.

        Raises:
            ParameterError: If the share is not between 0 and 1.
        """
        arguments = (float(share), operator.index(seed))
        first, last = self._samples._split(*arguments)
        return Source(first, (self, "_split", (0, *arguments))), Source(last, (self, "_split", (1, *arguments)))

    def select(self, indices: Iterable[int]) -> Source:
        """The samples at some positions, in that order.

        Raises:
            ParameterError: If there is no such position.
        """
        positions = [operator.index(k) for k in indices]
        if wrong := [k for k in positions if k < 0]:
            raise ParameterError(f"there is no sample {wrong[0]}; positions count from 0")
        return self._derived("_select", positions)

    def relabel(self, labels: Iterable[int], classes: Sequence[str] | None = None) -> Source:
        """The same samples with other labels.

        Args:
            labels: A whole number from 0 for each sample, in the order of `paths`.
            classes: Names of the classes, by label. The numbers themselves unless given.

        Raises:
            ParameterError: If there is not one label for each sample, or not a name for each label.
        """
        numbers = [operator.index(label) for label in labels]
        if wrong := [label for label in numbers if not 0 <= label < 2**31]:
            raise ParameterError(f"labels: expected whole numbers from 0, found {wrong[0]}")
        most = max(numbers, default=-1)
        names = [str(k) for k in range(most + 1)] if classes is None else list(classes)
        if most >= len(names):
            raise ParameterError(f"classes: label {most} has no name; {len(names)} names were given")
        return self._derived("_relabel", numbers, names)

    def filter(self, keep: Callable[[str, int | None], Any]) -> Source:
        """The samples for which `keep(path, label)` is true, in order. It is asked once for each, now.

        Raises:
            ParameterError: If none is left.
        """
        if not callable(keep):
            raise TypeError(f"keep: expected a function of a path and a label, found {type(keep).__name__}")
        positions = [k for k in range(len(self)) if keep(*self._samples._entry(k))]
        if not positions:
            raise ParameterError(f"filter: none of {len(self)} samples is left")
        return self._derived("_select", positions)

    def concat(self, *others: Source, weights: Sequence[float] | None = None) -> Source:
        """This source and others as one.

        Classes of the same name become one class, and labels follow. With weights each source makes up its share of
        every epoch: all samples come at least once, and those of a source that weighs more than its size again,
        evenly. Which sample an id stands for is computed, never drawn.

        Args:
            others: Sources to follow this one.
            weights: Shares of an epoch in any unit, this source's first; each above 0. By size unless given.

        Raises:
            InputError: If a source is empty.
            ParameterError: If there is not one weight for each source, or classes have names in some sources only.
        """
        if wrong := [other for other in others if not isinstance(other, Source)]:
            raise TypeError(f"concat: expected sources, as vg.folder(…) returns them, found {type(wrong[0]).__name__}")
        shares = None if weights is None else [float(weight) for weight in weights]
        return self._derived("_concat", list(others), shares)

    def __len__(self) -> int:
        return len(self._samples)

    def __repr__(self) -> str:
        return f"<{len(self)} samples of {len(self.classes)} classes>" if self.classes else f"<{len(self)} samples>"


def folder(
    path: str | os.PathLike[str],
    classes: Sequence[str] | None = None,
    labelled: bool | None = None,
    follow_links: bool = False,
    storage: Options = None,
) -> Source:
    """The pictures of a folder: with a sub-folder for each class, or without classes.

    Files with the extensions of JPEG, PNG, WebP, BMP, GIF, TIFF and PNM count, at any depth; hidden files and folders do
    not. Names are read, files are not. The order is that of the names' bytes, class by class.

    Args:
        path: The folder, here or in a store.
        classes: Names of the sub-folders that are classes, in the order of their labels. All of them, sorted, unless
            given.
        labelled: Whether sub-folders are classes. Unless given, they are where there are some and no picture lies
            beside them.
        follow_links: Whether links to folders are entered. Links to files always are.
        storage: Options of the store for paths of one (`s3://`, `gs://`, `az://`, `https://`): see `docs/sources.md`.

    Returns:
        A source. `problems` tells what was left aside.

    Raises:
        InputError: If there is no picture, or no folder for a class.
        IoError: If the folder cannot be read.
        ParameterError: If the arguments contradict each other.
    """
    return Source.made("folder", path, names_of(classes), labelled, follow_links, named(storage))


def arrays(images: Any, labels: Any = None, classes: Sequence[str] | None = None) -> Source:
    """The pictures of an array.

    Nothing is copied where the array is without gaps and of the machine's byte order: a memory map of `numpy.load` or
    `numpy.memmap` is read where it lies, picture by picture. Do not write to it while a loader reads. Pictures come
    as those of files do: 16 bits are brought to 8, and floats of 0 to 1 to 0 to 255; others are bad samples.

    Args:
        images: N × H × W × C with 1 to 4 channels, or N × H × W for grey; uint8, uint16 or float32.
        labels: A whole number from 0 for each, or the name of its class. No labels unless given.
        classes: Names of the classes, by label. The numbers themselves or the names that there are, sorted, unless given.

    Returns:
        A source. The path of a picture reads `array[17]`.

    Raises:
        InputError: If the array has another shape or dtype.
        ParameterError: If there is not one label for each picture, or not a class for each label.
    """
    array = np.asarray(images)
    if not array.flags.c_contiguous or not array.dtype.isnative:
        array = np.ascontiguousarray(array, array.dtype.newbyteorder("="))
    source = Source.made("arrays", array)
    if labels is None:
        return source
    given = np.asarray(labels)
    if given.ndim == 2 and given.shape[1] == 1:
        given = given[:, 0]
    if given.ndim != 1 or given.dtype.kind not in "iubU":
        raise ParameterError(
            f"labels: expected a whole number or a name for each picture, found the shape {given.shape} of {given.dtype}"
        )
    if given.dtype.kind != "U":
        return source.relabel(given.tolist(), classes)
    names = sorted(set(given.tolist())) if classes is None else list(classes)
    numbers = {name: k for k, name in enumerate(names)}
    if wrong := [name for name in given.tolist() if name not in numbers]:
        raise ParameterError(f"labels: {wrong[0]!r} is none of the {len(names)} classes")
    return source.relabel([numbers[name] for name in given.tolist()], names)


def names_of(classes: Sequence[str] | None) -> list[str] | None:
    """Names of classes as a list, where they are given."""
    if isinstance(classes, str):
        raise ParameterError(f"classes: expected a list of names, found {classes!r}")
    return None if classes is None else list(classes)


def _are_sources(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(one, Source) for one in given) and bool(given)


def _restored(parent: Source | None, maker: str, arguments: tuple[Any, ...], fingerprint: int) -> Source:
    if parent is None:
        source = Source.made(maker, *arguments)
    elif maker == "_split":
        source = parent.split(*arguments[1:-1], seed=arguments[-1])[arguments[0]]
    else:
        source = parent._derived(maker, *arguments)
    if source._samples.fingerprint != fingerprint:
        raise InputError("the source's list of samples has changed since it was made; make the source again")
    return source
