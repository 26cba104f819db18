"""What speaks Keras 3.

Importing it does not import Keras; what needs Keras imports it when it is used.
"""

from typing import TYPE_CHECKING, Any

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
from .singles import Singles

if TYPE_CHECKING:
    from .dataset import Dataset


def __getattr__(name: str) -> Any:
    # A class of Keras's is needed to define it.
    if name == "Dataset":
        from .dataset import Dataset

        return Dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Dataset",
    "ImageDataGenerator",
    "Singles",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "preprocess_input",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
    "smart_resize",
]
