"""Random transformations of pictures and everything attached to them, for training.

    import variegate as vg

    augment = vg.Pipeline([vg.ResizedCrop(224), vg.Flip("horizontal", p=0.5), vg.Normalize("imagenet")], seed=7)
    batch = augment.batch(images)

`variegate.keras` holds what speaks Keras, `.torch`, `.grain`, `.huggingface` and `.ray` what speaks those, and
`.offline` makes whole data sets. Importing this package imports NumPy and nothing else.
"""

from __future__ import annotations

import json as _json
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from . import ops, presets
from ._variegate import Plan, Recipe, __version__, decode, encode
from ._variegate import registry_json as _registry_json
from .annotated import coco, masks, voc, yolo
from .combinators import Maybe, OneOf, Repeat, SelectChannels, Sequential, Shuffle, SomeOf
from .custom import custom
from .distributions import Distribution, beta, log_uniform, normal, one_of, schedule, uniform
from .errors import Error, InputError, InternalError, IoError, LimitError, ParameterError, UnsupportedError
from .lists import csv, json
from .loader import Batch, Loader, Report
from .ops import *  # noqa: F403
from .packed import parquet, tar, tfrecord
from .packing import pack
from .pipeline import Pipeline, Profile
from .source import Source, arrays, folder
from .several import five_crop, ten_crop, views

if _TYPE_CHECKING:
    # What `__getattr__` finds, for editors and checkers.
    from . import grain as grain
    from . import huggingface as huggingface
    from . import keras as keras
    from . import offline as offline
    from . import ray as ray
    from . import torch as torch


def __getattr__(name: str) -> _Any:
    """`vg.keras` and its like without an import of their own; what they speak is imported where it is first needed."""
    if name in ("grain", "huggingface", "keras", "offline", "ray", "torch"):
        import importlib

        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def operations() -> list[dict[str, _Any]]:
    """Every operation as data: name, class, family, documentation, parameters, targets and aliases. A new list."""
    found: list[dict[str, _Any]] = _json.loads(_registry_json())
    return found


__all__ = [
    "Batch",
    "Distribution",
    "Error",
    "InputError",
    "InternalError",
    "IoError",
    "LimitError",
    "Loader",
    "Maybe",
    "OneOf",
    "ParameterError",
    "Pipeline",
    "Plan",
    "Profile",
    "Recipe",
    "Repeat",
    "Report",
    "SelectChannels",
    "Sequential",
    "Shuffle",
    "SomeOf",
    "Source",
    "UnsupportedError",
    "__version__",
    "arrays",
    "beta",
    "coco",
    "csv",
    "custom",
    "decode",
    "encode",
    "five_crop",
    "folder",
    "json",
    "log_uniform",
    "masks",
    "normal",
    "one_of",
    "operations",
    "pack",
    "parquet",
    "presets",
    "schedule",
    "tar",
    "ten_crop",
    "tfrecord",
    "uniform",
    "views",
    "voc",
    "yolo",
    *ops.__all__,
]
