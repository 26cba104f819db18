"""What operations and combinators share: parameters as plain data, checked when they are written.

`variegate.ops` (generated) and `variegate.combinators` build on it. Nothing here draws or touches pixels.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Sequence
from typing import Any

from . import _variegate
from .distributions import Distribution, plain, written

Number = float | tuple[float, float] | Distribution
"""A number, a pair for a range, or a distribution."""
Whole = int | tuple[int, int] | Distribution
"""A whole number, a pair for a range with both ends, or a distribution."""
Flag = bool | Distribution
"""Yes or no, or a choice."""
Size = int | tuple[int, int] | Distribution
"""A side, a (height, width) in pixels, or a choice or schedule of them."""
Colour = float | Sequence[float] | Distribution
"""0 black to 1 white, one number for each channel, or a choice of such."""
Numbers = float | Sequence[float] | Distribution
"""Several numbers, or a choice of such."""


class Stage:
    """A part of a pipeline: an operation or a combinator. Plain data, never changed once it is made.

    Called, it is a pipeline of one part, which takes and gives what `Pipeline` does, and draws anew at each call.
    """

    __slots__ = ("_alone", "_body", "_name")

    def __init__(self, name: str, body: dict[str, Any]) -> None:
        # The compiled half knows what is right: a wrong value is reported in the line that writes it. It also knows what
        # is said by default, and that need not be repeated.
        checked = _variegate.Pipeline(dumped({"variegate": 1, "pipeline": [{name: body}]}))
        (stage,) = json.loads(checked.to_json())["pipeline"]
        self._name = name
        self._body = {key: value for key, value in body.items() if key in stage[name]}

    def __call__(self, *image: Any, **targets: Any) -> Any:
        try:
            alone = self._alone
        except AttributeError:
            from .pipeline import Pipeline

            alone = self._alone = Pipeline([self])
        return alone(*image, **targets)

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        return None, {"_name": self._name, "_body": self._body}

    def to_dict(self) -> dict[str, Any]:
        """The part as a file holds it: its name and its parameters. A new dict."""
        return {self._name: json.loads(dumped(self._body))}

    def _repr_html_(self) -> str:
        return f"<code>{html.escape(repr(self))}</code>"

    def __repr__(self) -> str:
        return stage_written(self.to_dict())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stage) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(dumped(self.to_dict()))


class Operation(Stage):
    """An operation and what its parameters are drawn from."""

    __slots__ = ()

    def __init__(self, operation: str, p: Number, name: str | None, /, **parameters: Any) -> None:
        body = {key: _named(operation, key, value) for key, value in parameters.items()}
        if p != 1.0:
            body["p"] = _named(operation, "p", p)
        if name is not None:
            body["name"] = name
        super().__init__(operation, body)


def _named(operation: str, key: str, value: Any) -> Any:
    try:
        return plain(value)
    except TypeError as error:
        raise TypeError(f"{operation}.{key}: {error}") from None


def documents(operations: Stage | Iterable[Stage], where: str) -> list[dict[str, Any]]:
    """Operations as a file holds them."""
    if isinstance(operations, Stage):
        return [operations.to_dict()]
    found = []
    for k, stage in enumerate(operations):
        if not isinstance(stage, Stage):
            hint = f"; write {stage.__name__}(…)" if isinstance(stage, type) and issubclass(stage, Stage) else ""
            message = f"{where}[{k}]: expected an operation as vg.Rotate(15), found {type(stage).__name__}{hint}"
            raise TypeError(message)
        found.append(stage.to_dict())
    return found


def dumped(document: Any) -> str:
    """A document as one line of JSON, which is also YAML."""
    return json.dumps(document, ensure_ascii=False)


def stage_written(document: dict[str, Any]) -> str:
    """The Python a stage is written in."""
    (name, body), *_ = document.items()
    arguments: list[str] = []
    for key, value in (body or {}).items():
        if key == "of":
            arguments.insert(0, f"[{', '.join(map(stage_written, value))}]")
        else:
            arguments.append(f"{key}={written(value)}")
    return f"{class_name(name)}({', '.join(arguments)})"


def class_name(name: str) -> str:
    """The class of an operation's name: `gaussian_blur` → `GaussianBlur`."""
    return "".join(word.capitalize() for word in name.split("_"))
