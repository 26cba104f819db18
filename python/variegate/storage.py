"""How object stores are spoken to, and which of their paths a pattern means."""

from __future__ import annotations

import fnmatch
import glob
from collections.abc import Mapping
from os import PathLike, fspath

from . import _variegate
from .errors import InputError

Options = Mapping[str, "str | int | float | bool | PathLike[str]"] | None
"""Options of a store by name: `retries`, `attempt_limit`, `time_limit` (seconds), `cache`, `cache_bytes`, and the store's own."""

_SCHEMES = ("s3://", "gs://", "az://", "https://", "http://")


def named(storage: Options) -> dict[str, str] | None:
    """Options as texts, where there are some."""
    if storage is None:
        return None
    if not isinstance(storage, Mapping):
        raise TypeError(f"storage: expected options by name, such as {{'cache': 'folder'}}, found {type(storage).__name__}")

    def text(value: str | int | float | bool | PathLike[str]) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return fspath(value) if isinstance(value, PathLike) else str(value)

    return {name: text(value) for name, value in storage.items()}


def is_remote(path: str) -> bool:
    """Whether a path names an object of a store."""
    return path.startswith(_SCHEMES)


def found(name: str, storage: Options) -> list[str]:
    """The paths of a store that a name means: itself, or what fits its `*` and `?`, which never stand for a slash."""
    if not glob.has_magic(name):
        return [name]
    start = min(name.index(sign) for sign in "*?[" if sign in name)
    folder = name[: name.rindex("/", 0, start)]
    parts = name.split("/")

    def fits(path: str) -> bool:
        others = path.split("/")
        return len(others) == len(parts) and all(map(fnmatch.fnmatchcase, others, parts))

    some = [path for path in _variegate.stored(folder, named(storage)) if fits(path)]
    if not some:
        raise InputError(f"{name}: no object fits the pattern; name objects that are there", name)
    return some
