"""The hunt for positions on which two players differ, over the wire."""

from collections.abc import Generator
from contextlib import ExitStack

from engine.arena.disagreements import Difference, Hunt, View, judge_for
from engine.arena.make_players import PlayerMaker
from engine.arena.openings import open_book
from engine.arena.player_spec import canonical
from engine.arena.players import Player
from engine.arena.positions import played_on, positions_of
from engine.arena.reading import read_games
from engine.arena.running import warm_up
from engine.arena.search_player import SearchPlayer
from engine.arena.store import BY_HAND
from engine.domains import registry as domains
from engine.domains.base import Line
from engine.search.breaks import until_told
from engine.service import arena_messages as arena
from engine.service.arena_tools import Tools
from engine.service.jobs import Work
from engine.service.preparing import KERNELS, preparing
from engine.service.progress import Progress


def find_disagreements(request: arena.FindDisagreements, tools: Tools) -> Work:
    """Ask two players about many positions, and a judge about those on which they differ most.

    Raises:
        PlayerError, GenerationError, DeviceError, UciError: there is no such player, or none that can judge.
        MatchStoreError: there is no such match. OpeningsError: the openings cannot be used.
    """
    judge_name = request.judge or judge_for(request.a, request.b, _score_of_a(request, tools))
    progress = Progress(tools.post, tools.clock)
    with ExitStack() as stack:
        a, b, judge = _players(request, judge_name, tools, stack)
        rules = domains.rules(request.domain)
        lines = yield from until_told(_positions(request, (a, b), tools, progress))
        hunt = Hunt(rules, a, b, request.seed, lambda text, done, total: progress.tell(text, done, total))
        is_stopped = lines is None or (yield from hunt.ask(lines))
        if not is_stopped:
            progress.restart()

            def heard(one: Difference) -> None:
                tools.post(arena.DisagreementFound(found=_told(one)))

            is_stopped = yield from hunt.judge(judge, request.judged, heard)
    return arena.Disagreements(
        id=request.id,
        found=tuple(_told(one) for one in hunt.widest(request.judged)),
        positions=hunt.positions,
        differing=hunt.differing,
        judge=judge_name,
        stopped=BY_HAND if is_stopped else "",
    )


def _players(
    request: arena.FindDisagreements, judge_name: str, tools: Tools, stack: ExitStack
) -> tuple[Player, Player, SearchPlayer]:
    """The two players and their judge, who are let go of with `stack`."""
    rules, notation = domains.rules(request.domain), domains.notation(request.domain)
    maker = PlayerMaker(rules, seed=request.seed, device=request.device)
    steps = (*(f"Loading {name}" for name in (request.a, request.b, judge_name)), KERNELS)
    with preparing(tools.post, *steps) as next_step:
        a = maker.make(request.a)
        stack.callback(a.close)
        next_step()
        b = maker.make(request.b)
        stack.callback(b.close)
        next_step()
        judge = maker.make_one_by_one(judge_name)
        next_step()
        warm_up(rules, a, b, notation.parse_line("startpos"))
    return a, b, judge


def _positions(
    request: arena.FindDisagreements, players: tuple[Player, Player], tools: Tools, progress: Progress
) -> Generator[None, None, list[Line]]:
    """What the players are asked about."""
    if request.match:
        match = yield from read_games(tools.store.get(request.match))
        return positions_of(match, request.positions, request.seed)
    rules = domains.rules(request.domain)
    book = open_book(request.openings, rules, domains.notation(request.domain))

    def told(share: float) -> None:
        progress.tell("Playing on from the openings", share * request.positions, request.positions)

    lines = yield from played_on(rules, book, players, request.positions, request.seed, told)
    progress.restart()
    return lines


def _score_of_a(request: arena.FindDisagreements, tools: Tools) -> float | None:
    """Share of the points that A won against B in the stored match, if it is one of theirs and has a result."""
    if not request.match:
        return None
    stored = tools.store.get(request.match)
    score = None if stored.report is None else stored.report.get("score")
    played = [canonical(text) for text in (stored.order.a, stored.order.b)]
    asked = [canonical(text) for text in (request.a, request.b)]
    if score is None or played not in (asked, asked[::-1]):
        return None
    return float(score) if played == asked else 1.0 - float(score)


def _told(one: Difference) -> arena.Disagreement:
    return arena.Disagreement(
        start=one.line.start,
        actions=one.line.actions,
        a=_opinion(one.a),
        b=_opinion(one.b),
        gap=one.gap,
        judge=None if one.judge is None else _opinion(one.judge),
        a_loss=one.a_loss,
        b_loss=one.b_loss,
    )


def _opinion(view: View) -> arena.Opinion:
    return arena.Opinion(action=view.action, value=view.value)
