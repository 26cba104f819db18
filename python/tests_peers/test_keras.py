"""Keras itself: what was recorded of it still holds, and under its explicit transforms the layers give what it gives."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "keras"))

keras = pytest.importorskip("keras")

from fact_cases import CASES, NAMES, RECORDED, departure, outcomes, pictures  # noqa: E402
from wrong_arguments import WRONG  # noqa: E402

from variegate.keras import layers  # noqa: E402

NEAR = 255e-5


@pytest.mark.parametrize(("case", "key"), zip(CASES, NAMES, strict=True), ids=NAMES)
def test_facts(case, key):
    """1e-5 of the range to Keras, on JAX as recorded and on other backends where they agree with it."""
    name, both, own = case
    apart = both.get("fill_mode") in ("wrap", "reflect") or both.get("interpolation") == "bicubic"
    if keras.backend.backend() != "jax" and (apart or name == "RandomGaussianBlur"):
        pytest.skip("Keras's backends give different numbers here")
    expected = outcomes(name, both)
    assert departure(name, both, own, expected) <= NEAR
    with np.load(RECORDED) as held:
        assert np.abs(np.stack(expected) - held[key]).max() <= NEAR


@pytest.mark.parametrize("fill_value", [0.0, 37.0])
def test_perspective_between_explicit_corners(fill_value):
    from variegate._variegate import warped
    from variegate.keras.layers.mapped import between_corners

    x = pictures()
    shifts = np.random.default_rng(4).uniform(-0.2, 0.2, (len(x), 4, 2))
    height, width = x.shape[1:3]
    start = np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]], np.float32)
    theirs = keras.layers.RandomPerspective(fill_value=fill_value).transform_images(
        x,
        {
            "apply_perspective": np.ones(len(x), bool),
            "start_points": np.stack([start] * len(x)),
            "end_points": (start * (1 + shifts)).astype(np.float32),
            "input_shape": x.shape,
        },
    )
    ours = warped(x, between_corners(shifts, (height, width)), border="constant", fill=fill_value / 255)
    # Keras solves for the map in float32: a position is off by a ten-thousandth of a pixel.
    assert np.abs(ours - keras.ops.convert_to_numpy(theirs)).max() <= 0.05


@pytest.mark.parametrize("name", ["MixUp", "CutMix"])
def test_mixes_of_explicit_shares(name):
    """Partner and share are read off our labels, Keras is given them."""
    x = np.concatenate([pictures(), pictures()[:, ::-1]])
    own = {"MixUp": {"alpha": 1.0}, "CutMix": {"factor": (1.0, 1.0), "compat": "keras3"}}[name]
    made = layers.__dict__[name](seed=3, **own)({"images": x, "labels": np.eye(len(x), dtype=np.float32)})
    shares = keras.ops.convert_to_numpy(made["labels"])
    kept = np.diag(shares)
    others = np.where(np.eye(len(x)) > 0, 0, shares)
    partner = np.where(kept < 1, others.argmax(axis=1), np.arange(len(x))).astype(np.int32)
    images = keras.ops.convert_to_numpy(made["images"])
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-6)
    if name == "MixUp":
        drawn = {"mix_weight": kept.astype(np.float32), "permutation_order": partner}
    else:
        # The rectangle is where pixels differ; its weight is of the area before it is cut to pixels.
        drawn = {"mix_weight": kept.astype(np.float32), "permutation_order": partner,
                 "batch_masks": (images != x).any(axis=-1, keepdims=True).repeat(3, axis=-1)}
    theirs = keras.layers.__dict__[name]()
    assert np.abs(images - keras.ops.convert_to_numpy(theirs.transform_images(x, drawn))).max() <= NEAR
    labels = theirs.transform_labels(np.eye(len(x), dtype=np.float32), drawn)
    assert np.abs(shares - keras.ops.convert_to_numpy(labels)).max() <= 1e-6


@pytest.mark.parametrize(("name", "arguments", "kind"), WRONG)
def test_wrong_arguments_raise_the_same(name, arguments, kind):
    with pytest.raises(kind):
        getattr(keras.layers, name)(**arguments)
    with pytest.raises(kind):
        getattr(layers, name)(**arguments)
