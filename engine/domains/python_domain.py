"""A domain from one plain Python class: slow, short, and enough to be searched, drawn and trained on.

The one idea: *a state is a named tuple of numbers whose annotations say how wide each number is.* Its fields are then
its record: a state becomes a row by `tuple(state)`, a row becomes a state by `State(*row)`, and all that works on rows
(search, journal, network inputs) works on it. Write the class, describe the domain in a `PythonDomain`, and the two
halves of the domain follow:

    class Nim(NamedTuple):
        sticks: Annotated[int, "u1"] = 21
        turn: Annotated[int, "u1"] = 0

        def legal_actions(self) -> Sequence[int]: ...

    NIM = PythonDomain(Nim, name="nim", ...)
    rules, notation = PythonRules(NIM), PythonNotation(NIM)

A field of several numbers is `Annotated[tuple[int, ...], "6i4"]`. Two states are the same position exactly where all
fields are equal: rows get one more, `key`, a hash over the others. Domains in which repeating a state ends the game
need more than a state can know, and are written as `Rules` themselves. `tests/engine/domains/tic_tac_toe.py` is a whole
one.
"""

import hashlib
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, Generic, Protocol, Self, TypeVar, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from engine.domains.base import (
    NO_ACTION,
    Action,
    ActionError,
    Card,
    Choice,
    Expansion,
    Format,
    Line,
    OutcomeKind,
    PositionError,
)

START = "startpos"
_KEY = "key"


class State(Protocol):
    """One position of a domain; immutable. A `NamedTuple` with defaults, so that `State()` is where play starts."""

    def __iter__(self) -> Iterator[Any]:
        """Its fields; `NamedTuple` gives this."""
        ...

    def legal_actions(self) -> Sequence[int]:
        """Actions, ascending; not asked once play has ended."""
        ...

    def apply(self, action: int) -> Self:
        """The state after `action`, which is legal."""
        ...

    def outcome(self) -> int:
        """Index into the domain's outcomes; 0 = play goes on."""
        ...

    def planes(self) -> NDArray[np.float32]:
        """Network input [channels, height, width], from the view of the player to move."""
        ...

    def to_move(self) -> int:
        """Index into the domain's players."""
        ...

    def text(self) -> str:
        """The position as `parse` reads it back."""
        ...

    @classmethod
    def parse(cls, text: str) -> Self:
        """The state that `text` writes.

        Raises:
            PositionError: the text is no position.
        """
        ...

    def action_text(self, action: int) -> str:
        """One word for `action`, different from those of all other legal actions."""
        ...

    def target(self, action: int) -> int:
        """Cell to mark for `action`; cells count from the lower left, row by row."""
        ...

    def pieces(self) -> Mapping[int, str]:
        """Glyph of each occupied cell."""
        ...


S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class PythonDomain(Generic[S]):
    """What a `State` class cannot say itself: names, sizes and ways to end.

    Attributes:
        state: the class.
        players: names, first to move first; one name = a problem rather than a game.
        num_actions, max_legal, outcomes: as in `Rules`.
        fmt: the input format of `State.planes`.
        rows, columns, style: how a card is drawn, as in `Card`.
        sample: as in `Notation`.
    """

    state: type[S]
    name: str
    title: str
    players: tuple[str, ...]
    num_actions: int
    max_legal: int
    outcomes: tuple[OutcomeKind, ...]
    fmt: Format
    rows: int
    columns: int
    style: str = "discs"
    sample: str = START

    def record(self) -> np.dtype[np.void]:
        """The record type that the annotations of `state` spell out, and `key` after them.

        Raises:
            TypeError: a field has no width, or is called `key`.
        """
        widths: list[tuple[str, Any]] = []
        for field, hint in get_type_hints(self.state, include_extras=True).items():
            if get_origin(hint) is not Annotated:
                raise TypeError(f'{self.state.__name__}.{field} has no width: annotate it as Annotated[int, "u1"]')
            if field == _KEY:
                raise TypeError(f"{self.state.__name__}.{field} needs another name: rows have a {field} of their own")
            widths.append((field, hint.__metadata__[0]))
        return np.dtype([*widths, (_KEY, np.uint64)])

    def start(self, text: str) -> S:
        """The state a start text means."""
        return self.state() if text == START else self.state.parse(text)

    def legal(self, state: S) -> tuple[int, ...]:
        """Legal actions of `state`; none once play has ended."""
        return () if state.outcome() else tuple(state.legal_actions())

    def follow(self, state: S, actions: Iterable[int]) -> list[S]:
        """`state` and the states after each of `actions`.

        Raises:
            ActionError: an action is not legal where it stands.
        """
        states = [state]
        for action in actions:
            here = states[-1]
            if action not in self.legal(here):
                raise ActionError(
                    f"action {action} is not legal in {here.text()} ({self.outcomes[here.outcome()].text})"
                )
            states.append(here.apply(int(action)))
        return states

    def states(self, line: Line) -> list[S]:
        """States along `line`, start first; raises as `Rules.load` does."""
        return self.follow(self.start(line.start), line.actions)


class PythonRules(Generic[S]):
    """The domain of a `State` class as `Rules`: every row is unpacked, asked, and packed again."""

    def __init__(self, domain: PythonDomain[S]) -> None:
        self.name = domain.name
        self.num_actions = domain.num_actions
        self.max_legal = domain.max_legal
        self.num_players = len(domain.players)
        self.outcomes: Sequence[OutcomeKind] = domain.outcomes
        self.repetition_outcome = 0
        self.formats: Mapping[str, Format] = {domain.fmt.name: domain.fmt}
        self.state_dtype = domain.record()
        self._domain = domain

    def load(self, line: Line) -> NDArray[np.void]:
        """See `Rules.load`."""
        return self._pack(self._domain.states(line))

    def step(self, states: NDArray[np.void], actions: NDArray[np.uint16]) -> NDArray[np.void]:
        """See `Rules.step`."""
        pairs = zip(self._unpack(states), actions.tolist(), strict=True)
        return self._pack(state.apply(action) for state, action in pairs)

    def expand(self, states: NDArray[np.void]) -> Expansion:
        """See `Rules.expand`."""
        unpacked = self._unpack(states)
        legal = [self._domain.legal(state) for state in unpacked]
        return Expansion(
            outcomes=np.array([state.outcome() for state in unpacked], np.uint8),
            offsets=np.cumsum([0, *map(len, legal)], dtype=np.int32),
            actions=np.array([action for actions in legal for action in actions], np.uint16),
        )

    def wins(self, states: NDArray[np.void], expansion: Expansion) -> NDArray[np.uint16]:
        """See `Rules.wins`; plays every action until one wins, which costs as much as so many steps."""
        actions = expansion.actions.tolist()
        rows = zip(self._unpack(states), pairwise(expansion.offsets.tolist()), strict=True)
        return np.array([self._win(state, actions[start:end]) for state, (start, end) in rows], np.uint16)

    def playouts(
        self, states: NDArray[np.void], seeds: NDArray[np.uint64], max_plies: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """See `Rules.playouts`."""
        rows = zip(self._unpack(states), seeds.tolist(), strict=True)
        ends = np.array([self._play_out(state, seed, max_plies) for state, seed in rows], np.int32).reshape(-1, 2)
        return ends[:, 0].astype(np.uint8), ends[:, 1].copy()

    def encode(self, lineages: NDArray[np.void], lengths: NDArray[np.int32], fmt: str) -> NDArray[np.float32]:
        """See `Rules.encode`."""
        del lengths  # the newest state, which is always there, is all the format reads
        if fmt not in self.formats:
            raise ValueError(f"{self.name} has no input format {fmt!r}; it has {', '.join(self.formats)}")
        shape = (self.formats[fmt].channels, self.formats[fmt].height, self.formats[fmt].width)
        planes = np.empty((len(lineages), *shape), np.float32)
        for row, state in enumerate(self._unpack(lineages[:, 0])):
            given = state.planes()
            if given.shape != shape:
                raise ValueError(f"planes of {state.text()} have shape {given.shape}; format {fmt!r} has {shape}")
            planes[row] = given
        return planes

    def _win(self, state: S, actions: Sequence[int]) -> int:
        """The first of `actions` that wins at once, or `NO_ACTION`."""
        won = -1 if self.num_players == 2 else 1  # at the end of a game for two it is the loser's turn
        wins = (action for action in actions if self.outcomes[state.apply(action).outcome()].value == won)
        return next(wins, NO_ACTION)

    def _play_out(self, state: S, seed: int, max_plies: int) -> tuple[int, int]:
        """Outcome and length of a random game."""
        chance, plies = random.Random(seed), 0
        while plies < max_plies and not state.outcome():
            state = state.apply(chance.choice(state.legal_actions()))
            plies += 1
        return state.outcome(), plies

    def _pack(self, states: Iterable[S]) -> NDArray[np.void]:
        rows = np.array([(*state, 0) for state in states], self.state_dtype)
        content, size = rows.tobytes(), rows.itemsize
        fields = size - rows.dtype[_KEY].itemsize
        rows[_KEY] = [_hash(content[at : at + fields]) for at in range(0, len(content), size)]
        return rows

    def _unpack(self, rows: NDArray[np.void]) -> list[S]:
        state: Callable[..., S] = self._domain.state
        fields = (row[:-1] for row in rows.tolist())
        return [state(*(tuple(f.tolist()) if isinstance(f, np.ndarray) else f for f in row)) for row in fields]


def _hash(content: bytes) -> int:
    """64 bits that are the same in every process, unlike those of Python's `hash`."""
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


class PythonNotation(Generic[S]):
    """The domain of a `State` class as `Notation`."""

    def __init__(self, domain: PythonDomain[S]) -> None:
        self.name = domain.name
        self.title = domain.title
        self.players = domain.players
        self.num_players = len(domain.players)
        self.outcomes: Sequence[OutcomeKind] = domain.outcomes
        self.sample = domain.sample
        self._domain = domain

    def parse_line(self, text: str) -> Line:
        """See `Notation.parse_line`."""
        words = text.split()
        end = words.index("moves") if "moves" in words else len(words)
        if end == 0:
            raise PositionError(f"{text!r} has no position; expected {START} or a position first")
        start = self._domain.start(" ".join(words[:end]))
        line = Line(START if start == self._domain.state() else start.text())
        for name in words[end + 1 :]:
            line = line.then(self.parse_action(line, name))
        return line

    def line_text(self, line: Line) -> str:
        """See `Notation.line_text`."""
        if not line.actions:
            return line.start
        return f"{line.start} moves {' '.join(self.texts(Line(line.start), line.actions))}"

    def position_text(self, line: Line) -> str:
        """See `Notation.position_text`."""
        return self._last(line).text()

    def card(self, line: Line) -> Card:
        """See `Notation.card`."""
        states = self._domain.states(line)
        state = states[-1]
        return Card(
            rows=self._domain.rows,
            columns=self._domain.columns,
            pieces=state.pieces(),
            style=self._domain.style,
            marked=(states[-2].target(line.actions[-1]),) if line.actions else (),
            alarm=-1,
            to_move=state.to_move(),
            status=self._status(state),
            outcome=state.outcome(),
        )

    def choices(self, line: Line) -> tuple[Choice, ...]:
        """See `Notation.choices`."""
        state = self._last(line)
        texts = {action: state.action_text(action) for action in self._domain.legal(state)}
        return tuple(Choice(a, text, text, source=-1, target=state.target(a)) for a, text in texts.items())

    def texts(self, line: Line, actions: Sequence[int]) -> list[str]:
        """See `Notation.texts`."""
        states = self._domain.follow(self._last(line), actions)
        return [state.action_text(action) for state, action in zip(states, actions, strict=False)]

    def passed(self, line: Line) -> Line | None:
        """See `Notation.passed`; a `State` cannot say what passing would be."""
        del line  # it is the same for all
        return None

    def destinations(self, to_move: int) -> Sequence[tuple[int, ...]]:
        """See `Notation.destinations`; a `State` cannot say."""
        del to_move  # it is the same for all
        return ()

    def parse_action(self, line: Line, text: str) -> Action:
        """See `Notation.parse_action`."""
        choices = self.choices(line)
        for choice in choices:
            if choice.name == text.strip():
                return Action(choice.action)
        legal = ", ".join(choice.name for choice in choices) or "nothing, play has ended"
        raise ActionError(f"{text!r} is not legal in {self.position_text(line)}; legal: {legal}")

    def _last(self, line: Line) -> S:
        return self._domain.states(line)[-1]

    def _status(self, state: S) -> str:
        kind = self.outcomes[state.outcome()]
        mover = self.players[state.to_move()]
        if not state.outcome():
            return f"{mover} to move" if self.num_players == 2 else kind.text
        if self.num_players == 1:
            return kind.text
        if kind.value == 0:
            return f"draw: {kind.text}"
        return f"{self.players[state.to_move() ^ (kind.value < 0)]} wins: {kind.text}"
