"""Test suites: what counts as a problem, what counts as solved, since when, and the command around it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import cli_suite
from engine.cli import main
from engine.domains import registry
from engine.domains.chess.moves import action_of_move
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.search.stoppers import StopReason
from engine.suite import (
    Attempt,
    Problem,
    SuiteError,
    attempt,
    is_right,
    read_problem,
    read_suite,
    summarise,
    wilson_interval,
)
from tests.engine.search.hand_made import root_with

BACK_RANK = "6k1/5ppp/8/8/8/8/8/K2R4 w - -"
TWO_ROOKS = "7k/8/8/8/8/8/R7/1R4K1 w - -"  # 1. Ra7 and 2. Rb8#, or the other way round
START = "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq -"

SUITE = f"""# three problems, and three lines that are none

{BACK_RANK} bm Rd8#; dm 1; id "back rank";
{START} am f3 g2g4;
{START} id "nothing asked";
{START} bm Ke3;
{TWO_ROOKS} bm Ra7 Rb7; dm 2; id "ladder"; c0 "a; semicolon, and \\"quotes\\"";
nonsense
"""


# -- reading ------------------------------------------------------------------------------------------------------


def test_what_is_read_and_what_is_skipped_has_its_line_number() -> None:
    problems, skipped = read_suite(SUITE.splitlines())
    assert [(p.line_number, p.name) for p in problems] == [(3, "back rank"), (4, "4"), (7, "ladder")]
    assert problems[0].fen == BACK_RANK + " 0 1"
    assert (problems[0].best, problems[0].mate_in) == (("d1d8",), 1)
    assert problems[1].avoid == ("f2f3", "g2g4"), "SAN and UCI"
    assert problems[2].best == ("a2a7", "b1b7")
    assert [line.line_number for line in skipped] == [5, 6, 8]
    assert "none of bm, am and dm" in skipped[0].reason
    assert "Ke3" in skipped[1].reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("8/8/8/8/8/8/8/8 w - - bm Ke2;", "the board is empty"),
        ("6k1/6Q1/6K1/8/8/8/8/8 b - - dm 1;", "checkmate"),
        ("k7/2K5/1Q6/8/8/8/8/8 b - - dm 1;", "stalemate"),
        ("6k1/8/8/8/8/8/8/K5R1 b - - 100 80 dm 1;", "fifty moves"),
        (f"{TWO_ROOKS} bm Rh8;", "Rh8"),
        ("4k3/8/8/8/8/8/8/R3K2R w - - bm Rd1 Rh2 Rf2;", "Rf2"),
        ("3k4/8/8/8/8/8/8/R3K2R w KQ - bm Rd1; am O-O-O Rd1;", "a1d1 is both best and to be avoided"),
        ("4k3/8/8/8/8/8/3R4/R3K3 w - - dm 0;", "dm 0"),
        ("4k3/8/8/8/8/8/3R4/R3K3 w - - dm -4;", "dm -4"),
        ("4k3/8/8/8/8/8/3R4/R3K3 w - - bm;", "nothing to solve"),
        ('4k3/8/8/8/8/8/3R4/R3K3 w - - bm "words";', "bm"),
    ],
)
def test_what_is_no_problem_says_why(text: str, said: str) -> None:
    with pytest.raises(SuiteError, match=said):
        read_problem(text)


def test_an_ambiguous_move_is_no_problem() -> None:
    with pytest.raises(SuiteError, match="ambiguous"):
        read_problem("4k3/8/8/8/8/8/8/R4RK1 w - - bm Rd1;")


@pytest.mark.parametrize("counters", ["", " 7 30"])
@pytest.mark.parametrize("end", ["bm Rd8#;", "bm d1d8", 'bm Rd8+; id "x";'])
def test_the_counters_of_a_fen_may_stand_there(counters: str, end: str) -> None:
    problem = read_problem(f"{BACK_RANK}{counters} {end}")
    assert problem.best == ("d1d8",)
    assert problem.fen == BACK_RANK + (counters or " 0 1")


def test_at_mate_in_one_every_mate_is_right_and_otherwise_none_is_added() -> None:
    two_ways = "7k/R7/8/8/8/8/1R6/6K1 w - -"
    assert set(read_problem(f"{two_ways} bm Rb8#; dm 1;").best) == {"b2b8"}
    many = "7k/6pp/8/8/8/8/8/KQ1R4 w - -"
    assert set(read_problem(f"{many} bm Rd8#; dm 1;").best) == {"d1d8", "b1b8"}
    assert set(read_problem(f"{many} bm Rd8#;").best) == {"d1d8"}
    assert set(read_problem(f"{many} dm 1;").best) == {"d1d8", "b1b8"}


@given(st.text(max_size=80) | st.from_regex(r"[a-z/1-8 -]{5,40}( bm [A-Za-z0-9+#]{2,5};)?", fullmatch=True))
def test_whatever_a_line_is_it_is_a_problem_or_a_reason(text: str) -> None:
    problems, skipped = read_suite([text])
    assert len(problems) + len(skipped) <= 1


# -- judging ------------------------------------------------------------------------------------------------------


def problem(best: tuple[str, ...] = (), avoid: tuple[str, ...] = (), mate_in: int | None = None) -> Problem:
    return Problem(1, "x", START + " 0 1", best, avoid, mate_in)


@pytest.mark.parametrize(
    ("asked", "move", "mate_in", "right"),
    [
        (problem(best=("e2e4", "d2d4")), "d2d4", None, True),
        (problem(best=("e2e4",)), "d2d4", None, False),
        (problem(best=("e2e4",)), "d2d4", 1, False),
        (problem(avoid=("f2f3",)), "f2f3", None, False),
        (problem(avoid=("f2f3",)), "e2e4", None, True),
        (problem(best=("e2e4",), mate_in=3), "e2e4", None, True),
        (problem(best=("e2e4",), mate_in=3), "d2d4", 3, True),
        (problem(best=("e2e4",), mate_in=3), "d2d4", 4, False),
        (problem(mate_in=3), "d2d4", None, False),
        (problem(mate_in=3), "d2d4", 2, True),
    ],
)
def test_what_solves_a_problem(asked: Problem, move: str, mate_in: int | None, right: bool) -> None:
    assert is_right(asked, move, mate_in) == right


class Scripted:
    """A search whose most visited move after each batch is written down."""

    def __init__(self, moves: str) -> None:
        self.moves, self.batches, self.was_paused = moves.split(), 0, False
        self.tree = root_with([0, 0])

    def start_run(self, limits: Limits) -> None:
        assert limits == Limits(simulations=5)

    def advance(self) -> StopReason | None:
        board = chess.Board()
        self.batches += 1
        self.tree = root_with([2, 1])
        best = chess.Move.from_uci(self.moves[self.batches - 1])
        self.tree.edge_action[:2] = action_of_move(board, best), action_of_move(board, chess.Move.from_uci("a2a3"))
        self.tree.simulations = 10 * self.batches
        return StopReason("simulations", "") if self.batches == len(self.moves) else None

    def pause(self) -> None:
        self.was_paused = True

    def figures(self) -> SimpleNamespace:
        return SimpleNamespace(seconds_s=0.5 * self.batches)


@pytest.mark.parametrize(
    ("moves", "solved_at"),
    [
        ("e2e4 e2e4", 10),
        ("d2d4 e2e4 e2e4", 20),
        ("e2e4 d2d4 e2e4", 30),
        ("e2e4 e2e4 d2d4", None),
        ("d2d4", None),
    ],
)
def test_the_solution_counts_from_when_it_was_found_for_good(moves: str, solved_at: int | None) -> None:
    made = attempt(problem(best=("e2e4",)), Scripted(moves), Limits(simulations=5))  # type: ignore[arg-type]
    assert made is not None
    assert (made.solved, made.solved_at) == (solved_at is not None, solved_at)
    assert made.solved_at_s == (None if solved_at is None else solved_at / 20)
    assert made.move == moves.split()[-1]
    assert made.simulations == 10 * len(moves.split())


def test_a_stopped_attempt_is_none() -> None:
    scripted, looks = Scripted("e2e4 e2e4 e2e4"), iter([False, True])
    stopped = attempt(problem(best=("e2e4",)), scripted, Limits(simulations=5), lambda: next(looks))  # type: ignore[arg-type]
    assert stopped is None
    assert scripted.was_paused


def searched(asked: Problem, simulations: int) -> Attempt:
    rules = registry.rules("chess")
    search = Search(rules, UniformEvaluator(), asked.line, SearchSettings(batch=1), lambda _: None)
    made = attempt(asked, search, Limits(simulations=simulations))
    assert made is not None
    return made


def test_a_search_proves_a_mate_in_one_and_not_that_it_is_mated() -> None:
    made = searched(read_problem(f"{BACK_RANK} bm Rd8#; dm 1;"), 400)
    assert (made.move, made.solved, made.proven, made.mate_in, made.value) == ("d1d8", True, True, 1, 1.0)
    assert made.line == ("d1d8",)
    mated = "7k/R7/8/8/8/8/8/1R4K1 b - -"  # 1... Kg8 2. Rb8#
    lost = searched(read_problem(f"{mated} bm Kg8; dm 1;"), 50)
    assert (lost.solved, lost.proven, lost.mate_in, lost.value) == (True, False, None, -1.0)
    assert searched(read_problem(f"{mated} bm Kg8;"), 50).proven, "where no mate is asked for, any proof counts"


def test_a_mate_in_two_is_found_by_search_and_counted_in_moves() -> None:
    made = searched(read_problem(f"{TWO_ROOKS} dm 2;"), 6000)
    assert (made.solved, made.proven, made.mate_in) == (True, True, 2)
    assert len(made.line) == 3
    assert made.solved_at is not None
    assert made.solved_at > 1, "without intuition the first choice is arbitrary, and only a proof counts"


# -- the sum ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(8, 10, 0.4901625, 0.9433178), (0, 10, 0.0, 0.2775328), (10, 10, 0.7224672, 1.0), (50, 100, 0.4038315, 0.5961685)],
)
def test_wilson_interval_against_published_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=1e-6)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share(successes: int, more: int) -> None:
    trials = successes + more
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= (successes / trials if trials else 0.5) <= high <= 1


def made(mate_in: int | None, solved_at: int | None, *, proven: bool = False) -> Attempt:
    seconds = None if solved_at is None else solved_at / 10
    asked = problem(best=("e2e4",), mate_in=mate_in)
    return Attempt(
        asked, "e2e4", solved_at is not None, proven, None, 100, 10.0, solved_at, seconds, 0.0, (), "seconds"
    )


def test_the_summary_counts_by_length_of_mate_and_takes_medians_over_what_was_solved() -> None:
    summary = summarise([made(1, 10, proven=True), made(2, None), made(2, 30), made(None, 60), made(None, None)])
    assert (summary.overall.positions, summary.overall.solved, summary.overall.proven) == (5, 3, 1)
    assert {moves: (share.solved, share.positions) for moves, share in summary.by_mate.items()} == {
        1: (1, 1),
        2: (1, 2),
    }
    assert (summary.median_simulations, summary.median_seconds_s) == (30, 3.0)
    assert summarise([]).median_simulations is None
    assert summarise([]).overall.interval_95 == (0.0, 1.0)


# -- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def epd(tmp_path: Path) -> Path:
    file = tmp_path / "three.epd"
    file.write_text(SUITE)
    return file


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["suite", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


UNIFORM = ["--generation", "uniform", "--simulations", "300"]


def test_the_command_prints_one_object(capsys: pytest.CaptureFixture[str], epd: Path) -> None:
    code, out, err = run(capsys, str(epd), *UNIFORM, "--json")
    assert (code, out.count("\n"), err) == (0, 1, "")
    report = json.loads(out)
    assert (report["positions"], report["wanted"], report["stopped"]) == (3, 3, False)
    assert report["solved"] == sum(row["solved"] for row in report["results"])
    assert [row["line"] for row in report["skipped"]] == [5, 6, 8]
    first = report["results"][0]
    assert (first["best_action"], first["solved"], first["proven"], first["win_in"]) == ("d1d8", True, True, 1)
    assert first["simulations_to_solution"] <= first["simulations"] <= 300
    assert [row["moves"] for row in report["mates"]] == [1, 2]


def test_for_people_it_is_a_table_and_a_summary(capsys: pytest.CaptureFixture[str], epd: Path) -> None:
    code, out, _ = run(capsys, str(epd), *UNIFORM, "--limit", "2")
    assert code == 0
    assert "back rank" in out
    assert "not f2f3 not g2g4" in out
    assert "line 6 skipped" in out
    assert "of 2 (" in out
    assert "95 % interval" in out
    assert "ladder" not in out
    _, out, _ = run(capsys, str(epd), *UNIFORM, "--every", "2")
    assert "ladder" in out
    assert "not f2f3" not in out


def test_ctrl_c_keeps_what_was_done(
    capsys: pytest.CaptureFixture[str], epd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pressed: list[int] = []

    @contextmanager
    def ctrl_c() -> Iterator[list[int]]:
        yield pressed

    real = attempt

    def then_press(*words: object) -> Attempt | None:
        done = real(*words)  # type: ignore[arg-type]
        pressed.append(2)
        return done

    monkeypatch.setattr(cli_suite, "ctrl_c", ctrl_c)
    monkeypatch.setattr(cli_suite, "attempt", then_press)
    code, out, _ = run(capsys, str(epd), *UNIFORM, "--json")
    report = json.loads(out)
    assert code == 130
    assert (report["stopped"], report["positions"], report["wanted"]) == (True, 1, 3)


def test_mistakes_are_one_sentence(capsys: pytest.CaptureFixture[str], epd: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.epd"
    empty.write_text("# nothing\nnonsense\n")
    for words, expected, said in (
        ([str(empty)], 3, "holds no problem; line 2"),
        ([str(tmp_path / "none.epd")], 2, "none.epd"),
        ([str(epd), "--limit", "0"], 2, "--limit"),
        ([str(epd), "--method", "magic"], 2, "'magic'"),
        ([str(epd), "--generation", "gen-999"], 3, "gen-999"),
    ):
        code, out, err = run(capsys, *words)
        assert (code, out) == (expected, ""), err
        assert said in err
        assert err.strip().count("\n") == 0
