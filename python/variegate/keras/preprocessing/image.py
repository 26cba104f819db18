"""`keras.preprocessing.image`, so that only an import changes. The names live in `variegate.keras`."""

from typing import Any

from .. import (
    ImageDataGenerator,
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    array_to_img,
    image_dataset_from_directory,
    img_to_array,
    load_img,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
    save_img,
    smart_resize,
)

_ITERATORS = ("DataFrameIterator", "DirectoryIterator", "Iterator", "NumpyArrayIterator")


def __getattr__(name: str) -> Any:
    # A class of Keras's is needed to define them.
    if name in _ITERATORS:
        from .. import iterators

        return getattr(iterators, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "ImageDataGenerator",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
    "smart_resize",
]
