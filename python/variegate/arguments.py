"""What users write for numbers and sizes, checked. `vg.Loader` reads its arguments by it."""

from __future__ import annotations

import operator
import re
from typing import Any

from .errors import ParameterError

_UNITS = {"": 1, "B": 1}
for _k, _letter in enumerate("KMGT", start=1):
    _UNITS |= {f"{_letter}IB": 1024**_k, f"{_letter}B": 1000**_k}


def whole(what: str, value: Any, least: int) -> Any:
    """A whole number from `least`, or None."""
    if value is None:
        return None
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{what}: expected a whole number, found {value!r}") from None
    if not least <= number < 2**64:
        raise ParameterError(f"{what}: expected a whole number from {least}, found {number}")
    return number


def in_bytes(memory: int | str) -> int:
    """Bytes, of a number or a text as "512MiB"."""
    if not isinstance(memory, str):
        return int(whole("memory", memory, 1))
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?I?B?)\s*", memory.upper())
    unit = found and (found[2] if found[2] in _UNITS else found[2] + "B")
    if not found or unit not in _UNITS:
        raise ParameterError(f'memory: expected bytes or a text as "512MiB" or "2GB", found {memory!r}')
    return int(float(found[1]) * _UNITS[unit])


__all__ = ["in_bytes", "whole"]
