"""Games stepped side by side: the states are those the rules load, the ends are those the rules say."""

import chess
import numpy as np
import pytest

from engine.arena.games import Game, Games
from engine.domains import registry
from engine.domains.base import ActionError, Line
from engine.domains.chess.moves import action_of_move
from engine.domains.chess.outcomes import CHECKMATE, REPETITION

RULES = registry.rules("chess")
START = Line(chess.STARTING_FEN)


def played(moves: str, opening: Line = START, max_plies: int = 500) -> Game:
    """The first game of a pair after `moves` (UCI)."""
    games = Games(RULES, max_plies)
    games.begin_pair(0, opening)
    board = chess.Board(opening.start)
    for text in moves.split():
        move = chess.Move.from_uci(text)
        games.play([0], [action_of_move(board, move)], [0.5])
        board.push(move)
    return games[0]


def test_the_mated_side_loses_whoever_it_is() -> None:
    fools_mate = "f2f3 e7e5 g2g4 d8h4"
    game = played(fools_mate)
    assert (game.points, game.outcome) == (0.0, CHECKMATE), "A was White and was mated"
    after_a_move = played("f2f3").line
    games = Games(RULES, 500)
    games.begin_pair(3, after_a_move)
    board = chess.Board()
    board.push_uci("f2f3")
    for text in fools_mate.split()[1:]:
        move = chess.Move.from_uci(text)
        action = action_of_move(board, move)
        over = games.play([6, 7], [action, action], [0.0, 0.0])
        board.push(move)
    assert [game.index for game in over] == [6, 7]
    assert (games[6].points, games[7].points) == (1.0, 0.0), "A moved first and mates in the one, is mated in the other"
    assert not games.live
    assert games.finished == [games[6], games[7]]


def test_the_third_time_is_a_draw_and_not_the_second() -> None:
    dance = "g1f3 g8f6 f3g1 f6g8"
    assert not played(dance).is_over
    game = played(f"{dance} {dance}")
    assert (game.points, game.outcome) == (0.5, REPETITION)


def test_states_are_those_the_rules_load() -> None:
    random = np.random.default_rng(5)
    games = Games(RULES, 120)
    games.begin_pair(0, START)
    games.begin_pair(1, Line("8/8/4k3/8/8/3RK3/8/8 w - - 40 80"))
    for _ in range(90):
        live = games.live
        actions = []
        for game in live:
            legal = RULES.expand(game.history[-1:].copy()).actions
            actions.append(int(random.choice(legal[:3])))  # few choices, so that positions repeat
        games.play([game.index for game in live], actions, [0.0] * len(live))
        for game in games.live:
            assert game.history.tobytes() == RULES.load(game.line).tobytes()


def test_a_game_that_is_too_long_is_a_draw() -> None:
    game = played("g1f3 g8f6 f3g1", max_plies=3)
    assert (game.points, game.outcome) == (0.5, 0)


def test_an_illegal_action_changes_nothing() -> None:
    games = Games(RULES, 10)
    games.begin_pair(0, START)
    with pytest.raises(ActionError, match="not legal in game 1"):
        games.play([0, 1], [int(RULES.expand(games[0].history).actions[0]), 0], [0.0, 0.0])
    assert games[0].actions == games[1].actions == []


def test_an_opening_that_is_over_is_refused() -> None:
    with pytest.raises(ValueError, match="ended already"):
        played("", Line("7k/6Q1/6K1/8/8/8/8/8 b - - 0 1"))


def test_games_that_come_together_have_one_fingerprint() -> None:
    rest = " a7a6 h2h3 h7h6 d2d3 d7d6 c1e3 c8e6 b1d2 f8e7 f1e2 a6a5 h3h4 a5a4 h4h5 a4a3 d1b1 a3b2 b1b2 b7b6 b2b6 c7b6"
    one, other = (played(moves + rest, max_plies=24) for moves in ("g1f3 e7e5 e2e4", "e2e4 e7e5 g1f3"))
    assert one.is_over
    assert one.fingerprint == other.fingerprint, "the same position came about, and the same moves followed"
    assert one.fingerprint != played("e2e4 e7e5 f2f4" + rest, max_plies=24).fingerprint


def test_a_game_that_is_over_takes_no_move() -> None:
    games = Games(RULES, max_plies=1)
    games.begin_pair(0, START)
    first = int(RULES.expand(games[0].history).actions[0])
    games.play([0], [first], [0.0])
    with pytest.raises(ActionError, match="game 0 is over"):
        games.play([1, 0], [first, first], [0.0, 0.0])
    assert games[1].actions == []
