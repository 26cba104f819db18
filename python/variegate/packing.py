"""Packing: a data set rewritten once into shards that are read without decoding, or with little of it.

The compiled half does it, and the command line's `variegate pack` is the same job; `vg.tar` reads what it writes.
"""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Callable
from typing import Any, Literal

from . import _variegate
from .errors import ParameterError
from .source import Source

_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30}


def pack(
    source: Source,
    out: str | os.PathLike[str],
    *,
    short_side: int | None = None,
    format: Literal["raw", "png", "webp", "jpeg"] = "raw",
    quality: int | None = None,
    shard_size: int | str = "256MB",
    threads: int | None = None,
    on_bad: Literal["record", "raise"] = "record",
    verify: bool = False,
    progress: Callable[[int, int], Any] | None = None,
) -> dict[str, Any]:
    """Rewrites a source into shards: tar archives as WebDataset lays them out, which any tar tool lists.

    Of each sample there is a picture (`00000017.ppm`: upright, 8 bits, grey where it was grey and RGB otherwise), its
    label in digits (`.cls`, where it has one), and a `.json` of sample, file, size, label, class, and boxes in pixels
    of the packed picture (where the source has boxes; points and masks are not packed). The folder gets `plan.json`,
    facts beside each shard, and last `index.json`. Every file appears whole or not at all. A job that was interrupted
    is begun again by the same call, and gives the same bytes; shards that lie there are not made again.

    Args:
        source: The pictures, as from `vg.folder`.
        out: A new or empty folder, or one that an earlier call with the same arguments has begun.
        short_side: The shorter side of packed pictures, 1 to 16384 pixels; smaller ones stay as they are. Nothing is
            shrunk unless given. Pictures are shrunk from all their pixels, as `vg.ResizeShortest` does it.
        format: How pictures are stored. "raw" needs no decoding and most room: height × width × 3 bytes. "png" and
            "webp" are lossless.
        quality: 1 to 100, for "jpeg" alone; 95 unless given.
        shard_size: Samples of a shard, or a text of its bytes, such as "256MB" or "1GiB": a shard ends behind the
            sample that reaches them.
        threads: How many threads make pictures; one a core unless given. The bytes do not depend on it.
        on_bad: Whether a file that cannot be used is left out and told, or raises. A file that cannot be read at all
            always raises: that says nothing of its content.
        verify: Whether shards that lie there are read and compared with their digests.
        progress: Called several times a second with (samples done, samples in all). What it raises ends the job.

    Returns:
        A dict of shards, made (in this call), samples, bytes, and bad: a list of dicts of sample, file, kind and
        reason.

    Raises:
        InputError: If a file cannot be used and `on_bad` says to raise, or none of a shard's can be.
        IoError: If a file cannot be read or written, or another job writes there.
        ParameterError: If an argument cannot be used, or the folder holds shards of another plan, with what differs.
    """
    if not isinstance(source, Source):
        raise TypeError(f"source: expected what vg.folder(…) returns, found {type(source).__name__}")
    if on_bad not in ("record", "raise"):
        raise ParameterError(f"on_bad: expected one of record, raise, found {on_bad!r}")
    if progress is not None and not callable(progress):
        raise TypeError(f"progress: expected a function of two numbers, found {type(progress).__name__}")
    return _variegate.pack(
        source._samples,
        os.fspath(out),
        _whole("short_side", short_side, 16384),
        format,
        _whole("quality", quality, 100),
        _size(shard_size),
        _whole("threads", threads, 1024),
        on_bad == "raise",
        bool(verify),
        progress,
    )


def _whole(what: str, value: int | None, most: int) -> int | None:
    if value is None:
        return None
    value = operator.index(value)
    if not 1 <= value <= most:
        raise ParameterError(f"{what}: expected 1 to {most}, or None, found {value}")
    return value


def _size(size: int | str) -> tuple[int, bool]:
    """A number, and whether it is one of bytes."""
    wrong = ParameterError(f"shard_size: expected samples, as 2000, or bytes, as '256MB' or '1GiB', found {size!r}")
    if isinstance(size, str):
        found = re.fullmatch(r"(\d+)([kmg]?i?b)", size.strip().lower())
        number = int(found[1]) * _UNITS.get(found[2], 0) if found else 0
    else:
        number = operator.index(size)
    if not 1 <= number < 2**63:
        raise wrong
    return number, isinstance(size, str)


__all__ = ["pack"]
