"""The desk of the ladder: all players of a domain on one scale, and more of them when they have played.

Opening the page plays nothing: the stored matches are rated together. Run lets the chosen players meet, each pairing a
stored match, so that a ladder that was paused goes on where it stood.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, Protocol

from app.arena.job import Conversation, Job, StoredMatches, find_match
from app.arena.kept_anchors import KeptAnchors
from app.arena.standing import Standing
from app.viewmodels.arena_ladder import (
    LadderPlan,
    LadderRecord,
    cost_sentence,
    ladder_rows,
    ladder_sentences,
    scale_sentence,
    seating,
)
from app.viewmodels.arena_ladder_players import anchor_choices, find_program, name_of
from engine.arena.player_spec import canonical
from engine.service.arena_messages import LadderRated, RunLadder
from engine.service.messages import Answer

_EMPTY = "No match of this domain is stored yet. Add two players or more, then press Run."


class LadderScreen(Protocol):
    """What the ladder is shown on."""

    def show_ladder(self, record: LadderRecord) -> None:
        """All of the page."""
        ...


class Ladder:
    """The ratings of one domain, and the plan to play for more.

    Attributes:
        domain: whose players these are. plan: what Run would play. record: what was shown last.
    """

    def __init__(
        self,
        screen: LadderScreen,
        talk: Conversation,
        matches: StoredMatches,
        kept: KeptAnchors | None = None,
        find: Callable[[str], str | None] = find_program,
    ) -> None:
        """`kept`: players that were held still before. `find`: gives the path of a program on this machine, or None."""
        self.domain = ""
        self.plan = LadderPlan()
        self.record = LadderRecord()
        self.job = Job(talk, self._show)
        self._screen = screen
        self._talk = talk
        self._find = find
        self._kept = kept or KeptAnchors()
        self._matches = matches
        self._standing = Standing(self.job, talk, matches)

    @property
    def rated(self) -> LadderRated | None:
        """The last rating, None before there was one."""
        return self._standing.rated

    def open(self, domain: str) -> None:
        """The page is looked at: rate what is stored, unless something runs."""
        if domain != self.domain:
            self.domain, self.plan = domain, LadderPlan(anchors=self._kept.of(domain))
        self._standing.turn_to(domain, self.plan.anchors)
        self._show()

    def add(self, player: str, elo: float | None = None) -> None:
        """Let a player take part; an `elo` holds it there."""
        player = canonical(player.strip())
        if not player or self.job.record.running:
            return
        anchors = dict(self.plan.anchors)
        if elo is not None and not anchors:  # one anchor fixes the scale; more of them would bend it
            anchors[player] = elo
        players = tuple(dict.fromkeys((*self.plan.players, player)))
        self._plan(players=players, anchors=tuple(anchors.items()))

    def remove(self, player: str) -> None:
        """Let a player take no part; its stored matches stay on the ladder."""
        anchors = tuple(anchor for anchor in self.plan.anchors if anchor[0] != player)
        self._plan(players=tuple(one for one in self.plan.players if one != player), anchors=anchors)

    def hold(self, player: str, elo: float | None) -> None:
        """Hold a player at an Elo, or let it go with None; what is on screen is rated anew."""
        anchors = dict(self.plan.anchors)
        anchors.pop(player, None)
        if elo is not None:
            anchors[player] = elo
        self._plan(anchors=tuple(anchors.items()))
        self._standing.follow()

    def set_pairs(self, pairs: int) -> None:
        """Pairs of games in each pairing."""
        self._plan(pairs=max(1, pairs))

    def set_pairing(self, *, all_meet: bool) -> None:
        """Whether everybody meets everybody."""
        self._plan(all_meet=all_meet)

    def take_all(self) -> None:
        """Let everybody who is on the ladder take part."""
        known = () if self.rated is None else tuple(player.player for player in self.rated.players)
        self._plan(players=tuple(dict.fromkeys((*self.plan.players, *known))))

    def run(self) -> None:
        """Play what is planned."""
        if not self.record.can_run:
            return
        plan, domain = self.plan, self.domain
        players = seating(plan.players, self.rated, plan.anchors)
        pairing: Literal["neighbours", "all"] = "all" if plan.all_meet else "neighbours"
        there = {*players, *(() if self.rated is None else (player.player for player in self.rated.players))}
        anchors = {player: elo for player, elo in plan.anchors if player in there}

        def make(number: int) -> RunLadder:
            return RunLadder(
                id=number,
                domain=domain,
                players=players,
                pairs=plan.pairs,
                pairing=pairing,
                anchors=anchors,
            )

        self.job.begin("Getting the players ready ...", make, self._played)

    def pause(self) -> None:
        """Stop playing; what was played stays and is rated."""
        self.job.pause()

    def conversation_changed(self) -> None:
        """A job began or ended on the engine, perhaps somebody else's."""
        self.job.let_go()
        self._standing.follow()

    def matches_changed(self) -> None:
        """The list of stored matches is another: what a ladder costs, and perhaps its scale."""
        self._standing.follow()
        self._show()

    def match_between(self, one: str, other: str) -> str:
        """Id of the newest stored match of two players, or ""."""
        return find_match(self._matches.listed or (), one, other)

    def _played(self, answer: Answer) -> None:
        """The games are over: what is on screen is again everything that is stored."""
        self._matches.refresh()
        self._standing.rate(answer.stopped if isinstance(answer, LadderRated) else "")

    def _plan(self, **changes: Any) -> None:
        self.plan = replace(self.plan, **changes)
        self._standing.anchors = self.plan.anchors
        self._kept.keep(self.domain, self.plan.anchors)
        self._show()

    def _show(self) -> None:
        record = self._record()
        if record != self.record:
            self.record = record
            self._screen.show_ladder(record)

    def _record(self) -> LadderRecord:
        rated, plan, job = self.rated, self.plan, self.job.record
        held = dict(plan.anchors)
        is_waiting = rated is None or not rated.players
        return LadderRecord(
            domain=self.domain,
            rows=() if rated is None else ladder_rows(rated),
            superiority=() if rated is None else rated.superiority,
            sentences=() if rated is None else ladder_sentences(rated),
            scale=scale_sentence(rated),
            plan=plan,
            plan_rows=tuple(
                (player, name_of(player), held.get(player)) for player in seating(plan.players, rated, plan.anchors)
            ),
            cost=cost_sentence(plan, self._matches.listed or ()),
            can_run=len(plan.players) >= 2 and not job.running,
            choices=anchor_choices(self.domain, self._find),
            job=job,
            empty=_EMPTY if is_waiting and not job.running else "",
        )
