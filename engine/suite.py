"""Test suites of chess positions: reading EPD, judging a search, and what a whole suite amounts to.

EPD operations that make a problem (others are ignored):

    bm   best moves: solved by choosing one of them
    am   moves to avoid: solved by choosing none of them
    dm   mate in so many moves: solved by choosing a move of `bm`, or by proof of a mate that is short enough; at mate
         in one every move that mates is right, whether `bm` names it or not
    id   the problem's name
"""

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import chess

from engine.domains.base import Line, PositionError
from engine.domains.chess.moves import action_of_move, move_of_action
from engine.domains.chess.notation import outcome_of
from engine.domains.chess.outcomes import OUTCOMES
from engine.domains.chess.positions import read_fen
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.stoppers import StopReason
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT, SearchTree
from engine.tree.explain import node_value, principal_variation

Z_95 = 1.959963984540054
"""Two-sided 95 % point of the normal distribution."""


class SuiteError(ValueError):
    """A line that is no problem, or a file without any; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of a suite.

    Attributes:
        line_number: in its file, from 1. name: of its `id`, or its line number.
        best, avoid: moves in UCI, in the file's order; a problem has some, or `mate_in`.
        mate_in: the player to move mates in at most so many moves.
    """

    line_number: int
    name: str
    fen: str
    best: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    mate_in: int | None = None

    @property
    def line(self) -> Line:
        """The position, for a search."""
        return Line(self.fen)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that could not be used, and why."""

    line_number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a search made of a problem.

    Attributes:
        move: chosen in the end, UCI. solved: it is right. proven: for a mate, one that is short enough is proven;
            otherwise the value of the position is.
        mate_in: moves to the mate (or other proven win) that was found, or None.
        simulations, seconds_s: of the whole search.
        solved_at, solved_at_s: simulations and seconds after which the choice became right and stayed so; None where it
            is not right in the end. As exact as the search's batches.
        value: of the position, in [-1, 1], from the player to move. line: the main line, UCI.
    """

    problem: Problem
    move: str
    solved: bool
    proven: bool
    mate_in: int | None
    simulations: int
    seconds_s: float
    solved_at: int | None
    solved_at_s: float | None
    value: float
    line: tuple[str, ...]
    stop_reason: str


def read_suite(lines: Iterable[str]) -> tuple[list[Problem], list[Skipped]]:
    """The problems of an EPD file, and the lines that are none; blank lines and comments (#) count as neither."""
    problems: list[Problem] = []
    skipped: list[Skipped] = []
    for number, text in enumerate(lines, start=1):
        stripped = text.strip().removeprefix("\ufeff")
        if not stripped or stripped.startswith("#"):
            continue
        try:
            problems.append(read_problem(stripped, number))
        except SuiteError as error:
            skipped.append(Skipped(number, str(error)))
    return problems, skipped


def read_problem(text: str, line_number: int = 1) -> Problem:
    """The problem of one line of EPD; move counters as in a FEN are read too. Moves may be SAN or UCI.

    Raises:
        SuiteError: it is no EPD, asks for nothing, contradicts itself, or its moves are ambiguous or not legal.
    """
    epd, counters = _without_counters(text)
    try:
        read_fen(" ".join(epd.split()[:4]).rstrip(";"))
    except PositionError as error:
        raise SuiteError(str(error)) from error
    try:
        board, operations = chess.Board.from_epd(epd)
    except ValueError as error:
        raise SuiteError(f"its operations cannot be read: {error}") from error
    if counters:
        board.halfmove_clock, board.fullmove_number = counters
    best, avoid = (_moves(operations.get(opcode), opcode) for opcode in ("bm", "am"))
    mate_in = operations.get("dm")
    if mate_in is not None and (not isinstance(mate_in, int) or mate_in < 1):
        raise SuiteError(f"dm {mate_in!r} is no number of moves to mate in")
    if not best and not avoid and mate_in is None:
        raise SuiteError("nothing to solve: it has none of bm, am and dm")
    if both := set(best) & set(avoid):
        raise SuiteError(f"{sorted(both)[0]} is both best and to be avoided")
    if outcome := outcome_of(board):
        raise SuiteError(f"play has ended: {OUTCOMES[outcome].text}")
    if mate_in == 1:
        best += tuple(move for move in _mating_moves(board) if move not in best)
    return Problem(line_number, str(operations.get("id") or line_number), board.fen(), best, avoid, mate_in)


def _without_counters(text: str) -> tuple[str, tuple[int, int] | None]:
    """EPD has four fields before its operations; many files have the two counters of a FEN there as well."""
    fields = text.split(maxsplit=6)
    counters = [field.rstrip(";") for field in fields[4:6]]
    if len(counters) < 2 or not all(counter.isdecimal() for counter in counters):
        return text, None
    halfmoves, fullmoves = (int(counter) for counter in counters)
    return " ".join([*fields[:4], *fields[6:]]), (halfmoves, max(1, fullmoves))


def _moves(value: object, opcode: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(move, chess.Move) and move for move in value):
        raise SuiteError(f"{opcode} names no legal move")
    return tuple(move.uci() for move in value)


def _mating_moves(board: chess.Board) -> list[str]:
    found = []
    for move in list(board.legal_moves):
        board.push(move)
        if board.is_checkmate():
            found.append(move.uci())
        board.pop()
    return found


def is_right(problem: Problem, move: str, mate_in: int | None) -> bool:
    """Whether `move` solves the problem, chosen by a search that has proven a win in `mate_in` moves (None: none)."""
    if move in problem.avoid:
        return False
    if problem.mate_in is not None and mate_in is not None and mate_in <= problem.mate_in:
        return True
    if problem.best:
        return move in problem.best
    return problem.mate_in is None


def attempt(
    problem: Problem,
    search: Search,
    limits: Limits,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Attempt | None:
    """Search a problem to the end of its limits with a fresh search; None where `is_stopped` said so before."""
    board = read_fen(problem.fen)
    names = {action_of_move(board, move): move.uci() for move in board.legal_moves}
    search.start_run(limits)
    right_since: tuple[int, float] | None = None
    reason: StopReason | None = None
    move, mate_in = "", None
    while reason is None:
        if is_stopped():
            search.pause()
            return None
        reason = search.advance()
        tree = search.tree
        if tree.num_nodes == 0:
            continue
        move = names[int(tree.edge_action[best_edge(tree, ROOT)])]
        mate_in = win_in(tree)
        if not is_right(problem, move, mate_in):
            right_since = None
        elif right_since is None:
            right_since = (tree.simulations, search.figures().seconds_s)
    tree = search.tree
    is_mated = mate_in is not None and (problem.mate_in is None or mate_in <= problem.mate_in)
    is_proven = bool(tree.stats["lower"][ROOT] == tree.stats["upper"][ROOT])
    return Attempt(
        problem=problem,
        move=move,
        solved=right_since is not None,
        proven=is_mated if problem.mate_in is not None else is_proven,
        mate_in=mate_in,
        simulations=tree.simulations,
        seconds_s=search.figures().seconds_s,
        solved_at=right_since[0] if right_since else None,
        solved_at_s=right_since[1] if right_since else None,
        value=node_value(tree),
        line=_uci(board, principal_variation(tree)),
        stop_reason=reason.name,
    )


def _uci(board: chess.Board, actions: Iterable[int]) -> tuple[str, ...]:
    """UCI names of successive actions; `board` is left at their end."""
    names = []
    for action in actions:
        move = move_of_action(board, action)
        names.append(move.uci())
        board.push(move)
    return tuple(names)


def win_in(tree: SearchTree) -> int | None:
    """Moves of the player to move at the root until the win that is proven, or None."""
    if tree.stats["lower"][ROOT] != 1:
        return None
    return (int(tree.facts["distance"][ROOT]) + 1) // 2


@dataclass(frozen=True, slots=True)
class Share:
    """`solved` and `proven` of `positions`, with the 95 % Wilson interval of the share solved."""

    positions: int
    solved: int
    proven: int
    interval_95: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a suite amounts to.

    Attributes:
        overall: of all attempts. by_mate: of the mates in 1, 2, ... moves.
        median_simulations, median_seconds_s: to the solution, over what was solved; None where nothing was.
    """

    overall: Share
    by_mate: dict[int, Share]
    median_simulations: float | None
    median_seconds_s: float | None


def summarise(attempts: Sequence[Attempt]) -> Summary:
    """The summary of some attempts, which may be none."""
    solved_at = [a.solved_at for a in attempts if a.solved_at is not None]
    solved_at_s = [a.solved_at_s for a in attempts if a.solved_at_s is not None]
    mates = sorted({a.problem.mate_in for a in attempts if a.problem.mate_in is not None})
    return Summary(
        overall=_share(attempts),
        by_mate={moves: _share([a for a in attempts if a.problem.mate_in == moves]) for moves in mates},
        median_simulations=statistics.median(solved_at) if solved_at else None,
        median_seconds_s=statistics.median(solved_at_s) if solved_at_s else None,
    )


def _share(attempts: Sequence[Attempt]) -> Share:
    solved = sum(a.solved for a in attempts)
    return Share(len(attempts), solved, sum(a.proven for a in attempts), wilson_interval(solved, len(attempts)))


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Wilson's score interval of a proportion (E. B. Wilson, JASA 22, 1927); (0, 1) without trials."""
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    # At the ends of the scale the bound is exact, whatever rounding says.
    return 0.0 if successes == 0 else middle - half, 1.0 if successes == trials else middle + half
