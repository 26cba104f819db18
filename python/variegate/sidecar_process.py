"""The life of the sidecar: a loader in a process of its own, which writes its batches into shared memory.

`variegate.sidecar` starts it with four descriptors and never imports it. One thread fills slots ahead of what is asked
for, one answers questions, one takes back slots, one sees the trainer's process end. It must outlive nothing: once the
other process is gone it goes, too.
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import struct
import threading
import warnings
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from . import _variegate
from .arena import Slots
from .errors import Error, InternalError, StallWarning

#: Slots that a trainer needs which keeps none: one it looks at, one that is ready, one that is written.
_SLOTS = 3
_ALIGNED = 64
#: Seconds between two looks at whether the trainer's process is there.
_WATCH = 0.25


def main(talk: int, freed: int, memory: int, given: int, parent: int) -> None:
    """Serves one loader until it is closed or the process `parent` ends."""
    # Ctrl-C is for the trainer's process, which then closes this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    connection = Connection(talk)
    try:
        head, sizes = connection.recv()
        options = pickle.loads(head, buffers=_buffers(given, sizes))
        engine = _variegate.Loader(options.pop("source")._samples, options.pop("views"), **options)
    except Exception as error:
        connection.send(("failed", portable(error)))
        return
    connection.send(("made", {"steps": engine.steps, "samples": engine.samples, "seed": engine.seed, **_standing(engine)}))
    try:
        _Service(engine, connection, Slots(memory), freed).run()
    except (EOFError, OSError):
        pass
    # Threads that wait for the trainer or a batch need not be waited for.
    os._exit(0)


class _Service:
    def __init__(self, engine: _variegate.Loader, connection: Connection, slots: Slots, freed: int) -> None:
        self._engine, self._connection, self._slots = engine, connection, slots
        self._free: list[int] = []
        self._dropped: list[int] = []
        self._told: list[dict[str, Any]] | None = None
        self._asked = False
        self._moved: tuple[int, int] | None = None
        self._ready: tuple[Any, ...] | None = None
        self._turn = threading.Condition()
        self._sending = threading.Lock()
        warnings.simplefilter("always", StallWarning)
        warnings.showwarning = self._warned
        for work in (self._fill, self._take_back):
            threading.Thread(target=work, args=(freed,) if work == self._take_back else (), daemon=True).start()

    def run(self) -> None:
        """Answers until it is told to close."""
        while True:
            verb, *words = self._connection.recv()
            if verb == "next":
                with self._turn:
                    self._asked = True
                    self._turn.notify_all()
            elif verb == "close":
                self._engine.close()
                self._send("answer", {**_standing(self._engine), "report": self._engine.report()})
                return
            elif verb == "report":
                self._send("answer", self._engine.report())
            else:
                # Whatever follows the answer is of the new place.
                with self._turn:
                    self._send("answer", self._moved_to(verb, words))

    def _moved_to(self, verb: str, words: list[Any]) -> Any:
        try:
            # What was made ahead of the old place is dropped, with its slot, and so is what is being written.
            getattr(self._engine, verb)(*words)
            self._moved = self._engine.place()
            self._discard()
            self._turn.notify_all()
            # What was bad in a batch that nobody took is told with the next one.
            return {"place": self._engine.place(), "state": self._engine.state()}
        except Exception as error:
            return portable(error)

    def _discard(self) -> None:
        if self._ready is not None and self._ready[0] == "batch":
            self._free.append(self._ready[1])
        self._ready = self._told = None

    def _fill(self) -> None:
        while True:
            with self._turn:
                while self._ready is not None:
                    if self._asked:
                        self._asked = False
                        ready, self._ready = self._ready, None
                        dropped, self._dropped = self._dropped, []
                        self._send(*ready, dropped)
                    else:
                        self._turn.wait()
                self._moved = None
            made = self._make()
            with self._turn:
                self._ready = made
                if self._moved:
                    # It was waited for while the place changed, and may be of the one or the other.
                    self._discard()
                    self._engine.seek(*self._moved)

    def _make(self) -> tuple[Any, ...]:
        """The next message: ("batch", place, size, header, standing), ("end", standing) or ("error", error, standing)."""
        try:
            raw = self._engine.next()
            if raw is None:
                return "end", self._standing()
            place, header = self._write(raw)
            return "batch", place, self._slots.size(place), header, self._standing()
        except Exception as error:
            return "error", portable(error), self._standing()

    def _standing(self) -> dict[str, Any]:
        standing = _standing(self._engine)
        if standing["bad"] == self._told:
            del standing["bad"]
        else:
            self._told = standing["bad"]
        return standing

    def _write(self, raw: _variegate.Batch) -> tuple[int, dict[str, Any]]:
        """Writes what is large into a slot, and says where it lies; the rest goes with the header."""
        end, parts = 0, []

        def laid(array: np.ndarray) -> tuple[Any, tuple[int, ...], int]:
            nonlocal end
            start = end
            parts.append((start, array))
            end = -(-(start + array.nbytes) // _ALIGNED) * _ALIGNED
            return array.dtype, array.shape, start

        views = range(raw.views)
        header: dict[str, Any] = {name: getattr(raw, name) for name in _NAMES}
        header["images"] = [laid(raw.images(k)) for k in views]
        header["soft"] = [raw.soft(k) for k in views]
        header["targets"], header["masks"] = [], []
        for k in views:
            targets = raw.targets(k)
            masks = None if targets is None else targets.pop("masks", None)
            header["targets"].append(targets)
            header["masks"].append(None if masks is None else laid(masks))
        place = self._slot(max(end, 1))
        memory = self._slots.array(place)
        for start, array in parts:
            # NumPy lets other threads run meanwhile.
            memory[start : start + array.nbytes] = array.reshape(-1).view(np.uint8)
        return place, header

    def _slot(self, count: int) -> int:
        """A free slot, or a new one where the trainer keeps all there are and asks for more."""
        with self._turn:
            while True:
                fitting = [place for place in self._free if self._slots.size(place) >= count]
                if fitting:
                    place = min(fitting, key=self._slots.size)
                    self._free.remove(place)
                    return place
                # Too small for what comes now: batches have grown.
                for place in self._free:
                    self._slots.drop(place)
                self._dropped += self._free
                self._free = []
                if len(self._slots) < _SLOTS or self._asked:
                    return self._slots.new(count, _SLOTS)
                self._turn.wait()

    def _take_back(self, freed: int) -> None:
        while content := os.read(freed, 4096):
            # Writes of eight bytes into a pipe are never torn, and a read of whole ones keeps them whole.
            with self._turn:
                self._free += [place for (place,) in struct.iter_unpack("<Q", content)]
                self._turn.notify_all()

    def _warned(self, message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
        if self._asked and issubclass(category, StallWarning):
            self._send("warning", str(message))

    def _send(self, *message: Any) -> None:
        with self._sending:
            try:
                self._connection.send(message)
            except OSError:
                os._exit(0)


_NAMES = ("views", "mixes", "classes", "ids", "samples", "weights", "epoch", "step")


def _standing(engine: _variegate.Loader) -> dict[str, Any]:
    return {"place": engine.place(), "state": engine.state(), "bad": engine.bad()}


def portable(error: Exception) -> Exception:
    """The error where it can be sent; its text as an `InternalError` otherwise."""
    try:
        again = pickle.loads(pickle.dumps(error))
        if isinstance(error, Error) or str(again) == str(error):
            return error
    except Exception:
        pass
    return InternalError(f"the sidecar process failed with {type(error).__name__}: {error}")


def _buffers(given: int, sizes: list[int]) -> list[Any]:
    if not sizes:
        return []
    memory = memoryview(mmap.mmap(given, 0, access=mmap.ACCESS_READ))
    found, start = [], 0
    for size in sizes:
        found.append(memory[start : start + size])
        start += -(-size // _ALIGNED) * _ALIGNED
    return found


def _watch(parent: int) -> None:
    pause = threading.Event()
    while os.getppid() == parent:
        pause.wait(_WATCH)
    os._exit(0)
