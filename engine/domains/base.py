"""What a domain is: batch-first rules for the search, notation for people.

A domain has two halves that meet only in the registry. `Rules` works on *rows*: a state is one row of a fixed-size
NumPy record type and every operation takes many rows, so that hot domains can be compiled kernels. `Notation` works on
a `Line` (a start and the actions played since) and gives what people read and type; it needs no compiled code, so that
a window can show a board before any kernel is loaded.

Shape letters used below: `B` rows in a batch, `A` actions of the domain, `H` states of history, `E` legal actions of
all rows together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NewType, Protocol

import numpy as np
from numpy.typing import NDArray

Action = NewType("Action", int)
"""Index of a choice in [0, `num_actions`)."""

NO_ACTION = 0xFFFF
"""Stands for "none" where an action is a uint16; `num_actions` is therefore below it."""


class PositionError(ValueError):
    """A text that is no position of the domain; the message names the text and what is wrong with it."""


class ActionError(ValueError):
    """A text or index that is no legal action; the message names it and the state."""


@dataclass(frozen=True, slots=True)
class Line:
    """A start position and the actions played from it; the unit people open, paste and share.

    Attributes:
        start: text of the start position as the domain's notation writes it (chess: a FEN).
        actions: indices of the actions played since.
    """

    start: str
    actions: tuple[int, ...] = ()

    def then(self, *actions: int) -> "Line":
        """The same line, `actions` later."""
        return Line(self.start, self.actions + tuple(int(a) for a in actions))


@dataclass(frozen=True, slots=True)
class OutcomeKind:
    """One way in which play ends.

    Attributes:
        text: shown to people, e.g. "checkmate".
        value: result in {-1, 0, +1} for the player to move at the final state.
    """

    text: str
    value: int


@dataclass(frozen=True, slots=True)
class Format:
    """An input format of networks: planes of shape [`channels`, `height`, `width`] from `history` states.

    Attributes:
        history: how many states of a lineage the encoder reads, newest first; 1 = the state alone.
    """

    name: str
    channels: int
    height: int
    width: int
    history: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """Legal actions and outcomes of `B` states, in CSR form.

    Attributes:
        outcomes: uint8 [B], index into `Rules.outcomes`; 0 = play goes on.
        offsets: int32 [B + 1]; row `b` owns `actions[offsets[b]:offsets[b + 1]]`.
        actions: uint16 [E], legal actions; none for a row that has ended.
    """

    outcomes: NDArray[np.uint8]
    offsets: NDArray[np.int32]
    actions: NDArray[np.uint16]


class Rules(Protocol):
    """The rules of a domain over rows of states. Pure: no call changes its arguments.

    Attributes:
        name: the registry's name, e.g. "chess".
        num_actions: `A`; network policies have this many logits.
        max_legal: most legal actions any state can have.
        num_players: 2 = the value changes sign at every step; 1 = it does not.
        outcomes: ways in which play ends; entry 0 is "in play" with value 0.
        repetition_outcome: index of "repetition" in `outcomes`, or 0 where repeating a state ends nothing.
        formats: input formats by name.
        state_dtype: record type of a state row. It has the field `key` (uint64), the same in every process: states
            with equal keys are one position, or each other's image under a symmetry of the domain, so that they are
            worth the same with the same play. What only says how play came there (counts of moves) is left out. Where
            `repetition_outcome` is not 0 equal keys are a repetition, and it also has the fields `reversible` (uint8,
            how many plies back a repetition of this state could lie, saturating) and `repetitions` (uint8, earlier
            occurrences on the line, filled in by whoever knows the line; `step` sets it to 0).
    """

    name: str
    num_actions: int
    max_legal: int
    num_players: int
    outcomes: Sequence[OutcomeKind]
    repetition_outcome: int
    formats: Mapping[str, Format]
    state_dtype: np.dtype[np.void]

    def load(self, line: Line) -> NDArray[np.void]:
        """States along `line`, start first: [len(actions) + 1], `repetitions` filled in.

        Raises:
            PositionError: `line.start` is no position.
            ActionError: an action of the line is not legal where it stands.
        """
        ...

    def step(self, states: NDArray[np.void], actions: NDArray[np.uint16]) -> NDArray[np.void]:
        """The states [B] after `actions` [B]. Legality is the caller's responsibility."""
        ...

    def expand(self, states: NDArray[np.void]) -> Expansion:
        """Legal actions and outcomes of `states` [B]. Repetition is not seen here: it needs the line."""
        ...

    def wins(self, states: NDArray[np.void], expansion: Expansion) -> NDArray[np.uint16]:
        """An action of each state that ends play at once with a win for the player to move: uint16 [B].

        Args:
            states: [B].
            expansion: of exactly these states.

        Returns:
            The first such action in the order of `expansion`, or `NO_ACTION` where there is none.
        """
        ...

    def playouts(
        self, states: NDArray[np.void], seeds: NDArray[np.uint64], max_plies: int
    ) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
        """Play each state to its end with legal actions drawn evenly at random. Repetition is not seen here either.

        Args:
            states: [B].
            seeds: [B]; a row's game depends on its state and its seed alone.
            max_plies: actions after which a game is broken off, at least 0.

        Returns:
            Outcomes [B] as in `Expansion` (0 = broken off), and the number of actions played [B].
        """
        ...

    def encode(self, lineages: NDArray[np.void], lengths: NDArray[np.int32], fmt: str) -> NDArray[np.float32]:
        """Network input [B, channels, height, width] from the view of the player to move.

        Args:
            lineages: states [B, H], newest first; entries at or past `lengths[b]` are ignored.
            lengths: known states of each row, in [1, H].
            fmt: a key of `formats`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A legal action as people see it.

    Attributes:
        name: exact and machine-readable, e.g. "e7e8q" (chess: UCI), "4" (Connect Four: column).
        text: for reading, e.g. "e8=Q+".
        source: cell the action starts from, or -1; cells count from the lower left, row by row.
        target: cell it ends on.
        promotion: letter of the piece chosen, or "".
    """

    action: int
    name: str
    text: str
    source: int
    target: int
    promotion: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A state as a picture and two lines of text: what a board, a hover card or an export draws.

    Attributes:
        rows, columns: size of the grid.
        pieces: glyph of each occupied cell: chess letters "PNBRQKpnbrqk", Connect Four "X" (first player) and "O".
        style: how to draw it: "chess" or "discs".
        marked: cells of the last action.
        alarm: cell to warn about (a king in check), or -1.
        to_move: 0 = first player (White, X), 1 = second.
        status: one line: whose turn, or how it ended.
        outcome: index into `Notation.outcomes`; 0 = in play.
    """

    rows: int
    columns: int
    pieces: Mapping[int, str]
    style: str
    marked: tuple[int, ...]
    alarm: int
    to_move: int
    status: str
    outcome: int


class Notation(Protocol):
    """What people read and type of a domain. Plain Python; fast enough for one line, not for a search.

    Attributes:
        title: for menus, e.g. "Chess".
        players: names of the players, first to move first.
        num_players, outcomes: as in `Rules`.
        sample: text of a position worth looking at, for the first start.
    """

    name: str
    title: str
    players: tuple[str, ...]
    num_players: int
    outcomes: Sequence[OutcomeKind]
    sample: str

    def parse_line(self, text: str) -> Line:
        """The line that `text` writes: "startpos", a position, or either followed by "moves ...".

        Raises:
            PositionError: the text is no position.
            ActionError: one of its moves is not legal.
        """
        ...

    def line_text(self, line: Line) -> str:
        """The text `parse_line` reads back."""
        ...

    def position_text(self, line: Line) -> str:
        """The last state of the line alone (chess: its FEN)."""
        ...

    def card(self, line: Line) -> Card:
        """Picture and status of the last state of `line`."""
        ...

    def choices(self, line: Line) -> tuple[Choice, ...]:
        """Legal actions at the end of `line`; empty where play has ended."""
        ...

    def texts(self, line: Line, actions: Sequence[int]) -> list[str]:
        """Texts of *successive* `actions` played from the end of `line` (chess: SAN)."""
        ...

    def passed(self, line: Line) -> Line | None:
        """The state at the end of `line` with the other player to move, as if a move had been passed.

        It shows what is threatened. None where it would be no state that play can go on from, and in domains where a
        move can never be passed.
        """
        ...

    def destinations(self, to_move: int) -> Sequence[tuple[int, ...]]:
        """Cells that each action [num_actions] ends on when the player `to_move` takes it, whatever the state.

        More than one where that depends on the state. Empty where it cannot be said of the domain.
        """
        ...

    def parse_action(self, line: Line, text: str) -> Action:
        """The legal action that `text` (a name or a text) means.

        Raises:
            ActionError: it means none.
        """
        ...
