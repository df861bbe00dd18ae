"""What people read: figures, values seen from the first player, sentences of the status line."""

import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels import figures
from app.viewmodels.candidates import proven_text
from app.viewmodels.pruning import prune_notice, pruned_text
from app.viewmodels.records import CandidateRow, CandidatesRecord
from app.viewmodels.status import Situation, status_record, story
from app.viewmodels.value import player_to_move, root_value, value_for_white, wdl_for_white
from app.warm_up import small_history
from engine.service.messages import SearchFigures
from engine.tree.columns import Pruned
from engine.tree.events import PruneReason


def row(text: str, prior: float, visits: int, share: float, **rest) -> CandidateRow:  # type: ignore[no-untyped-def]
    values = {"q": 0.1, "u": 0.1, "raw_value": 0.0, "improved_policy": 0.1} | rest
    return CandidateRow(
        action=zlib.crc32(text.encode()) % 1_000_003, text=text, prior=prior, visits=visits, visit_share=share, **values
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.1234, "+0.12"), (-0.5, "−0.50"), (0.0, "0.00"), (-0.001, "0.00"), (1.0, "+1.00"), (None, "–"), (np.nan, "–")],
)
def test_signed(value: float | None, text: str) -> None:
    assert figures.signed(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (0.004, "0.4 %"), (0.0994, "9.9 %"), (0.0996, "10 %"), (0.314, "31 %"), (1, "100 %")],
)
def test_percent(share: float, text: str) -> None:
    assert figures.percent(share) == text


@pytest.mark.parametrize(
    ("number", "text"), [(980, "980"), (12_345, "12.3k"), (4_560_000, "4.56M"), (1_200_000_000, "1.2G")]
)
def test_short_count(number: int, text: str) -> None:
    assert figures.short_count(number) == text


def test_counts_and_sizes() -> None:
    assert figures.count(1_234_567) == "1,234,567"
    assert figures.megabytes(12_340_000) == "12.3 MB"
    assert figures.megabytes(2_500_000_000) == "2.50 GB"


@given(st.floats(-1, 1), st.integers(0, 1))
def test_whites_view_is_its_own_inverse(value: float, to_move: int) -> None:
    assert value_for_white(value_for_white(value, to_move), to_move) == value
    assert value_for_white(value, 0) == value
    assert value_for_white(value, 1) == -value


def test_chances_are_turned_round_for_the_second_player() -> None:
    assert wdl_for_white((0.6, 0.3, 0.1), 0) == (0.6, 0.3, 0.1)
    assert wdl_for_white((0.6, 0.3, 0.1), 1) == (0.1, 0.3, 0.6)


@pytest.mark.parametrize(
    ("root", "depth", "players", "expected"), [(0, 0, 2, 0), (0, 1, 2, 1), (1, 1, 2, 0), (1, 4, 2, 1), (0, 3, 1, 0)]
)
def test_who_moves(root: int, depth: int, players: int, expected: int) -> None:
    assert player_to_move(root, depth, players) == expected


def test_the_bar_stands_still_when_the_turn_passes() -> None:
    tree = small_history().tree
    tree.stats["value_sum"][0] = 1.5  # over three visits: half a point for who is to move
    assert root_value(tree, 0).value_white == pytest.approx(0.5)
    black = root_value(tree, 1)
    assert black.value_white == pytest.approx(-0.5)
    assert (black.text, black.loss > black.win) == ("−0.50", True)


@pytest.mark.parametrize(("proven", "to_move", "text"), [(1, 0, "1–0"), (1, 1, "0–1"), (-1, 0, "0–1"), (0, 0, "½")])
def test_a_proven_root_is_shown_as_a_result(proven: int, to_move: int, text: str) -> None:
    tree = small_history().tree
    tree.stats["lower"][0] = tree.stats["upper"][0] = proven
    assert root_value(tree, to_move).text == text


def test_no_value_is_shown_before_there_is_one() -> None:
    assert root_value(None, 0).value_white is None


@pytest.mark.parametrize(("bounds", "text"), [((1, 1), "win"), ((0, 0), "draw"), ((-1, -1), "loss"), ((-1, 0), "")])
def test_proven_in_a_word(bounds: tuple[int, int], text: str) -> None:
    assert proven_text(*bounds) == text


@pytest.mark.parametrize(
    ("code", "note", "text"),
    [
        (0, None, ""),
        (PruneReason.PROVEN, Pruned(1240, -1.0), "Cut at simulation 1,240: proven to be a loss for White."),
        (
            PruneReason.OUT_OF_REACH,
            Pruned(88, 312.0),
            "Cut at simulation 88: 312 visits short of the leader, more than the budget still had.",
        ),
        (PruneReason.BY_HAND, Pruned(5, 1.0), "Cut by hand at simulation 5, when it had 1 visit."),
        (77, Pruned(5, 1.0), "Cut at simulation 5: reason 77."),
    ],
)
def test_a_cut_is_told_with_its_moment_and_evidence(code: int, note: Pruned | None, text: str) -> None:
    assert prune_notice(code, note, "White") == text


def test_every_reason_has_words() -> None:
    assert all(not pruned_text(reason).startswith("reason") for reason in PruneReason)
    assert pruned_text(0) == ""


def test_the_story_says_whether_search_changed_its_mind() -> None:
    agrees = CandidatesRecord((row("e4", 0.4, 60, 0.6), row("d4", 0.3, 40, 0.4)))
    assert story(agrees) == "Search prefers e4 with 60 % of the visits. Intuition liked it best too, at 40 %."
    differs = (row("Qd8+", 0.04, 60, 0.6), row("Qxe4", 0.3, 40, 0.4))
    rest = "Intuition gave it 4.0 % and preferred Qxe4 at 30 %."
    assert story(CandidatesRecord(differs)) == f"Search prefers Qd8+ with 60 % of the visits. {rest}"
    proven = (replace(differs[0], proven="win"), differs[1])
    assert story(CandidatesRecord(proven)) == f"Qd8+ is proven to win. {rest}"
    even = (row("3", 0.5, 60, 0.6), row("4", 0.5, 40, 0.4))
    assert story(CandidatesRecord(even)) == "Search prefers 3 with 60 % of the visits.", "no intuition, no preference"
    assert story(CandidatesRecord()) == ""


@pytest.mark.parametrize(
    ("now", "headline"),
    [
        (Situation("starting"), "Engine is starting"),
        (Situation("starting", preparing="Compiling …"), "Compiling …"),
        (Situation("failed", failure="It ended."), "Engine stopped; everything received is kept"),
        (Situation("replay", file_name="a.arborist"), "Recording a.arborist"),
        (Situation("finished", ended="solved"), "Finished: result proven"),
        (Situation("finished", ended="asteroid"), "Finished: asteroid"),
        (Situation("finished"), "Finished: budget used up"),
        (Situation("paused"), "Paused"),
    ],
)
def test_headlines(now: Situation, headline: str) -> None:
    assert status_record(now, CandidatesRecord(), None).headline == headline


def test_progress_and_figures() -> None:
    speed = SearchFigures(
        search=1,
        running=True,
        simulations=500,
        evaluations=480,
        cache_hits=120,
        seconds_s=1.0,
        simulations_per_s=1234.4,
        batch_fill=0.87,
        collisions=3,
        tree_bytes=1_500_000,
        recycled=1_234_000,
        device="cpu",
    )
    now = Situation(
        "running", simulations=500, nodes=480, done=200, budget=800, generation="gen-000", weights_hash="a" * 64
    )
    record = status_record(now, CandidatesRecord(), speed)
    assert record.progress == 0.25
    assert dict(record.figures)["per second"] == "1,234"
    assert dict(record.figures)["cache hits"] == "25 %"
    assert dict(record.figures)["generation"] == "gen-000 aaaaaaaa"
    idle = status_record(now, CandidatesRecord(), None)
    assert [label for label, _ in idle.figures] == [label for label, _ in record.figures], "places never change"


def test_what_was_given_up_for_room_is_told() -> None:
    assert status_record(Situation("running", recycled=1_234_000), CandidatesRecord(), None).headline == (
        "Searching · 1.23M positions given up for room"
    )
    assert status_record(Situation("paused"), CandidatesRecord(), None).headline == "Paused"


def test_a_failure_names_the_way_out() -> None:
    record = status_record(Situation("failed", failure="The engine ended (exit code -9)."), CandidatesRecord(), None)
    assert (record.error, record.action) == ("The engine ended (exit code -9).", "Restart engine")
