"""What goes wrong with engines of others."""


class UciError(ValueError):
    """A UCI engine cannot be started, asked or understood; one sentence that names it."""
