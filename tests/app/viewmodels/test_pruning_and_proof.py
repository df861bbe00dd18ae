"""Why something was cut and how far away a proof is: the sentences people read, sign by sign."""

import pytest

from app.viewmodels.proof import bar_text, proof_text
from app.viewmodels.pruning import PRUNED_TEXT, prune_notice
from engine.search.settings import SearchSettings
from engine.tree.columns import Pruned
from engine.tree.events import PruneReason

GUMBEL, BEAM = SearchSettings(method="gumbel", considered=16), SearchSettings(method="beam", width=5)


@pytest.mark.parametrize(
    ("value", "plies", "chess", "plain"),
    [
        (1, 1, "mate in 1", "win in 1"),
        (1, 5, "mate in 3", "win in 3"),
        (-1, 2, "mated in 1", "loss in 1"),
        (-1, 6, "mated in 3", "loss in 3"),
        (0, 7, "draw", "draw"),
        (1, 0, "win", "win"),
        (1, 255, "win", "win"),
        (-1, 1, "loss", "loss"),
    ],
)
def test_a_proof_is_counted_in_own_moves(value: int, plies: int, chess: str, plain: str) -> None:
    assert proof_text(value, plies, is_chess=True) == chess
    assert proof_text(value, plies) == plain


def test_alone_every_ply_is_an_own_move() -> None:
    assert proof_text(1, 5, num_players=1) == "win in 5"


@pytest.mark.parametrize(
    ("white", "plies", "text"), [(1, 5, "M3"), (-1, 5, "−M3"), (-1, 4, "−M2"), (0, 3, "½"), (1, 0, "1–0")]
)
def test_the_bar_is_from_the_first_players_view(white: int, plies: int, text: str) -> None:
    assert bar_text(white, plies, is_chess=True) == text


@pytest.mark.parametrize(
    ("code", "note", "settings", "twin", "text"),
    [
        (
            PruneReason.ELIMINATED,
            Pruned(64, 3.1),
            GUMBEL,
            "",
            "Eliminated at simulation 64: its score +3.10 was below those kept.",
        ),
        (
            PruneReason.ELIMINATED,
            Pruned(64, -0.25),
            BEAM,
            "",
            "Eliminated at simulation 64: its value −0.25 was not the best.",
        ),
        (
            PruneReason.LOW_PRIOR,
            Pruned(1, -7.25),
            GUMBEL,
            "",
            "Outside the 16 moves considered at simulation 1: its score −7.25 was too low.",
        ),
        (
            PruneReason.LOW_PRIOR,
            Pruned(90, -7.25),
            BEAM,
            "",
            "Outside the 5 lines kept at simulation 90: its score −7.25 was too low.",
        ),
        (
            PruneReason.DUPLICATE,
            Pruned(1300, 12.0),
            GUMBEL,
            "Nf3 d5",
            "Cut at simulation 1,300: the same position, or its mirror image, is searched after Nf3 d5.",
        ),
        (
            PruneReason.DUPLICATE,
            Pruned(1300, 12.0),
            GUMBEL,
            "",
            "Cut at simulation 1,300: the same position, or its mirror image, is searched elsewhere in the tree.",
        ),
        (
            PruneReason.REJECTED,
            Pruned(7, -1.0),
            GUMBEL,
            "",
            "Rejected by the verifier at simulation 7: it gave −1.00.",
        ),
    ],
)
def test_moment_and_evidence_are_told(code: int, note: Pruned, settings: SearchSettings, twin: str, text: str) -> None:
    assert prune_notice(code, note, "White", settings, twin) == text


def test_every_reason_has_two_words_of_its_own() -> None:
    assert len(set(PRUNED_TEXT.values())) == len(PruneReason) == len(PRUNED_TEXT)
