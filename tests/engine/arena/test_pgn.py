"""Games as PGN: whose view an evaluation is from, who won, and how it ended."""

import io

import chess
import chess.pgn
import pytest

from engine.arena.faults import OUT_OF_TIME
from engine.arena.games import Game
from engine.arena.pgn import pgn_of
from engine.domains.base import Line
from engine.domains.chess.centipawns import centipawns
from engine.domains.chess.moves import action_of_move


def written(game: Game) -> chess.pgn.Game:
    found = chess.pgn.read_game(io.StringIO(str(pgn_of(game, "Anna", "Bert"))))
    assert found is not None
    assert not found.errors
    return found


def game_of(moves: str, values: list[float], **told: object) -> Game:
    board, actions = chess.Board(), []
    for text in moves.split():
        move = chess.Move.from_uci(text)
        actions.append(action_of_move(board, move))
        board.push(move)
    return Game(3, Line(chess.STARTING_FEN), actions=actions, values=values, **told)  # type: ignore[arg-type]


def test_evaluations_are_the_movers_and_whites() -> None:
    game = game_of("e2e4 e7e5 g1f3", [0.5, -0.25, float("nan")], a_moves_first=False, points=1.0, ended_by=OUT_OF_TIME)
    told = written(game)
    assert (told.headers["White"], told.headers["Black"], told.headers["Result"]) == ("Bert", "Anna", "0-1")
    assert told.headers["Termination"] == "out of time"
    assert told.headers["Round"] == "2.2"
    first, second, third = told.mainline()
    scores = [node.eval() for node in (first, second)]
    assert [score.white().score() for score in scores if score] == [
        pytest.approx(centipawns(0.5)),
        pytest.approx(centipawns(0.25)),
    ], "Black, who is worse, says so: White is better"
    assert third.eval() is None
    assert first.comment.startswith("+0.50")
    assert second.comment.startswith("-0.25")


@pytest.mark.parametrize(("a_moves_first", "white", "result"), [(True, "Bert", "0-1"), (False, "Anna", "1-0")])
def test_black_may_have_the_first_move_after_the_opening(a_moves_first: bool, white: str, result: str) -> None:
    opening = Line("rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1")
    told = written(Game(0, opening, a_moves_first=a_moves_first, points=1.0, ended_by=OUT_OF_TIME))
    assert (told.headers["White"], told.headers["Result"]) == (white, result)
