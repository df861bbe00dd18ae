"""The desk for rounds: the list of those on disk, the one that is made, and the positions that are pinned."""

from collections.abc import Callable

from app.arena.talk import Talk
from app.viewmodels.train_replica import RoundReplica, replica_of
from app.viewmodels.train_setup import TrainSetup, going_on, request_of
from engine.domains import registry
from engine.domains.base import Line
from engine.service.arena_messages import PauseJob
from engine.service.messages import Answer, Failed, Notice
from engine.service.train_messages import (
    ListRounds,
    PinnedNews,
    RoundBegan,
    RoundEnded,
    RoundInfo,
    RoundNews,
    Rounds,
    RoundsEnded,
    SelfPlayNews,
    StartRounds,
)

MOST_PINS = 6
"""Of a domain; each is asked about every two seconds of a training."""


class RoundDesk:
    """One round is looked at; at most one is made. All that was done of it is on disk at any time.

    Attributes:
        listed: rounds on disk, the newest first; None before they are known.
        live: the round that was made last while the window was open, or None.
        selected: id of the round that is looked at, "" = none: what will be set up.
        is_busy: rounds were started and do not stand still yet. is_pausing, is_cancelling: they were asked to.
        rounds_left: how many of those asked for are still to be made, the one that stands still included.
        trouble: a sentence on what went wrong last, or "".
        watchers: called when anything of this is new.
    """

    def __init__(self, talk: Talk, made: Callable[[], None]) -> None:
        """`made` is called when there may be another generation, or more is known of one."""
        self.listed: tuple[RoundInfo, ...] | None = None
        self.live: RoundReplica | None = None
        self.selected = ""
        self.is_busy = self.is_pausing = self.is_cancelling = False
        self.rounds_left = 1
        self.trouble = ""
        self.watchers: list[Callable[[], None]] = []
        self._talk, self._made = talk, made
        self._pins: dict[str, tuple[Line, ...]] = {}
        self._asked = 1

    # -- positions -----------------------------------------------------------------------------------------------------

    def pins(self, domain: str) -> tuple[Line, ...]:
        """The pinned positions of a domain; the start is one until it is taken off."""
        if domain not in self._pins:
            self._pins[domain] = (registry.notation(domain).parse_line("startpos"),)
        return self._pins[domain]

    def pin(self, domain: str, line: Line) -> str:
        """Pin a position; a sentence on what came of it."""
        pins = self.pins(domain)
        if line in pins:
            return "This position is pinned already."
        if len(pins) >= MOST_PINS:
            return f"{MOST_PINS} positions are pinned already. Take one off first."
        self._pins[domain] = (*pins, line)
        self._tell()
        return "Pinned. It is asked about from the next start on." if self.is_busy else "Pinned."

    def unpin(self, domain: str, line: Line) -> None:
        """Take a position off."""
        self._pins[domain] = tuple(pin for pin in self.pins(domain) if pin != line)
        self._tell()

    # -- rounds --------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the list of rounds anew."""
        self._talk.ask(lambda number: ListRounds(id=number), self._got_list)

    def start(self, setup: TrainSetup) -> None:
        """Begin with what is set up."""
        pins = self.pins(setup.domain)
        self._begin(lambda number: request_of(setup, number, pins), setup.rounds)

    def go_on(self, name: str) -> None:
        """Go on with a round that stands still."""
        info = self.info(name)
        if info is None or info.order is None:
            return
        order, pins = info.order, self.pins(info.order.domain)
        is_same = self.live is not None and self.live.round == name
        rounds = max(self.rounds_left, 1) if is_same else 1
        self._begin(lambda number: going_on(order, rounds, number, pins), rounds)

    def pause(self) -> None:
        """Let the round stand still after what is in hand; it can go on at any time."""
        if self.is_busy and not self.is_pausing:
            self.is_pausing = True
            self._talk.ask(lambda number: PauseJob(id=number), lambda _: None)
            self._tell()

    def cancel(self) -> None:
        """Let it stand still and set it aside: it stays in the list, where it can be gone on with."""
        if self.is_busy:
            self.is_cancelling = True
            self.pause()
        else:
            self.select("")

    def select(self, name: str) -> None:
        """Look at a round; "" = at none."""
        if not self.is_busy or name:
            self.selected = name
            self._tell()

    def info(self, name: str) -> RoundInfo | None:
        """What was found of a round on disk."""
        return next((info for info in self.listed or () if info.round == name), None)

    def shown(self) -> RoundReplica | RoundInfo | None:
        """The round that is looked at, followed live where that can be."""
        if self.live is not None and self.live.round == self.selected:
            return self.live
        return self.info(self.selected)

    def can_go_on(self, name: str) -> bool:
        """Whether a round stands still and is not over."""
        info = self.info(name)
        return not self.is_busy and info is not None and info.standing in ("cut off", "played")

    def forget_trouble(self) -> None:
        """The sentence was read."""
        self.trouble = ""

    # -- what the engine says ------------------------------------------------------------------------------------------

    def _begin(self, make: Callable[[int], StartRounds], rounds: int) -> None:
        if self.is_busy:
            return
        self.is_busy, self.is_pausing, self.is_cancelling, self.trouble = True, False, False, ""
        self.rounds_left = self._asked = rounds
        self._talk.ask(make, self._ended, self._noticed)
        self._tell()

    def _noticed(self, notice: Notice) -> None:
        match notice:
            case RoundBegan():
                self._take_up(notice)
            case RoundNews() if self._is_live(notice.round):
                assert self.live is not None
                self.live.fold(notice)
            case SelfPlayNews() if self._is_live(notice.round):
                assert self.live is not None
                self.live.fold_games(notice)
            case PinnedNews() if self._is_live(notice.round):
                assert self.live is not None
                self.live.fold_pinned(notice)
            case RoundEnded() if self._is_live(notice.round):
                assert self.live is not None
                self.live.end(notice)
                self.rounds_left = self._asked - notice.number + (notice.report["stage"] != "done")
                self.refresh()
                self._made()
            case _:
                return
        self._tell()

    def _take_up(self, began: RoundBegan) -> None:
        pins = self.pins(began.order.domain)
        if self.live is not None and self.live.round == began.round:
            self.live.go_on(began, pins)
        else:
            self.live = replica_of(began, pins)
        self.selected = began.round
        self.rounds_left = self._asked - began.number + 1
        self.refresh()

    def _is_live(self, name: str) -> bool:
        return self.live is not None and self.live.round == name

    def _ended(self, answer: Answer) -> None:
        is_dead = self._talk.state == "failed"  # the workspace says so, for all pages
        if isinstance(answer, Failed) and not is_dead:
            self.trouble = answer.text
        is_over = isinstance(answer, RoundsEnded) and answer.stopped == "rounds"
        if self.is_cancelling and not is_over:
            self.selected = ""
        self.is_busy = self.is_pausing = self.is_cancelling = False
        if not is_dead:  # asking would start it again at once
            self.refresh()
        self._tell()

    def _got_list(self, answer: Answer) -> None:
        if isinstance(answer, Rounds):
            is_first, self.listed = self.listed is None, answer.rounds
            if is_first and not self.selected and answer.rounds:
                self.selected = answer.rounds[0].round
        elif isinstance(answer, Failed) and self._talk.state != "failed":
            self.trouble = answer.text
        self._tell()

    def _tell(self) -> None:
        for tell in tuple(self.watchers):
            tell()
