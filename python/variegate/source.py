"""Sources: the files a loader reads, their labels and classes.

The compiled half walks folders; this file gives its lists their shape.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Sequence

from . import _variegate
from .errors import ParameterError


class Source:
    """Files in a fixed order, each with a label or none. Made by `vg.folder`; never changed once it is made.

    The position of a file is its sample id: what a pipeline draws for it depends on that, on the seed and on the epoch.
    """

    __slots__ = ("_files",)

    def __init__(self, files: _variegate.FolderSource | _variegate.AnnotatedSource) -> None:
        self._files = files

    @property
    def classes(self) -> list[str]:
        """Names of the classes, by label. Empty where there are none."""
        return self._files.classes

    @property
    def paths(self) -> list[str]:
        """Paths of all files, in order. A name that is not UTF-8 is as `os.fsdecode` gives it."""
        return self._files.paths

    @property
    def labels(self) -> list[int | None]:
        """The label of each file, in order."""
        return self._files.labels

    @property
    def problems(self) -> list[str]:
        """What the walk met and left aside: links in a circle, folders it may not enter, classes without pictures."""
        return self._files.problems

    def split(self, share: float, *, seed: int = 0) -> tuple[Source, Source]:
        """Shares the files out: all but the last `share` of a seeded shuffle, and that share.

        Both keep the order of the files. The same seed gives the same split on every machine.

        Args:
            share: Share of the second source, between 0 and 1.
            seed: The seed of the shuffle, a whole number from 0.

        Returns:
            The large and the small source: training and validation.

        Raises:
            ParameterError: If the share is not between 0 and 1.
        """
        first, last = self._files._split(float(share), operator.index(seed))
        return Source(first), Source(last)

    def select(self, indices: Iterable[int]) -> Source:
        """The files at some positions, in that order.

        Raises:
            ParameterError: If there is no such position.
        """
        positions = [operator.index(k) for k in indices]
        if wrong := [k for k in positions if k < 0]:
            raise ParameterError(f"there is no sample {wrong[0]}; positions count from 0")
        return Source(self._files._select(positions))

    def relabel(self, labels: Iterable[int], classes: Sequence[str] | None = None) -> Source:
        """The same files with other labels.

        Args:
            labels: A whole number from 0 for each file, in the order of `paths`.
            classes: Names of the classes, by label. The numbers themselves unless given.

        Raises:
            ParameterError: If there is not one label for each file, or not a name for each label.
        """
        numbers = [operator.index(label) for label in labels]
        if wrong := [label for label in numbers if not 0 <= label < 2**31]:
            raise ParameterError(f"labels: expected whole numbers from 0, found {wrong[0]}")
        most = max(numbers, default=-1)
        names = [str(k) for k in range(most + 1)] if classes is None else list(classes)
        if most >= len(names):
            raise ParameterError(f"classes: label {most} has no name; {len(names)} names were given")
        return Source(self._files._relabel(numbers, names))

    def __len__(self) -> int:
        return len(self._files)

    def __repr__(self) -> str:
        return f"<{len(self)} files of {len(self.classes)} classes>" if self.classes else f"<{len(self)} files>"


def folder(
    path: str | os.PathLike[str],
    classes: Sequence[str] | None = None,
    labelled: bool | None = None,
    follow_links: bool = False,
) -> Source:
    """The pictures of a folder: with a sub-folder for each class, or without classes.

    Files with the extensions of JPEG, PNG, WebP, BMP, GIF and TIFF count, at any depth; hidden files and folders do
    not. Names are read, files are not. The order is that of the names' bytes, class by class.

    Args:
        path: The folder.
        classes: Names of the sub-folders that are classes, in the order of their labels. All of them, sorted, unless
            given.
        labelled: Whether sub-folders are classes. Unless given, they are where there are some and no picture lies
            beside them.
        follow_links: Whether links to folders are entered. Links to files always are.

    Returns:
        A source. `problems` tells what was left aside.

    Raises:
        InputError: If there is no picture, or no folder for a class.
        IoError: If the folder cannot be read.
        ParameterError: If the arguments contradict each other.
    """
    if isinstance(classes, str):
        raise ParameterError(f"classes: expected a list of names, found {classes!r}")
    names = None if classes is None else list(classes)
    return Source(_variegate.FolderSource(path, names, labelled, follow_links))
