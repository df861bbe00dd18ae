"""Findings by position, what moves cost, and how a side played: signs, bounds and honest counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels import evaluations as kept
from app.viewmodels.eval_graph import FILE, graph_record, point_text, slips
from app.viewmodels.evaluations import Evaluations, Finding
from app.viewmodels.game import at_end
from app.viewmodels.mistakes import BLUNDER, INACCURACY, MISTAKE, Judged, accuracy, accuracy_text, cost, judgement
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import CandidatesRecord, ValueRecord
from app.viewmodels.transcript import read_transcript
from engine.domains.base import Line
from engine.domains.registry import game_format, notation

CHESS, FOUR = notation("chess"), notation("connect_four")
GAME = at_end(CHESS.parse_line("e2e4 e7e5 g1f3"))


def finding(white: float, visits: int = 100, source: str = "a", best: int = -1) -> Finding:
    value = ValueRecord(white, 0.5, 0.2, 0.3, "x")
    return Finding(value, best, visits, f"gen {source}", source, CandidatesRecord())


def noted(*values: float, best: dict[int, int] | None = None) -> Evaluations:
    known = Evaluations()
    for index, white in enumerate(values):
        chosen = (best or {}).get(index, -1)
        known.note(CHESS, Line(GAME.tree.start, GAME.path[:index]), finding(white, best=chosen))
    return known


def test_more_is_kept_less_is_not_and_the_last_judge_stands_in() -> None:
    known, line = Evaluations(), GAME.current
    known.note(CHESS, line, finding(0.1, 100))
    known.note(CHESS, line, finding(0.2, 50))
    assert known.of(CHESS, line, "a").simulations == 100  # type: ignore[union-attr]
    version = known.version
    known.note(CHESS, line, finding(0.1, 100))
    assert known.version == version, "nothing has changed"
    known.note(CHESS, line, finding(0.3, 10, "b"))
    assert known.of(CHESS, line, "a").source == "a"  # type: ignore[union-attr]
    assert known.of(CHESS, line, "c").source == "b"  # type: ignore[union-attr]
    assert known.of(FOUR, FOUR.parse_line("startpos")) is None


def test_the_same_position_by_another_way_is_the_same() -> None:
    known = Evaluations()
    known.note(CHESS, CHESS.parse_line("g1f3 g8f6 b1c3"), finding(0.1))
    assert known.of(CHESS, CHESS.parse_line("b1c3 g8f6 g1f3")) is not None


def test_the_oldest_findings_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    known = noted(0.0, 0.1, 0.2)
    lines = [Line(GAME.tree.start, GAME.path[:index]) for index in range(3)]
    assert [known.of(CHESS, line) is not None for line in lines] == [False, True, True]


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_a_move_costs_one_side_what_it_gives_the_other(before: float, after: float) -> None:
    assert cost(before, after, 0) == pytest.approx(max((before - after) / 2, 0))
    assert cost(before, after, 1) == cost(-before, -after, 0)
    assert cost(before, after, 0) == 0 or cost(before, after, 1) == 0


@pytest.mark.parametrize(
    ("lost", "word"), [(0.0, ""), (0.049, ""), (0.05, INACCURACY), (0.1, MISTAKE), (0.149, MISTAKE), (0.15, BLUNDER)]
)
def test_thresholds(lost: float, word: str) -> None:
    assert judgement(lost) == word


def test_the_graph_judges_each_side_by_its_own_view() -> None:
    record = graph_record(GAME, Phrases(CHESS), noted(0.0, -0.4, -0.4, -0.3), "a", None)
    assert [point.slip for point in record.points] == ["", BLUNDER, "", ""], "White threw it away; Black kept it"
    record = graph_record(GAME, Phrases(CHESS), noted(0.0, 0.0, 0.24, 0.24), "a", None)
    assert [point.slip for point in record.points] == ["", "", MISTAKE, ""]
    assert slips(record) == (2,)
    assert [move.mover for move in record.judged] == [0, 1, 0]
    assert record.points[2].text == "1… e5"
    assert "mistake: 0.12 points" in point_text(record.points[2], ("White", "Black"))


def test_the_searchs_own_move_is_no_slip_and_other_judges_greyed() -> None:
    known = noted(0.0, -0.4, -0.4, -0.4, best={0: GAME.path[0]})
    record = graph_record(GAME, Phrases(CHESS), known, "a", None)
    assert record.points[1].slip == ""
    assert record.judged[0].is_best
    other = graph_record(GAME, Phrases(CHESS), known, "z", None)
    assert all(point.stale for point in other.points)


def test_values_of_the_file_are_shown_but_not_mixed_with_others() -> None:
    game = read_transcript("1. e4 {[%eval 0.3]} e5 {[%eval 3.0]} 2. Nf3 {[%eval 0.2]}", CHESS).game
    known = Evaluations()
    known.note(CHESS, game.current, finding(-0.9))
    record = graph_record(game, Phrases(CHESS), known, "a", game_format("chess"))
    assert [point.source for point in record.points] == ["", FILE, FILE, "a"]
    assert [point.slip for point in record.points] == ["", "", BLUNDER, ""]
    assert record.is_empty is False


def test_sums_of_a_side() -> None:
    judged = (Judged(0, 0.2, False), Judged(1, 0.06, False), Judged(0, 0.0, True), Judged(0, 0.12, True))
    white = accuracy(judged, 0)
    assert (white.moves, white.best, white.blunders, white.mistakes, white.inaccuracies) == (3, 2, 1, 0, 0)
    assert white.lost == pytest.approx(0.32 / 3)
    assert accuracy_text("White", white) == ("White lost 0.107 points a move; 1 blunder; 2 of 3 moves as the search.")
    assert "1 inaccuracy" in accuracy_text("Black", accuracy(judged, 1))
    assert "no move could be judged" in accuracy_text("Black", accuracy((), 1))
