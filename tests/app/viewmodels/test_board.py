"""The board's record: arrows lie where moves go, and only where they belong."""

import pytest

from app.viewmodels.board import board_record
from app.viewmodels.game import at_end
from app.viewmodels.phrases import Phrases
from app.viewmodels.records import CandidateRow, CandidatesRecord
from engine.domains.registry import notation

CHESS = notation("chess")
START = CHESS.parse_line("startpos")
SHARES = {"e4": (0.5, 0.2), "d4": (0.3, 0.7), "Nf3": (0.1, 0.06), "c4": (0.06, 0.04), "a3": (0.04, 0.0)}


@pytest.fixture
def phrases() -> Phrases:
    return Phrases(CHESS)


@pytest.fixture
def candidates() -> CandidatesRecord:
    rows = [
        CandidateRow(int(CHESS.parse_action(START, text)), text, prior, round(100 * share), share, 0.0, 0.0, 0.0, 0.0)
        for text, (prior, share) in SHARES.items()
    ]
    return CandidatesRecord(tuple(rows))


def test_three_arrows_of_each_kind_weakest_first(phrases: Phrases, candidates: CandidatesRecord) -> None:
    arrows = board_record(at_end(START), phrases, candidates, flipped=False).arrows
    assert [arrow.kind for arrow in arrows] == ["prior"] * 3 + ["visits"] * 3
    assert [arrow.strength for arrow in arrows] == [0.1, 0.3, 0.5, 0.06, 0.2, 0.7]
    assert (arrows[2].source, arrows[2].target) == (12, 28), "e2 to e4"


def test_pointing_at_one_action_shows_it_alone(phrases: Phrases, candidates: CandidatesRecord) -> None:
    action = int(CHESS.parse_action(START, "a3"))
    arrows = board_record(at_end(START), phrases, candidates, flipped=False, only_action=action).arrows
    assert [(arrow.kind, arrow.target) for arrow in arrows] == [("prior", 16)]


def test_no_candidates_no_arrows_and_looking_only_no_choices(phrases: Phrases) -> None:
    record = board_record(at_end(START), phrases, None, flipped=True, can_play=False)
    assert (record.arrows, record.choices, record.flipped) == ((), (), True)
    assert len(board_record(at_end(START), phrases, None, flipped=False).choices) == 20


def test_a_domain_without_sources_has_no_arrows() -> None:
    four = notation("connect_four")
    line = four.parse_line("startpos")
    rows = tuple(CandidateRow(a, str(a), 0.2, 10, 0.2, 0.0, 0.0, 0.0, 0.0) for a in range(5))
    assert not board_record(at_end(line), Phrases(four), CandidatesRecord(rows), flipped=False).arrows
