"""Combinators: which of several operations are applied, and in which order.

Each is an operation itself and may stand inside another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .distributions import plain
from .operation import Number, Stage, Whole, documents


class OneOf(Stage):
    """One of several operations, drawn for each sample.

    Args:
        operations: The operations.
        weights: As many numbers, none negative, not all 0; equal chances where they are left out.
        p: Chance that any is applied.
    """

    __slots__ = ()

    def __init__(
        self, operations: Iterable[Stage], *, weights: Sequence[float] | None = None, p: Number = 1.0
    ) -> None:
        body = _body(operations, "OneOf", p, 1.0)
        if weights is not None:
            body["weights"] = plain(list(weights))
        super().__init__("one_of", body)


class SomeOf(Stage):
    """Several of several operations, drawn for each sample and applied in the order they are written.

    Args:
        operations: The operations.
        n: How many; a pair is a range with both ends.
        replace: Whether one may be taken more than once.
        p: Chance that any is applied.
    """

    __slots__ = ()

    def __init__(
        self, operations: Iterable[Stage], n: Whole = 1, *, replace: bool = False, p: Number = 1.0
    ) -> None:
        body = _body(operations, "SomeOf", p, 1.0)
        body["n"] = plain(n)
        body["replace"] = bool(replace)
        super().__init__("some_of", body)


class Maybe(Stage):
    """All of the operations or none of them.

    Args:
        operations: The operations, or one.
        p: Chance that they are applied.
    """

    __slots__ = ()

    def __init__(self, operations: Stage | Iterable[Stage], p: Number = 0.5) -> None:
        super().__init__("maybe", _body(operations, "Maybe", p, 0.5))


class Shuffle(Stage):
    """All of the operations, in an order drawn for each sample.

    Args:
        operations: The operations.
        p: Chance that they are applied.
    """

    __slots__ = ()

    def __init__(self, operations: Iterable[Stage], *, p: Number = 1.0) -> None:
        super().__init__("shuffle", _body(operations, "Shuffle", p, 1.0))


class Sequential(Stage):
    """All of the operations in order, as one: a member of another combinator, say.

    Args:
        operations: The operations.
        p: Chance that they are applied.
    """

    __slots__ = ()

    def __init__(self, operations: Iterable[Stage], *, p: Number = 1.0) -> None:
        super().__init__("sequential", _body(operations, "Sequential", p, 1.0))


class Repeat(Stage):
    """All of the operations in order, several times, each time with draws of its own.

    Args:
        operations: The operations, or one.
        times: How many times, 0 to 64; a pair is a range with both ends.
        p: Chance that they are applied.
    """

    __slots__ = ()

    def __init__(self, operations: Stage | Iterable[Stage], times: Whole = 2, *, p: Number = 1.0) -> None:
        body = _body(operations, "Repeat", p, 1.0)
        body["times"] = plain(times)
        super().__init__("repeat", body)


class SelectChannels(Stage):
    """All of the operations, on some channels alone: they see a picture of just these, in the order given.

    Source: the channels of a satellite or microscope picture that stand for different things. Operations that move
    pixels or take other samples are refused, since the channels of a picture stay on top of each other.

    Args:
        operations: The operations, or one.
        channels: Numbers of the channels, from 0, each once. Those that a picture does not have are passed over.
        p: Chance that they are applied.

    Raises:
        ParameterError: If an operation moves pixels, or a channel is given twice.
    """

    __slots__ = ()

    def __init__(self, operations: Stage | Iterable[Stage], channels: int | Sequence[int], *, p: Number = 1.0) -> None:
        body = _body(operations, "SelectChannels", p, 1.0)
        body["channels"] = plain([channels] if isinstance(channels, int) else list(channels))
        super().__init__("select_channels", body)


def _body(operations: Stage | Iterable[Stage], where: str, p: Number, plain_p: float) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if p != plain_p:
        body["p"] = plain(p)
    body["of"] = documents(operations, where)
    return body
