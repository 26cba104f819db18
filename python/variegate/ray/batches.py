"""A pipeline over a Ray data set: a pool of actors, one call of the engine a batch, errors as a column.

`variegate.ray.augment` is what users call; the class below is what its actors hold. A batch must never fail because of
a picture in it, since Ray would lose the block or end the job. That Ray starts actors that died anew, and gives them
their work again, is its own default for pools.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import ray.data

from .. import _variegate
from ..errors import Error, ParameterError
from ..pipeline import Pipeline

ERROR = "error"
# Of a size that no pipeline is likely to end in, and not square.
_PROBES = ((71, 97), (130, 83))


def augment(
    dataset: ray.data.Dataset,
    augment: Pipeline,
    *,
    ids: str,
    image: str = "image",
    epoch: int = 0,
    batch_size: int = 64,
    threads: int = 1,
    dtype: Literal["uint8", "uint16", "float32", "float16"] | None = None,
    layout: Literal["NHWC", "NCHW"] = "NHWC",
    concurrency: int | tuple[int, int] = (1, 64),
) -> ray.data.Dataset:
    """Augments the pictures of a data set, lazily: a column of encoded files or of arrays becomes one of arrays.

        photos = ray.data.read_binary_files("s3://…", include_paths=True)
        made = variegate.ray.augment(photos, augment, image="bytes", ids="path")

    The bytes of a row depend on the pipeline, the epoch and the row's id alone: actors that die and blocks that are
    made again change nothing. Pictures that cannot be used do not end the job; their row holds zeros and says why in
    the column `error`, which is an empty text elsewhere: `made.filter(lambda row: not row["error"])`.

    Args:
        dataset: The data set. All other columns are kept.
        augment: A pipeline that ends in one size, and does not mix samples: what shares a batch is chance here.
        ids: The column that says which sample a row is: whole numbers from 0, or texts as paths, of which 63 bits of a
            BLAKE2b digest are the id.
        image: The column of pictures.
        epoch: Which epoch is drawn; another one gives other copies.
        batch_size: Pictures of a call of the engine.
        threads: Threads of an actor, each of which is reserved as a CPU.
        dtype: Of the result; that of the pictures, or float32 where the pipeline normalises, unless given.
        layout: Of the result.
        concurrency: How many actors, or a pair of fewest and most.

    Returns:
        The data set with the column replaced and the column `error` added.

    Raises:
        ParameterError: If an argument cannot be used.
        UnsupportedError: If the pipeline mixes samples.
    """
    if not isinstance(dataset, ray.data.Dataset):
        raise TypeError(f"dataset: expected a ray.data.Dataset, found {type(dataset).__name__}")
    if not isinstance(augment, Pipeline):
        raise TypeError(f"augment: expected a vg.Pipeline, found {type(augment).__name__}")
    for what, value, least in (("epoch", epoch, 0), ("batch_size", batch_size, 1), ("threads", threads, 1)):
        if operator.index(value) < least:
            raise ParameterError(f"{what}: expected a whole number from {least}, found {value}")
    # What is known without running anything; the rest shows in the first batch.
    schema = dataset.schema(fetch_if_missing=False)
    _check(schema.names if schema is not None else [image, ids], image, ids)
    # Only a call with one picture refuses to mix it.
    augment(np.zeros((*_PROBES[0], 3), np.uint8), epoch=0, sample=0)
    options = {"dtype": dtype, "layout": layout}
    shapes = [augment.batch(np.zeros((1, *size, 3), np.uint8), samples=[0], **options).shape for size in _PROBES]
    if shapes[0] != shapes[1]:
        raise ParameterError(
            "augment: pictures of several sizes come out of it in several sizes, and a column of arrays has one; "
            "end it in one size, as with vg.Resize or vg.ResizedCrop"
        )
    settings = {"image": image, "ids": ids, "epoch": epoch, "threads": threads, "options": options}
    return dataset.map_batches(
        _Augmenter,
        fn_constructor_kwargs={"document": augment.to_json(), **settings},
        batch_size=batch_size,
        batch_format="numpy",
        zero_copy_batch=True,
        num_cpus=threads,
        concurrency=concurrency,
    )


class _Augmenter:
    """What an actor holds: the pipeline, read once."""

    def __init__(
        self, document: str, image: str, ids: str, epoch: int, threads: int, options: dict[str, Any]
    ) -> None:
        self._augment = Pipeline.from_yaml(document)
        self._image, self._ids = image, ids
        self._call = {"epoch": epoch, "threads": threads, **options}
        empty = np.zeros((1, *_PROBES[0], 3), np.uint8)
        self._like = self._augment.batch(empty, samples=[0], **self._call)[0]

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        _check(list(batch), self._image, self._ids)
        given = batch[self._image]
        ids = [_id(value) for value in batch[self._ids]]
        # Texts in every row: a block without any would have a column of another type.
        errors = [""] * len(given)

        def tried(k: int, make: Callable[[], Any]) -> Any:
            try:
                return make()
            except (Error, TypeError, ValueError) as error:
                errors[k] = str(error) or type(error).__name__
                return None

        pictures = [tried(k, lambda value=value: _picture(value)) for k, value in enumerate(given)]
        usable = [k for k, picture in enumerate(pictures) if picture is not None]
        try:
            made = self._made([pictures[k] for k in usable], [ids[k] for k in usable])
        except Error:
            # One of them is to blame: each by itself says which.
            alone = [tried(k, lambda k=k: self._made([pictures[k]], [ids[k]])[0]) for k in usable]
            like = next((picture for picture in alone if picture is not None), self._like)
            for k, picture in zip(usable, alone, strict=True):
                if picture is not None and (picture.shape, picture.dtype) != (like.shape, like.dtype):
                    errors[k] = f"it became {picture.shape} of {picture.dtype}, not {like.shape} of {like.dtype}"
            pairs = zip(usable, alone, strict=True)
            kept = {k: picture for k, picture in pairs if not errors[k]}
        else:
            kept = dict(zip(usable, made, strict=True))
        like = next(iter(kept.values()), self._like)
        out = np.zeros((len(given), *like.shape), like.dtype)
        for k, picture in kept.items():
            out[k] = picture
        return batch | {self._image: out, ERROR: np.array(errors, dtype=object)}

    def _made(self, pictures: list[np.ndarray], ids: list[int]) -> Any:
        return self._augment.batch(pictures, samples=ids, **self._call) if pictures else []


def _check(columns: list[str], image: str, ids: str) -> None:
    for what, name in (("image", image), ("ids", ids)):
        if name not in columns:
            raise ParameterError(f"{what}: there is no column {name!r}; there are {', '.join(map(repr, columns))}")
    if ERROR in columns:
        raise ParameterError(f"the data set has a column {ERROR!r} already; rename it, or drop it")


def _picture(value: Any) -> np.ndarray:
    return _variegate.decode(value) if isinstance(value, bytes | memoryview) else np.asarray(value)


def _id(value: Any) -> int:
    """The id of a sample: a number itself, a text by its digest."""
    if isinstance(value, str | bytes):
        text = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") >> 1
    return operator.index(value)


__all__ = ["augment"]
