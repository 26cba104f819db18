"""The matrix of guarantees: one stream, made in every way, hashed and compared.

`make test-guarantees` runs it, `python/tests/test_matrix.py` a few points of it. The stream of a few epochs is hashed
sample by sample on one thread; then it is made again

* on 1, 2 and 7 threads × 1, 2, 4 and 8 shards × loaders in this process and in one of their own, all epochs;
* by a process that is killed with SIGKILL at a random moment and started again from the last token that it wrote, on
  another number of threads and shards, in one process or beside it, each time, until the epochs are done: as often as POINTS says.

It makes its own pictures, broken ones among them, and draws its random points from a seed that it prints.

    python python/tests_guarantees/matrix.py POINTS [SEED]
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import variegate as vg

THREADS, SHARDS = (1, 2, 7), (1, 2, 4, 8)
#: Where loaders run.
PROCESSES = ("own", "sidecar") if sys.platform == "linux" else ("own",)
#: A process for each shard costs half a second of a core to start: below so many kills only a few ways have some.
FULL = 100
#: Samples of a global batch: every number of shards divides it.
GLOBAL = 16
EPOCHS = 3


def make_pictures(root: Path, count: int = 90) -> None:
    """Pictures of two classes and several sizes; each fifteenth is none."""
    numbers = np.random.default_rng(5)
    for k in range(count):
        folder = root / ("ant", "bee")[k % 3 == 0]
        folder.mkdir(parents=True, exist_ok=True)
        height, width = 40 + k % 17, 64 - k % 13
        waves = np.sin(np.arange(height)[:, None] / 7 + k) + np.cos(np.arange(width)[None, :] / 9 - k)
        image = np.clip(127 + 50 * waves[..., None] + numbers.integers(-20, 20, (height, width, 3)), 0, 255)
        content = vg.encode(image.astype(np.uint8), ("jpeg", "png")[k % 2])
        (folder / f"{k:03}.{('jpg', 'png')[k % 2]}").write_bytes(b"<html>" * 9 if k % 15 == 7 else content)


def loader(root: Path, threads: int, shards: int, shard: int, process: str) -> vg.Loader:
    """One shard of the stream under test: it draws, mixes, balances and repeats."""
    steps = [vg.ResizedCrop((24, 28)), vg.Flip("horizontal", p=0.5), vg.Brightness((0.7, 1.3)), vg.MixUp(0.4, p=0.3)]
    return vg.Loader(
        vg.folder(root),
        vg.Pipeline(steps, seed=17),
        batch_size=GLOBAL // shards,
        num_shards=shards,
        shard_id=shard,
        threads=threads,
        process=process,
        dtype="uint8",
        rest="wrap",
        balanced=True,
        repeats=2,
    )


def hashes(batch: vg.Batch) -> list[str]:
    """A hash for each sample of a batch: its number, pixels and label."""
    rows = zip(batch.samples, batch.images, batch.labels, strict=True)
    return [
        hashlib.blake2b(b"%d" % sample + image.tobytes() + label.tobytes(), digest_size=8).hexdigest()
        for sample, image, label in rows
    ]


def run(root: Path, threads: int, shards: int, process: str, token: str | None) -> Iterator[tuple[list[str], str]]:
    """The global batches from a token on to the end of the last epoch, each with the token after it."""
    loaders = [loader(root, threads, shards, shard, process) for shard in range(shards)]
    for load in loaders:
        if token is not None:
            load.resume(token)
    while loaders[0].epoch < EPOCHS:
        for parts in zip(*(load.batches() for load in loaders), strict=True):
            yield [line for part in parts for line in hashes(part)], loaders[-1].state()
    for load in loaders:
        load.close()


def child(root: Path, threads: int, shards: int, process: str, log: Path) -> None:
    """Goes on from the last whole line of a log, and adds a line of hashes and token for each global batch."""
    lines = log.read_text().splitlines() if log.exists() else []
    token = json.loads(lines[-1])["token"] if lines else None
    with log.open("a") as out:
        for made, token in run(root, threads, shards, process, token):
            # In one piece: whatever kills this process finds whole lines, or a last one without an end.
            out.write(json.dumps({"hashes": made, "token": token}) + "\n")
            out.flush()


def whole_lines(log: Path) -> int:
    """Cuts off a line that was begun only, and counts the others."""
    text = log.read_text() if log.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        log.write_text(whole)
    return whole.count("\n")


def killed_and_resumed(root: Path, work: Path, points: int, numbers: random.Random) -> tuple[list[list[str]], int]:
    """Streams made by processes that were killed `points` times in all, and how many kills there were."""
    streams, kills = [], 0
    while kills < points:
        log = work / f"{len(streams)}.jsonl"
        done = False
        while not done:
            threads, shards, where = numbers.choice(THREADS), numbers.choice(SHARDS), numbers.choice(PROCESSES)
            if where != "own" and points < FULL:
                shards = min(shards, 2)
            before = whole_lines(log)
            command = [sys.executable, __file__, "--child", str(root), str(threads), str(shards), where, str(log)]
            process = subprocess.Popen(command)
            # Killed after some more batches, at any moment within one; never, once there were kills enough.
            more, late = numbers.randrange(1, 9), numbers.random() * 0.02
            while process.poll() is None and (kills >= points or _lines(log) < before + more):
                time.sleep(0.002)
            if kills < points:
                time.sleep(late)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            done = process.wait() == 0
            if not done and process.returncode != -signal.SIGKILL:
                raise SystemExit(f"the process ended with {process.returncode} (threads {threads}, shards {shards})")
        whole_lines(log)
        streams.append([line for text in log.read_text().splitlines() for line in json.loads(text)["hashes"]])
    return streams, kills


def _lines(log: Path) -> int:
    return log.read_bytes().count(b"\n") if log.exists() else 0


def check(points: int, seed: int) -> str:
    """Runs the matrix; returns what was compared.

    Raises:
        AssertionError: If a stream differs, with the first place where it does.
    """
    numbers = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        root, work = Path(folder) / "photos", Path(folder)
        make_pictures(root)
        wanted = [line for made, _ in run(root, 1, 1, "own", None) for line in made]
        every = itertools.product(THREADS, SHARDS, PROCESSES)
        grid = [way for way in every if points >= FULL or way[2] == "own" or way[:2] in ((1, 1), (7, 2))]
        for threads, shards, where in grid:
            made = [h for made, _ in run(root, threads, shards, where, None) for h in made]
            compare(f"{threads} threads, {shards} shards, process {where}", made, wanted)
        streams, kills = killed_and_resumed(root, work, points, numbers)
        for k, made in enumerate(streams):
            compare(f"stream {k}, killed and resumed", made, wanted)
    return f"{len(wanted)} samples in {len(grid)} ways, and {len(streams)} times over {kills} kills: the same bytes"


def compare(way: str, made: list[str], wanted: list[str]) -> None:
    """Refuses a stream that is not the one wanted."""
    first = next((k for k, (a, b) in enumerate(zip(made, wanted, strict=False)) if a != b), None)
    assert first is None, f"{way}: place {first} of {len(wanted)} differs"
    assert len(made) == len(wanted), f"{way}: {len(made)} samples, not {len(wanted)}"


def main() -> None:
    parser = argparse.ArgumentParser(description="One stream, made in every way, hashed and compared.")
    if sys.argv[1:2] == ["--child"]:
        root, threads, shards, where, log = sys.argv[2:]
        child(Path(root), int(threads), int(shards), where, Path(log))
        return
    parser.add_argument("points", type=int, help="how many times a process is killed and resumed")
    parser.add_argument("seed", type=int, nargs="?", default=int.from_bytes(os.urandom(4)), help="of the random points")
    told = parser.parse_args()
    print(f"seed {told.seed}", flush=True)
    from_ = time.monotonic()
    print(f"{check(told.points, told.seed)} ({time.monotonic() - from_:.0f} s)")


if __name__ == "__main__":
    main()
