"""What Keras refuses is refused, as the same kind of error, in words that name the layer, the argument and what was given."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest.importorskip("keras")

from wrong_arguments import NEEDED, WRONG  # noqa: E402

from variegate.keras import layers  # noqa: E402


@pytest.mark.parametrize(("name", "arguments", "kind"), WRONG)
def test_it_raises_what_keras_raises(name, arguments, kind):
    with pytest.raises(kind) as raised:
        getattr(layers, name)(**arguments)
    assert isinstance(raised.value, ValueError)
    argument = next(key for key in arguments if arguments[key] != NEEDED.get(name, {}).get(key))
    said = str(raised.value)
    assert argument in said
    if argument != "nonsense":
        assert name in said and "should be" in said and "Received" in said
