"""A pipeline over columns, as `datasets` of Hugging Face calls it: with a dict of lists.

`with_transform` and `map` take it. It imports nothing of theirs.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

from .errors import ParameterError
from .parts import Parts, give, take
from .pipeline import Pipeline
from .stream import Stream


class Columns:
    """Augments the rows of a batch of columns.

        data = data.with_transform(variegate.huggingface.Columns(augment))
        made = data.map(variegate.huggingface.Columns(augment, epoch=3), batched=True, with_indices=True)

    Pictures come as PIL pictures or arrays and go as arrays of (height, width, channels); columns that the pipeline has
    no name for stay as they are. Which sample a row is says, in this order: the column `ids`; the indices of
    `with_indices=True`; or a counter whose numbers no other process has, which draws anew in every call.

    Args:
        augment: The pipeline; it must not mix samples.
        names: What the pipeline calls a column, as {column: name}, where it has another name.
        box_format: How boxes are written.
        ids: A column of whole numbers from 0 that say which sample a row is.
        epoch: Which epoch is drawn. It can be set.

    Raises:
        TypeError: If `augment` is no pipeline.
        ParameterError: If a name is none of the pipeline's, or the epoch is negative.
    """

    def __init__(
        self,
        augment: Pipeline,
        *,
        names: Mapping[str, str] | None = None,
        box_format: str = "xyxy",
        ids: str | None = None,
        epoch: int = 0,
    ) -> None:
        if operator.index(epoch) < 0:
            raise ParameterError(f"epoch: expected a whole number from 0, found {epoch}")
        self._parts = Parts(augment, names or {}, box_format, take, give)
        self._ids = ids
        self.epoch = epoch
        self._stream = Stream()

    def __call__(self, batch: Mapping[str, Sequence[Any]], indices: Sequence[int] | None = None) -> dict[str, Any]:
        """The same columns as lists, augmented.

        Raises:
            ParameterError: If there is no column `ids`.
        """
        if self._ids is not None:
            if self._ids not in batch:
                there = ", ".join(map(repr, batch))
                raise ParameterError(f"ids: there is no column {self._ids!r}; there are {there}")
            indices = batch[self._ids]
        count = len(next(iter(batch.values()), ()))
        rows = []
        for k in range(count):
            sample = self._stream.take() if indices is None else int(indices[k])
            row = {column: values[k] for column, values in batch.items()}
            rows.append(self._parts(row, epoch=self.epoch, sample=sample))
        return {column: [row[column] for row in rows] for column in batch}

    def __repr__(self) -> str:
        return f"Columns({self._parts.augment!r})"


__all__ = ["Columns"]
