"""A contestant's process, as the driver sees it: asked by lines, held still between its rounds, ended when it hangs.

`run.py` uses it. Every process is a group of its own and is ended by its own id; nothing else is ever signalled.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import machine
from roster import Contestant

HERE = Path(__file__).parent


class Gone(Exception):
    """The process ended, or said nothing for too long."""


@cache
def without_network() -> tuple[str, ...]:
    """What to put before a command so that it has no network: contestants neither send nor fetch anything."""
    for prefix in (("unshare", "--net"), ("unshare", "--map-root-user", "--net")):
        with contextlib.suppress(OSError):
            if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
                return prefix
    return ()


def environment(threads: int, scratch: Path) -> dict[str, str]:
    """Threads pinned in every library's own words; telemetry and update checks off; a home that is thrown away."""
    names = ("OMP", "MKL", "OPENBLAS", "RAYON", "NUMEXPR", "VECLIB_MAXIMUM", "TF_INTRA_OP", "TF_INTER_OP", "BLIS")
    pinned = {f"{name}_NUM_THREADS": str(threads) for name in names} | {
        "TF_NUM_INTRAOP_THREADS": str(threads),
        "TF_NUM_INTEROP_THREADS": str(threads),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "",
        "KERAS_BACKEND": "tensorflow",
        "ALBUMENTATIONS_NO_TELEMETRY": "1",
        "ALBUMENTATIONS_OFFLINE": "1",
        "NO_ALBUMENTATIONS_UPDATE": "1",
        "HOME": str(scratch),
        "XDG_CACHE_HOME": str(scratch),
        "MPLCONFIGDIR": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONWARNINGS": "ignore",
        "PYTHONNOUSERSITE": "1",
    }
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")}
    return kept | pinned


def _bound(cores: list[int]) -> None:
    """In the new process: bound to its cores, and to end with the driver however that ends (prctl's PR_SET_PDEATHSIG)."""
    os.sched_setaffinity(0, cores)
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Process:
    def __init__(self, who: Contestant, python: Path, data: Path, threads: int, log: Path) -> None:
        scratch = data / "home"
        scratch.mkdir(exist_ok=True)
        cores = sorted(os.sched_getaffinity(0))[-threads:]
        self.log = log.open("ab")
        command = [*without_network(), str(python), str(HERE / "worker.py"), "--name", who.name, "--module", who.module, "--data", str(data)]
        self.process = subprocess.Popen(
            command + (["--antialias"] if who.antialias else []),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            env=environment(threads, scratch),
            cwd=data,
            start_new_session=True,
            preexec_fn=lambda: _bound(cores),
        )
        self.pid = self.process.pid
        self.peak_mb = 0.0
        self._rest = b""
        self._watching = threading.Event()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            if self._watching.is_set():
                self.peak_mb = max(self.peak_mb, machine.resident_mb(self.pid))

    def ask(self, timeout: float, **message: Any) -> dict[str, Any]:
        """Sends a line and waits for the answer; the process runs only meanwhile."""
        try:
            self._signal(signal.SIGCONT)
            # Memory counts while a task runs, not while its answer is checked.
            if message["do"] != "prepare":
                self._watching.set()
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()
            return json.loads(self._line(timeout))
        except (BrokenPipeError, ValueError) as error:
            raise Gone(f"its process ended ({self._how()})") from error
        finally:
            self._watching.clear()
            self._signal(signal.SIGSTOP)

    def _line(self, timeout: float) -> bytes:
        limit = time.monotonic() + timeout
        out = self.process.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            while b"\n" not in self._rest:
                if not selector.select(max(0, limit - time.monotonic())):
                    raise Gone(f"no answer within {timeout:.0f} s")
                piece = os.read(out.fileno(), 1 << 16)
                if not piece:
                    raise Gone(f"its process ended ({self._how()})")
                self._rest += piece
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _how(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(2)
            return signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return "no exit code"

    def _signal(self, which: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, which)

    def close(self) -> None:
        self._over.set()
        self._signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()
