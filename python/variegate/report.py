"""What a loader says of itself: where the time went, as data that prints as a table.

`Loader.report` makes it of what the engine counted.
"""

from __future__ import annotations

from typing import Any


class Report(dict[str, Any]):
    """Where the time went: seconds of each stage, summed over threads. Printed, it is a table."""

    def __str__(self) -> str:
        speed = f"{self['images_per_second']:.0f} images/s on {self['threads']} threads"
        lines = [f"{self['images']} images in {self['seconds']:.1f} s: {speed}; {self['batches']} batches delivered"]
        stages = ("read", "plan", "decode", "augment", "idle")
        whole = sum(self[f"{stage}_seconds"] for stage in stages) or 1.0
        for stage in stages:
            seconds = self[f"{stage}_seconds"]
            mark = "  ← the most" if stage == self["bottleneck"] else ""
            lines.append(f"{stage:<8} {seconds:8.2f} s {100 * seconds / whole:4.0f} %{mark}")
        mark = "  ← the trainer is the slower one" if self["bottleneck"] == "trainer" else ""
        lines.append(f"{'waiting':<8} {self['waiting_seconds']:8.2f} s, the trainer for batches{mark}")
        lines.append(f"{'bad':<8} {self['bad']:8d} files")
        return "\n".join(lines)


__all__ = ["Report"]
