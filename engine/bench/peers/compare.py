"""The comparisons themselves: who is asked what, in turn, and what the answers say.

Fairness: every side is a process of its own on the same core with one thread; each round asks all sides of a match one
after the other, so that a noisy minute meets all of them; the first, unmeasured call of each side is reported apart (it
compiles or loads); both networks are the same one, and are checked to be; simulations are counted by the side's own
tree.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.bench.peers import network as net
from engine.bench.peers.contestant import Contestant, PeerError, spare_core
from engine.bench.perft import POSITIONS as PERFT_POSITIONS
from engine.bench.records import Progress, Result, result
from engine.bench.search import POSITIONS

_CHESS = {"the start": POSITIONS["start"], "a middlegame": POSITIONS["middlegame"]}
_FREE_SIMULATIONS = 10_000
_ROLLOUT_SIMULATIONS = {"connect_four": 20_000, "chess": 1_000}
_PYTHON_ROLLOUT_SIMULATIONS = {"connect_four": 500, "chess": 50}
_PERFT_DEPTH, _PERFT_NAME = 4, "position 5, depth 5"
_PERFT_COUNT = 2_103_487
"""Published count of that position at depth 4."""
ROOTS, LOCKSTEP_SIMULATIONS, _OPENING_PLIES = 64, 32, 4
_SEARCHES = {"dense": 40, "convolutional": 8}
_TITLES = {"connect_four": "Connect Four", "chess": "chess"}


@dataclass(frozen=True, slots=True)
class Side:
    """One participant of a match.

    Attributes:
        label: for people, e.g. "OpenSpiel, Python".
        contestant: whom to ask. words: what to ask it.
        own: whether it is this project.
    """

    label: str
    contestant: Contestant
    words: Mapping[str, Any]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Sides that are asked the same.

    Attributes:
        name: e.g. "chess, free evaluator". task: what each is asked for. unit: of its speed.
        amount: key of the answer that says how much was done.
    """

    name: str
    task: str
    sides: Sequence[Side]
    unit: str = "simulations/s"
    amount: str = "simulations"


@dataclass(slots=True)
class Comparison:
    """Figures, and under which conditions they were measured; both grow as matches are played."""

    results: list[Result] = field(default_factory=list)
    conditions: dict[str, Any] = field(default_factory=dict)


def play(match: Match, rounds: int, progress: Progress) -> list[Result]:
    """Each side's first call, its speed over `rounds`, and how many times faster each own side is than each other.

    Ratios are taken within a round: what slows the machine for a while slows both sides of it.
    """
    firsts = []
    for side in match.sides:
        progress(f"{match.name}: {side.label}, first call")
        firsts.append(_seconds(side, match))
    speeds: dict[str, list[float]] = {side.label: [] for side in match.sides}
    for number in range(rounds):
        for side in match.sides:
            progress(f"{match.name}: {side.label}, round {number + 1} of {rounds}")
            answer = side.contestant.ask(match.task, side.words)
            speeds[side.label].append(answer[match.amount] / answer["seconds"])
    figures = [result(f"{match.name}: {label}", match.unit, runs) for label, runs in speeds.items()]
    for own in (side for side in match.sides if side.own):
        for peer in (side for side in match.sides if not side.own):
            pairs = zip(speeds[own.label], speeds[peer.label], strict=True)
            figures.append(result(f"{match.name}: {own.label} / {peer.label}", "times", [a / b for a, b in pairs]))
    for side, seconds in zip(match.sides, firsts, strict=True):
        figures.append(result(f"{match.name}: {side.label}, first call", "s", [seconds]))
    return figures


def _seconds(side: Side, match: Match) -> float:
    seconds: float = side.contestant.ask(match.task, side.words)["seconds"]
    return seconds


def searches(rounds: int, progress: Progress, python: str | None) -> Comparison:
    """Search against OpenSpiel (Python, C++) and mctx; a few minutes at five rounds.

    Args:
        python: interpreter that has the peers' packages; None = this one.

    Raises:
        PeerError: packages are missing there, or a side failed.
    """
    core = spare_core()
    with (
        Contestant("mctx", python, core) as mctx,
        Contestant("openspiel", python, core) as openspiel,
        Contestant("own", core=core) as own,
    ):
        found = Comparison(conditions={**_conditions(core, own, openspiel, mctx), "lockstep": _lockstep_conditions()})
        matches = [*_free(own, openspiel), *_rollouts(own, openspiel)]
        for name in net.NETWORKS:
            progress(f"checking that both {name} networks are the same one")
            _same_outputs(own, mctx, name)
            matches.append(_lockstep(own, mctx, name))
        for match in matches:
            found.results += play(match, rounds, progress)
        progress("bytes of the trees")
        found.results += _bytes(own, mctx)
    return found


def counting(rounds: int, progress: Progress, python: str | None) -> Comparison:
    """Chess move generation against OpenSpiel's and python-chess's; arguments and errors as for `searches`."""
    core = spare_core()
    with (
        Contestant("openspiel", python, core) as openspiel,
        Contestant("python_chess", core=core) as python_chess,
        Contestant("own", core=core) as own,
    ):
        words = {"position": PERFT_POSITIONS[_PERFT_NAME][0], "depth": _PERFT_DEPTH}
        sides = [
            Side("Arborist", own, words, own=True),
            Side("OpenSpiel from Python", openspiel, words),
            Side("python-chess", python_chess, words),
        ]
        for side in sides:
            count = side.contestant.ask("perft", words)["count"]
            if count != _PERFT_COUNT:
                raise ArithmeticError(f"{side.label} counts {count:,} positions where {_PERFT_COUNT:,} are published")
        match = Match(f"perft, position 5, depth {_PERFT_DEPTH}", "perft", sides, "nodes/s", "count")
        return Comparison(play(match, rounds, progress), _conditions(core, own, openspiel, python_chess))


def _conditions(core: int | None, *sides: Contestant) -> dict[str, Any]:
    """How all sides of a run were kept alike, and what they are."""
    return {
        "threads": 1,
        "core": core if all(side.pinned for side in sides) else None,
        "versions": {side.side: side.versions for side in sides},
    }


def _lockstep_conditions() -> dict[str, Any]:
    return {
        "method": "Gumbel root search with sequential halving",
        "roots": ROOTS,
        "simulations": LOCKSTEP_SIMULATIONS,
        "random_opening_plies": _OPENING_PLIES,
        "macs": {name: net.macs(shape) for name, shape in net.NETWORKS.items()},
        "precision": "float32",
    }


def _free(own: Contestant, openspiel: Contestant) -> list[Match]:
    matches = []
    places = [("chess", name, fen) for name, fen in _CHESS.items()] + [("connect_four", "the start", "")]
    for game, name, position in places:
        common = {"game": game, "position": position, "simulations": _FREE_SIMULATIONS, "evaluator": "free"}
        sides = [Side(f"Arborist, batch {batch}", own, {**common, "batch": batch}, own=True) for batch in (1, 64, 256)]
        sides.append(Side("OpenSpiel, Python", openspiel, {**common, "language": "python"}))
        matches.append(Match(f"{_TITLES[game]} from {name}, free evaluator", "search", sides))
    return matches


def _rollouts(own: Contestant, openspiel: Contestant) -> list[Match]:
    matches = []
    languages = (("c++", "C++", _ROLLOUT_SIMULATIONS), ("python", "Python", _PYTHON_ROLLOUT_SIMULATIONS))
    for language, title, simulations in languages:
        for game, count in simulations.items():
            common = {"game": game, "position": "", "simulations": count, "evaluator": "rollouts"}
            batches = (1, 64) if language == "c++" else (64,)
            sides = [Side(f"Arborist, batch {batch}", own, {**common, "batch": batch}, own=True) for batch in batches]
            sides.append(Side(f"OpenSpiel, {title}", openspiel, {**common, "language": language}))
            matches.append(Match(f"{_TITLES[game]}, random rollouts, {count:,} simulations", "search", sides))
    return matches


def _lockstep(own: Contestant, mctx: Contestant, network: str) -> Match:
    words = {
        "lines": openings(ROOTS, _OPENING_PLIES),
        "network": network,
        "simulations": LOCKSTEP_SIMULATIONS,
        "searches": _SEARCHES[network],
    }
    name = f"Connect Four, {ROOTS} roots in lockstep, {network} network"
    return Match(name, "lockstep", [Side("Arborist", own, words, own=True), Side("mctx", mctx, words)])


def openings(count: int, plies: int, seed: int = 7) -> list[list[int]]:
    """Random Connect Four openings, too short (at most 5 plies) to fill a column or to end."""
    if plies > 5:
        raise ValueError(f"{plies} plies can fill a column; at most 5 are drawn")
    rng = random.Random(seed)
    return [[rng.randrange(net.COLUMNS) for _ in range(plies)] for _ in range(count)]


def _same_outputs(own: Contestant, mctx: Contestant, network: str) -> None:
    """Raises `PeerError` where the two sides' networks do not say the same of the same positions."""
    ours = np.array(own.ask("outputs", {"network": network})["outputs"])
    raw = np.array(mctx.ask("outputs", {"network": network})["outputs"])
    wdl = np.exp(raw[:, net.COLUMNS :])
    theirs = np.concatenate((raw[:, : net.COLUMNS], wdl / wdl.sum(1, keepdims=True)), 1)
    difference = float(np.abs(ours - theirs).max())
    if difference > 1e-3:
        raise PeerError(f"the two {network} networks differ by {difference:.3g}: not a comparison at equal cost")


def _bytes(own: Contestant, mctx: Contestant) -> list[Result]:
    figures = []
    for game in ("connect_four", "chess"):
        title = f"{_TITLES[game]}, bytes a node"
        tree = own.ask("tree_bytes", {"game": game, "position": "", "simulations": 100_000})
        dense = mctx.ask("tree_bytes", {"game": game, "roots": ROOTS, "simulations": LOCKSTEP_SIMULATIONS})
        ours, theirs = tree["bytes_a_node"], dense["bytes_a_node"]
        figures += [
            result(f"{title}: Arborist, tree of 100,000", "bytes", [ours]),
            result(f"{title}: Arborist, of which game states", "bytes", [tree["of_which_states"]]),
            result(f"{title}: mctx, dense arrays", "bytes", [theirs]),
            result(f"{title}: mctx, of which game states", "bytes", [dense["of_which_states"]]),
            result(f"{title}: mctx / Arborist", "times", [theirs / ours]),
        ]
    return figures
