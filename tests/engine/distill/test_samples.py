import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.distill.recorded_games import NO_RESULT, RecordedGames
from engine.distill.samples import (
    DRAW,
    LOSS,
    NOT_KNOWN,
    WIN,
    Sampling,
    draw_samples,
    first_occurrences,
    game_hashes,
    held_out_games,
    value_targets,
)
from engine.domains import registry
from engine.domains.base import Line
from tests.engine.distill.games import RULES, START, random_games, recorded

EVERYTHING = Sampling(positions_per_game=1000, skip_plies=0)
COLUMN_WIN = [0, 1, 0, 1, 0, 1, 0]  # the first player stacks four in column 0


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def test_every_ply_of_a_game_as_its_mover_saw_it() -> None:
    samples = draw_samples(RULES, recorded((COLUMN_WIN, +1)), EVERYTHING, 3, rng())
    line = RULES.load(Line(START, tuple(COLUMN_WIN)))
    assert np.array_equal(samples["state"], line[:-1])
    assert samples["action"].tolist() == COLUMN_WIN
    assert samples["source"].tolist() == [3] * 7


def test_whoever_won_has_a_won_position_when_he_is_to_move() -> None:
    """The first player moves at even plies. A flipped sign here would train a network that loves to lose."""
    for result, first, second in ((+1, WIN, LOSS), (-1, LOSS, WIN), (0, DRAW, DRAW), (NO_RESULT, NOT_KNOWN, NOT_KNOWN)):
        samples = draw_samples(RULES, recorded((COLUMN_WIN, result)), EVERYTHING, 0, rng())
        assert samples["result"].tolist() == [first, second, first, second, first, second, first]


def test_a_last_mover_who_wins_has_the_target_win() -> None:
    """Checked against the rules, not against the games' results: the last move of a won game wins for its mover."""
    games = random_games(30, 5)
    samples = draw_samples(RULES, games, EVERYTHING, 0, rng())
    ended = RULES.expand(RULES.step(samples["state"].copy(), samples["action"].copy())).outcomes
    lost_by_opponent = np.array([RULES.outcomes[outcome].value == -1 for outcome in ended])
    assert lost_by_opponent.sum() > 20
    assert (samples["result"][lost_by_opponent] == WIN).all()


def test_ratings_are_those_of_the_player_to_move() -> None:
    samples = draw_samples(RULES, recorded((COLUMN_WIN, +1), ([3, 3, 3], 0)), EVERYTHING, 0, rng())
    by_game = {1000: 2000, 1001: 2001}
    first = samples["rating"][samples["rating"] < 2000]
    assert set(first.tolist()) == set(by_game)
    even = np.isin(samples["rating"], list(by_game))
    discs = [bin(int(state["own"])).count("1") + bin(int(state["other"])).count("1") for state in samples["state"]]
    assert ((np.array(discs) % 2 == 0) == even).all()


def test_value_targets() -> None:
    results = np.array([+1, 0, -1, NO_RESULT], np.int8)
    assert value_targets(results, is_second_to_move=False).tolist() == [WIN, DRAW, LOSS, NOT_KNOWN]
    assert value_targets(results, is_second_to_move=True).tolist() == [LOSS, DRAW, WIN, NOT_KNOWN]


@pytest.mark.parametrize("limit", [1, 5])
def test_so_many_positions_a_game_and_no_more(limit: int) -> None:
    games = random_games(20, 6)
    samples = draw_samples(RULES, games, Sampling(limit, skip_plies=0), 0, rng())
    assert len(samples) == sum(min(limit, length) for length in np.diff(games.offsets))


def test_the_opening_is_mostly_left_out() -> None:
    games = random_games(200, 7)
    samples = draw_samples(RULES, games, Sampling(1000, skip_plies=6, opening_share=0.25), 0, rng())
    discs = np.array([bin(int(s["own"])).count("1") + bin(int(s["other"])).count("1") for s in samples["state"]])
    assert 0.15 < (discs < 6).sum() / (6 * 200) < 0.35
    assert (discs == 6).sum() == (np.diff(games.offsets) > 6).sum()


def test_the_same_draw_gives_the_same_samples() -> None:
    games = random_games(10, 8)
    one, two = (draw_samples(RULES, games, Sampling(4), 0, np.random.default_rng(3)) for _ in range(2))
    assert one.tobytes() == two.tobytes()


def test_repetitions_are_seen() -> None:
    rules = registry.rules("chess")
    start = registry.notation("chess").parse_line("startpos").start
    there_and_back = ["g1f3", "g8f6", "f3g1", "f6g8"] * 2 + ["e2e4"]
    line = registry.notation("chess").parse_line("startpos moves " + " ".join(there_and_back))
    games = RecordedGames(
        start,
        np.array([0, len(line.actions)]),
        np.array(line.actions, np.uint16),
        np.zeros(1, np.int8),
        np.zeros((1, 2), np.uint16),
    )
    samples = draw_samples(rules, games, EVERYTHING, 0, rng())
    assert samples["state"]["repetitions"].tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    assert np.array_equal(samples["state"], rules.load(line)[:-1])


@given(st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=6), min_size=1, max_size=8))
def test_a_games_hash_is_its_own(games: list[list[int]]) -> None:
    """Equal games have equal hashes wherever they stand; different ones (here) do not."""
    together = game_hashes(recorded(*((game, 0) for game in games))).tolist()
    alone = [int(game_hashes(recorded((game, 0)))[0]) for game in games]
    assert together == alone
    assert len(set(together)) == len({tuple(game) for game in games})


def test_games_are_split_by_content() -> None:
    hashes = game_hashes(random_games(400, 9))
    held_out = held_out_games(hashes, 4)
    assert 60 < held_out.sum() < 140
    assert np.array_equal(held_out_games(hashes[::-1], 4), held_out[::-1])


def test_first_occurrences() -> None:
    hashes = np.array([5, 6, 5, 7, 7], np.uint64)
    assert first_occurrences(hashes, np.array([6], np.uint64)).tolist() == [True, False, False, True, False]
