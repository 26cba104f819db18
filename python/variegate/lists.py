"""Sources that a list names: a table, or records of JSON."""

from __future__ import annotations

import os
from collections.abc import Sequence

from .errors import ParameterError
from .source import Source, names_of


def csv(
    path: str | os.PathLike[str],
    image: str = "image",
    label: str | None = None,
    root: str | os.PathLike[str] | None = None,
    classes: Sequence[str] | None = None,
    delimiter: str | None = None,
) -> Source:
    """The pictures that a table names: a row for each, below a first line that names the columns.

    Labels that are all whole numbers mean themselves; others are names of classes, which get their numbers in the
    order of their bytes. An empty label is none. Pictures are not looked at, but for one of the first few.

    Args:
        path: The table, in UTF-8.
        image: The column of the pictures' names.
        label: The column of their labels; no labels unless given.
        root: The folder that names are below, and may not leave. The table's own unless given.
        classes: Names of the classes, in the order of their labels.
        delimiter: One sign of ASCII between fields: a comma unless given, a tab where the table ends in `.tsv`.

    Returns:
        A source, in the order of the rows.

    Raises:
        InputError: If a column is missing, a row is broken, a name leaves the root, or none of the first pictures is
            there; with line and column.
        IoError: If the table cannot be read.
        ParameterError: If the delimiter is no single sign, or a class is given twice.
    """
    if delimiter is None:
        delimiter = "\t" if os.fspath(path).lower().endswith(".tsv") else ","
    if not isinstance(delimiter, str) or len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise ParameterError(f"delimiter: expected one sign of ASCII, such as ',' or ';', found {delimiter!r}")
    return Source.made("csv", path, image, label, _root(path, root), names_of(classes), ord(delimiter))


def json(
    path: str | os.PathLike[str],
    image: str = "image",
    label: str | None = None,
    root: str | os.PathLike[str] | None = None,
    classes: Sequence[str] | None = None,
) -> Source:
    """The pictures that a JSON list names: an array of objects, or an object on each line (JSON Lines).

    Labels are as those of `vg.csv`, and may be whole numbers, texts or null.

    Args:
        path: The list, in UTF-8.
        image: The field of the pictures' names.
        label: The field of their labels; no labels unless given.
        root: The folder that names are below, and may not leave. The list's own unless given.
        classes: Names of the classes, in the order of their labels.

    Returns:
        A source, in the order of the list.

    Raises:
        InputError: If the file is no such list, an entry lacks a field, a name leaves the root, or none of the first
            pictures is there; with line and column, or the number of the entry.
        IoError: If the list cannot be read.
        ParameterError: If a class is given twice.
    """
    return Source.made("json", path, image, label, _root(path, root), names_of(classes))


def _root(path: str | os.PathLike[str], root: str | os.PathLike[str] | None) -> str:
    return os.path.dirname(os.fspath(path)) if root is None else os.fspath(root)


__all__ = ["csv", "json"]
