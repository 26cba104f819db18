"""Sources within larger files: tar archives, TFRecord and Parquet files, read in place."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Sequence
from typing import Literal

from . import _variegate
from .errors import InputError, ParameterError
from .source import Source, names_of
from .storage import Options, is_remote, named
from .storage import found as _stored

_Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
_Cache = str | os.PathLike[str] | Literal[False] | None


def tar(
    paths: _Paths,
    image: str | None = None,
    label: str | None = "cls",
    classes: Sequence[str] | None = None,
    cache: _Cache = None,
    storage: Options = None,
) -> Source:
    """The pictures of tar archives, as WebDataset lays them out; plain archives of pictures, too.

    Neighbours that share a name up to its first dot are one sample: `a/17.jpg`, `a/17.cls`. Headers are read once and
    the index is kept; pictures are read where they lie, in any order, and nothing is unpacked. Labels that are all
    whole numbers mean themselves; others are names of classes, in the order of their bytes.

    Args:
        paths: A path, or several. Braces are ranges and lists (`shards-{0000..0099}.tar`), `*` and `?` what is found,
            sorted.
        image: The ending of the picture, such as `jpg` or `left.png`, or several to choose from (`jpg;png`). The only
            picture of a sample unless given.
        label: The ending of the label's member, or that of a JSON member and keys in it (`json.label`). A sample
            without that member has no label; None for no labels at all.
        classes: Names of the classes, in the order of their labels. Where labels are numbers, those that a `plan.json`
            beside the archives tells (`vg.pack` and `vg.offline` write one) unless given.
        cache: A folder for the indices. Beside the archives unless given (and nowhere where that cannot be written);
            False to keep none. An index counts while size and time of its archive are the same.
        storage: Options of the store for paths of one (`s3://`, `gs://`, `az://`, `https://`): see `docs/sources.md`.

    Returns:
        A source, in the order of the archives. `problems` tells what was left aside.

    Raises:
        InputError: If an archive is damaged, cut short or holds no picture, or a label cannot be read; with archive and
            member.
        IoError: If an archive or the folder of indices cannot be opened.
        ParameterError: If a pattern is broken.
        UnsupportedError: If an archive is compressed.
    """
    return Source.made("tar", _found(paths, storage), image, label, names_of(classes), _kept(cache), named(storage))


def tfrecord(
    paths: _Paths,
    image: str = "image/encoded",
    label: str | None = None,
    classes: Sequence[str] | None = None,
    cache: _Cache = None,
    storage: Options = None,
) -> Source:
    """The pictures of TFRecord files of `tf.train.Example`, without TensorFlow.

    Files are walked through once and the index is kept; pictures are read where they lie, in any order, and the
    checksum of a record is looked at whenever it is read. Labels are as those of `vg.tar`.

    Args:
        paths: A path, or several; braces and `*` as in `vg.tar`.
        image: The feature that holds the encoded picture.
        label: The feature that holds the label, a whole number from 0 or a text. No labels unless given.
        classes: Names of the classes, in the order of their labels.
        cache: As in `vg.tar`.
        storage: Options of the store for paths of one (`s3://`, `gs://`, `az://`, `https://`): see `docs/sources.md`.

    Returns:
        A source, in the order of the files.

    Raises:
        InputError: If a file is damaged or cut short, or a record lacks a feature; with the record and its byte.
        IoError: If a file or the folder of indices cannot be opened.
        ParameterError: If a pattern is broken.
        UnsupportedError: If a file is compressed.
    """
    return Source.made("tfrecord", _found(paths, storage), image, label, names_of(classes), _kept(cache), named(storage))


def parquet(
    paths: _Paths,
    image: str = "image",
    label: str | None = "label",
    classes: Sequence[str] | None = None,
    storage: Options = None,
) -> Source:
    """The pictures of Parquet files, as Hugging Face lays them out or in a plain column of bytes.

    Opening reads footers and labels. Rows are read in any order, by stepping over pages; rows one after another are
    read group by group. Files with a page index, or with groups below 1 MB, are read fastest in random order.

    Args:
        paths: A path, or several; braces and `*` as in `vg.tar`.
        image: The column of encoded pictures: binary, or a struct with the field `bytes`.
        label: The column of labels, whole numbers or texts; None for no labels. A number below 0 is no label.
        classes: Names of the classes, in the order of their labels. Where labels are numbers, those of the
            `ClassLabel` that the first file's footer tells unless given.
        storage: Options of the store for paths of one (`s3://`, `gs://`, `az://`, `https://`): see `docs/sources.md`.

    Returns:
        A source, in the order of files and rows. The path of row k is that of its file, and `/k`.

    Raises:
        InputError: If a file is no Parquet file or is damaged, or a column is missing or of another type.
        IoError: If a file cannot be opened.
        ParameterError: If a pattern is broken.
    """
    return Source.made("parquet", _found(paths, storage), image, label, names_of(classes), named(storage))


def _found(paths: _Paths, storage: Options) -> list[str]:
    """All paths that are meant, in order."""
    given = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not given:
        raise ParameterError("paths: expected a path or several, found none")
    found: list[str] = []
    for one in given:
        path = os.fspath(one)
        # A file of that very name is meant, whatever signs are in it.
        names = [path] if os.path.exists(path) else _variegate.expand_braces(path)
        for name in names:
            if is_remote(name):
                found.extend(_stored(name, storage))
            elif os.path.exists(name) or not glob.has_magic(name):
                found.append(name)
            elif some := sorted(glob.glob(name)):
                found.extend(some)
            else:
                raise InputError(f"{name}: no file fits the pattern; name files that are there", name)
    return found


def _kept(cache: _Cache) -> tuple[str, bool] | None:
    if cache is None:
        return None
    if cache is True:
        raise ParameterError("cache: expected a folder, None for beside the files, or False for none, found True")
    return ("", False) if cache is False else (os.fspath(cache), True)


__all__ = ["parquet", "tar", "tfrecord"]
