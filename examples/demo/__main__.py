"""The demo: the same small network trained with and without augmentation, and a report of what that brought.

`make demo` runs it (`python examples/demo`). It prints a table, writes `report.html`, and finishes in minutes on two
cores. Standard output has the result, standard error the progress.
"""

import argparse
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import digits  # noqa: E402 - the backend is chosen before Keras is imported
import folders  # noqa: E402
import report  # noqa: E402
import sheet  # noqa: E402
import study as studies  # noqa: E402
from failure import Failure  # noqa: E402
from progress import Progress  # noqa: E402
from results import ACCURACY, WORK, Comparison, Pair, accuracy_rows, plain_table, verdict, work_rows  # noqa: E402
from training import Trainer, arrays, dataset, epochs_of, speed  # noqa: E402


def main() -> int:
    """Runs the demo; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--photos", type=Path, help="a folder with one folder of pictures per class, instead of the digits"
    )
    parser.add_argument("--out", type=Path, default=Path("demo"), help="where data and report go")
    parser.add_argument(
        "--quick", action="store_true", help="one seed and few steps: shows that it works, not what it brings"
    )
    options = parser.parse_args()
    try:
        demo(options.photos, options.out, options.quick)
    except Failure as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("demo: stopped", file=sys.stderr)
        return 130
    return 0


def demo(photos: Path | None, out: Path, quick: bool) -> None:
    """Obtains the data, compares, prints and writes the report."""
    began = time.monotonic()
    if photos:
        study, home, notice = studies.photos(quick), photos, None
    else:
        study, home, notice = studies.digits(quick), digits.obtain(out / "data"), digits.NOTICE
        print(notice, flush=True)
    pictures = folders.scan(home)
    comparisons = compare(study, pictures, out / "data" / "now")

    seed = study.seeds[0]
    picture = sheet.draw(study, folders.split(pictures, study.counts[0], seed)[0], out / "data" / "now" / "sheet", seed)
    path = out / "report.html"
    number = folders.size(pictures.train) + folders.size(pictures.test or {})
    facts = {
        "Pictures": f"{number:,} in {len(pictures.classes)} classes",
        "Batch": f"{study.batch} images of {study.size[0]} × {study.size[1]} × {study.channels}",
        "Whole run": f"{time.monotonic() - began:.0f} s",
    }
    if notice:
        facts["Data"] = notice
    report.write(path, study, comparisons, picture, study.augment(seed).explain((*study.size, study.channels)), facts)

    print(f"\n{study.title}: accuracy on pictures never trained on\n")
    print(plain_table(ACCURACY, accuracy_rows(comparisons)))
    print(f"\n{verdict(comparisons)}\n")
    print(plain_table(WORK, work_rows(comparisons)))
    print(f"\nReport: {path}")


def compare(study: studies.Study, pictures: folders.Pictures, work: Path) -> list[Comparison]:
    """Trains every pair of runs."""
    trainer = Trainer(study, len(pictures.classes))
    print("Compiling the network and timing a few steps", file=sys.stderr, flush=True)
    pace = paced(trainer, study, pictures, work)
    runs = 2 * len(study.seeds) * len(study.counts)
    steps = min(study.steps, max(10, int(study.budget / (runs * pace))))
    with Progress(runs * steps) as progress:
        return [compare_one(trainer, pictures, count, steps, work, progress) for count in study.counts]


def compare_one(
    trainer: Trainer, pictures: folders.Pictures, count: int | None, steps: int, work: Path, progress: Progress
) -> Comparison:
    """Trains every pair of runs on `count` pictures a class, for about `steps` gradient steps each."""
    study = trainer.study
    pairs = []
    for seed in study.seeds:
        train, test = folders.split(pictures, count, seed)
        folder = folders.lay_out(train, work / "train")
        tested = arrays(dataset(study, folders.lay_out(test, work / "test"), seed, shuffle=False))
        batches = -(-folders.size(train) // study.batch)
        exact = epochs_of(steps, batches) * batches
        result = Comparison(folders.size(train), folders.size(test), count, exact, pairs)

        def tell(share: float = steps / exact) -> None:
            progress.advance(share)

        runs = []
        for name, augment in (("plain", None), ("augmented", study.augment(seed))):
            progress.start(f"{result.name}, seed {seed}, {name}")
            runs.append(trainer.run(dataset(study, folder, seed, augment), tested, steps, seed, tell))
        pairs.append(Pair(seed, *runs))
    progress.start(f"{result.name}: the pipeline alone")
    result.speed = speed(dataset(study, folder, seed, study.augment(seed)), 2)
    return result


def paced(trainer: Trainer, study: studies.Study, pictures: folders.Pictures, work: Path) -> float:
    """Compiles the network, and returns the seconds a gradient step takes on this machine."""
    train, test = folders.split(pictures, study.counts[0], study.seeds[0])
    tested = arrays(dataset(study, folders.lay_out(test, work / "test"), 0, shuffle=False))
    return trainer.pace(dataset(study, folders.lay_out(train, work / "train"), 0, study.augment(0)), tested)


if __name__ == "__main__":
    sys.exit(main())
