"""One family of `keras.applications`: how its pictures are prepared, in both forms.

The table of families makes these; their modules hand out the two methods. It must know nothing of single models but
their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...ops import Normalize
from .. import preprocess


@dataclass(frozen=True)
class Family:
    """Models that were trained with the same numbers.

    Args:
        name: The module of Keras.
        mode: "caffe", "tf", "torch" or "none".
        models: Names of the models.
    """

    name: str
    mode: str
    models: tuple[str, ...]

    def preprocess_input(self, x: Any, data_format: str | None = None) -> Any:
        """Prepares RGB pictures of 0 to 255, as Keras's function of this family does; `x` is never changed.

        Args:
            x: (height, width, 3) or (n, height, width, 3), or channels first. An array, or a tensor of Keras's backend.
            data_format: "channels_last" or "channels_first". `keras.config.image_data_format()` unless given.

        Returns:
            A new array, or a tensor for a tensor.

        Raises:
            ValueError: If the shape or the format is wrong.
        """
        return preprocess.preprocess_input(x, self.mode, image_data_format(data_format))

    def operation(self) -> Normalize:
        """The same as the last operation of a pipeline, where it rides in the final write."""
        return preprocess.operation(self.mode)


def image_data_format(data_format: str | None) -> str:
    """The format given, or what Keras is set to."""
    if data_format is not None:
        return data_format
    import keras

    return keras.config.image_data_format()


__all__ = ["Family", "image_data_format"]
