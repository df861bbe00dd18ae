"""A search is a journal: the typed events from which a tree is folded, and their form in bytes.

Everything that happens to a tree is one append-only stream of these events. A view, a recording, a replay and a test
read the same stream; there is no other way to learn what a search did. An event is a msgspec struct whose columns are
little-endian bytes; in a stream each is written as a four-byte length and its MessagePack form, so that a stream cut
off anywhere can be read up to there.

Nothing here depends on time or on the machine: the same seed, settings and weights give the same bytes.
"""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

JOURNAL_VERSION = 1


class PruneReason(IntEnum):
    """Why a branch is not visited any more. 0 is kept for "not pruned"."""

    PROVEN = 1
    """Its value is proven to be a loss for the player who would choose it. Evidence: that value."""
    OUT_OF_REACH = 2
    """It cannot catch up with the most visited action within the budget left. Evidence: visits it lacks."""
    BY_HAND = 3
    """A person cut it. Evidence: visits it had."""


class Header(msgspec.Struct, frozen=True, array_like=True):
    """What a journal is about; the first thing written.

    Attributes:
        start, actions: the line to the first root.
        generation, weights_hash: whose intuition.
        settings: the search settings, field by field.
    """

    version: int
    domain: str
    num_players: int
    start: str
    actions: tuple[int, ...]
    generation: str
    weights_hash: str
    method: str
    seed: int
    settings: dict[str, Any]


class Simulations(msgspec.Struct, frozen=True, array_like=True, tag="simulations"):
    """A batch of simulations, in order. Columns over `n` simulations, then over the `E` edges they opened.

    Attributes:
        parent: int32 [n]. A first visit: the node that owns `edge`. A revisit: the node itself. The root's first
            visit: -1.
        edge: int32 [n], the edge that gets a child; -1 for a revisit or for the root's first visit.
        value, draw: float32 [n], value in [-1, 1] and draw chance, from the player to move where the simulation ended.
        outcome: uint8 [n], how play ended there, 0 = in play.
        num_edges: uint16 [n], edges opened.
        action: uint16 [E]; prior: float16 [E], falling within each node.
    """

    parent: bytes
    edge: bytes
    value: bytes
    draw: bytes
    outcome: bytes
    num_edges: bytes
    action: bytes
    prior: bytes


class Prune(msgspec.Struct, frozen=True, array_like=True, tag="prune"):
    """Branches are cut. Columns over `k` cuts.

    Attributes:
        at: simulations done at that moment.
        edge: int32 [k]; reason: uint8 [k], `PruneReason`; evidence: float32 [k], meaning by reason.
    """

    at: int
    edge: bytes
    reason: bytes
    evidence: bytes


class Restore(msgspec.Struct, frozen=True, array_like=True, tag="restore"):
    """Pruned branches are brought back; `edge`: int32 [k]."""

    at: int
    edge: bytes


class Bounds(msgspec.Struct, frozen=True, array_like=True, tag="bounds"):
    """Proven bounds became tighter; `node`: int32 [k]; `lower`, `upper`: int8 [k], from the player to move there."""

    at: int
    node: bytes
    lower: bytes
    upper: bytes


class Reroot(msgspec.Struct, frozen=True, array_like=True, tag="reroot"):
    """Another state becomes the root; its subtree is kept and renumbered in order, all else is dropped.

    Attributes:
        actions: path from the old root to the new one.
        node: the new root before renumbering, or -1 where it had not been visited: the tree starts afresh.
    """

    at: int
    actions: tuple[int, ...]
    node: int


class Switch(msgspec.Struct, frozen=True, array_like=True, tag="switch"):
    """From here on another generation's intuition, or other settings, are used."""

    at: int
    generation: str
    weights_hash: str
    settings: dict[str, Any]


Event = Simulations | Prune | Restore | Bounds | Reroot | Switch

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Event)
_header_decoder = msgspec.msgpack.Decoder(Header)
_LENGTH = struct.Struct("<I")
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError)  # msgspec lets bad UTF-8 through as the latter


class JournalError(ValueError):
    """Bytes that are no journal of this version; the message says where and why."""


def pack(array: NDArray[Any], dtype: str) -> bytes:
    """A column as little-endian bytes of `dtype`."""
    return np.ascontiguousarray(array, dtype).tobytes()


def encode(event: Event) -> bytes:
    """An event as it stands in a stream: length, then MessagePack."""
    body = _encoder.encode(event)
    return _LENGTH.pack(len(body)) + body


def decode(stream: bytes) -> Iterator[Event]:
    """The events of a stream, in order.

    Raises:
        JournalError: the stream is cut off or an event cannot be read; all events before it have been yielded.
    """
    position = 0
    while position < len(stream):
        end = position + 4
        if end <= len(stream):
            end += _LENGTH.unpack_from(stream, position)[0]
        if end > len(stream):
            raise JournalError(f"the journal is cut off at byte {position} of {len(stream)}")
        try:
            event: Event = _decoder.decode(memoryview(stream)[position + 4 : end])
        except _UNREADABLE as error:
            raise JournalError(f"the journal cannot be read at byte {position}: {error}") from error
        yield event
        position = end


def encode_header(header: Header) -> bytes:
    """The header alone, as MessagePack."""
    return _encoder.encode(header)


def decode_header(data: bytes) -> Header:
    """The header that `encode_header` wrote.

    Raises:
        JournalError: it is no header, or of another version.
    """
    try:
        header = _header_decoder.decode(data)
    except _UNREADABLE as error:
        raise JournalError(f"the journal's header cannot be read: {error}") from error
    if header.version != JOURNAL_VERSION:
        raise JournalError(f"the journal is of version {header.version}; this program reads version {JOURNAL_VERSION}")
    return header


def journal_sha256(header: Header, stream: Iterable[bytes]) -> str:
    """Hash of a whole journal (its header, then its events), hex: equal for equal searches, byte for byte."""
    digest = hashlib.sha256(encode_header(header))
    for part in stream:
        digest.update(part)
    return digest.hexdigest()
