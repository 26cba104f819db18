"""A loader as Keras takes it: a `PyDataset` that waits on the engine's own queue.

Keras fetches nothing ahead from a `PyDataset` with one worker, and need not: the loader's threads do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import keras
import numpy.typing as npt

from ..errors import InputError, ParameterError
from ..loader import Batch, Loader
from .targets import for_fit, for_layers
from .weights import Weights


class Dataset(keras.utils.PyDataset):
    """Batches of a loader for `fit`, `evaluate` and `predict`, on any backend.

    Every pass over it is one epoch of the loader, from its first batch to its last: the passes of one `fit` are epochs
    0, 1, 2, …, and the next `fit` goes on after them, also where the last one stopped early. The order within an epoch
    is the loader's; that `fit` shuffles the indices of batches changes nothing. To start elsewhere, set `epoch`, or
    hand `follow_epochs()` to `fit` as a callback and let `initial_epoch` say it. To go on after an interruption, hand
    it `variegate.keras.BackupAndRestore`.

    Before a first `fit`, `evaluate` or `predict` Keras takes one batch to build the model with, and begins again; that
    batch is kept and given again. (Keras does not say so: where a pass of one batch may be such a glance, it counts as
    one.)

    With `steps_per_epoch`, each pass of a shuffled loader takes the first batches of a new epoch. One that is not
    shuffled goes on where the last pass ended, as long as Keras asks in order (`fit(shuffle=False)`).

    Args:
        loader: The loader. It belongs to the data set from here on.
        advance: Whether each pass is the next epoch. False for validation: every pass is the same epoch, so that two
            evaluations see the same pictures also where the pipeline draws.
        epoch: The epoch of the first pass.
        sample_weight: How much each file counts: one number for each, in the order of `file_paths`.
        class_weight: How much each class counts: a dict from label to number, 1 for those left out. As in `fit`, but
            soft labels weigh what their shares do, and it can be given together with `sample_weight`.
        form: "fit" for pairs (images, y). Of a source that knows boxes or masks, y is {"boxes", "labels"} or the masks
            of (N, height, width, 1); where there are both, a dict of "bounding_boxes" and "segmentation_masks". "layers"
            for one dict with "images" too, as preprocessing layers of Keras take it. Give the loader `max_boxes`, so
            that all batches have one shape and a model is compiled once.

    Raises:
        ParameterError: If weights do not fit the loader, or the form.
    """

    def __init__(
        self,
        loader: Loader,
        *,
        advance: bool = True,
        epoch: int = 0,
        sample_weight: npt.ArrayLike | None = None,
        class_weight: Mapping[int, float] | None = None,
        form: Literal["fit", "layers"] = "fit",
    ) -> None:
        if not isinstance(loader, Loader):
            raise TypeError(f"loader: expected a vg.Loader, found {type(loader).__name__}")
        if form not in ("fit", "layers"):
            raise ParameterError(f'form: expected "fit" or "layers", found {form!r}')
        weighed = sample_weight is not None or class_weight is not None
        if weighed and form == "layers":
            raise ParameterError('form: "layers" has no place for weights; take "fit", or weigh after the layers')
        self._weights = Weights(loader, sample_weight, class_weight) if weighed else None
        super().__init__(workers=1, use_multiprocessing=False)
        self.loader = loader
        self.class_names: list[str] | None = loader.classes or None
        if form == "layers" and loader.rest == "pad":
            raise ParameterError('form: "layers" has no place for the weights of padding; take "fit", or rest="drop"')
        self._form = for_fit if form == "fit" else for_layers
        self._advance = bool(advance)
        self._inside = False
        self._first = False
        # Batches given in this pass; whether a pass of one may be a glance; and the batch that a glance took.
        self._given = 0
        self._glances = True
        self._kept: Batch | None = None
        self._go(epoch)

    @property
    def file_paths(self) -> list[str]:
        """Paths of all files, in the order of their ids."""
        return self.loader.source.paths

    @property
    def epoch(self) -> int:
        """The epoch of this pass, and between passes that of the next one. Can be set between passes."""
        return self._epoch

    @epoch.setter
    def epoch(self, epoch: int) -> None:
        if self._inside and self._served:
            raise ParameterError("epoch: a pass is under way; set it between passes")
        self._go(epoch)

    @property
    def num_batches(self) -> int:
        """Batches of an epoch; asked at the beginning of a pass that goes on within an epoch, those it has."""
        # Keras asks before the first pass and holds that for all of them, and asks again when each pass begins.
        if self._inside and self._given == 0 and self._rest is not None:
            return self._rest
        return len(self.loader)

    def __len__(self) -> int:
        return len(self.loader)

    def __getitem__(self, index: int) -> Any:
        """Within a pass the next batch, whatever the index; otherwise batch `index` of the epoch to come."""
        if not 0 <= index < len(self):
            raise IndexError(f"batch {index}: an epoch has {len(self)} batches, from 0")
        return self._written(self._next(index) if self._inside else self._take(index))

    def __iter__(self) -> Iterator[Any]:
        """One pass, from its first batch to its last."""
        return map(self._written, self._pass())

    def jax(self) -> Iterator[Any]:
        """One pass as arrays of JAX, by DLPack: the images without a copy where JAX runs on the CPU. No weights."""
        return map(Batch.jax, self._pass())

    def torch(self) -> Iterator[Any]:
        """One pass as tensors of torch, by DLPack: the images without a copy. No weights."""
        return map(Batch.torch, self._pass())

    def on_epoch_begin(self) -> None:
        """Called by Keras when a pass begins."""
        fresh = self._rest is not None and self._given == 0
        if self._served and not fresh and (self._inside or not self._in_order()):
            # The last pass was left without a word.
            self._turn()
        self._inside = True
        # One that goes on within an epoch starts with index 0 all the same.
        self._first = not fresh
        self._given = 0

    def on_epoch_end(self) -> None:
        """Called by Keras when a pass ends, and once before the first one."""
        if not self._inside:
            # Before its first pass Keras had no need of a glance.
            self._glances = False
        elif self._given == 1 and self._kept is not None:
            # The loader stands behind the batch that is kept: the next pass takes it first and goes on from there.
            self._served = self._from
            self._given = 0
            self._glances = False
        else:
            self._glances = self._given > 1 or self._rest is not None
            if self._served and not self._in_order():
                self._turn()
            self._rest = None
        self._inside = False

    def follow_epochs(self) -> keras.callbacks.Callback:
        """A callback for `fit` that makes its epoch e the loader's epoch e, also with `initial_epoch`."""
        from .follow import FollowEpochs

        return FollowEpochs(self)

    def state(self) -> str:
        """Where the next batch is, as a token for `resume`: a text of less than a kilobyte.

        `fit` takes batches before it trains on them; `variegate.keras.BackupAndRestore` keeps count of those.
        """
        return self._token(self._epoch, self._served)

    def resume(self, token: str) -> None:
        """Goes on where a token of `state` says: the next pass is the rest of that epoch.

        Raises:
            ParameterError: If the token belongs to another pipeline, data set, seed or version, with what differs.
        """
        self.loader.resume(token)
        self._go(*self.loader._engine.place())

    def _token(self, epoch: int, step: int) -> str:
        epoch, step = epoch + step // len(self), step % len(self)
        place = {"epoch": epoch, "samples": step * self.loader.batch_size * self.loader.num_shards}
        return json.dumps(json.loads(self.loader.state()) | place)

    def _in_order(self) -> bool:
        """Whether a pass may go on where the last one ended."""
        return self._advance and not self.loader.shuffle

    def _turn(self) -> None:
        self._go(self._epoch + 1 if self._advance else self._epoch)

    def _go(self, epoch: int, step: int = 0, batches: int | None = None) -> None:
        """The next batch is that of a step. A pass that begins there has so many, or the rest of the epoch."""
        # At once, so that the threads work on it while Keras does something else.
        self.loader.seek(epoch, step)
        self._epoch, self._from, self._served, self._kept = epoch, step, step, None
        rest = len(self) - step
        self._rest = None if step == 0 and batches is None else rest if batches is None else min(batches, rest)

    def _pass(self) -> Iterator[Batch]:
        self.on_epoch_begin()
        # Keras glances through `[0]`: whoever iterates means a pass, also where it has one batch.
        self._glances = False
        for index in range(self.num_batches):
            yield self._next(index)
        self.on_epoch_end()
        self._glances = True

    def _next(self, index: int) -> Batch:
        if self._served == len(self) or (self._first and self._served and index != self._served):
            self._turn()
        self._first = False
        batch = self._take(self._served)
        if self._glances and self._given == 0:
            self._kept = batch
        self._served += 1
        self._given += 1
        if self._served == len(self) and self._kept is None:
            self._turn()
        return batch

    def _take(self, step: int) -> Batch:
        kept, self._kept = self._kept, None
        if kept is not None and (kept.epoch, kept.step) == (self._epoch, step):
            return kept
        # Nothing where the loader stands there already.
        self.loader.seek(self._epoch, step)
        batch = self.loader._next()
        if batch is None or batch.step != step:
            raise InputError(
                f"every file of batch {step} of epoch {self._epoch} was skipped, and Keras counts on "
                f"{len(self)} batches; choose on_bad=\"quarantine\", or a larger batch. loader.bad names the files"
            )
        return batch

    def _written(self, batch: Batch) -> Any:
        """A batch as Keras takes it: images, (images, labels), (images, labels, weights), or a dict for layers."""
        made = self._form(batch)
        return made if self._weights is None else (*made[:2], self._weights.of(batch))


__all__ = ["Dataset"]
