"""Values that follow the epoch of `fit`: pictures that grow, strength that grows.

Pipelines take them where they take a number or a range; a `Dataset` tells the epoch. They are `vg.schedule` with the
arithmetic done, and hold no state.
"""

from __future__ import annotations

import operator

from ..distributions import Distribution, schedule
from ..errors import ParameterError


def growing_size(first: int, last: int, epochs: int, *, multiple: int = 32) -> Distribution:
    """Sides of pictures from `first` to `last` pixels in equal steps over the epochs, for progressive resizing.

    `vg.ResizedCrop(growing_size(128, 224, 30))` gives 128 pixels in the first epochs and 224 in the last ones. The
    model must take pictures of any size, and JAX compiles it anew for each: hence the multiple.

    Args:
        first: The side in epoch 0, a multiple of `multiple`.
        last: The side at the end, another one, not below `first`.
        epochs: Epochs over which it grows; each size has as many, give or take one.
        multiple: What sizes are multiples of, in pixels.

    Raises:
        ParameterError: If the sizes or epochs do not go together.

    >>> growing_size(64, 128, 6)
    schedule({0: 64, 2: 96, 4: 128})
    """
    first, last, epochs, multiple = map(operator.index, (first, last, epochs, multiple))
    if multiple < 1 or first < 1 or first % multiple or last % multiple or last < first:
        raise ParameterError(f"first, last: expected multiples of {multiple}, in order, found {first} and {last}")
    sizes = range(first, last + 1, multiple)
    if epochs < len(sizes):
        raise ParameterError(f"epochs: expected one or more for each of {len(sizes)} sizes, found {epochs}")
    return schedule({k * epochs // len(sizes): size for k, size in enumerate(sizes)})


def growing(value: float | tuple[float, float], epochs: int, *, neutral: float = 0.0) -> Distribution:
    """A range that opens from a neutral value in epoch 0 to its full width, evenly with the epochs.

    `vg.Rotate(growing((-30, 30), 10))` turns by nothing at first and by up to 30 degrees from epoch 10.

    Args:
        value: The range at the end, or one value.
        epochs: After how many epochs it is reached.
        neutral: What changes nothing: 0 for degrees and shares, 1 for factors.

    Raises:
        ParameterError: If there is no epoch.

    >>> growing((-30, 30), 10)
    schedule({0: (0.0, 0.0), 10: (-30, 30)}, linear=True)
    """
    epochs = operator.index(epochs)
    if epochs < 1:
        raise ParameterError(f"epochs: expected one or more, found {epochs}")
    start = (neutral, neutral) if isinstance(value, tuple | list) else neutral
    return schedule({0: start, epochs: value}, linear=True)


__all__ = ["growing", "growing_size"]
