"""The one error the demo shows without a traceback: something the person at the keyboard can mend."""


class Failure(Exception):
    """Says what happened, what was expected and how to mend it."""
