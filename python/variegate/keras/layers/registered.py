"""The name under which a layer is found in a saved model."""

from __future__ import annotations

from typing import TypeVar

import keras

Class = TypeVar("Class", bound=type)


def registered(layer: Class) -> Class:
    """Registers a layer as `variegate>Name`, so that `keras.saving` finds it once this package is imported."""
    return keras.saving.register_keras_serializable(package="variegate")(layer)
