"""What came of the trainings, and how it is printed.

`run.py` fills it. It must show every seed's share of a figure: a mean never stands without its spread.
"""

from dataclasses import dataclass
from statistics import mean, median

TICKS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Run:
    """One training: figures of each epoch, in order."""

    way: str
    seed: int
    #: Accuracy on the pictures held back, 0 to 1.
    accuracy: list[float]
    #: Seconds of training alone; the first epoch compiles.
    seconds: list[float]
    #: Share of that time in which training waited for a batch, 0 to 1.
    waiting: list[float]
    #: Seconds of everything, compiling and validation included.
    wall: float
    #: Pictures of an epoch.
    pictures: int


def table(runs: list[Run]) -> str:
    """Both curves and the figures below them, as text."""
    ways = list(dict.fromkeys(run.way for run in runs))
    parts = {way: [run for run in runs if run.way == way] for way in ways}
    lines = ["accuracy on pictures held back, mean over seeds (least to greatest)", ""]
    lines.append("epoch  " + "  ".join(f"{way:<22}" for way in ways).rstrip())
    for epoch in range(len(runs[0].accuracy)):
        cells = [spread([run.accuracy[epoch] for run in parts[way]], "{:.3f}") for way in ways]
        lines.append(f"{epoch + 1:>5}  " + "  ".join(f"{cell:<22}" for cell in cells).rstrip())
    lines += ["", *(f"{way:<10} {curve(parts[way])}" for way in ways), ""]
    lines.append(f"{'':<34}" + "".join(f"{way:<24}" for way in ways).rstrip())
    for name, figure, form in (
        ("seconds of a run, all in", lambda run: run.wall, "{:.1f}"),
        ("seconds of an epoch, compiled", lambda run: settled(run.seconds), "{:.2f}"),
        ("pictures a second, compiled", lambda run: run.pictures / settled(run.seconds), "{:.0f}"),
        ("share of time spent waiting, %", lambda run: 100 * settled(run.waiting), "{:.1f}"),
    ):
        cells = [spread([figure(run) for run in parts[way]], form) for way in ways]
        lines.append(f"{name:<34}" + "".join(f"{cell:<24}" for cell in cells).rstrip())
    return "\n".join(lines)


def settled(figures: list[float]) -> float:
    """The median of all epochs but the first, which compiles; of the first where there is no other."""
    return median(figures[1:] or figures)


def spread(values: list[float], form: str) -> str:
    """Mean, least and greatest."""
    low, high = form.format(min(values)), form.format(max(values))
    return f"{form.format(mean(values))} ({low} to {high})" if len(values) > 1 else form.format(values[0])


def curve(runs: list[Run]) -> str:
    """The mean accuracy of each epoch, from nothing to everything."""
    means = [mean(values) for values in zip(*(run.accuracy for run in runs), strict=True)]
    return "".join(TICKS[min(int(value * len(TICKS)), len(TICKS) - 1)] for value in means)
