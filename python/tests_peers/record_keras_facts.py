"""Records what Keras makes of the cases of `tests/keras/fact_cases.py`: run it after a change of them, by hand.

    KERAS_BACKEND=jax PYTHONPATH=python python python/tests_peers/record_keras_facts.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "keras"))

import numpy as np  # noqa: E402
from fact_cases import CASES, NAMES, RECORDED, outcomes  # noqa: E402

if __name__ == "__main__":
    made = {key: np.stack(outcomes(name, both)) for key, (name, both, _) in zip(NAMES, CASES, strict=True)}
    np.savez_compressed(RECORDED, **made)
    print(f"{len(made)} cases, {RECORDED.stat().st_size} bytes, in {RECORDED}")
