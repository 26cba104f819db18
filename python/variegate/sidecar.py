"""A loader in a process of its own, as the trainer's process sees it.

`vg.Loader(…, process="sidecar")` holds one in the place of the compiled loader, and asks it the same things. Batches come
as arrays over shared memory, without a copy; a slot is given back when the last array over it is gone. The other half is
`variegate.sidecar_process`.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import mmap
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
import weakref
from multiprocessing.connection import Connection
from types import FunctionType
from typing import Any

import numpy as np

from .arena import anonymous, check_room
from .errors import IoError, ParameterError, StallWarning, UnsupportedError

_ALIGNED = 64
_PATIENCE = 60.0
#: Seconds of waiting before a warning is about this wait.
_FRESH = 0.05
_PROGRAM = (
    "import sys, json; words = json.loads(sys.argv[1]); sys.path[:] = words[0]; "
    "from variegate.sidecar_process import main; main(*words[1])"
)


class Sidecar:
    """What `_variegate.Loader` is, over a process of its own."""

    def __init__(self, options: dict[str, Any]) -> None:
        if not sys.executable:
            raise UnsupportedError('process="sidecar" starts sys.executable, which this interpreter does not tell')
        head, buffers = _pickled(options)
        self._owner = os.getpid()
        self._maps: dict[int, mmap.mmap] = {}
        self._lent: dict[int, weakref.ref[np.ndarray]] = {}
        self._lock = threading.RLock()
        self._closed = self._asked = False
        self._early: Any = None
        self._batches, self._waited = 0, 0.0
        self._report: dict[str, Any] | None = None
        ours, theirs = socket.socketpair()
        taking, giving = os.pipe()
        os.set_blocking(giving, False)
        # Empty once it is closed: arrays may outlive the loader.
        self._giving = [giving]
        self._memory = anonymous("variegate-batches")
        given = anonymous("variegate-source")
        try:
            _write(given, buffers)
            passed = [theirs.fileno(), taking, self._memory, given]
            words = json.dumps([sys.path, [*passed, os.getpid()]])
            # A group of its own: Ctrl-C in a terminal is for this process alone.
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM, words], stdin=subprocess.DEVNULL, pass_fds=passed, process_group=0
            )
        except BaseException:
            ours.close()
            os.close(giving)
            os.close(self._memory)
            raise
        finally:
            theirs.close()
            os.close(taking)
            os.close(given)
        self._connection = Connection(ours.detach())
        self._end = weakref.finalize(self, _ended, self._process, self._connection, self._giving, self._memory, self._owner)
        self._send((head, [len(part) for part in buffers]))
        made = self._receive()
        if made[0] == "failed":
            self._end()
            raise made[1]
        self.steps, self.samples, self.seed = (int(made[1][name]) for name in ("steps", "samples", "seed"))
        self._standing: dict[str, Any] = made[1]

    def next(self) -> Received | None:
        """The next batch; None at the end of each epoch."""
        from_ = time.perf_counter()
        with self._lock:
            self._check()
            self._ask_ahead()
            try:
                # Ctrl-C leaves what was asked for to the next call.
                message, self._early = self._early or self._receive(), None
            finally:
                self._waited += time.perf_counter() - from_
            self._asked = False
            # So that the next batch lies ready in the socket; that the sidecar is gone is told when it is missed.
            with contextlib.suppress(IoError):
                self._ask_ahead()
            kind, *words, dropped = message
            for place in dropped:
                self._maps.pop(place, None)
            self._standing |= words.pop()
            if kind == "end":
                return None
            self._batches += 1
            if kind == "error":
                raise words[0]
            place, size, header = words
            return Received(self._lend(place, size), header)

    def place(self) -> tuple[int, int]:
        """(epoch, step) of the next batch."""
        self._check_process()
        epoch, step = self._standing["place"]
        return epoch, step

    def state(self) -> str:
        """Where the loader stands."""
        self._check_process()
        return str(self._standing["state"])

    def bad(self) -> list[dict[str, Any]]:
        """Samples that could not be used."""
        self._check_process()
        return [dict(entry) for entry in self._standing["bad"]]

    def seek(self, epoch: int, step: int) -> None:
        """Goes to a step of an epoch."""
        if self.place() != (epoch, step) or self._closed:
            self._move("seek", epoch, step)

    def resume(self, token: str) -> None:
        """Goes on where a token says."""
        self._move("resume", token)

    def report(self) -> dict[str, Any]:
        """Where the time went: stages in the sidecar, waiting in this process."""
        with self._lock:
            self._check_process()
            if self._report is None or not self._closed:
                self._report = self._ask("report")
            made = {"batches": self._batches, "waiting_seconds": self._waited, "bad": len(self._standing["bad"])}
            return self._report | made

    def close(self) -> None:
        """Ends the process. Arrays that are kept stay what they are."""
        if os.getpid() != self._owner:
            return
        with self._lock:
            if not self._closed:
                with contextlib.suppress(IoError):
                    self._report = self._ask("close")["report"]
                self._closed = True
            self._end()

    def _ask_ahead(self) -> None:
        if not self._asked:
            self._send(("next",))
            self._asked = True

    def _move(self, *words: Any) -> None:
        with self._lock:
            self._standing |= self._ask(*words)
            if self._early is not None:
                # A batch of the old place, which nobody took.
                kind, *said = self._early
                if kind == "batch":
                    self._lend(said[0], said[1])
                self._early, self._asked = None, False

    def _ask(self, *words: Any) -> Any:
        with self._lock:
            self._check()
            self._send(words)
            while (message := self._receive())[0] != "answer":
                self._early = message
            answer = message[1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _check(self) -> None:
        self._check_process()
        if self._closed:
            raise ParameterError("this loader is closed; make a new one")

    def _check_process(self) -> None:
        if os.getpid() != self._owner:
            raise UnsupportedError(
                "this loader was made before the process forked, and its sidecar serves the parent; make the loader in "
                "the child process"
            )

    def _send(self, message: Any) -> None:
        try:
            self._connection.send(message)
        except OSError:
            raise self._lost() from None

    def _receive(self) -> Any:
        from_ = time.monotonic()
        while True:
            try:
                # Signals are looked after while nothing has come; a message that has begun is read to its end.
                while not self._connection.poll(_PATIENCE):
                    pass
                message = self._connection.recv()
            except (EOFError, OSError):
                raise self._lost() from None
            if message[0] != "warning":
                return message
            # One that lay there before the wait began is not about it.
            if time.monotonic() - from_ > _FRESH:
                warnings.warn(message[1], StallWarning, stacklevel=4)

    def _lost(self) -> IoError:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            code = 0
        names = {number.value: number.name for number in signal.Signals}
        how = f"was ended by {names.get(-code, -code)}" if code < 0 else f"ended with {code}"
        hint = "; the system may have been short of memory" if code == -signal.SIGKILL else ""
        return IoError(
            f"the sidecar process {self._process.pid} {how}{hint}; make a new loader, and resume(…) it from state()"
        )

    def _lend(self, place: int, size: int) -> np.ndarray:
        memory = self._maps.get(place)
        if memory is None or len(memory) != size:
            memory = self._maps[place] = mmap.mmap(self._memory, size, offset=place)
        # Every array over the slot keeps this one: NumPy's chain of bases ends at what is no array.
        whole = np.frombuffer(memory, np.uint8)
        giving, owner, lent = self._giving, self._owner, self._lent

        def gone(_: object) -> None:
            lent.pop(place, None)
            if os.getpid() == owner:
                # Nobody may be left to read it.
                with contextlib.suppress(OSError, IndexError):
                    os.write(giving[0], place.to_bytes(8, "little"))

        lent[place] = weakref.ref(whole, gone)
        return whole


class Received:
    """A batch as the compiled half would have it, over shared memory."""

    def __init__(self, memory: np.ndarray, header: dict[str, Any]) -> None:
        self._memory, self._header = memory, header
        self.views: int = header["views"]
        self.mixes: bool = header["mixes"]
        self.classes: np.ndarray | None = header["classes"]
        self.ids: np.ndarray = header["ids"]
        self.samples: np.ndarray = header["samples"]
        self.weights: np.ndarray | None = header["weights"]
        self.epoch: int = header["epoch"]
        self.step: int = header["step"]

    def images(self, k: int) -> np.ndarray:
        """The pictures of view `k`."""
        return self._array(self._header["images"][k])

    def targets(self, k: int) -> dict[str, np.ndarray] | None:
        """What is attached to the pictures of view `k`."""
        targets: dict[str, np.ndarray] | None = self._header["targets"][k]
        masks = self._header["masks"][k]
        if targets is None or masks is None:
            return None if targets is None else dict(targets)
        return targets | {"masks": self._array(masks)}

    def soft(self, k: int) -> np.ndarray | None:
        """The labels of view `k` as shares, where it mixes."""
        soft: np.ndarray | None = self._header["soft"][k]
        return soft

    def __len__(self) -> int:
        return len(self.ids)

    def _array(self, laid: tuple[np.dtype[Any], tuple[int, ...], int]) -> np.ndarray:
        dtype, shape, start = laid
        count = int(np.prod(shape)) * dtype.itemsize
        return self._memory[start : start + count].view(dtype).reshape(shape)


def _pickled(options: dict[str, Any]) -> tuple[bytes, list[Any]]:
    """The options, and the memory of arrays beside them."""
    buffers: list[pickle.PickleBuffer] = []
    out = io.BytesIO()
    try:
        pickler = _pickler()(out, protocol=5, buffer_callback=buffers.append)
        pickler.dump(options)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise UnsupportedError(f'process="sidecar": something of the loader cannot be sent to it: {error}') from error
    return out.getvalue(), [buffer.raw() for buffer in buffers]


def _pickler() -> Any:
    try:
        return importlib.import_module("cloudpickle").Pickler
    except ImportError:
        return _Pickler


class _Pickler(pickle.Pickler):
    """Refuses functions that another process would look for in vain."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, FunctionType | type) and (
            thing.__module__ == "__main__" or thing.__module__ not in sys.modules or "<" in thing.__qualname__
        ):
            raise UnsupportedError(
                f'process="sidecar": {thing.__qualname__} of {thing.__module__} cannot be imported by another '
                "process; put it into a module of its own, or install cloudpickle"
            )
        return NotImplemented


def _write(descriptor: int, buffers: list[Any]) -> None:
    if not buffers:
        return
    check_room(sum(len(part) for part in buffers), "the source's arrays")
    with open(descriptor, "wb", closefd=False) as file:
        for part in buffers:
            file.write(part)
            file.write(bytes(-len(part) % _ALIGNED))


def _ended(process: subprocess.Popen[bytes], connection: Connection, giving: list[int], memory: int, owner: int) -> None:
    """Ends the process, at the latest when the interpreter does; in a forked child it only lets go."""
    connection.close()
    os.close(memory)
    if os.getpid() == owner:
        # It keeps nothing that it would have to put in order.
        process.kill()
        process.wait()
        os.close(giving.pop())


__all__ = ["Received", "Sidecar"]
