"""The generations that ship with the program: what the cards say is there, and it points the right way."""

import numpy as np
import pytest

from engine.domains import registry as domains
from engine.domains.base import Line
from engine.domains.chess.actions import ACTION_INDEX
from engine.generations.card import ONNX_FILE, WEIGHTS_FILE
from engine.generations.registry import Generation, default_registry
from engine.nets.choose import make_evaluator
from engine.search.evaluator import Evaluation, Leaves

SHIPPED = [g for g in default_registry().list() if g.folder and g.folder.parent == default_registry().shipped]


@pytest.mark.parametrize("generation", SHIPPED, ids=lambda g: g.card.id)
def test_files_are_what_the_card_says(generation: Generation) -> None:
    for name in (WEIGHTS_FILE, ONNX_FILE):
        assert generation.verified_file(name).stat().st_size < 4_000_000
    card = generation.card
    assert card.id == generation.folder.name  # type: ignore[union-attr]
    assert card.architecture is not None
    assert card.domain == card.architecture.domain
    assert card.licence
    assert "/" not in "".join(source.name for source in card.data), "no path of a machine on a card"


def asked(fen: str) -> tuple[Evaluation, list[int]]:
    rules = domains.rules("chess")
    states = rules.load(Line(fen))
    expansion = rules.expand(states)
    evaluator = make_evaluator(default_registry().get("gen-000", "chess"), "cpu", threads=1)
    assert evaluator.fmt is not None
    planes = rules.encode(states[:, None], np.ones(1, np.int32), evaluator.fmt)
    return evaluator.evaluate(Leaves(states, planes, expansion.offsets, expansion.actions)), expansion.actions.tolist()


@pytest.mark.parametrize("to_move", ["w", "b"])
def test_the_one_with_a_queen_more_expects_to_win(to_move: str) -> None:
    """White alone has a queen: the same board is good for White to move and bad for Black to move."""
    evaluation, _ = asked(f"r4rk1/ppp2ppp/2n5/8/8/2N5/PPP2PPP/R2Q1RK1 {to_move} - - 0 1")
    win, _, loss = evaluation.wdl[0]
    assert (win > loss + 0.3) if to_move == "w" else (loss > win + 0.3)


def test_the_first_move_is_one_that_people_play() -> None:
    evaluation, actions = asked("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1")
    usual = {int(ACTION_INDEX[source, target, 0]) for source, target in ((12, 28), (11, 27), (6, 21), (10, 26))}
    assert actions[int(evaluation.logits.argmax())] in usual


def test_a_hanging_queen_is_taken_from_either_side() -> None:
    """A queen stands beside a pawn that can take it; for Black the board is mirrored, and the answer with it."""
    white, actions = asked("rnb1kbnr/pppp1ppp/8/4q3/3P4/8/PPP1PPPP/RNBQKBNR w KQkq - 0 1")
    black, mirrored = asked("rnbqkbnr/ppp1pppp/8/3p4/4Q3/8/PPPP1PPP/RNB1KBNR b KQkq - 0 1")
    takes = int(ACTION_INDEX[27, 36, 0])  # d4 takes e5; seen by Black, d5 takes e4 is the same action
    assert actions[int(white.logits.argmax())] == takes
    assert mirrored[int(black.logits.argmax())] == takes
    np.testing.assert_allclose(white.wdl, black.wdl, atol=1e-4)
