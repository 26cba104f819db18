"""What the demo found, as data and as the table that is printed and put into the report.

`__main__` fills it in, `report` reads it. It computes means and spreads from what was measured, and nothing else.
"""

import statistics
from dataclasses import dataclass, field

from training import Run, Speed


@dataclass(frozen=True)
class Pair:
    """The same training twice: without and with augmentation."""

    seed: int
    plain: Run
    augmented: Run

    @property
    def gain(self) -> float:
        """In points, that is hundredths of all test pictures."""
        return 100 * (self.augmented.accuracy - self.plain.accuracy)


@dataclass
class Comparison:
    """All seeds of one number of training pictures."""

    #: Training and test pictures, in all classes together.
    train: int
    test: int
    #: Training pictures a class, or None where all were taken.
    count: int | None
    steps: int
    pairs: list[Pair] = field(default_factory=list)
    speed: Speed | None = None

    @property
    def name(self) -> str:
        return f"{self.count} a class" if self.count else "all"

    @property
    def gains(self) -> list[float]:
        return [pair.gain for pair in self.pairs]

    @property
    def waiting(self) -> float:
        """Share of the augmented training in which the network waited for pictures."""
        return sum(p.augmented.waiting for p in self.pairs) / sum(p.augmented.seconds for p in self.pairs)


ACCURACY = ["training images", "seed", "plain", "augmented", "gain in points"]
WORK = [
    "training images",
    "test images",
    "steps a run",
    "pipeline images/s",
    "CPU-seconds per 1,000",
    "step time waiting for data",
]


def accuracy_rows(comparisons: list[Comparison]) -> list[list[str]]:
    """A row for each seed, and one for the mean and its spread."""
    rows = []
    for c in comparisons:
        for p in c.pairs:
            rows.append(
                [c.name, str(p.seed), percent(p.plain.accuracy), percent(p.augmented.accuracy), f"{p.gain:+.1f}"]
            )
        if len(c.pairs) > 1:
            plain = percent(statistics.mean(p.plain.accuracy for p in c.pairs))
            augmented = percent(statistics.mean(p.augmented.accuracy for p in c.pairs))
            gain = f"{statistics.mean(c.gains):+.1f} ± {statistics.stdev(c.gains):.1f}"
            rows.append([c.name, "mean", plain, augmented, gain])
    return rows


def work_rows(comparisons: list[Comparison]) -> list[list[str]]:
    """A row for each number of training pictures: how much was done, how fast, and at what cost."""
    return [
        [
            f"{c.name} ({c.train:,})",
            f"{c.test:,}",
            f"{c.steps:,}",
            f"{c.speed.images_per_second:,.0f}",
            f"{c.speed.cpu_seconds_per_1000:.2f}",
            f"{100 * c.waiting:.1f} %",
        ]
        for c in comparisons
    ]


def plain_table(head: list[str], rows: list[list[str]]) -> str:
    """Aligned columns for a terminal."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def verdict(comparisons: list[Comparison]) -> str:
    """One honest sentence."""
    gains = [gain for c in comparisons for gain in c.gains]
    better = sum(gain > 0 for gain in gains)
    if len(gains) == 1:
        return f"One short run, to see that everything works: {gains[0]:+.1f} points, which says little."
    of = f"{better} of {len(gains)} runs"
    span = f"from {min(gains):+.1f} to {max(gains):+.1f} points"
    if better == len(gains):
        return f"Augmentation helped in every run ({of}), {span}."
    if better == 0:
        return f"Augmentation did not help here ({of} were better with it), {span}."
    return f"Augmentation helped in {of}, {span}: on these pictures the gain is not safe."


def noise(comparison: Comparison) -> str:
    """How far a single accuracy may be off by the luck of the test pictures alone."""
    share = statistics.mean(p.augmented.accuracy for p in comparison.pairs)
    error = 100 * 1.96 * (share * (1 - share) / comparison.test) ** 0.5
    return f"{comparison.name}: {comparison.test:,} test images, so about ± {error:.1f} points"


def percent(share: float) -> str:
    """A share in hundredths."""
    return f"{100 * share:.1f} %"
