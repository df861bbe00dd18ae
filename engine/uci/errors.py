"""What goes wrong with engines of others."""


class UciError(ValueError):
    """A UCI engine cannot be started, asked or understood; one sentence that names it."""


class UciCrashError(UciError):
    """The engine ended by itself."""


class UciSilenceError(UciError):
    """The engine gave no answer in time."""


class UciNonsenseError(UciError):
    """The engine answered with what is no legal move."""
