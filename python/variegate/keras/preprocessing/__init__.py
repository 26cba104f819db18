"""Keras's old place for `image`, so that only an import changes."""

from . import image

__all__ = ["image"]
