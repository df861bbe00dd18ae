"""`bench selfplay`: games in lockstep, as self-play and matches play them; with a free intuition and a real one.

A position is a move that was searched. Chess with a network is cut after some plies, as whole games would take minutes.
"""

from engine.arena.match import Match, MatchSettings
from engine.arena.openings import BUILT_IN, open_book
from engine.arena.players import IntuitionPlayer, LockstepPlayer, Player
from engine.bench.records import Progress, Result, result
from engine.domains import registry
from engine.domains.base import Rules
from engine.generations.card import GenerationError
from engine.generations.registry import default_registry
from engine.search.evaluator import UniformEvaluator
from engine.search.settings import SearchSettings

_PAIRS = 64
_WHOLE_GAME = 512


def measure(runs: int, progress: Progress) -> list[Result]:
    """All figures; about two minutes at three runs."""
    rules = registry.rules("connect_four")
    settings = SearchSettings(method="gumbel", gumbel_scale=1.0)
    free = LockstepPlayer(rules, UniformEvaluator(), settings, 64)
    label = f"connect four, equal priors, gumbel, 64 simulations, {2 * _PAIRS} games at once"
    results = _figures(label, rules, free, _WHOLE_GAME, runs, progress)
    return results + _with_network(settings, runs, progress)


def _with_network(settings: SearchSettings, runs: int, progress: Progress) -> list[Result]:
    from engine.nets.choose import make_evaluator

    try:
        evaluator = make_evaluator(default_registry().get("gen-000", "chess"))
    except GenerationError:
        return []
    rules = registry.rules("chess")
    searching = LockstepPlayer(rules, evaluator, settings, 16)
    at_once = f"{2 * _PAIRS} games at once, {evaluator.device}"
    searched = _figures(f"{evaluator.name}, gumbel, 16 simulations, {at_once}", rules, searching, 8, runs, progress)
    thinking = IntuitionPlayer(rules, evaluator)
    alone = _figures(f"{evaluator.name}, intuition alone, {at_once}", rules, thinking, _WHOLE_GAME, runs, progress)
    return searched + alone


def _figures(label: str, rules: Rules, player: Player, max_plies: int, runs: int, progress: Progress) -> list[Result]:
    """Positions a minute, and games where they are played to their end."""
    openings = open_book(BUILT_IN, rules, registry.notation(rules.name)).choose(_PAIRS, 0)
    games, positions = [], []
    _play(Match(rules, player, player, openings[:2], MatchSettings(max_plies=2)))  # load the kernels
    for run in range(runs):
        progress(f"{label}, run {run + 1} of {runs}")
        match = _play(Match(rules, player, player, openings, MatchSettings(max_plies=max_plies, seed=run)))
        minutes = match.seconds_s / 60.0
        games.append(len(match.games.finished) / minutes)
        positions.append(sum(len(game.actions) for game in match.games.finished) / minutes)
    figures = [result(f"{label}, positions", "positions/min", positions)]
    if max_plies == _WHOLE_GAME:
        figures.append(result(f"{label}, games", "games/min", games))
    return figures


def _play(match: Match) -> Match:
    while match.advance():
        pass
    return match
