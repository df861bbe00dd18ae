"""A player asked about one position finds what it found there in a match, move for move, and shows how."""

import math
from contextlib import ExitStack

import pytest

from engine.arena.make_players import PlayerMaker
from engine.arena.match import Match, MatchSettings
from engine.arena.player_spec import PlayerError
from engine.arena.think import PlayerThought, Thinkers, think, turn_at
from engine.domains import registry
from engine.domains.base import Line, PositionError
from engine.search.breaks import without_breaks
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import decode_header
from engine.tree.fold import empty_tree, fold_stream

MATE = "rnb1kbnr/pppp1ppp/8/4p3/6Pq/5P2/PPPPP2P/RNBQKBNR w KQkq - 1 3"


THINKERS = Thinkers(registry.rules)


def thought(domain: str, player: str, line: Line, seed: int) -> PlayerThought:
    made = THINKERS.player(domain, player, "cpu")
    return without_breaks(think(made, turn_at(registry.rules(domain), line, seed, made)))


def tree_of(found: PlayerThought) -> SearchTree:
    tree = empty_tree(decode_header(found.header))
    fold_stream(tree, found.events)
    return tree


def played(domain: str, a: str, b: str, opening: str, *, seed: int, plies: int) -> Match:
    """A pair of games in lockstep, and a second pair, so that boards are searched together."""
    rules = registry.rules(domain)
    line = registry.notation(domain).parse_line(opening)
    maker = PlayerMaker(rules, seed=seed, device="cpu")
    with ExitStack() as stack:
        players = [maker.make(text) for text in (a, b)]
        for player in players:
            stack.callback(player.close)
        match = Match(rules, *players, [line, line], MatchSettings(max_plies=plies, seed=seed))
        while match.advance():
            pass
    return match


@pytest.mark.parametrize(
    ("domain", "a", "b", "opening", "plies"),
    [
        ("connect_four", "uniform@40", "uniform@24:gumbel", "startpos moves 4", 24),
        ("connect_four", "uniform@0", "uniform@40:uct", "startpos moves 4 4", 24),
        ("connect_four", "uniform@20:beam", "uniform@20:best-of-n", "startpos", 16),
        ("connect_four", "uniform@30,root_noise=0.3", "uniform@16:gumbel,gumbel_scale=1", "startpos", 24),
        ("chess", "gen-000@24", "gen-000@0", "startpos moves e2e4 c7c5", 10),
        ("chess", "gen-000@16:gumbel", "gen-000@9,c_puct=3", "startpos moves d2d4", 8),
    ],
)
def test_every_move_of_a_match_is_thought_again(domain: str, a: str, b: str, opening: str, plies: int) -> None:
    match = played(domain, a, b, opening, seed=5, plies=plies)
    differing = 0
    for game in match.games.finished:
        for ply, (action, value) in enumerate(zip(game.actions, game.values, strict=True)):
            player = a if game.a_moves_first == (ply % 2 == 0) else b
            line = game.opening.then(*game.actions[:ply])
            found = thought(domain, player, line, match.seed_of(game))
            assert found.action == action, f"game {game.index}, ply {ply}, {player}"
            assert (found.value is None) == math.isnan(value)
            if found.value is not None:
                assert found.value == pytest.approx(value, abs=1.5e-4), f"game {game.index}, ply {ply}, {player}"
                tree = tree_of(found)
                assert (tree.line.start, tree.line.actions) == (line.start, line.actions)
                differing += value != 0
    assert differing > 4, "values that differ from nothing were compared"
    first, second = (match.games[index] for index in (0, 2))
    assert match.seed_of(first) != match.seed_of(second)


def test_chance_is_that_of_the_game() -> None:
    seeds = {thought("connect_four", "uniform@40:uct", Line("startpos"), seed).events for seed in range(4)}
    assert len(seeds) > 1


def test_intuition_alone_shows_its_priors() -> None:
    line = registry.notation("chess").parse_line("startpos moves e2e4")
    found = thought("chess", "gen-000@0", line, 1)
    tree = tree_of(found)
    assert tree.num_nodes == 1
    assert tree.stats["visits"][ROOT] == 1
    edges = tree.edge_run(ROOT)
    assert tree.edge_action[edges][tree.edge_prior[edges].argmax()] == found.action
    assert found.value == pytest.approx(float(tree.stats["value_sum"][ROOT]), abs=1e-6)
    assert decode_header(found.header).generation == "gen-000"


def test_chance_players_have_no_journal() -> None:
    found = thought("connect_four", "random", Line("startpos"), 3)
    assert (found.header, found.events, found.value) == (b"", b"", None)
    assert 0 <= found.action < 7


def test_a_position_without_a_move() -> None:
    with pytest.raises(PositionError, match="ended"):
        thought("chess", "random", Line(MATE), 0)


def test_players_are_kept_for_the_next_question_but_not_for_ever() -> None:
    thinkers = Thinkers(registry.rules)
    first = thinkers.player("connect_four", "uniform@1", "auto")
    assert thinkers.player("connect_four", "uniform@1", "auto") is first
    for simulations in range(2, 6):
        thinkers.player("connect_four", f"uniform@{simulations}", "auto")
    assert thinkers.player("connect_four", "uniform@1", "auto") is not first
    with pytest.raises(PlayerError):
        thinkers.player("connect_four", "@", "auto")
    thinkers.close()
