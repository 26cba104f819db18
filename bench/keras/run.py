"""Trains one network through Keras's own augmentation layers and through Variegate, and prints both.

`make bench-keras` calls it. The result goes to standard output, the progress to standard error.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
# The digits are the demo's.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "demo"))

import digits  # noqa: E402 - the backend is chosen before Keras is imported
import keras  # noqa: E402
import variegate as vg  # noqa: E402
from failure import Failure  # noqa: E402
from outcome import Run, table  # noqa: E402
from ways import Task, prepared  # noqa: E402

SEEDS = (1, 2, 3)


def main() -> int:
    """Runs the comparison; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make bench-keras", description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, help="a folder with one folder per class, instead of the digits")
    parser.add_argument("--out", type=Path, default=Path(".bench/keras"), help="where the digits go")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--side", type=int, default=96, help="pixels of a side of the photos")
    parser.add_argument("--quick", action="store_true", help="one seed and two epochs: whether it works")
    options = parser.parse_args()
    try:
        if options.photos:
            task = Task(options.photos, options.side, grey=False, mirror=True, batch=32)
        else:
            print(digits.NOTICE, flush=True)
            task = Task(digits.obtain(options.out / "data"), digits.SIDE, grey=True, mirror=False, batch=50)
        seeds, epochs = (SEEDS[:1], 2) if options.quick else (SEEDS, options.epochs)
        runs = compare(task, seeds, epochs)
    except (Failure, vg.Error) as failure:
        print(f"bench-keras: {failure}", file=sys.stderr)
        return 1
    size = " × ".join(map(str, task.shape))
    print(f"\n{runs[0].pictures} pictures of {size} an epoch; seeds: {len(seeds)}")
    print(f"Keras {keras.__version__} on {keras.backend.backend()}, Variegate {vg.__version__}\n")
    print(table(runs))
    return 0


def compare(task: Task, seeds: tuple[int, ...], epochs: int) -> list[Run]:
    """Trains each way with each seed; the ways take turns to be first, for machines are not the same all the time."""
    runs = []
    for turn, seed in enumerate(seeds):
        for way in ("keras", "variegate") if turn % 2 == 0 else ("variegate", "keras"):
            print(f"seed {seed}, {way}", file=sys.stderr, flush=True)
            runs.append(trained(way, task, seed, epochs))
    return sorted(runs, key=lambda run: (run.way, run.seed))


def trained(way: str, task: Task, seed: int, epochs: int) -> Run:
    """One training from fresh weights."""
    model, train, valid = prepared(way, task, seed)
    pictures = len(train) * task.batch
    if not pictures:
        found = len(train.file_paths)
        raise Failure(f"{task.folder}: expected {task.batch} pictures or more to train on, found {found}")
    began = time.perf_counter()
    history = model.fit(
        train, validation_data=valid, epochs=epochs, verbose=0, callbacks=[vg.keras.Monitor(train)]
    ).history
    wall = time.perf_counter() - began
    seconds = [pictures / rate for rate in history["pipeline_images_per_second"]]
    return Run(way, seed, history["val_accuracy"], seconds, history["pipeline_waiting_share"], wall, pictures)


if __name__ == "__main__":
    sys.exit(main())
