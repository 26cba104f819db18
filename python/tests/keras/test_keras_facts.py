"""The layers against values that Keras 3.15.1 gave on JAX, recorded: no layer of Keras runs here.

`python tests_peers/record_keras_facts.py` recorded them; `make test-peers` compares them with Keras again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest.importorskip("keras")

from fact_cases import CASES, NAMES, RECORDED, departure, pictures  # noqa: E402

# 1e-5 of the range.
NEAR = 255e-5


@pytest.fixture(scope="module")
def recorded():
    with np.load(RECORDED) as held:
        return dict(held)


@pytest.mark.parametrize(("case", "key"), zip(CASES, NAMES, strict=True), ids=NAMES)
def test_as_keras(recorded, case, key):
    name, arguments, own = case
    assert departure(name, arguments, own, list(recorded[key])) <= NEAR


def test_bytes_as_keras(recorded):
    """1 of 255, for the rounding of what goes in and what comes out; of layers whose weights are not negative."""
    from variegate.keras import layers

    x = np.round(pictures()).astype(np.uint8)
    for (name, arguments, own), key in zip(CASES, NAMES, strict=True):
        if arguments.get("interpolation", "bilinear") in ("nearest", "bilinear") and name in (
            "RandomRotation", "RandomTranslation", "RandomZoom", "RandomBrightness", "Resizing", "CenterCrop",
        ):  # fmt: skip
            made = np.asarray(getattr(layers, name)(**arguments, **own)(x, training=True))
            assert made.dtype == np.uint8
            assert np.abs(made - recorded[key][0]).max() <= 1.01, key


def test_all_is_recorded(recorded):
    assert sorted(recorded) == sorted(NAMES)
