"""What speaks Keras 3.

Importing it does not import Keras; what needs Keras imports it when it is used.
"""

import importlib
from typing import TYPE_CHECKING, Any

from . import applications
from .directory import image_dataset_from_directory
from .generator import ImageDataGenerator
from .pictures import array_to_img, img_to_array, load_img, save_img, smart_resize
from .preprocess import preprocess_input
from .random_image import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
)
from .schedules import growing, growing_size
from .shards import shards
from .singles import Singles

if TYPE_CHECKING:
    from . import layers
    from .backup import BackupAndRestore
    from .dataset import Dataset
    from .monitor import Monitor
    from .tf_data import to_tf_dataset

# A class of Keras's is needed to define these.
_LATER = {"BackupAndRestore": "backup", "Dataset": "dataset", "Monitor": "monitor", "to_tf_dataset": "tf_data"}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    if name == "layers":
        return importlib.import_module(f"{__name__}.layers")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "BackupAndRestore",
    "Dataset",
    "ImageDataGenerator",
    "Monitor",
    "Singles",
    "applications",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "growing",
    "growing_size",
    "image_dataset_from_directory",
    "img_to_array",
    "layers",
    "load_img",
    "preprocess_input",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
    "shards",
    "smart_resize",
    "to_tf_dataset",
]
