"""The loader: batches of a whole data set, made ahead on threads of its own.

The compiled half makes them; this file says what a `for` over a loader means.
"""

from __future__ import annotations

import math
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

from . import _variegate
from .arguments import in_bytes, whole
from .batch import Batch, Labels
from .excluded import excluded_ids, write_bad
from .errors import ParameterError, UnsupportedError
from .pipeline import Pipeline
from .progress import shown
from .source import Source
from .report import Report
from .several import Views, pairs

if TYPE_CHECKING:
    from .sidecar import Sidecar


class Loader:
    """Batches of a source, augmented, in a computed order.

        for images, labels in loader: ...

    Where the source knows boxes, points or masks (`vg.coco`, `vg.voc`, `vg.yolo`, `vg.masks`), they go with the
    pictures:

        for images, targets in loader: ...

    `targets` is a dict of arrays, whose rows are padded to one length: `boxes`, float32 of (N, M, 4); `box_labels`,
    int32 of (N, M), −1 where there is no box; `box_counts`, int32 of (N,); `masks` of (N, height, width) over the
    engine's own memory; `points`, float32 of (N, P, 2) with `points_visible`, uint8 of (N, P), and `point_counts`, or
    of (N, M, K, 2) and (N, M, K) where K points belong to each box. Operations that look at boxes and masks see them,
    and the pipeline's `min_area`, `min_visibility`, `clip_boxes`, `swap` and `mask_fill` hold as in its call: sample i
    of epoch e has what `augment(image=…, boxes=…, sample=i, epoch=e)` gives. `vg.Mosaic`, `vg.CutMix` and
    `vg.ResizeMix` join the boxes and masks of their partners and cut what is covered, `vg.MixUp` joins boxes; other
    mixing is refused. With several views `targets` is a list of dicts, one for each view; class labels of the source,
    where it has some too, are `targets["labels"]`.

    One `for` is one epoch, and the next `for` the next one, also where the last was left early. Without labels a batch
    is the images alone. The bytes of a sample depend on the seed, the epoch, its id and the pipeline: never on
    threads, batch size, shards or restarts. Arrays are views of the memory the engine wrote, aligned to 64 bytes; it
    is not touched again while an array of it lives.

    Operations that mix (`vg.MixUp`, `vg.CutMix`, `vg.Mosaic` …) take other samples of the source by key: they are
    read, decoded and augmented up to their own mixing, in the same epoch. A file that cannot be used as a partner is
    replaced by another, chosen by key, and told in `bad`, unless `on_bad` is "raise". Pictures must have one size
    before the mixing.

    Args:
        source: What to read, as from `vg.folder` or `vg.coco`.
        augment: A pipeline that ends in one size for all pictures. None for pictures as they are, which then must be
            of one size. A list of pipelines, or of pairs (pipeline, count), for several views of each sample: a file is
            read and decoded once, and the images of a batch are a list of arrays, one for each view. View k is drawn
            as a loader of `pipeline.view(k)` draws it; see `vg.views`.
        batch_size: Pictures of a batch, for each shard.
        shuffle: Whether each epoch has an order of its own; that of the source otherwise.
        seed: The seed of the order. The pipeline's unless given.
        num_shards: Among how many loaders each global batch is shared.
        shard_id: Which of them this is, from 0.
        threads: Worker threads. As many as the machine has cores unless given.
        prefetch: Batches made ahead. Two, and enough for all threads to work, unless given.
        memory: What batches made ahead may hold: bytes, or a text as "512MiB". At least one batch must fit.
        dtype: "float32", "float16", "bfloat16", "uint8" or "uint16". Pictures of float dtypes hold 0 to 255 unless the
            pipeline ends in `vg.Normalize`. NumPy knows bfloat16 through the package `ml_dtypes`, which JAX and Keras
            bring along; without it the array is the same bits as uint16.
        layout: "NHWC" or "NCHW".
        on_bad: What becomes of files that cannot be used: "raise" an error in their batch (the next batch can still be
            asked for), "skip" them (batches get smaller, one without any is passed over), "substitute" another sample
            chosen by key, or "quarantine": substitute, and do not read the file again where nothing of it is usable.
        drop_last: Whether the last samples of an epoch are left out where they do not fill a batch.
        rest: What becomes of those samples: "keep" (a smaller batch), "drop" or "wrap" (filled up from the epoch's
            first ones) or "pad" (filled up in the same way, but what fills it up weighs 0: a batch is then
            (images, labels, weights), with `batch.weights` float32 of (N,)). As `drop_last` says unless given. Several
            shards need one of the last three.
        colour: "rgb", "grey" or "rgba".
        upright: Whether a picture that its EXIF data says lies on its side is turned.
        label_mode: "int" (int32 of (N,)), "categorical" (float32 one-hot of (N, classes)), "binary" (float32 of (N, 1))
            or None for images alone. Where the pipeline mixes samples (`vg.MixUp`, say) labels are float32 of
            (N, classes) whose rows sum to 1 in both of the first modes, and the share of the second class in the third;
            with several views, of which some mix, they are a list of arrays, one for each view.
        max_bad: That many different bad files are an error whatever `on_bad` says. 10 % of the files, and never fewer
            than eight, unless given.
        max_bad_rate: The share that holds where `max_bad` is not given.
        partial_decode: Whether only the part of a picture that is looked at is decoded, and shrunk by the decoder where
            the pipeline shrinks it by twice as much or more (JPEG): the same picture within a tolerance, see "Decoding
            only what is looked at" in `docs/meaning.md`. "region" never shrinks; False decodes everything.
        targets: What is delivered beside the pictures: "boxes", "points", "masks", those of them that the source knows.
            All that it knows unless given; an empty list for none.
        box_format: The format boxes are delivered in: as in a pipeline's call.
        max_boxes: The rows of `boxes` in every batch; boxes beyond are left out, the last of a sample first. As many as
            the sample of a batch with most boxes has unless given.
        min_area: Boxes of fewer pixels are dropped. As the pipeline says unless given.
        min_visibility: Boxes of which less than this share is seen are dropped. As the pipeline says unless given.
        weights: What each sample weighs, from 0, in any unit: a sample comes as often in an epoch as its share of the
            whole says, rounded down or up, and in the long run exactly. An epoch has as many samples as before. Each
            further time that a sample comes in an epoch it has draws of its own; see `Batch.samples`.
        balanced: Whether classes come equally often, and samples of a class too. Not together with `weights`.
        repeats: How often an epoch goes through the samples, in an order of its own each time and with draws of its
            own.
        exclude: Samples that are never read: the file that `save_bad` wrote, or ids and paths as in `source.paths`.
            Others take their places, chosen by the key that "quarantine" uses, whatever `on_bad` says; no other sample
            changes.
        stall_after: Seconds of waiting for one batch after which a `variegate.errors.StallWarning` says which worker
            is at which stage of which sample, and again when twice the time has passed. None for never.
        process: "own" makes batches on threads of this process. "sidecar" makes them in a process beside it, which
            hands them over in shared memory without a copy: the same batches, and threads of the trainer are not held
            up by those of the loader (Linux). Source and pipeline are sent there; functions of `vg.custom` must be
            importable, or the package `cloudpickle` be installed.
        progress: Whether every epoch writes a line to standard error that says how far it is, at what rate, what share
            of the time the trainer waits, and what remains: one line on a terminal and in a notebook, one every ten
            seconds elsewhere.
        mask_dtype: "uint8", "uint16" or "int32". As the first mask has it unless given; a mask with a value that does
            not fit cannot be used.

    Raises:
        ParameterError: If an argument cannot be used.
        UnsupportedError: If the pipeline mixes samples in a way that what the source knows cannot follow.
    """

    def __init__(
        self,
        source: Source,
        augment: Pipeline | Views | None = None,
        *,
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        num_shards: int = 1,
        shard_id: int = 0,
        threads: int | None = None,
        prefetch: int | None = None,
        memory: int | str = "2GiB",
        dtype: str = "float32",
        layout: str = "NHWC",
        on_bad: Literal["raise", "skip", "substitute", "quarantine"] = "quarantine",
        drop_last: bool = False,
        rest: Literal["keep", "drop", "wrap", "pad"] | None = None,
        colour: Literal["rgb", "grey", "gray", "rgba"] = "rgb",
        upright: bool = True,
        label_mode: Literal["int", "categorical", "binary"] | None = "int",
        max_bad: int | None = None,
        max_bad_rate: float = 0.1,
        partial_decode: bool | Literal["region"] = True,
        targets: Sequence[Literal["boxes", "points", "masks"]] | None = None,
        box_format: str = "xyxy",
        max_boxes: int | None = None,
        min_area: float | None = None,
        min_visibility: float | None = None,
        mask_dtype: Literal["uint8", "uint16", "int32"] | None = None,
        weights: Sequence[float] | None = None,
        balanced: bool = False,
        repeats: int = 1,
        exclude: str | os.PathLike[str] | Iterable[int | str] = (),
        stall_after: float | None = 60.0,
        process: Literal["own", "sidecar"] = "own",
        progress: bool = False,
    ) -> None:
        if not isinstance(source, Source):
            raise TypeError(f"source: expected what vg.folder(…) returns, found {type(source).__name__}")
        if augment is None:
            augment = Pipeline([], seed=whole("seed", seed, 0) or 0)
        elif not isinstance(augment, Pipeline | list | tuple):
            raise TypeError(f"augment: expected a vg.Pipeline, a list of them or None, found {type(augment).__name__}")
        self._several = not isinstance(augment, Pipeline)
        if drop_last and rest not in (None, "drop"):
            raise ParameterError(f"drop_last=True and rest={rest!r} contradict each other; give one of them")
        if balanced and weights is not None:
            raise ParameterError("balanced=True and weights contradict each other; give one of them")
        if stall_after is not None and not 0 < stall_after < math.inf:
            raise ParameterError(f"stall_after: expected seconds above 0 or None, found {stall_after!r}")
        self._labels = Labels(source, label_mode)
        self.source = source
        self.augment = augment
        self.batch_size = whole("batch_size", batch_size, 1)
        self.shuffle = bool(shuffle)
        self.num_shards = whole("num_shards", num_shards, 1)
        self.shard_id = whole("shard_id", shard_id, 0)
        self.layout = layout
        self.rest = rest or ("drop" if drop_last else "keep")
        options: dict[str, Any] = dict(
            batch_size=self.batch_size,
            shuffle=self.shuffle,
            seed=whole("seed", seed, 0),
            num_shards=self.num_shards,
            shard_id=self.shard_id,
            threads=whole("threads", threads, 1),
            prefetch=whole("prefetch", prefetch, 1),
            memory=in_bytes(memory),
            dtype=str(dtype),
            layout=layout,
            on_bad=on_bad,
            rest=self.rest,
            colour=colour,
            upright=bool(upright),
            max_bad=whole("max_bad", max_bad, 0),
            max_bad_rate=float(max_bad_rate),
            partial_decode=partial_decode,
            targets=None if targets is None else list(targets),
            box_format=box_format,
            max_boxes=whole("max_boxes", max_boxes, 1),
            min_area=None if min_area is None else float(min_area),
            min_visibility=None if min_visibility is None else float(min_visibility),
            mask_dtype=mask_dtype,
            weights=None if weights is None else [float(weight) for weight in weights],
            balanced=bool(balanced),
            repeats=whole("repeats", repeats, 1),
            exclude=excluded_ids(source, exclude),
            stall_after=None if stall_after is None else float(stall_after),
        )
        listed = [(augment, 1)] if isinstance(augment, Pipeline) else pairs(augment)
        self._engine: _variegate.Loader | Sidecar
        if process == "sidecar":
            if sys.platform != "linux":
                raise UnsupportedError('process="sidecar" needs Linux; leave process out')
            # What only this needs is not imported by others.
            from .sidecar import Sidecar

            self._engine = Sidecar({"source": source, "views": listed, **options})
        elif process == "own":
            self._engine = _variegate.Loader(source._samples, listed, **options)
        else:
            raise ParameterError(f'process: expected "own" or "sidecar", found {process!r}')
        self._progress = bool(progress)
        self._pass = 0
        self._goes_on = False

    def __iter__(self) -> Iterator[Any]:
        """One epoch of (images, targets), (images, labels), or of images where there are neither.

        With `rest="pad"` of (images, labels, weights).
        """
        return map(Batch.pair, self.batches())

    def batches(self, *, progress: bool | None = None) -> Iterator[Batch]:
        """One epoch of batches, which also tell their ids, epoch and step.

        Args:
            progress: Whether a line says how far it is. As the loader was told unless given.
        """
        batches = _Pass(self)
        return shown(batches, len(self)) if (self._progress if progress is None else progress) else batches

    def __len__(self) -> int:
        """Batches of an epoch."""
        return self._engine.steps

    @property
    def epoch(self) -> int:
        """The epoch of the next batch."""
        return self._engine.place()[0]

    @property
    def seed(self) -> int:
        """The seed of the order."""
        return self._engine.seed

    @property
    def classes(self) -> list[str]:
        """Names of the classes, by label."""
        return self.source.classes

    @property
    def bad(self) -> list[dict[str, Any]]:
        """The files that could not be used in the batches so far, as dicts: path, reason, kind, id, and the epoch they
        were first met in. The same on any number of threads."""
        return self._engine.bad()

    def save_bad(self, path: str | os.PathLike[str]) -> int:
        """Writes `bad` to a file that `exclude=` takes: a line of JSON for each, with name, reason, id and mark.

        Returns:
            How many there are.
        """
        return write_bad(path, self.source, self.bad)

    def state(self) -> str:
        """Where the loader stands, after the last batch it delivered: a text of less than a kilobyte."""
        return self._engine.state()

    def resume(self, token: str) -> None:
        """Goes on where a token of `state` says, with the next `for`; on another number of shards or threads, too.

        Raises:
            ParameterError: If the token belongs to another pipeline, data set, seed or version, with what differs.
        """
        self._engine.resume(token)
        self._left()

    def seek(self, epoch: int, step: int = 0) -> None:
        """Goes on at a step of an epoch, with the next `for`.

        Raises:
            ParameterError: If an epoch has no such step.
        """
        self._engine.seek(whole("epoch", epoch, 0), whole("step", step, 0))
        self._left()

    def report(self) -> Report:
        """Where the time went so far: a dict that prints as a table."""
        return Report(self._engine.report())

    def close(self) -> None:
        """Ends the threads. `report` and `bad` still answer."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Loader: {len(self)} batches of {self.batch_size} from {self.source!r}>"

    def _left(self) -> None:
        # A loop under way would otherwise go on from a place it does not know of.
        self._pass += 1
        self._goes_on = True

    def _begin(self) -> int:
        self._pass += 1
        epoch, step = self._engine.place()
        if step > 0 and not self._goes_on:
            self._engine.seek(epoch + 1, 0)
        self._goes_on = False
        return self._pass

    def _next(self) -> Batch | None:
        raw = self._engine.next()
        return None if raw is None else Batch(raw, self._labels, self._several)


class _Pass:
    """One epoch. An error in one batch does not end it: the next one can be asked for."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader
        self._number: int | None = None
        self._over = False
        # Threads may share a loop: the one that meets its end must not let another run into the next epoch.
        self._turn = threading.Lock()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Batch:
        with self._turn:
            if self._over:
                raise StopIteration
            if self._number is None:
                self._number = self._loader._begin()
            elif self._number != self._loader._pass:
                raise ParameterError(
                    "another loop over this loader has begun, or it was told to go elsewhere; a loader serves one loop "
                    "at a time: make a second loader"
                )
            batch = self._loader._next()
            self._over = batch is None
        if batch is None:
            raise StopIteration
        return batch


__all__ = ["Batch", "Loader", "Report"]
