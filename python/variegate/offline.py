"""Augmented data sets made once, as shards of tar that WebDataset, Energon and DALI read.

The plan decides which sample, which copy and which place; `make_shard` only carries it out. So shard k is a pure
function of (plan, k): whoever makes it, how often and where, gets the same bytes. `write` here does it on the threads
of one machine, `variegate.ray.write` on many. It must never look at a clock, a host name or the order of a dict.
"""

from __future__ import annotations

import hashlib
import io
import json
import operator
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from . import _variegate, publish
from .errors import Error, InternalError, IoError, ParameterError
from .pipeline import Pipeline
from .source import Source

_CHANNELS = {"rgb": 3, "grey": 1, "gray": 1, "rgba": 4}
_SAID = ("copies", "shard_size", "shuffle", "seed", "format", "quality", "colour", "upright", "on_bad")
_SUFFIX = {"jpeg": "jpg", "png": "png", "webp": "webp"}


@dataclass(frozen=True)
class Plan:
    """Which sample and which copy stand in which shard, and how they are made. Plain data, which may be sent anywhere.

    Copy c of sample i is drawn as epoch c, sample i.
    """

    pipeline: str
    root: str
    files: tuple[str, ...]
    labels: tuple[int | None, ...]
    classes: tuple[str, ...]
    copies: int
    shard_size: int
    shuffle: bool
    seed: int
    format: str
    quality: int | None
    colour: str
    upright: bool
    on_bad: str

    @property
    def records(self) -> int:
        """Pictures that are to be made."""
        return len(self.files) * self.copies

    def __len__(self) -> int:
        """Shards."""
        return -(-self.records // self.shard_size)

    def name(self, k: int) -> str:
        """The file name of shard `k`."""
        return f"shard-{k:0{max(5, len(str(len(self) - 1)))}}.tar"

    def members(self, k: int) -> list[tuple[int, int]]:
        """(sample, copy) of each record of shard `k`, in order.

        Raises:
            IndexError: If there is no such shard.
        """
        if not 0 <= k < len(self):
            raise IndexError(f"shard {k}: the plan has {len(self)}")
        places = range(k * self.shard_size, min((k + 1) * self.shard_size, self.records))
        numbers = _variegate.ordered(self.records, self.seed, places.start, places.stop) if self.shuffle else places
        return [divmod(number, self.copies) for number in numbers]

    def about(self) -> dict[str, Any]:
        """What the bytes depend on, without the names of folders above the pictures: equal for equal data sets."""
        names = hashlib.sha256(json.dumps([self.files, self.labels]).encode())
        return {
            "variegate": _variegate.__version__,
            "pipeline": json.loads(self.pipeline),
            "files": names.hexdigest(),
            "samples": len(self.files),
            "classes": list(self.classes),
            **{name: getattr(self, name) for name in _SAID},
        }


@dataclass(frozen=True)
class Shard:
    """The bytes of a shard, how many pictures it has, and which could not be made and why."""

    data: bytes
    samples: int
    bad: list[dict[str, Any]]


def plan(
    source: Source,
    augment: Pipeline,
    copies: int = 1,
    shard_size: int = 1000,
    *,
    shuffle: bool = True,
    seed: int | None = None,
    format: Literal["jpeg", "png", "webp"] = "jpeg",
    quality: int | None = None,
    colour: Literal["rgb", "grey", "rgba"] = "rgb",
    upright: bool = True,
    on_bad: Literal["record", "raise"] = "record",
) -> Plan:
    """Plans a data set of `copies` augmented pictures of each picture of a source.

    Args:
        source: The pictures, as from `vg.folder`. Where others make shards, they must find them under the same paths.
        augment: The pipeline; it must give 8 bits, so without `vg.Normalize`, and it must not mix samples.
        copies: Augmented copies of each picture, from 1.
        shard_size: Pictures of a shard; the last one may have fewer.
        shuffle: Whether copies are dealt out in a seeded order; that of the source otherwise, copies side by side.
        seed: The seed of that order; the pipeline's unless given.
        format: How pictures are encoded.
        quality: 1 to 100 for JPEG and WebP.
        colour: What files are decoded to.
        upright: Whether a picture that its EXIF data says lies on its side is turned.
        on_bad: Whether a file that cannot be used is left out and told in `Shard.bad`, or raises. A file that cannot
            be read at all always raises: that says nothing of its content.

    Returns:
        A plan: `len(plan)` shards.

    Raises:
        ParameterError: If an argument cannot be used.
        UnsupportedError: If the pipeline mixes samples.
    """
    if not isinstance(source, Source):
        raise TypeError(f"source: expected what vg.folder(…) returns, found {type(source).__name__}")
    if not isinstance(augment, Pipeline):
        raise TypeError(f"augment: expected a vg.Pipeline, found {type(augment).__name__}")
    for what, value in (("copies", copies), ("shard_size", shard_size)):
        if operator.index(value) < 1:
            raise ParameterError(f"{what}: expected a whole number from 1, found {value}")
    choices = (("format", format, _SUFFIX), ("colour", colour, _CHANNELS), ("on_bad", on_bad, ("record", "raise")))
    for what, value, known in choices:
        if value not in known:
            raise ParameterError(f"{what}: expected one of {', '.join(known)}, found {value!r}")
    seed = augment.seed if seed is None else operator.index(seed)
    if not 0 <= seed < 2**64:
        raise ParameterError(f"seed: expected a whole number from 0, below 2⁶⁴, found {seed}")
    probe = np.zeros((64, 64, _CHANNELS[colour]), np.uint8)
    made = augment(probe, epoch=0, sample=0)
    if made.dtype != np.uint8:
        raise ParameterError(
            f"augment: it gives {made.dtype}, and shards hold pictures of 8 bits; leave vg.Normalize to the trainer"
        )
    # A quality or a number of channels that the format does not know shows here, and not in the first shard.
    _variegate.encode(made, format, quality=quality)
    paths = [os.path.abspath(path) for path in source.paths]
    if not os.path.isfile(paths[0]):
        raise ParameterError(f"source: expected pictures in files of their own, found {paths[0]}, which is no file")
    root = os.path.commonpath([os.path.dirname(path) for path in paths])
    return Plan(
        pipeline=augment.to_json(),
        root=root,
        files=tuple(os.path.relpath(path, root) for path in paths),
        labels=tuple(source.labels),
        classes=tuple(source.classes),
        copies=copies,
        shard_size=shard_size,
        shuffle=bool(shuffle),
        seed=seed,
        format=format,
        quality=quality,
        colour=colour,
        upright=bool(upright),
        on_bad=on_bad,
    )


def make_shard(plan: Plan, k: int) -> Shard:
    """Makes shard `k`: a tar with three members for each picture, which share the name up to the dot.

    `<sample>-<copy>.jpg` is the picture, `.cls` its label in digits (where there are labels), and `.json` says sample,
    copy, file, label, class and the recipe, which `pipeline.apply` replays and `pipeline.undo` undoes.

    Raises:
        IndexError: If there is no such shard.
        IoError: If a file cannot be read.
        InputError: If a file cannot be used, and the plan says to raise.
    """
    augment = Pipeline.from_yaml(plan.pipeline)
    held = io.BytesIO()
    bad: list[dict[str, Any]] = []
    samples = 0
    decoded: tuple[int, Any] = (-1, None)
    with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for sample, copy in plan.members(k):
            file = plan.files[sample]
            try:
                if decoded[0] != sample:
                    path = os.path.join(plan.root, file)
                    decoded = sample, _variegate.decode(path, plan.colour, upright=plan.upright)
                recipe = augment.draw(decoded[1].shape, epoch=copy, sample=sample)
                picture = _variegate.encode(augment.apply(recipe, decoded[1]), plan.format, quality=plan.quality)
            except (IoError, InternalError):
                raise
            except Error as error:
                if plan.on_bad == "raise":
                    raise
                reason = str(error).replace(plan.root + os.sep, "")
                bad.append({"sample": sample, "copy": copy, "file": file, "kind": error.kind, "reason": reason})
                continue
            about = {"sample": sample, "copy": copy, "file": file, "recipe": recipe.to_dict()}
            members = {_SUFFIX[plan.format]: picture}
            label = plan.labels[sample]
            if label is not None:
                about |= {"label": label, "class": plan.classes[label]}
                members["cls"] = str(label).encode()
            members["json"] = json.dumps(about, sort_keys=True, separators=(",", ":")).encode()
            for suffix, content in members.items():
                # Time, owner and mode stay what they are by default: nothing, nobody and 0o644.
                member = tarfile.TarInfo(f"{sample:08}-{copy:04}.{suffix}")
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
            samples += 1
    return Shard(held.getvalue(), samples, bad)


def write_shard(plan: Plan, k: int, out: str | os.PathLike[str], verify: bool = False) -> dict[str, Any]:
    """Publishes shard `k` in a folder, unless it lies there already.

    Args:
        plan: The plan.
        k: Which shard.
        out: The folder.
        verify: Whether a shard that lies there is read and compared with its digest.

    Returns:
        What is known of it: name, bytes, sha256, samples and bad.
    """
    folder = Path(out)
    about = publish.published(folder, plan.name(k), verify)
    if about is None:
        shard = make_shard(plan, k)
        about = publish.publish(folder, plan.name(k), shard.data, {"samples": shard.samples, "bad": shard.bad})
    return about


def write(
    source: Source,
    augment: Pipeline,
    out: str | os.PathLike[str],
    *,
    copies: int = 1,
    shard_size: int = 1000,
    threads: int | None = None,
    verify: bool = False,
    progress: Callable[[int, int], Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Makes all shards of a data set on this machine.

    The folder gets `plan.json`, shards with a file of facts beside each, and last `index.json`. Every file appears
    whole or not at all. A job that was interrupted is begun again by the same call: shards that lie there are not made
    again.

    Args:
        source: As for `plan`.
        augment: As for `plan`.
        out: A new or empty folder, or one that an earlier call with the same plan has begun.
        copies: As for `plan`.
        shard_size: As for `plan`.
        threads: How many shards are made at a time; each is held in memory meanwhile. One a core unless given.
        verify: Whether shards that lie there are read and compared with their digests.
        progress: Called with (shards done, shards in all) after each.
        options: Any other argument of `plan`.

    Returns:
        A dict of shards, made (in this call), samples, and bad: a list of dicts of sample, copy, file, kind and reason.

    Raises:
        ParameterError: If an argument cannot be used, or the folder holds shards of another plan.
        IoError: If a file cannot be read or written.
    """
    job = plan(source, augment, copies, shard_size, **options)
    workers = (os.cpu_count() or 1) if threads is None else operator.index(threads)
    if workers < 1:
        raise ParameterError(f"threads: expected 1 or more, or None for one a core, found {workers}")
    folder = Path(out)
    publish.begin(folder, job.about())
    missing = unpublished(job, folder, verify)
    with ThreadPoolExecutor(workers) as pool:
        made = _in_turn(pool, workers, (lambda k=k: write_shard(job, k, folder, verify) for k in missing))
        for count, _ in enumerate(made, start=len(job) - len(missing) + 1):
            if progress is not None:
                progress(count, len(job))
    return finish(job, folder, len(missing))


def unpublished(plan: Plan, out: str | os.PathLike[str], verify: bool = False) -> list[int]:
    """The shards that do not lie in a folder yet, in order."""
    return [k for k in range(len(plan)) if publish.published(Path(out), plan.name(k), verify) is None]


def finish(plan: Plan, out: str | os.PathLike[str], made: int) -> dict[str, Any]:
    """Publishes the index of a folder that has all shards, and sums up what `write` returns.

    Raises:
        IoError: If a shard is missing.
    """
    folder = Path(out)
    shards = [publish.published(folder, plan.name(k)) for k in range(len(plan))]
    if None in shards:
        name = plan.name(shards.index(None))
        lost = str(folder / name)
        raise IoError(f"{lost}: the shard was made, and is gone or not whole; call again to make it", lost)
    publish.finish(folder, shards)
    bad = [event for shard in shards for event in shard["bad"]]
    return {"shards": len(shards), "made": made, "samples": sum(shard["samples"] for shard in shards), "bad": bad}


def _in_turn(pool: ThreadPoolExecutor, ahead: int, jobs: Iterable[Callable[[], Any]]) -> Iterator[Any]:
    """What jobs give as they end, never more than `ahead` begun: the first error ends it before others are begun."""
    running: set[Future[Any]] = set()
    jobs = iter(jobs)
    for job in jobs:
        running.add(pool.submit(job))
        if len(running) >= ahead:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    yield from (future.result() for future in running)


__all__ = ["Plan", "Shard", "finish", "make_shard", "plan", "unpublished", "write", "write_shard"]
