"""Writes `report.html`: one file that needs no other, no network and no script.

`__main__` calls it at the end. It shows what was measured and leaves nothing out; it must not measure anything itself.
"""

import base64
import os
import platform
from html import escape
from pathlib import Path

import jax
import keras
import variegate as vg

import curves
from results import ACCURACY, WORK, Comparison, accuracy_rows, noise, verdict, work_rows
from study import Study

PLAIN, AUGMENTED = "#b3541e", "#1f6fb2"

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; }
table { border-collapse: collapse; margin: .6rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .8rem; text-align: right; border-bottom: 1px solid #ddd; }
th { border-bottom: 2px solid #888; }
tr.mean td { font-weight: bold; border-bottom: 2px solid #bbb; }
pre { background: #f5f5f5; padding: .8rem; overflow-x: auto; font-size: 13px; line-height: 1.4; }
img.sheet { max-width: 100%; border: 1px solid #ddd; } svg { max-width: 100%; height: auto; }
.lead { font-size: 1.1rem; } footer { margin-top: 3rem; color: #555; font-size: 13px; }
"""


def write(
    path: Path, study: Study, comparisons: list[Comparison], sheet: bytes, plan: str, facts: dict[str, str]
) -> None:
    """Writes the report. `plan` is the explained pipeline, `facts` further rows for the last table."""
    picture = base64.b64encode(sheet).decode("ascii")
    seeds = ", ".join(str(seed) for seed in study.seeds)
    parts = [
        f"<h1>{escape(study.title)}: training with and without augmentation</h1>",
        f'<p class="lead">{escape(verdict(comparisons))}</p>',
        "<h2>Accuracy on pictures never trained on</h2>",
        table(ACCURACY, accuracy_rows(comparisons)),
        "<p>Each row is the same network from the same first weights, trained on the same pictures for the same "
        "number of gradient steps; only the augmentation differs. The mean is given ± the standard deviation over the "
        "seeds.</p>",
        "<h2>Learning curves</h2>",
        *(curve(c) for c in comparisons),
        "<p>Thin lines are the seeds, thick ones their mean. Accuracy is measured on the test pictures at fixed times "
        "and has no influence on the training; the last point is the result.</p>",
        "<h2>What the network saw</h2>",
        f'<p><img class="sheet" alt="Contact sheet" src="data:image/png;base64,{picture}"></p>',
        "<p>The first picture of each row is the original, the others are what the first nine epochs make of it.</p>",
        f"<p>{escape(study.advice)}</p>",
        "<h2>The pipeline, before and after fusion</h2>",
        f"<pre>{escape(plan)}</pre>",
        "<h2>The work</h2>",
        table(WORK, work_rows(comparisons)),
        "<p>Images per second and CPU-seconds are those of the pipeline alone: reading, decoding, augmenting and "
        "putting into batches. The last column is the share of the augmented training in which the network stood and "
        "waited; the pipeline shares the processor with it here.</p>",
        "<h2>How much to believe</h2>",
        f"<p>{escape(caution(study, comparisons))}</p>",
        "<h2>Machine and settings</h2>",
        table(["", ""], [[name, value] for name, value in {**machine(), "Seeds": seeds, **facts}.items()], left=True),
    ]
    page = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Variegate: {escape(study.title)}</title><style>{STYLE}</style></head>\n<body>\n" + "\n".join(parts)
    )
    path.write_text(page + "\n<footer>Made by the Variegate demo.</footer>\n</body></html>\n", encoding="utf-8")


def table(head: list[str], rows: list[list[str]], left: bool = False) -> str:
    """An HTML table; rows of means stand out."""
    style = ' style="text-align:left"' if left else ""
    lines = ["<table>"]
    if any(head):
        lines.append("<tr>" + "".join(f"<th>{escape(cell)}</th>" for cell in head) + "</tr>")
    for row in rows:
        mark = ' class="mean"' if "mean" in row else ""
        lines.append(f"<tr{mark}>" + "".join(f"<td{style}>{escape(cell)}</td>" for cell in row) + "</tr>")
    return "\n".join([*lines, "</table>"])


def curve(comparison: Comparison) -> str:
    """The learning curves of one comparison."""
    groups = [
        ("plain", PLAIN, [pair.plain.curve for pair in comparison.pairs]),
        ("augmented", AUGMENTED, [pair.augmented.curve for pair in comparison.pairs]),
    ]
    return curves.draw(f"Test accuracy, trained on {comparison.name} ({comparison.train:,} images)", groups)


def caution(study: Study, comparisons: list[Comparison]) -> str:
    """What the figures can and cannot say."""
    count = len(study.seeds)
    sets = "; ".join(noise(c) for c in comparisons)
    runs = (
        "One seed says next to nothing about luck: this was a short run to see that everything works."
        if count == 1
        else f"{count} seeds show how much a run varies with its luck, but {count} are few."
    )
    return (
        f"{runs} An accuracy also depends on which pictures happen to be in the test ({sets}, 95 of 100 times). That "
        "error hits both columns of a row alike, so the gain is surer than either. Everything here holds for this "
        "data, this small network and this length of training. Speeds vary with whatever else the machine does."
    )


def machine() -> dict[str, str]:
    """What it ran on."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    return {
        "Processor": f"{processor()}, {cores} cores usable",
        "System": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "Versions": f"Variegate {vg.__version__}, Keras {keras.__version__} on JAX {jax.__version__} (CPU)",
    }


def processor() -> str:
    """The processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
