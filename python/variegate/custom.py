"""Functions of your own as operations.

The compiled half keeps them in a table by name. A pipeline holds the name, so that its file is plain data.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _variegate
from .operation import Number
from .ops import Custom

if TYPE_CHECKING:
    # NumPy loads its random numbers when they are named, and most pipelines need none.
    from numpy.typing import NDArray

    Function = Callable[[NDArray[Any], np.random.Generator], NDArray[Any] | None]
    """From an image and random numbers to an image; None where the image was changed in place."""

_lock = threading.Lock()
_known: dict[str, Function] = {}


def custom(function: Function, name: str | None = None, *, p: Number = 1.0) -> Custom:
    """An operation that applies a function of your own to the pixels.

        def stripes(image, rng):
            image[rng.integers(4) :: 4] = 0
            return image

        augment = vg.Pipeline([vg.Rotate(), vg.custom(stripes)])

    The function gets the image as an array of (height, width, channels) that is its own to change, uint8, uint16 or
    float32, and a `numpy.random.Generator` whose numbers depend on the seed, epoch, sample and place alone: a function
    that takes no other randomness is as reproducible as any operation. It returns an array of that shape and dtype, or
    None where it changed the one it got. Masks, boxes and points stay. Threads of the engine call it, one at a time,
    since they share the interpreter; nothing fuses across it, so a built-in operation is always faster.

    A pipeline's YAML holds the name alone. Whoever reads it calls `vg.custom` with the function before.

    Args:
        function: The function.
        name: What files call it. Its module and name unless given, with the line where it has none. A function that
            was called so before is replaced, in the pipelines that call it as well.
        p: Chance that it is applied.

    Raises:
        ParameterError: If the name is empty.
        TypeError: If it is not a function.
    """
    if not callable(function):
        raise TypeError(f"custom: expected a function of (image, rng), found {type(function).__name__}")
    name = _name_of(function) if name is None else name
    register(name, function)
    return Custom(name, p=p)


def register(name: str, function: Function) -> None:
    """Lets pipelines call a function by a name, in the place of one that was called so before."""
    with _lock:
        _variegate.register_function(name, _called(function))
        _known[name] = function


def functions_of(document: str) -> dict[str, Function]:
    """The functions that a pipeline, as JSON, calls and that were registered here."""
    found: dict[str, Function] = {}

    def look(stages: list[dict[str, Any]]) -> None:
        for stage in stages:
            for kind, body in stage.items():
                if kind == "custom" and body["function"] in _known:
                    found[body["function"]] = _known[body["function"]]
                look(body.get("of", []) if isinstance(body, dict) else [])

    look(json.loads(document)["pipeline"])
    return found


def _name_of(function: Function) -> str:
    """Module and name; what has no name in its module is told from others by its line, and by a number."""
    name = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', type(function).__qualname__)}"
    if "<" not in name and hasattr(function, "__qualname__"):
        return name
    code = getattr(function, "__code__", None)
    name = f"{name}:{code.co_firstlineno}" if code is not None else name
    names = (name if k == 1 else f"{name}#{k}" for k in itertools.count(1))
    return next(name for name in names if _known.get(name, function) is function)


def _called(function: Function) -> Callable[[NDArray[Any], tuple[int, int]], NDArray[Any]]:
    def call(image: NDArray[Any], key: tuple[int, int]) -> NDArray[Any]:
        rng = np.random.Generator(np.random.Philox(key=np.array(key, np.uint64)))
        shape, dtype = image.shape, image.dtype
        made = function(image, rng)
        made = image if made is None else np.asarray(made)
        if made.shape != shape or made.dtype != dtype:
            raise ValueError(f"expected {dtype} of shape {shape} back, found {made.dtype} of {made.shape}")
        return made

    return call
