"""`keras.utils`, as far as it is about pictures, so that only an import changes."""

from . import array_to_img, image_dataset_from_directory, img_to_array, load_img, save_img

__all__ = ["array_to_img", "image_dataset_from_directory", "img_to_array", "load_img", "save_img"]
