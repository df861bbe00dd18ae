"""What went wrong, as the answer to the request that it happened in: one sentence, never a traceback."""

from engine.service.messages import Failed


class StateError(ValueError):
    """A request that cannot be carried out now; the message says what it would need."""


EXPECTED = (ValueError, KeyError, OverflowError)
"""Errors that a request's values, or the moment it came at, are at fault for; all others are ours or the machine's."""


def refused(request: int, error: Exception) -> Failed:
    """The answer to `request`, which one of `EXPECTED` came of."""
    return Failed(id=request, kind="state" if isinstance(error, StateError) else "input", text=sentence(error))


def engine_failed(request: int, error: Exception) -> Failed:
    """The answer to `request`, which failed while it was carried out: whatever it was, no value of it is at fault."""
    return Failed(id=request, kind="engine", text=sentence(error))


def sentence(error: Exception) -> str:
    """What went wrong, in one line without a traceback."""
    if isinstance(error, MemoryError):
        return "the engine ran out of memory"
    # str of a KeyError is the repr of its sentence.
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    lines = text.strip().splitlines()
    return lines[0] if lines else type(error).__name__
