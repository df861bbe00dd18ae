"""What a player thinks of one position, as it would in a game, with the whole journal of its search."""

import contextlib
import itertools
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Generator
from dataclasses import dataclass

from engine.arena.games import Game
from engine.arena.make_players import PlayerMaker
from engine.arena.players import Chosen, IntuitionPlayer, Player, Searches, Turn, choosing
from engine.domains.base import Line, PositionError, Rules
from engine.search.clock import Clock
from engine.search.search import Search
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.events import encode_header
from engine.tree.explain import node_value

_KEPT_PLAYERS = 4
_BREAKS_TO_WARM_UP = 8


@dataclass(frozen=True, slots=True)
class PlayerThought:
    """What a player thinks.

    Attributes:
        header, events: the journal of its search (`engine.tree.events`); empty where it has none.
        action: it would play. value: from the player to move, in [-1, 1]; None = it says nothing.
        seconds_s: it took, without breaks.
    """

    header: bytes
    events: bytes
    action: int
    value: float | None
    seconds_s: float


def board_at(rules: Rules, line: Line, index: int = 0) -> Game:
    """The end of `line` as a game of this number that has come so far.

    Raises:
        PositionError, ActionError: `line` is no line of the domain.
    """
    game = Game(index, line, a_moves_first=True)
    game.set_out(rules.load(line))
    return game


def turn_on(game: Game, seed: int, player: Player) -> Turn:
    """What a player is asked about a board; one with a clock has all its time."""
    control = player.clock
    clock = None if control is None else Clock(remaining_s=control.base_s, increment_s=control.increment_s)
    return Turn(game, seed, clock, clock)


def turn_at(rules: Rules, line: Line, seed: int, player: Player) -> Turn:
    """The end of `line` as a player meets it in a game.

    Raises:
        PositionError, ActionError: `line` is no line of the domain, or play has ended.
    """
    game = board_at(rules, line)
    if rules.expand(game.history[-1:].copy()).outcomes[0]:
        raise PositionError("play has ended in this position: there is nothing to think about")
    return turn_on(game, seed, player)


def think(player: Player, turn: Turn) -> Generator[None, None, PlayerThought]:
    """What `player` thinks of a board, with breaks.

    One that searches is watched in a search of its own, which finds what the player finds; intuition alone shows the
    root with its priors. Others have no journal.

    Raises:
        ValueError: the player is an engine that failed.
    """
    events: list[bytes] = []
    spent = _Stopwatch()
    if isinstance(player, Searches):
        search = player.search(turn, events.append)
        while search.advance() is None:
            yield from spent.pause()
        action, value = found_by(search)
        header = encode_header(search.header)
    else:
        chosen = yield from choosing(player, [turn])
        action, value, header = _only_answer(player, chosen), chosen.values[0], b""
    if isinstance(player, IntuitionPlayer):  # equal priors are decided by its chance, not by the search's rule
        chosen = player.choose([turn])
        action, value = chosen.actions[0], chosen.values[0]
    return PlayerThought(header, b"".join(events), action, None if math.isnan(value) else value, spent.seconds())


def warm_up_thinking(player: Player, turn: Turn) -> None:
    """Let a player that searches think for a moment for nothing, so that compiling does not count as thinking."""
    if isinstance(player, Searches):
        with contextlib.closing(think(player, turn)) as idle:
            for _ in itertools.islice(idle, _BREAKS_TO_WARM_UP):
                pass


def found_by(search: Search) -> tuple[int, float]:
    """The action to play after a search, and the value of its root, from the player to move."""
    return int(search.tree.edge_action[best_edge(search.tree, ROOT)]), node_value(search.tree, ROOT)


def _only_answer(player: Player, chosen: Chosen) -> int:
    fault = chosen.faults[0] if chosen.faults else None
    if fault is not None:
        raise ValueError(f"{player.name} gave no move: {fault.text}")
    return chosen.actions[0]


class _Stopwatch:
    """Counts the seconds between breaks."""

    def __init__(self) -> None:
        self._seconds, self._started = 0.0, time.perf_counter()

    def pause(self) -> Generator[None, None, None]:
        """A break, which does not count."""
        self._seconds += time.perf_counter() - self._started
        yield
        self._started = time.perf_counter()

    def seconds(self) -> float:
        """Counted so far."""
        return self._seconds + time.perf_counter() - self._started


class Thinkers:
    """The players that were asked last, kept with their networks and processes for the next question.

    Args:
        rules: of a domain by name.
    """

    def __init__(self, rules: Callable[[str], Rules]) -> None:
        self._rules = rules
        self._players: OrderedDict[tuple[str, str, str], Player] = OrderedDict()
        self._makers: dict[tuple[str, str], PlayerMaker] = {}

    def has(self, domain: str, text: str, device: str) -> bool:
        """Whether a player is kept from an earlier question."""
        return (domain, text, device) in self._players

    def player(self, domain: str, text: str, device: str) -> Player:
        """The player that `text` means.

        Raises:
            PlayerError, GenerationError, DeviceError, UciError: there is no such player here.
        """
        key = (domain, text, device)
        if key not in self._players:
            maker = self._makers.setdefault((domain, device), PlayerMaker(self._rules(domain), device=device))
            self._players[key] = maker.make(text)
            if len(self._players) > _KEPT_PLAYERS:
                self._players.popitem(last=False)[1].close()
        self._players.move_to_end(key)
        return self._players[key]

    def close(self) -> None:
        """Let go of them all."""
        for player in self._players.values():
            player.close()
        self._players.clear()
        self._makers.clear()
