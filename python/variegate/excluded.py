"""Lists of samples to exclude: written of what a loader met, read for the next one.

`vg.Loader` calls both. A line of a list is known again by its mark, which stands for the sample wherever its data set
lies and whatever else was added to it. Nothing here reads a picture.
"""

from __future__ import annotations

import json
import operator
import os
from collections.abc import Iterable
from typing import Any

from .errors import InputError, IoError, ParameterError
from .source import Source


def write_bad(path: str | os.PathLike[str], source: Source, bad: list[dict[str, Any]]) -> int:
    """Writes a line of JSON for each bad sample, at once or not at all; returns how many there are."""
    marks = source._samples._marks() if bad else []
    lines = [
        json.dumps({"name": entry["path"], "reason": entry["reason"], "id": entry["id"], "mark": f"{marks[entry['id']]:016x}"})
        for entry in bad
    ]
    part = f"{os.fspath(path)}.part-{os.getpid()}"
    with open(part, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    os.replace(part, path)
    return len(lines)


def excluded_ids(source: Source, exclude: str | os.PathLike[str] | Iterable[int | str]) -> list[int]:
    """The ids of what is to be excluded.

    Raises:
        InputError: If the file is no such list.
        IoError: If the file cannot be read.
        ParameterError: If a name or an id is not in the source, or nothing of the file is.
    """
    if isinstance(exclude, str | os.PathLike):
        return _listed(source, os.fspath(exclude))
    given = list(exclude)
    names = {entry for entry in given if isinstance(entry, str)}
    try:
        ids = [operator.index(entry) for entry in given if not isinstance(entry, str)]
    except TypeError:
        raise TypeError(f"exclude: expected a file, or ids and paths, found {given!r}") from None
    if wrong := [k for k in ids if not 0 <= k < len(source)]:
        raise ParameterError(f"exclude: there is no sample {wrong[0]}; the source has {len(source)}")
    if names:
        paths = source.paths
        if strange := names.difference(paths):
            raise ParameterError(f"exclude: {min(strange)!r} is not in the source; paths are as in source.paths")
        ids += [k for k, path in enumerate(paths) if path in names]
    return sorted(set(ids))


def _listed(source: Source, path: str) -> list[int]:
    marks = set()
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError as error:
        raise IoError(f"exclude: {path} cannot be read: {error.strerror}", path) from None
    except UnicodeDecodeError:
        raise InputError(f"exclude: {path} is no text; expected what loader.save_bad(…) wrote", path) from None
    for number, line in enumerate(lines, start=1):
        try:
            marks.add(int(json.loads(line)["mark"], 16))
        except (ValueError, TypeError, KeyError):
            raise InputError(
                f"exclude: line {number} of {path} has no mark; expected what loader.save_bad(…) wrote", path
            ) from None
    # A file that is gone since needs no excluding; a list of which nothing is here belongs elsewhere.
    ids = [k for k, mark in enumerate(source._samples._marks()) if mark in marks] if marks else []
    if marks and not ids:
        raise ParameterError(f"exclude: nothing of the {len(marks)} samples of {path} is in the source; give its own list")
    return ids


__all__ = ["excluded_ids", "write_bad"]
