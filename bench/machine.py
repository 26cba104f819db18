"""What the machine is, and what a process tree uses of it: read from /proc.

The driver calls it. It needs Linux, and changes nothing.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


def facts() -> dict[str, Any]:
    text = Path("/proc/cpuinfo").read_text()
    flags = set((re.search(r"^flags\s*:\s*(.*)$", text, re.M) or re.match(r"()", text))[1].split())
    model = re.search(r"^model name\s*:\s*(.*)$", text, re.M)
    family = re.search(r"^cpu family\s*:\s*(.*)$", text, re.M)
    total = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    return {
        "cpu": model[1] if model else platform.processor(),
        "family": family[1] if family else "",
        "cores": len(os.sched_getaffinity(0)),
        "simd": sorted(flags & {"sse4_1", "sse4_2", "avx", "avx2", "fma", "avx512f", "avx512bw", "avx512vl", "avx512_vbmi", "asimd"}),
        "memory_gib": round(int(total[1]) / 2**20, 1) if total else None,
        "system": platform.system() + " " + platform.release(),
    }


def busy() -> float:
    """Processes that want a core, over the last minute; figures taken where it is high are noise."""
    return round(os.getloadavg()[0], 2)


def commit(root: Path) -> str:
    """The short commit, with a plus where files that the wheel is built of differ from it."""
    git = ["git", "-C", str(root)]
    try:
        name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain", "--", "crates", "python/src", "python/variegate", "Cargo.lock"], capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return name + ("+" if changed.strip() else "")


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return found


def cpu_seconds(root: int) -> float:
    """Processor time of a tree so far, those that ended and were waited for included."""
    ticks = 0
    for pid in tree(root):
        if (stat := _stat(pid)) is not None:
            ticks += sum(map(int, stat[11:15]))
    return ticks / _TICKS


def resident_mb(root: int) -> float:
    """Memory in use by a tree. Pages that processes share count once for each of them."""
    pages = sum(int(stat[21]) for pid in tree(root) if (stat := _stat(pid)) is not None)
    return pages * _PAGE / 1e6
