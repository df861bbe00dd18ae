"""What every message is made from; the messages: `messages`, `arena_messages`, `train_messages`."""

import msgspec


class Request(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all requests."""

    id: int


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of all final answers; `id` is the request's."""

    id: int


class Notice(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Base of what the engine says unasked."""
