"""Keras's backend is chosen before anything imports it."""

from __future__ import annotations

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
