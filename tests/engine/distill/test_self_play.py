import numpy as np
import pytest

from engine.distill.lessons import FROM_BOOK, Lessons
from engine.distill.samples import DRAW, LOSS, NOT_KNOWN, WIN
from engine.distill.self_play import LEG, Beginning, play_shard, surprise_of
from engine.distill.settings import SelfPlaySettings
from engine.domains.base import Line
from engine.search.evaluator import UniformEvaluator
from engine.search.forest import Forest
from engine.search.hash_evaluator import HashEvaluator
from tests.engine.distill.games import RULES
from tests.engine.distill.lessons_of_play import played, played_out


def test_the_same_seed_plays_the_same_games() -> None:
    a, b, other = played(seed=3), played(seed=3), played(seed=4)
    assert a.games == b.games
    assert a.rows.tobytes() == b.rows.tobytes()
    assert a.games != other.games


def test_lessons_are_of_the_positions_that_were_played() -> None:
    lessons = played()
    for row, start, end in zip(lessons.rows, lessons.offsets, lessons.offsets[1:], strict=False):
        game = lessons.games[row["game"]]
        state = RULES.load(game.line(int(row["ply"])))[-1:]
        assert state[0] == row["state"]
        assert lessons.actions[start:end].tolist() == RULES.expand(state.copy()).actions.tolist()
        assert lessons.policy[start:end].sum() == pytest.approx(1.0, abs=1e-5)
    assert [len(game.played) for game in lessons.games] == np.bincount(lessons.rows["game"]).tolist()


def test_results_are_for_the_player_to_move() -> None:
    lessons = played(8)
    for row in lessons.rows:
        game = lessons.games[row["game"]]
        final = RULES.load(game.line(len(game.played)))[-1:]
        outcome = RULES.outcomes[RULES.expand(final.copy()).outcomes[0]]
        assert outcome.text == game.ending
        # Who is to move at the end has lost it; he is to move at every second ply before it.
        is_loser = (len(game.played) - row["ply"]) % 2 == 0
        expected = DRAW if outcome.value == 0 else LOSS if is_loser else WIN
        assert row["result"] == expected


def test_a_win_at_hand_is_taught_and_valued() -> None:
    # Three in a column: whoever is to move wins by the fourth.
    line = Line("startpos", (0, 1, 0, 1, 0, 1))
    settings = SelfPlaySettings(simulations=16, wander_plies=0)
    lessons = played_out(play_shard(RULES, UniformEvaluator(), settings, [Beginning(line, FROM_BOOK)], 1))
    assert len(lessons) == 1
    assert lessons.dense_policy(7)[0].argmax() == 0
    assert lessons.rows["value"][0] == 1.0
    assert lessons.rows["result"][0] == WIN
    assert lessons.rows["surprise"][0] > 0.1


def test_a_shard_goes_on_after_any_leg_as_if_nothing_had_happened() -> None:
    kept: list[Lessons] = []
    beginnings = [Beginning(Line("startpos", (3, column)), FROM_BOOK) for column in range(7)] * 4
    settings, evaluator = SelfPlaySettings(simulations=8, wander_plies=30, c_scale=0.1), HashEvaluator()
    whole = played_out(play_shard(RULES, evaluator, settings, beginnings, 5, keep=kept.append))
    assert len(kept) >= 2
    for part in kept:
        assert len(part) < len(whole)
        again = played_out(play_shard(RULES, evaluator, settings, beginnings, 5, part))
        assert again.digest == whole.digest
    unfinished = [game for game in kept[0].games if not game.ending]
    assert unfinished
    assert {len(game.played) for game in unfinished} == {LEG}
    open_rows = kept[0].rows[[not kept[0].games[game].ending for game in kept[0].rows["game"]]]
    assert set(open_rows["result"].tolist()) == {NOT_KNOWN}


def test_surprise_is_none_where_search_changes_nothing() -> None:
    found = Forest(RULES, UniformEvaluator(), SelfPlaySettings(simulations=1).search).run([Line("startpos")], 1)[0]
    assert surprise_of(found) == pytest.approx(0.0, abs=1e-3)


def test_games_that_wander_differ_and_those_that_do_not_are_the_searchs_own() -> None:
    still = SelfPlaySettings(simulations=8, wander_plies=0, gumbel_scale=0.0)
    lessons = played(14, settings=still)
    assert len({game.played for game in lessons.games[:7]}) == len({game.played for game in lessons.games})
    for row, start, end in zip(lessons.rows, lessons.offsets, lessons.offsets[1:], strict=False):
        game = lessons.games[row["game"]]
        assert game.played[row["ply"]] in lessons.actions[start:end]
