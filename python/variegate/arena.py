"""Memory that two processes share: slots of an anonymous file, which end with the last process that maps them.

The sidecar fills slots, the trainer's process lends arrays over them. The file has no name anywhere, so that nothing is
left behind whoever dies how. Nothing here knows of batches.
"""

from __future__ import annotations

import mmap
import os
import resource

import numpy as np

from .errors import LimitError, UnsupportedError

_PAGE = mmap.PAGESIZE
#: File descriptors that are left to the rest of a process.
_SPARE_FILES = 64


def anonymous(name: str) -> int:
    """The descriptor of a new file without a path.

    Raises:
        UnsupportedError: If the system has none.
    """
    make = getattr(os, "memfd_create", None)
    if make is None:
        raise UnsupportedError('process="sidecar" needs Linux; leave process out, and the loader runs in this process')
    return int(make(name, getattr(os, "MFD_CLOEXEC", 0)))


def check_room(wanted: int, what: str) -> None:
    """Refuses what the machine, its control group or this process may not hold.

    Raises:
        LimitError: With what there is and what was wanted.
    """
    for room, limit in _rooms():
        if wanted > room:
            raise LimitError(
                f"{what} needs {_mib(wanted)} of shared memory, and {limit} leaves {_mib(room)}; lower batch_size, let "
                'go of batches that are kept, or leave out process="sidecar"'
            )


def _rooms() -> list[tuple[int, str]]:
    rooms = []
    if (free := _number("/proc/meminfo", "MemAvailable:")) is not None:
        rooms.append((free * 1024, "the machine"))
    for most, used in (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")):
        limit, now = _number(f"/sys/fs/cgroup/{most}"), _number(f"/sys/fs/cgroup/{used}")
        if limit is not None and now is not None:
            rooms.append((max(limit - now, 0), "the control group"))
    space, _ = resource.getrlimit(resource.RLIMIT_AS)
    used_space = _number("/proc/self/statm")
    if space != resource.RLIM_INFINITY and used_space is not None:
        rooms.append((max(space - used_space * _PAGE, 0), "the limit on address space (ulimit -v)"))
    size, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    if size != resource.RLIM_INFINITY:
        rooms.append((size, "the limit on files (ulimit -f)"))
    return rooms


def _number(path: str, key: str | None = None) -> int | None:
    try:
        with open(path, encoding="ascii") as file:
            lines = [line.split() for line in file]
    except OSError:
        return None
    words = next((line[1:] if key else line for line in lines if key is None or line[:1] == [key]), [])
    return int(words[0]) if words and words[0].isdigit() else None


def _mib(count: int) -> str:
    return f"{count / 2**20:.1f} MiB"


class Slots:
    """The slots of one file, as the process that fills them sees them: it makes them as they are needed."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._end = 0
        self._maps: dict[int, mmap.mmap] = {}

    def __len__(self) -> int:
        return len(self._maps)

    def size(self, place: int) -> int:
        """Bytes of the slot at a place."""
        return len(self._maps[place])

    def new(self, count: int, at_least: int) -> int:
        """The place of a new slot of `count` bytes or some more, where there is room for it.

        `at_least` is how many such slots the caller will need in all: room for fewer is refused at the first one.
        """
        count = -(-count // _PAGE) * _PAGE
        check_room(count * max(at_least - len(self._maps), 1), "a batch made ahead")
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if files != resource.RLIM_INFINITY and len(self._maps) > files - _SPARE_FILES:
            raise LimitError(f"{len(self._maps)} batches are kept, and a process may open {files} files; let go of some")
        place = self._end
        try:
            # The pages are taken now: a later lack of memory could only be told by a signal.
            os.posix_fallocate(self._descriptor, place, count)
            self._maps[place] = mmap.mmap(self._descriptor, count, offset=place)
        except OSError as error:
            raise LimitError(f"no shared memory for a batch of {_mib(count)}: {error.strerror}; lower batch_size") from error
        self._end += count
        return place

    def drop(self, place: int) -> None:
        """Gives the memory of a slot back."""
        # Frees the pages of whoever maps them; the mapping itself goes with its last array.
        self._maps.pop(place).madvise(mmap.MADV_REMOVE)

    def array(self, place: int) -> np.ndarray:
        """The bytes of a slot, to be written."""
        return np.frombuffer(self._maps[place], np.uint8)


__all__ = ["Slots", "anonymous", "check_room"]
