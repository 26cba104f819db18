"""Files that appear whole or not at all, and the check of those that lie there already.

`variegate.offline.write` and `variegate.ray.write` publish shards with it, from many processes at once. Two that
publish the same shard write the same bytes, so it does not matter who is last. It must never change a published file.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .errors import IoError, ParameterError

PLAN, INDEX = "plan.json", "index.json"
_UNFINISHED = ".part"


def written(data: Any) -> bytes:
    """Data as JSON text, the same bytes for the same data."""
    return json.dumps(data, sort_keys=True, indent=1).encode() + b"\n"


def place(path: Path, data: bytes) -> None:
    """Puts a file there in one step: a reader sees all of it or none, also after a crash.

    Raises:
        IoError: If the operating system refuses.
    """
    name = None
    try:
        for last in (False, False, True):
            name = _part(path, data)
            try:
                os.replace(name, path)
                return
            except FileNotFoundError:
                # Another job in this folder has finished and swept it away.
                if last:
                    raise
    except OSError as error:
        raise IoError(f"{path}: the file cannot be written: {error.strerror}", str(path)) from error
    finally:
        if name is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)


def _part(path: Path, data: bytes) -> str:
    """Writes a file of another name beside it, down to the disk."""
    named = {"dir": path.parent, "prefix": f".{path.name}.", "suffix": _UNFINISHED}
    with tempfile.NamedTemporaryFile(delete=False, **named) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        # A temporary file is for its owner alone; a shard is for whom the folder is.
        os.chmod(file.fileno(), 0o644)
    return file.name


def begin(out: Path, about: dict[str, Any]) -> None:
    """Makes the folder, and says in it what it is for. One that is for something else is refused.

    Raises:
        ParameterError: If the folder belongs to another plan, with what differs, or has foreign files and no plan.
        IoError: If the operating system refuses.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        there = out / PLAN
        if there.exists():
            earlier = json.loads(there.read_bytes())
        elif any(not path.name.endswith(_UNFINISHED) for path in out.iterdir()):
            raise ParameterError(f"{out}: the folder is not empty and has no {PLAN}; give a new or an empty folder")
        else:
            place(there, written(about))
            return
    except OSError as error:
        raise IoError(f"{out}: the folder cannot be used: {error.strerror}", str(out)) from error
    except json.JSONDecodeError as error:
        raise ParameterError(f"{there}: no JSON in line {error.lineno}; give another folder") from error
    differing = [key for key in sorted({*about, *earlier}) if about.get(key) != earlier.get(key)]
    if differing:
        said = "; ".join(f"{key} was {earlier.get(key)!r:.200} and is {about.get(key)!r:.200}" for key in differing)
        raise ParameterError(f"{out}: the folder holds shards of another plan: {said}. Give another folder")


def publish(out: Path, name: str, data: bytes, about: dict[str, Any]) -> dict[str, Any]:
    """Publishes a shard, then what is to be known of it, and gives that."""
    about = {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} | about
    place(out / name, data)
    place(_beside(out / name), written(about))
    return about


def published(out: Path, name: str, verify: bool = False) -> dict[str, Any] | None:
    """What is known of a shard that was published whole, or None.

    Args:
        out: The folder.
        name: The shard's name.
        verify: Whether its bytes are read and compared with their digest; otherwise their number must do.
    """
    path = out / name
    try:
        about = json.loads(_beside(path).read_bytes())
        if path.stat().st_size != about["bytes"]:
            return None
        if verify and hashlib.sha256(path.read_bytes()).hexdigest() != about["sha256"]:
            return None
    except (OSError, ValueError, KeyError):
        return None
    return about


def finish(out: Path, shards: list[dict[str, Any]]) -> None:
    """Publishes the list of all shards, and removes what interrupted writers left."""
    place(out / INDEX, written({"shards": shards}))
    for path in out.glob(f".*{_UNFINISHED}"):
        path.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


__all__ = ["INDEX", "PLAN", "begin", "finish", "place", "publish", "published", "written"]
