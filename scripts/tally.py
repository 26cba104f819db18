"""Adds up what the test runners said and prints the closing line.

`scripts/test.sh` calls it with the folder of logs and the names of the steps that failed. It reads the runners' own
summaries: nextest's, cargo test's and pytest's. A step that failed without any failed test in its log (a lint, a build
that broke, a runner that died) counts as one failure, so the line never looks better than the exit status.
"""

import re
import sys
from collections import Counter
from pathlib import Path

#: A runner's closing line, by what it is known by. Only in these lines are numbers read.
SUMMARIES = (
    re.compile(r"^\s*Summary \[.*tests? run:"),
    re.compile(r"^test result: "),
    re.compile(r"^(?:=+ )?\d+ (?:passed|failed|skipped|errors?|xfailed|xpassed)\b.* in [\d.]+s"),
)
KINDS = {
    "passed": "passed",
    "xpassed": "passed",
    "failed": "failed",
    "timed out": "failed",
    "error": "failed",
    "errors": "failed",
    "skipped": "skipped",
    "ignored": "skipped",
    "xfailed": "skipped",
}
NUMBER = re.compile(r"(\d+) (" + "|".join(sorted(KINDS, key=len, reverse=True)) + r")\b")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def count(text: str) -> Counter:
    """Passed, failed and skipped tests of one log."""
    total = Counter()
    for line in COLOUR.sub("", text).splitlines():
        if any(summary.search(line) for summary in SUMMARIES):
            # nextest repeats its parts in brackets: "9 passed (1 slow)".
            for number, word in NUMBER.findall(re.sub(r"\([^)]*\)", "", line)):
                total[KINDS[word]] += int(number)
    return total


def main(folder: str, *failed: str) -> int:
    """Prints the counts; returns the exit status."""
    total, silent = Counter(), []
    for log in sorted(Path(folder).iterdir()):
        counts = count(log.read_text(encoding="utf-8", errors="replace"))
        if log.name in failed and not counts["failed"]:
            silent.append(log.name)
        total += counts
    total["failed"] += len(silent)
    if failed:
        print("failed: " + ", ".join(failed))
    print(f"variegate: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if failed or total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
