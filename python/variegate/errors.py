"""The exceptions, by whose fault they are; each is also the built-in one that a user would catch.

The compiled half raises them. Every message says what happened and where, what was expected, and how to mend it.
"""


class Error(Exception):
    """Something went wrong in variegate.

    Attributes:
        kind: Whose fault it is, in one word: "input", "parameter", "limit", "unsupported", "io" or "internal".
        path: The file it is about, or None.
    """

    kind = "internal"
    path: str | None = None

    def __init__(self, message: str = "", path: str | None = None) -> None:
        super().__init__(message)
        self.path = path


class InputError(Error, ValueError):
    """A file or array that cannot be used: broken, truncated, of a wrong shape or dtype."""

    kind = "input"


class ParameterError(Error, ValueError):
    """A wrong argument: out of bounds, or an unknown name."""

    kind = "parameter"


class LimitError(Error, MemoryError):
    """A guard spoke: too many pixels, too many bytes, or too great an expansion."""

    kind = "limit"


class UnsupportedError(Error, ValueError):
    """A right request that this build cannot serve."""

    kind = "unsupported"


class IoError(Error, OSError):
    """The operating system refused: missing file, no permission, disk full."""

    kind = "io"


class StallWarning(UserWarning):
    """A loader waits for one batch for longer than its `stall_after`; the text says what each worker is at."""


class InternalError(Error, RuntimeError):
    """A bug in variegate; please report it."""

    kind = "internal"
