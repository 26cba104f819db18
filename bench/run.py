"""The benchmark: who is faster, by how much, and how far the machine's limit is.

    scripts/bench.sh calls it:  python bench/run.py --photos F --large F --only P1,E1 --peers all --rounds 5

It prepares the data, starts each contestant in a process of its own, has answers checked, runs rounds in turn
(A B C A B C), and hands the measurements to `record.py` and `table.py`. It imports no contestant and nothing but the
standard library. One contestant's crash or silence is written down and ends nothing else.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import machine
import record
import table
from process import Gone, Process, without_network
from roster import Contestant, taking_part
from tasks import Task, chosen

ROOT = Path(__file__).parent.parent
VENVS = ROOT / ".bench"
#: Seconds a contestant may take to prepare a task, and beyond the length of a round.
_PREPARE, _GRACE = 240.0, 120.0
#: Seconds of a round, at the default length.
_SECONDS = {"memory": 1.0, "operation": 0.25, "files": 1.0}


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Session:
    """Tasks that share processes: the contestants of one kind and one number of threads."""

    def __init__(self, run: Run, tasks: list[Task]) -> None:
        self.run, self.tasks, self.threads = run, tasks, tasks[0].threads
        self.processes: dict[str, Process] = {}

    def process(self, who: Contestant) -> Process:
        if who.name not in self.processes:
            self.processes[who.name] = self.run.start(who, self.threads)
        return self.processes[who.name]

    def end(self, name: str) -> None:
        if name in self.processes:
            self.processes.pop(name).close()

    def measure(self) -> None:
        try:
            for task in self.tasks:
                self._task(task)
        finally:
            for name in list(self.processes):
                self.end(name)

    def _task(self, task: Task) -> None:
        rows = {who.name: record.Row(task, who) for who in self.run.contestants}
        running = []
        for who in self.run.contestants:
            row = rows[who.name]
            if (missing := self.run.missing(who)) is not None:
                row.fail("not installed", missing)
                continue
            say(f"  {task.name:<20} {who.label}: preparing")
            try:
                told = self.process(who).ask(self.run.patience, do="prepare", task=task.name)
            except Gone as gone:
                self.end(who.name)
                row.fail("failed", str(gone))
                continue
            if told["ok"]:
                row.answer = told["answer"]
                running.append(who)
            else:
                row.fail(told["status"], told["reason"])
        for number in range(self.run.rounds):
            # The first one in a round has the emptiest caches and the machine's other noise; turns make that even.
            turn = number % len(running) if running else 0
            for who in running[turn:] + running[:turn]:
                self._round(task, who, rows[who.name])
        for who in self.run.contestants:
            if who.name in self.processes:
                rows[who.name].peak_mb = self.processes[who.name].peak_mb
                try:
                    self.processes[who.name].ask(_GRACE, do="drop", task=task.name)
                except Gone:
                    self.end(who.name)
        self.run.done(task, list(rows.values()))

    def _round(self, task: Task, who: Contestant, row: record.Row) -> None:
        if row.status:
            return
        seconds = _SECONDS[task.kind] * self.run.length
        try:
            process = self.process(who)
            before = machine.cpu_seconds(process.pid)
            told = process.ask(seconds + self.run.patience, do="round", task=task.name, seconds=seconds)
            if told.get("ok") is False:
                row.fail(told["status"], told["reason"])
                return
            row.add(told["images"], told["seconds"], machine.cpu_seconds(process.pid) - before, told.get("first"))
        except Gone as gone:
            self.end(who.name)
            row.fail("failed", str(gone))


class Run:
    def __init__(self, options: argparse.Namespace, data: Path) -> None:
        self.options, self.data = options, data
        self.rounds, self.length, self.patience = options.rounds, options.length, options.patience
        self.contestants = taking_part(options.peers)
        self.log = VENVS / "log.txt"
        self.log.write_bytes(b"")
        self.book = record.Book(options, data, options.remark + ([] if without_network() else ["processes had a network"]))
        self.tables: list[tuple[Task, list[record.Row]]] = []

    def python(self, who: Contestant) -> Path:
        return VENVS / who.venv / "bin" / "python"

    def missing(self, who: Contestant) -> str | None:
        """Why a contestant cannot be started, if so."""
        why = VENVS / who.venv / "failed.txt"
        if why.exists():
            return why.read_text().strip() or "its packages could not be installed"
        return None if self.python(who).exists() else f"its environment {who.venv} was not made"

    def start(self, who: Contestant, threads: int) -> Process:
        return Process(who, self.python(who), self.data, threads, self.log)

    def versions(self) -> None:
        for who in self.contestants:
            if self.missing(who) is None:
                process = self.start(who, 1)
                try:
                    self.book.versions[who.name] = process.ask(60, do="versions", packages=list(who.packages))
                except Gone as gone:
                    say(f"{who.label}: {gone}")
                finally:
                    process.close()

    def once(self, task: Task) -> None:
        """Tasks of which each round is a fresh process: imports and first batches."""
        rows = {who.name: record.Row(task, who) for who in self.contestants}
        for number in range(self.rounds):
            for who in self.contestants:
                row = rows[who.name]
                if row.status or (who.limit or (task.kind == "import" and not who.imports)):
                    row.status = row.status or "lacks"
                    continue
                if (missing := self.missing(who)) is not None:
                    row.fail("not installed", missing)
                    continue
                if number == 0:
                    say(f"  {task.name:<20} {who.label}")
                process = self.start(who, task.threads)
                message = {"do": "first", "task": task.name} if task.kind == "first" else {"do": "imported", "module": who.imports}
                try:
                    told = process.ask(self.patience, **message)
                    if told.get("ok") is False:
                        row.fail("lacks" if "files" in told["reason"] or "Lacks" in told["reason"] else told["status"], told["reason"])
                    else:
                        row.add(told.get("images", 0), told["seconds"], machine.cpu_seconds(process.pid), None)
                        row.peak_mb = max(row.peak_mb, process.peak_mb)
                except Gone as gone:
                    row.fail("failed", str(gone))
                finally:
                    process.close()
        self.done(task, list(rows.values()))

    def done(self, task: Task, rows: list[record.Row]) -> None:
        self.book.write(task, rows)
        self.tables.append((task, rows))
        say(table.of(task, rows))


def kernels() -> list[str]:
    """The kernels' own table."""
    command = ["cargo", "run", "--quiet", "--release", "-p", "variegate-kernels", "--example", "speed"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else [f"cargo failed: {done.stderr.strip().splitlines()[-1:]}"]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, help="class folders of JPEG files")
    parser.add_argument("--large", type=Path, help="a folder of JPEG files of 2000 pixels or more")
    parser.add_argument("--only", default="", help="tasks, as P1,E1,ops,flip")
    parser.add_argument("--peers", default="", help="all, a group, or names; light unless given")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--length", type=float, default=1.0, help="how long a round is, 1 for the usual length")
    parser.add_argument("--patience", type=float, default=_PREPARE, help="seconds a contestant may be silent")
    parser.add_argument("--record", type=Path, default=ROOT / "bench" / "record", help="the folder of records")
    parser.add_argument("--remark", action="append", default=[], help="what else is worth knowing, for the record")
    parser.add_argument("--kernels", action="store_true", help="also the table of the kernels themselves")
    return parser.parse_args()


def main() -> None:
    chosen_options = options()
    tasks = chosen(chosen_options.only)
    # A request to end is an exception, so that processes and pictures are cleared away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    data = Path(tempfile.mkdtemp(prefix="variegate-bench-"))
    try:
        say("Preparing pictures and right answers")
        command = [str(VENVS / "pictures" / "bin" / "python"), "prepare.py", "--into", str(data), "--kept", str(VENVS / "photographs")]
        for name in ("photos", "large"):
            if (folder := getattr(chosen_options, name)) is not None:
                command += [f"--{name}", str(folder.resolve())]
        subprocess.run(command, cwd=ROOT / "bench", check=True)
        run = Run(chosen_options, data)
        run.versions()
        run.book.open(datetime.datetime.now(datetime.UTC), machine.commit(ROOT), machine.facts())
        sessions: dict[str, list[Task]] = {}
        for task in tasks:
            sessions.setdefault(task.session, []).append(task)
        for group in sessions.values():
            say(f"{group[0].kind}, {group[0].threads} threads, load {machine.busy()}: {', '.join(t.name for t in group)}")
            if group[0].kind in ("first", "import"):
                run.once(group[0])
            else:
                Session(run, group).measure()
        if chosen_options.kernels:
            run.book.kernels(kernels())
        print(table.summary(run.tables))
        say(f"Recorded in {os.path.relpath(run.book.path)}; what contestants printed is in {os.path.relpath(run.log)}")
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"error: the pictures could not be prepared (exit code {error.returncode})") from None
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
