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

JOURNAL_VERSION = 2


class PruneReason(IntEnum):
    """Why a branch is not visited any more. 0 is kept for "not pruned"."""

    PROVEN = 1
    """Its value is proven to be a loss for the player who would choose it. Evidence: that value."""
    OUT_OF_REACH = 2
    """It cannot catch up with the most visited action within the budget left. Evidence: visits it lacks."""
    BY_HAND = 3
    """A person cut it. Evidence: visits it had."""
    ELIMINATED = 4
    """It lost a comparison the method makes once (sequential halving, the final choice). Evidence: its score."""
    LOW_PRIOR = 5
    """It was outside the width that the method keeps. Evidence: the score that was too low."""
    DUPLICATE = 6
    """It leads to a state that the tree has already, or to its mirror image. Evidence: that node, -1 = gone."""
    REJECTED = 7
    """The verifier said no. Evidence: the value it gave."""


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
        branch: the edge that these visits were lent to, and above which they do not count; -1 = they all count.
    """

    parent: bytes
    edge: bytes
    value: bytes
    draw: bytes
    outcome: bytes
    num_edges: bytes
    action: bytes
    prior: bytes
    branch: int = -1


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
    """Proven bounds became tighter. Columns over `k` nodes.

    Attributes:
        node: int32 [k]; lower, upper: int8 [k], from the player to move there.
        distance: uint8 [k], plies from there to the end that proves the value, 0 where it is not proven.
    """

    at: int
    node: bytes
    lower: bytes
    upper: bytes
    distance: bytes


class Reroot(msgspec.Struct, frozen=True, array_like=True, tag="reroot"):
    """Another state becomes the root; its subtree is kept and renumbered in order, all else is dropped.

    Attributes:
        actions: path from the old root to the new one.
        node: the new root before renumbering, or -1 where it had not been visited: the tree starts afresh.
    """

    at: int
    actions: tuple[int, ...]
    node: int


class Recycle(msgspec.Struct, frozen=True, array_like=True, tag="recycle"):
    """The least visited subtrees are given up for room: their top nodes stay, as leaves with all they have learnt.

    Attributes:
        below: nodes with at most so many visits lose what is below them, and so do nodes of proven value.
        spared: int32 [k], nodes (the principal variation's) that stay whatever their parent's visits.
    """

    at: int
    below: int
    spared: bytes


class Reevaluate(msgspec.Struct, frozen=True, array_like=True, tag="reevaluate"):
    """A node's intuition is replaced: by another generation's, or by a person's. Visits made so far stay as they are.

    Attributes:
        generation, weights_hash: whose intuition; "by hand" and "" for a person's.
        value, draw: of the node, from the player to move there.
        prior: float16 [edges of the node], in their order.
    """

    at: int
    node: int
    generation: str
    weights_hash: str
    value: float
    draw: float
    prior: bytes


class Boost(msgspec.Struct, frozen=True, array_like=True, tag="boost"):
    """A person lends the next `visits` simulations to the branch at `edge`; 0 takes back what is not spent."""

    at: int
    edge: int
    visits: int


class Switch(msgspec.Struct, frozen=True, array_like=True, tag="switch"):
    """From here on another generation's intuition, or other settings, are used."""

    at: int
    generation: str
    weights_hash: str
    settings: dict[str, Any]


Event = Simulations | Prune | Restore | Bounds | Reroot | Recycle | Reevaluate | Boost | Switch

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
