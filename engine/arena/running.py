"""A match that can be played: its players, its openings and its journal are there, and go when it is closed."""

import contextlib
import itertools
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from engine.arena.adjudication import audit
from engine.arena.faults import REASONS
from engine.arena.games import Game
from engine.arena.journal import Header, MatchJournal
from engine.arena.ladder_results import played_games
from engine.arena.make_players import PlayerMaker
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import Book, open_book
from engine.arena.order import MatchOrder, checked
from engine.arena.player_spec import PlayerSpec, parse_player
from engine.arena.players import Player, choosing
from engine.arena.report import Asked, match_report
from engine.arena.store import BY_HAND
from engine.domains import registry as domains
from engine.domains.base import Line, Rules
from engine.nets.onnx_evaluator import available_cores
from engine.nets.recent import RecentEvaluators

_AT_ONCE, _AT_ONCE_IN_A_TEST, _AT_ONCE_UCI = 256, 64, 4
_TYPICAL_PLIES = 80.0
_BREAKS_TO_WARM_UP = 32


class RunningMatch:
    """A match and everything it needs; a context manager that lets go of it all.

    Attributes:
        order: what was asked for. header: what it is.
        asked: for `engine.arena.report`.
        rules: of the domain.
        match: the games; what the journal held has been played again.
    """

    def __init__(self, order: MatchOrder, asked: Asked, header: Header, match: Match, held: ExitStack) -> None:
        self.order, self.asked, self.header, self.match = order, asked, header, match
        self.rules = domains.rules(order.domain)
        self._held = held

    def __enter__(self) -> Self:
        """The match itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the players and close the journal."""
        self.close()

    def close(self) -> None:
        """End the players and close the journal; again does nothing."""
        self._held.close()

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be played."""
        return self.match.is_over

    def advance(self) -> bool:
        """One step of the match (`Match.advance`): seconds at most; False once it is over."""
        return self.match.advance()

    def step(self) -> Generator[None, None, None]:
        """The same with breaks (`Match.step`)."""
        return self.match.step()

    def steps(self) -> Generator[None, None, None]:
        """All that is left to be played; a break after each step, and where players take them."""
        while not self.is_over:
            yield from self.step()
            yield

    def pairs_done(self) -> float:
        """Pairs that are over, and of those under way the part that games are usually long; at most `match.pairs`."""
        games = self.match.games
        usual = games.finished_plies / games.num_finished if games.num_finished else _TYPICAL_PLIES
        under_way = sum(min(0.95, len(game.actions) / max(1.0, usual)) for game in games.live)
        return (games.num_finished + under_way) / 2.0

    def seconds_per_game(self) -> float | None:
        """Time that a game takes, the others being played beside it; None before anything was played."""
        pairs = self.pairs_done()
        return self.match.seconds_s / (2.0 * pairs) if pairs else None

    def report(self, stopped: str | None = None) -> dict[str, Any]:
        """The result so far, as `arborist match --json` prints it.

        Args:
            stopped: why it ended: "pairs", "sprt" or "by hand"; None = as the match stands.
        """
        match, order = self.match, self.order
        if stopped is None:
            stopped = "sprt" if match.stopped_at is not None else "pairs" if match.is_over else BY_HAND
        games = match.counted_games()
        players = (self.asked.a, self.asked.b)
        played = played_games(order.a, order.b, games, match.counts())
        return {
            **match_report(self.rules, match, self.asked, stopped),
            "players": [_told(player) for player in players],
            "reproducible": all(player.facts.is_reproducible for player in players),
            "max_plies": order.max_plies,
            "first_move": {"a": list(played.a_first), "b": list(played.b_first)},
            "forfeits": {"a": _forfeits(games, of_a=True), "b": _forfeits(games, of_a=False)},
            "adjudication": None if order.adjudication is None else audit(games, order.adjudication),
        }


def open_match(
    order: MatchOrder,
    journal: Path | None = None,
    threads: int | None = None,
    preparing: Callable[[str], object] = lambda _: None,
    networks: RecentEvaluators | None = None,
) -> RunningMatch:
    """Get a match ready: load its players and openings, compile what they need, play again what the journal holds.

    Takes seconds, with a network some more; nothing of it counts as playing.

    Args:
        journal: file that keeps every move; begun, or gone on with. None = the match is gone when this process ends.
        threads: of each network; None = as suits the machine.
        preparing: told what is being done, for people.
        networks: where networks come from, such as are left from an earlier match; `threads` is not asked then.

    Raises:
        OrderError, PlayerError, GenerationError, DeviceError, UciError, OpeningsError: it cannot be played so.
        MatchJournalError: the journal is damaged, or of another match.
        OSError: a file cannot be read or written.
    """
    order = checked(order)
    specs = [parse_player(text) for text in (order.a, order.b)]
    rules, notation = domains.rules(order.domain), domains.notation(order.domain)
    book = open_book(order.openings, rules, notation)
    with ExitStack() as stack:
        preparing("loading the players")
        maker = PlayerMaker(rules, seed=order.seed, device=order.device, threads=threads, networks=networks)
        players: list[Player] = []
        for spec in specs:
            players.append(maker.make(spec.text))
            stack.callback(players[-1].close)
        a, b = players
        asked = Asked(a, b, book, order.pairs, order.seed, None if order.sprt is None else order.sprt.sprt())
        header = _header(order, a, b, book)
        kept = None if journal is None else stack.enter_context(MatchJournal(journal, header))
        pairs = order.pairs
        if a.is_deterministic and b.is_deterministic:
            pairs = min(pairs, len(book.lines))  # from the same opening they would play the same game again
        openings = book.choose(pairs, order.seed)
        preparing("loading the kernels (the first time compiles them)")
        warm_up(rules, a, b, openings[0])
        at_once = order.concurrency or pairs_at_once(specs, is_tested=order.sprt is not None)
        settings = MatchSettings(at_once, order.max_plies, order.seed, asked.sprt, order.adjudication)
        match = Match(rules, a, b, openings, settings, kept)
        return RunningMatch(order, asked, header, match, stack.pop_all())


def pairs_at_once(specs: list[PlayerSpec], *, is_tested: bool) -> int:
    """Pairs that are best played at the same time.

    Few where a test would hear them too late; fewer where engines would wait for each other; and where a player has a
    clock or seconds, only as many games as there are processor cores for: one pair where the machine has two or fewer,
    or where the player is a search of ours, which uses them all.
    """
    on_time = [spec for spec in specs if spec.is_on_time]
    if on_time:
        return max(1, available_cores() // 2) if all(spec.kind == "uci" for spec in on_time) else 1
    if any(spec.kind == "uci" for spec in specs):
        return _AT_ONCE_UCI
    return _AT_ONCE_IN_A_TEST if is_tested else _AT_ONCE


def warm_up(rules: Rules, a: Player, b: Player, opening: Line) -> None:
    """Let both think for a moment for nothing, so that getting ready is not counted as playing."""
    idle = Match(rules, a, b, [opening], MatchSettings())
    for player, game in ((a, idle.games[0]), (b, idle.games[1])):
        with contextlib.closing(choosing(player, [idle.turn_of(game)])) as thinking:
            for _ in itertools.islice(thinking, _BREAKS_TO_WARM_UP):
                pass


def _header(order: MatchOrder, a: Player, b: Player, book: Book) -> Header:
    return Header(
        domain=order.domain,
        a=a.name,
        b=b.name,
        a_fingerprint=a.fingerprint,
        b_fingerprint=b.fingerprint,
        book=book.name,
        book_hash=book.content_hash,
        seed=order.seed,
        max_plies=order.max_plies,
        adjudication=order.adjudication,
        a_facts=a.facts,
        b_facts=b.facts,
    )


def _told(player: Player) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(player.facts)
    return told


def _forfeits(games: list[Game], *, of_a: bool) -> dict[str, int]:
    """How often a player lost without a move, by reason."""
    lost = [game.ended_by for game in games if game.ended_by in REASONS and game.points == (0.0 if of_a else 1.0)]
    return {reason: lost.count(reason) for reason in REASONS if reason in lost}
