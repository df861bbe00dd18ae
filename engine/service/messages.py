"""All that crosses the border of the engine process: typed, versioned messages, never pickled.

The client sends requests, each with an `id` of its choosing; the engine answers each with exactly one *final answer*
carrying that id. Beside the answers it sends *notices*, which belong to no request: pieces of a journal as a search
runs, figures, and what it is preparing. Everything is MessagePack of the structs below (a tagged union); unknown
fields are ignored, so that either side may be newer within one `PROTOCOL_VERSION`.

A branch is named by its path of actions from the current root. A path means the same to both sides only while both see
the same root, so requests that carry one also carry `roots`, the number of re-rootings they have seen; a stale one is
answered with `Failed`.

The way there is ZeroMQ over TCP with CURVE keys: one frame a message. Of a local engine the keys of one start are
exchanged over the pipes of the process (`StartLine`, `ReadyLine`), so that no secret is ever in an argument or a file.
"""

from typing import Annotated, Any

import msgspec

from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.search.watchpoints import AnyWatchpoint, Hit
from engine.service import arena_messages as arena
from engine.service import train_messages as train
from engine.service.message_bases import Answer as Answer
from engine.service.message_bases import Notice as Notice
from engine.service.message_bases import Request as Request

PROTOCOL_VERSION = 3
NO_REQUEST = -1
"""Id of the answer to bytes in which no request's id could be read."""


class Hello(Request, frozen=True, kw_only=True):
    """Must be the first request. Answer: `Welcome`, or `Failed` of kind "version"."""

    version: int


class ListGenerations(Request, frozen=True, kw_only=True):
    """Answer: `Generations`."""


class OpenSearch(Request, frozen=True, kw_only=True):
    """Prepare a search; it stands still until `RunSearch`. An open search of this client is closed first.

    Answer: `Opened`.
    """

    domain: str
    start: str
    actions: tuple[int, ...] = ()
    generation: str
    """A generation's id, the path of one, or "uniform"."""
    settings: SearchSettings = SearchSettings()
    device: str = "auto"


class RunSearch(Request, frozen=True, kw_only=True):
    """Search until a limit or watchpoint is reached, `PauseSearch`, or the root is proven.

    Answer: `RunEnded`, when it ends; `Failed` of kind "input" where a query of a watchpoint cannot be read.
    """

    limits: Limits = Limits()
    watchpoints: tuple[AnyWatchpoint, ...] = ()
    """Their paths start at the root of now; when another root is played to, those below it go on from there."""
    one_by_one: bool = False
    """Evaluate one leaf at a time, so that nothing is searched beyond a watchpoint: slower, and another search."""
    roots: int | None = None
    """Re-rootings seen, as for branches; must be right where a watchpoint names a path. None = whichever."""


class PauseSearch(Request, frozen=True, kw_only=True):
    """Stop after what is in hand, which is counted; nothing happens where nothing runs.

    Answer: `Done`; the run's own answer, of reason "by_hand", comes before it.
    """


class CutBranch(Request, frozen=True, kw_only=True):
    """Prune the branch at `path` by hand. Works while a run goes on. Answer: `Done`."""

    path: tuple[int, ...]
    roots: int


class RestoreBranch(Request, frozen=True, kw_only=True):
    """Bring the pruned branch at `path` back, whatever the reason was. Answer: `Done`."""

    path: tuple[int, ...]
    roots: int


class PinBranch(Request, frozen=True, kw_only=True):
    """Search only the branch at `path` of its node: its open siblings are pruned by hand. Answer: `Done`."""

    path: tuple[int, ...]
    roots: int


class BoostBranch(Request, frozen=True, kw_only=True):
    """Lend the next `visits` simulations to the branch at `path`; nothing above it counts them. Answer: `Done`."""

    path: tuple[int, ...]
    roots: int
    visits: Annotated[int, msgspec.Meta(ge=1)]


class SetPrior(Request, frozen=True, kw_only=True):
    """Give the branch at `path` the prior `prior`, in [0, 1]; its siblings share the rest as before. Answer: `Done`."""

    path: tuple[int, ...]
    roots: int
    prior: Annotated[float, msgspec.Meta(ge=0, le=1)]


class ReevaluateBranch(Request, frozen=True, kw_only=True):
    """Ask the intuition of `generation` about the node at `path` (the root: empty), and go on there with what it says.

    Answer: `Done`.
    """

    path: tuple[int, ...]
    roots: int
    generation: str


class UndoSteering(Request, frozen=True, kw_only=True):
    """Take the last act of steering back that was not taken back yet: a cut, a pin, a prior and so on.

    Answer: `Done`, or `Failed` of kind "state" where there is none since the tree was last renumbered (by another root,
    or to make room).
    """

    roots: int


class PlayActions(Request, frozen=True, kw_only=True):
    """Make the state after `path` the root and keep its subtree. A run goes on with the new root. Answer: `Done`."""

    path: tuple[int, ...]
    roots: int


class SwitchSearch(Request, frozen=True, kw_only=True):
    """Go on with another generation's intuition or other settings on the same tree. Answer: `Done`.

    The device stays the one that the search was opened with.
    """

    generation: str
    settings: SearchSettings


class CloseSearch(Request, frozen=True, kw_only=True):
    """Drop the open search. Answer: `Done`."""


class Shutdown(Request, frozen=True, kw_only=True):
    """End the engine process. Answer: `Done`, then the connection closes.

    An engine that listens for remote clients refuses it: it may serve others too.
    """


AnyRequest = (
    Hello
    | ListGenerations
    | OpenSearch
    | RunSearch
    | PauseSearch
    | CutBranch
    | RestoreBranch
    | PinBranch
    | BoostBranch
    | SetPrior
    | ReevaluateBranch
    | UndoSteering
    | PlayActions
    | SwitchSearch
    | CloseSearch
    | Shutdown
    | arena.AnyArenaRequest
    | train.AnyTrainRequest
)


class Welcome(Answer, frozen=True, kw_only=True):
    """The engine is ready. `devices`: names usable as `OpenSearch.device` beside "auto"."""

    version: int
    engine: str
    devices: tuple[str, ...]


class GenerationInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the registry; `metrics` holds the card's headline figures."""

    id: str
    name: str
    domain: str
    weights_hash: str
    parent: str | None
    metrics: dict[str, Any]


class Generations(Answer, frozen=True, kw_only=True):
    """All generations of the registry, "uniform" not among them."""

    generations: tuple[GenerationInfo, ...]


class Opened(Answer, frozen=True, kw_only=True):
    """The search stands.

    Attributes:
        search: its number among the searches opened on this connection, from 1; its notices carry it.
        header: its journal's header in bytes (`engine.tree.events.decode_header`).
        device: where its intuition computes, for people.
    """

    search: int
    header: bytes
    device: str


class RunEnded(Answer, frozen=True, kw_only=True):
    """A run is over. `reason`: name of the stop reason; `text`: the same as a sentence.

    Attributes:
        hit: for reason "watchpoint", which, and the simulation at which it became true: at most a batch ago, but for a
            query (`engine.search.watchpoints.QueryHolds`).
    """

    reason: str
    text: str
    hit: Hit | None = None


class Done(Answer, frozen=True, kw_only=True):
    """The request was carried out."""


class Failed(Answer, frozen=True, kw_only=True):
    """The request was not carried out.

    Attributes:
        kind: "version", "input" (the request's values are at fault), "state" (not now: no search open, stale path) or
            "engine" (a device or file failed).
        text: one sentence for people that names the offending value.
    """

    kind: str
    text: str


class Preparing(Notice, frozen=True, kw_only=True):
    """The engine is getting ready. `done` of `total` steps are over; done == total: nothing is being waited for."""

    text: str
    done: int
    total: int


class JournalPart(Notice, frozen=True, kw_only=True):
    """The next bytes of the open search's journal (`engine.tree.events.decode`), whole events, in order.

    Attributes:
        search: number of the search (`Opened.search`). All its parts come after its `Opened` and before the answer to
            the request that closes it; the events a request causes come before the answer to that request.
        offset: bytes of this journal sent before, so that a gap is noticed.
    """

    search: int
    offset: int
    events: bytes


class SearchFigures(Notice, frozen=True, kw_only=True):
    """Figures of the running search, sent at 5 to 10 Hz and once more when a run ends. Depends on the machine.

    Attributes:
        simulations: in this search so far; evaluations: leaves the intuition was asked about; cache_hits: of these,
            those that were remembered.
        simulations_per_s: over the last second or so.
        batch_fill: mean leaves per evaluated batch / batch size asked for, in [0, 1].
        collisions: descents given up because they met another of the same batch.
        tree_bytes: live bytes of tree and states.
        recycled: positions given up so far to make room.
    """

    search: int
    running: bool
    simulations: int
    evaluations: int
    cache_hits: int
    seconds_s: float
    simulations_per_s: float
    batch_fill: float
    collisions: int
    tree_bytes: int
    recycled: int
    device: str


class StartLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a local engine reads as one line of JSON on its standard input, before anything else.

    Attributes:
        client_key: the CURVE public key (Z85, 40 characters) of the only client it is to let in.
    """

    client_key: str


class ReadyLine(msgspec.Struct, frozen=True, kw_only=True):
    """What it then prints as one line of JSON on its standard output: where it listens, on the loopback interface.

    Attributes:
        port: TCP port.
        server_key: its CURVE public key of this start (Z85, 40 characters).
    """

    port: int
    server_key: str


AnyReply = (
    Welcome
    | Generations
    | Opened
    | RunEnded
    | Done
    | Failed
    | Preparing
    | JournalPart
    | SearchFigures
    | arena.AnyArenaAnswer
    | arena.AnyArenaNotice
    | train.AnyTrainAnswer
    | train.AnyTrainNotice
)

_request_decoder = msgspec.msgpack.Decoder(AnyRequest)
_reply_decoder = msgspec.msgpack.Decoder(AnyReply)
_encoder = msgspec.msgpack.Encoder()


# Beside its own errors, msgspec lets these through: text that is no UTF-8 in a tag or a key, and nesting without end.
_DECODE_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class MessageError(ValueError):
    """Bytes that are no message of this protocol."""


class _Numbered(msgspec.Struct):
    """What every request has, whatever else it is."""

    id: int = NO_REQUEST


_numbered_decoder = msgspec.msgpack.Decoder(_Numbered)


def encode_message(message: Request | Answer | Notice) -> bytes:
    """A message as one frame."""
    return _encoder.encode(message)


def decode_request(frame: bytes) -> AnyRequest:
    """The request in `frame`.

    Raises:
        MessageError: there is none; the message says what was expected.
    """
    try:
        request: AnyRequest = _request_decoder.decode(frame)
    except _DECODE_ERRORS as error:
        raise MessageError(f"a request cannot be read: {error}") from error
    return request


def request_id(frame: bytes) -> int:
    """The `id` of a request that is otherwise unreadable, so that it can be answered; `NO_REQUEST` if it has none."""
    try:
        return _numbered_decoder.decode(frame).id
    except _DECODE_ERRORS:
        return NO_REQUEST


def decode_reply(frame: bytes) -> AnyReply:
    """The answer or notice in `frame`.

    Raises:
        MessageError: there is none.
    """
    try:
        reply: AnyReply = _reply_decoder.decode(frame)
    except _DECODE_ERRORS as error:
        raise MessageError(f"a message of the engine cannot be read: {error}") from error
    return reply
