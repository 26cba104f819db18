"""tf.image in tf.data: a graph of TensorFlow's own, on its own threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import tensorflow as tf
from contestants import Lacks, SetUp
from tasks import BATCH, MEAN, STD

_MEAN, _STD = (255 * tf.constant(row, tf.float32) for row in (MEAN, STD))


def pin(threads: int) -> None:
    """Takes effect only before TensorFlow's first work."""
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    except RuntimeError:
        pass


def options(data: tf.data.Dataset, threads: int) -> tf.data.Dataset:
    chosen = tf.data.Options()
    chosen.threading.private_threadpool_size = threads
    chosen.threading.max_intra_op_parallelism = 1
    return data.with_options(chosen)


def window(shape: tf.Tensor, v: SimpleNamespace) -> tf.Tensor:
    """Top, left, height and width."""
    whole = tf.constant([[[0.0, 0.0, 1.0, 1.0]]])
    begin, size, _ = tf.image.sample_distorted_bounding_box(
        shape, whole, area_range=v.area, aspect_ratio_range=v.aspect, max_attempts=10, use_image_if_no_bounding_boxes=True
    )
    return tf.stack([begin[0], begin[1], size[0], size[1]])


def finished(picture: tf.Tensor, v: SimpleNamespace, normal: bool = True) -> tf.Tensor:
    out = tf.image.resize(picture, (v.size, v.size))
    out = tf.image.random_flip_left_right(out) if v.flip else out
    out = tf.ensure_shape(out, (v.size, v.size, 3))
    return (out - _MEAN) / _STD if normal else out


def cropped(picture: tf.Tensor, v: SimpleNamespace) -> tf.Tensor:
    top, left, height, width = tf.unstack(window(tf.shape(picture), v))
    return tf.image.crop_to_bounding_box(picture, top, left, height, width)


def stored(pictures: list[np.ndarray]) -> tf.data.Dataset:
    """Pictures of many sizes in memory: one long constant, cut by number, again and again."""
    flat = tf.constant(np.concatenate([p.ravel() for p in pictures]))
    starts = tf.constant(np.cumsum([0, *(p.size for p in pictures[:-1])]), tf.int64)
    shapes = tf.constant([p.shape for p in pictures], tf.int64)

    def picture(number: tf.Tensor) -> tf.Tensor:
        shape = shapes[number]
        return tf.reshape(tf.slice(flat, [starts[number]], [tf.reduce_prod(shape)]), shape)

    return tf.data.Dataset.range(len(pictures)).repeat(), picture


def memory(set_up: SetUp) -> Iterator[np.ndarray]:
    if set_up.task.does != "crop":
        raise Lacks(f"tf.image has no {set_up.task.does}")
    pin(set_up.threads)
    v = set_up.v
    numbers, picture = stored(set_up.pictures)
    data = numbers.map(lambda i: finished(cropped(picture(i), v), v), set_up.threads).batch(BATCH).prefetch(1)
    return (batch.numpy() for batch in options(data, set_up.threads))


def files(set_up: SetUp) -> Callable[[], Iterator[Any]]:
    if set_up.task.does not in ("crop", "packed"):
        raise Lacks(f"no {set_up.task.does}")
    pin(set_up.threads)
    v, threads = set_up.v, set_up.threads
    paths = tf.data.Dataset.from_tensor_slices(set_up.paths)

    def decoded(path: tf.Tensor) -> tf.Tensor:
        content = tf.io.read_file(path)
        part = window(tf.io.extract_jpeg_shape(content), v)
        return finished(tf.io.decode_and_crop_jpeg(content, part, channels=3), v)

    if set_up.task.does == "packed":
        whole = paths.map(lambda path: tf.io.decode_jpeg(tf.io.read_file(path), 3), threads).cache()
        data = whole.map(lambda picture: finished(cropped(picture, v), v), threads)
    else:
        data = paths.map(decoded, threads)
    data = options(data.batch(BATCH).prefetch(1), threads)
    return lambda: (batch.numpy() for batch in data)
