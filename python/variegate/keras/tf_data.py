"""A loader as a `tf.data.Dataset`, for what takes nothing else.

Trainers of TensorFlow's own and `tf.distribute` call it; `fit` is better served by `Dataset`, which costs no copy into
tensors on another backend. TensorFlow is imported here alone, and only when it is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..loader import Loader
from .dataset import Dataset

if TYPE_CHECKING:
    import tensorflow as tf


def to_tf_dataset(loader: Loader | Dataset, *, fixed_size: bool = True) -> tf.data.Dataset:
    """The batches of a loader as a `tf.data.Dataset`; each iteration of it is the loader's next epoch.

    Do not shuffle, batch or cache it: the loader has done the first two, and a cache would repeat one epoch for ever.
    Its number of batches is known, unless it was resumed within an epoch.

    Args:
        loader: A loader, which belongs to it from here on, or a `Dataset`, whose weights and epochs it keeps.
        fixed_size: Whether pictures have one size in all epochs. False where it follows a schedule: height and width
            are then unknown to TensorFlow.

    Returns:
        Batches of (images, labels) or (images, labels, weights), or images alone, the first axis of unknown length.

    Raises:
        ImportError: If TensorFlow is not installed.
        TypeError: If `loader` is something else.
    """
    import tensorflow as tf

    dataset = loader if isinstance(loader, Dataset) else Dataset(loader)

    def spec(batch: Any) -> Any:
        if isinstance(batch, list | tuple):
            return tuple(map(spec, batch))
        shape = [None, *batch.shape[1:]]
        if batch.ndim == 4 and not fixed_size:
            first = dataset.loader.layout.index("H")
            shape[first : first + 2] = None, None
        return tf.TensorSpec(shape, tf.as_dtype(batch.dtype))

    def passes() -> Any:
        # Lists, as several views are, would become one tensor.
        return (tuple(map(_plain, batch)) if isinstance(batch, tuple) else _plain(batch) for batch in dataset)

    # Outside a pass: it is given again.
    made = tf.data.Dataset.from_generator(passes, output_signature=spec(dataset[0]))
    if dataset._rest is None:
        made = made.apply(tf.data.experimental.assert_cardinality(len(dataset)))
    # The loader's threads work ahead; one batch hides the copy into TensorFlow's memory.
    return made.prefetch(1)


def _plain(part: Any) -> Any:
    return tuple(part) if isinstance(part, list) else part


__all__ = ["to_tf_dataset"]
