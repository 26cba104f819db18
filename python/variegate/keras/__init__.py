"""What speaks Keras 3.

Importing it does not import Keras; what needs Keras imports it when it is used.
"""

from typing import TYPE_CHECKING, Any

from .directory import image_dataset_from_directory
from .preprocess import preprocess_input

if TYPE_CHECKING:
    from .dataset import Dataset


def __getattr__(name: str) -> Any:
    # A class of Keras's is needed to define it.
    if name == "Dataset":
        from .dataset import Dataset

        return Dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Dataset", "image_dataset_from_directory", "preprocess_input"]
