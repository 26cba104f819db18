"""Pipelines of other libraries as plain data, and what becomes of them.

`Pipeline.from_albumentations`, `from_torchvision` and `from_keras` call it. The compiled half knows the tables; here
foreign objects are written down by their class and public attributes. Nothing here imports another library, and nothing
foreign is run but `to_dict` and `get_config`.
"""

from __future__ import annotations

import enum
import json
import math
import numbers
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ._variegate import migrated_json
from .errors import ParameterError


def document(library: str, given: Any, size: tuple[float, float] | None, strict: bool) -> dict[str, Any]:
    """The document of a foreign pipeline, with a warning that lists what differs.

    Raises:
        ParameterError: With everything that has no counterpart, where `strict` is on; else that is left out and named
            in a warning.
    """
    sides = None if size is None else (float(size[0]), float(size[1]))
    made: dict[str, Any] = json.loads(migrated_json(library, json.dumps(given, ensure_ascii=False, allow_nan=False), sides))
    if made["refused"] is not None:
        if strict:
            raise ParameterError(f"{made['refused']}\nwrite these another way, or leave them out with strict=False")
        warnings.warn(f"left out: {made['refused']}", UserWarning, stacklevel=4)
    if made["remarked"] is not None:
        warnings.warn(made["remarked"], UserWarning, stacklevel=4)
    document: dict[str, Any] = made["document"]
    return document


def of_albumentations(given: Any) -> Any:
    """What `A.to_dict` gives, of a transform or of such data itself."""
    if not isinstance(given, Mapping):
        if not callable(getattr(given, "to_dict", None)):
            message = "from_albumentations: expected a transform of Albumentations or what A.to_dict gives, found "
            raise TypeError(message + type(given).__name__)
        seed = getattr(given, "seed", None)
        given = given.to_dict()
        if isinstance(seed, numbers.Integral) and isinstance(given.get("transform"), dict):
            # The library does not write its seed down.
            given = {**given, "transform": {**given["transform"], "seed": int(seed)}}
    return written(given)


def of_torchvision(given: Any) -> Any:
    """A transform by its class and public attributes, or a list of them."""
    if isinstance(given, (list, tuple)):
        return [of_torchvision(one) for one in given]
    if isinstance(given, Mapping):
        return written(given)
    if not hasattr(given, "__dict__"):
        message = f"from_torchvision: expected a transform or a list of them, found {type(given).__name__}"
        raise TypeError(message)
    attributes: dict[str, Any] = {}
    for key, value in vars(given).items():
        # A module of torch says in `training` whether a model is trained, which no transform looks at.
        if not key.startswith("_") and key != "training":
            attributes[key] = value
    modules = getattr(given, "_modules", None) or {}
    children = [child for child in modules.values() if child is not None]
    if "transforms" in attributes:
        attributes["transforms"] = [of_torchvision(child) for child in attributes["transforms"]]
    elif len(children) == 1 and "transforms" in modules:
        attributes["transforms"] = [of_torchvision(child) for child in children[0]]
    elif children:
        attributes["transforms"] = [of_torchvision(child) for child in children]
    return {"class": type(given).__name__, "attributes": written(attributes)}


def of_keras(given: Any) -> Any:
    """A layer by its class and configuration, or a list of them."""
    if isinstance(given, (list, tuple)):
        return [of_keras(one) for one in given]
    if isinstance(given, Mapping):
        return written(given)
    if not callable(getattr(given, "get_config", None)):
        raise TypeError(f"from_keras: expected a layer or a list of them, found {type(given).__name__}")
    layers = getattr(given, "layers", None)
    if isinstance(layers, (list, tuple)):
        return {"class_name": "Sequential", "config": {"layers": [of_keras(layer) for layer in layers]}}
    return {"class_name": type(given).__name__, "config": written(given.get_config())}


def written(value: Any) -> Any:
    """Foreign data as JSON holds it: words for enumerations, lists for arrays, and for the rest what it is called."""
    match value:
        case enum.Enum():
            return written(value.value)
        case None | bool() | str():
            return value
        case numbers.Integral():
            return int(value)
        case numbers.Real():
            return float(value) if math.isfinite(value) else str(value)
        case np.ndarray():
            return written(value.tolist())
        case Mapping():
            return {str(key): written(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset() | range():
            return [written(inner) for inner in value]
        case Iterable() if callable(listed := getattr(value, "tolist", None)):
            return written(listed())
        case _:
            return str(value)
