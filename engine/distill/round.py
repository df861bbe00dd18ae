"""One turn of the ratchet: search plays, the intuition learns what search found, and the two meet.

A round lives in a folder. Each stage leaves its result there whole or not at all, and depends on the order and on what
earlier stages left, never on the time; so a round that was killed goes on where it was, and ends with the same child.
A round is a generator: it yields what happens, and whoever stops listening can go on later.

Stages: `fuel` (is search stronger than its own intuition?), `play`, `learn`, `match`. The child is published before it
is matched; what the matches say is added to its card.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import torch

from engine.arena.games import Game
from engine.arena.openings import open_book
from engine.arena.order import MatchOrder
from engine.arena.running import open_match
from engine.distill.autopsy import EARLIER_ROUNDS, THIS_ROUND, autopsy
from engine.distill.durable import full_disk_told
from engine.distill.learning import AstrayError, Learned, Learning, held_out_losses
from engine.distill.lessons import FROM_BOOK, FROM_SURPRISE, Lessons
from engine.distill.pinned import PinnedPositions
from engine.distill.preflight import examined
from engine.distill.round_lessons import RoundLessons, held_out, lesson_figures, surprise_chances
from engine.distill.round_news import Boards, Pace, RoundNews
from engine.distill.round_order import RoundError, RoundOrder, Stage
from engine.distill.round_state import RoundState, read_order, save_state, taken_up
from engine.distill.self_play import Beginning, play_shard
from engine.distill.settings import LearningSettings
from engine.distill.training_device import training_device
from engine.distill.training_log import training_log
from engine.distill.verdict import helped
from engine.domains import registry as domains
from engine.domains.base import Line
from engine.generations.card import WEIGHTS_FILE, Card
from engine.generations.registry import Generation, Registry
from engine.nets.choose import make_evaluator
from engine.nets.policy_value_net import PolicyValueNet
from engine.nets.publish import publish
from engine.nets.weights import network_from_file

_FUEL, _PLAY, _SHUFFLE, _MATCH, _BEGIN = range(5)
"""Streams of random numbers made of one seed."""
_LOG_EVERY = 10
_TYPICAL_PLIES = 40.0
_FOLLOWING: dict[Stage, Stage] = {"fuel": "play", "play": "learn", "learn": "match", "match": "done"}


class Round:
    """A round in its folder.

    Attributes:
        order: what it is to be. folder: where it lives. state: how far it is.
        lessons: of it.
    """

    def __init__(self, order: RoundOrder, registry: Registry, folder: Path, pinned: Sequence[Line] = ()) -> None:
        """Take a round up, a new one or one that was begun.

        Args:
            pinned: positions that the network is asked about while it learns.

        Raises:
            RoundError: the folder holds another round, or the parent has changed since.
            GenerationError: the parent cannot be used.
            PositionError, ActionError: a pinned position is none.
            DiskFullError: the disk is full.
        """
        self.order, self.folder, self._registry = order, folder, registry
        self._rules = domains.rules(order.domain)
        self._pinned = PinnedPositions(self._rules, pinned)
        self._parent = registry.get(order.parent, order.domain)
        architecture = self._parent.card.architecture
        if self._parent.is_uniform or architecture is None:
            raise RoundError(f"{order.parent} has no network that could learn")
        if self._rules.formats[architecture.fmt].history > 1:
            raise RoundError(
                f"{order.parent} reads {architecture.fmt} planes, which need earlier positions; lessons hold one each"
            )
        with full_disk_told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self.state = taken_up(folder, order, self._parent.card.weights_sha256)
        self.lessons = RoundLessons(self._rules, order, folder)

    @property
    def stages(self) -> tuple[tuple[Stage, int], ...]:
        """The stages in order, each with its steps; 0 = not known yet."""
        size = self.order.size
        steps = (self.state.learning or {}).get("steps", 0)
        return (
            ("fuel", size.fuel_pairs),
            ("play", size.games),
            ("learn", steps),
            ("match", size.match_pairs + size.search_pairs),
        )

    def run(self, until: Stage = "done") -> Generator[RoundNews, None, RoundState]:
        """Go through the stages that are left.

        Args:
            until: the stage after which to stop, e.g. "play" to look at the lessons; "done" = the last.

        Raises:
            RoundError, LearningError, DiskFullError, OSError: it cannot go on; what was done is kept.
        """
        stages = {"fuel": self._fuel, "play": self._play, "learn": self._learn, "match": self._match}
        end = _FOLLOWING.get(until, "done")
        with full_disk_told(self.folder):
            while self.state.stage not in (end, "done"):
                stage = self.state.stage
                began = time.perf_counter()
                try:
                    yield from stages[stage]()
                    self.state.stage = _FOLLOWING[stage]
                finally:
                    before = self.state.seconds.get(stage, 0.0)
                    self.state.seconds[stage] = before + time.perf_counter() - began
                    save_state(self.folder, self.state)
        return self.state

    # -- stages ------------------------------------------------------------------------------------------------------

    def _fuel(self) -> Iterator[RoundNews]:
        """Does search beat the intuition it starts from? If not, there is nothing to distil."""
        order, size = self.order, self.order.size
        searched = f"{order.parent}@{size.play.simulations}:gumbel"
        if size.fuel_pairs:
            match = self._match_order(searched, f"{order.parent}@0", size.fuel_pairs, self._seed(_FUEL))
            self.state.fuel = yield from self._met("fuel", "fuel", match, 0, size.fuel_pairs)

    def _play(self) -> Iterator[RoundNews]:
        """Shards of self-play that are not there yet, or are damaged."""
        size, pace = self.order.size, Pace()
        yield RoundNews("play", "loading the network", 0, size.games)
        evaluator = make_evaluator(self._parent, self.order.device, self.order.threads)
        for shard in range(self.lessons.num_shards):
            if self.lessons.has(shard):
                continue
            first = shard * size.shard_games
            begun = self._beginnings(shard, min(size.shard_games, size.games - first))
            seed, part, keep = (
                self._seed(_PLAY, shard),
                self.lessons.part(shard),
                partial(self.lessons.keep_part, shard),
            )
            playing = play_shard(self._rules, evaluator, size.play, begun, seed, part, keep)
            while True:
                try:
                    games = next(playing)
                except StopIteration as end:
                    self.lessons.keep(shard, end.value)
                    break
                over = games.finished
                done, left = first + len(over), pace.left(first + _games_done(over, games.live), size.games)
                text = f"{done:,} of {size.games:,} games played"
                yield RoundNews("play", text, done, size.games, left, Boards(games, first))
        lessons = self.lessons.all()
        checks = examined(self._rules, lessons)
        if wrong := [check.text for check in checks if check.outcome == "wrong"]:
            raise RoundError(wrong[0])
        told = [{"name": check.name, "outcome": check.outcome, "text": check.text} for check in checks]
        self.state.lessons = lesson_figures(lessons) | {"checks": told}

    def _learn(self) -> Iterator[RoundNews]:
        """Train the child and publish it."""
        order, pace = self.order, Pace()
        torch.set_num_threads(order.threads)
        yield RoundNews("learn", "reading the lessons", 0, 0)
        lessons, settings = self.lessons.window(), self._learning_settings()
        is_held_out = held_out(lessons)
        kept, aside = lessons.chosen(np.flatnonzero(~is_held_out)), lessons.chosen(np.flatnonzero(is_held_out))
        parent, device = self._network(self._parent), training_device(order.device)
        before = held_out_losses(self._rules, parent, aside, settings) if len(aside) else None
        learning = Learning(self._rules, parent, kept, aside, settings, self._seed(_SHUFFLE), self.folder, device)
        yield RoundNews("learn", "", learning.step, learning.steps, opinions=self._pinned.asked(learning.averaged()))
        try:
            with training_log(self.folder, learning.step) as log:
                for learned in learning.run():
                    if learned.step % _LOG_EVERY == 0 or learned.is_check:
                        log.note(learned.step, **_logged(learned))
                    opinions = self._pinned.if_due(learning.averaged, now=learned.is_check or learning.is_over)
                    left = pace.left(learned.step, learned.steps)
                    text = _learned_text(learned)
                    done = (learned.step, learned.steps)
                    yield RoundNews("learn", text, *done, left, learned=learned, opinions=opinions)
        except AstrayError as error:
            self.state.halvings += 1
            raise AstrayError(f"{error}; when the round goes on, it learns anew at half the rate") from error
        self.state.learning = {
            "lessons": len(kept),
            "held_out": len(aside),
            "excluded": len(self.lessons.excluded().lessons),
            "steps": learning.steps,
            "learning_rate": settings.learning_rate,
            "policy_loss": [before.policy if before else None, learning.best.policy if learning.best else None],
            "value_loss": [before.value if before else None, learning.best.value if learning.best else None],
            "checks": [[each.policy, each.value] for each in learning.history],
        }
        self.state.child_hash = self._publish(learning.child()).card.weights_sha256

    def _match(self) -> Iterator[RoundNews]:
        """Child against parent: by intuition alone, and, as a cross-check, both searching."""
        order, size, state = self.order, self.order.size, self.state
        total = size.match_pairs + size.search_pairs
        if size.match_pairs and state.match is None:
            match = self._match_order(f"{order.child}@0", f"{order.parent}@0", size.match_pairs, self._seed(_MATCH))
            state.match = yield from self._met("match", "match", match, 0, total)
        if size.search_pairs and state.search_match is None:
            a, b = (f"{name}@{size.play.simulations}:gumbel" for name in (order.child, order.parent))
            match = self._match_order(a, b, size.search_pairs, self._seed(_MATCH, 1))
            state.search_match = yield from self._met("match", "search", match, size.match_pairs, total)
        if not helped(state.match) and state.autopsy is None:
            yield RoundNews("match", "looking for what went wrong", total, total)
            state.autopsy = self._autopsy()
        self._note_matches()

    # -- parts of stages ---------------------------------------------------------------------------------------------

    def _match_order(self, a: str, b: str, pairs: int, seed: int) -> MatchOrder:
        order = self.order
        return MatchOrder(
            domain=order.domain, a=a, b=b, openings=order.openings, pairs=pairs, seed=seed, device=order.device
        )

    def _met(
        self, stage: Stage, name: str, order: MatchOrder, before: int, total: int
    ) -> Generator[RoundNews, None, dict[str, Any]]:
        """Let two players meet; the journal of their match lies in the folder."""
        pace = Pace()
        yield RoundNews(stage, f"{order.a} against {order.b}", before, total)
        with open_match(order, self.folder / f"{name}.jsonl", self.order.threads) as match:
            for _ in match.steps():
                done = match.pairs_done()
                text = f"{order.a} against {order.b}, {round(done)} of {order.pairs} pairs"
                yield RoundNews(stage, text, before + done, total, pace.left(before + done, total))
            return match.report()

    def _beginnings(self, shard: int, count: int) -> list[Beginning]:
        """Where the games of a shard begin: at openings, and at surprises of earlier rounds."""
        rules, order = self._rules, self.order
        book = open_book(order.openings, rules, domains.notation(order.domain))
        rng = np.random.default_rng(self._seed(_BEGIN, shard))
        begun = [Beginning(line, FROM_BOOK) for line in book.choose(count, self._seed(_BEGIN, shard))]
        earlier = self.lessons.earlier(1)
        chances = surprise_chances(earlier)
        for place in np.flatnonzero(rng.random(count) < order.size.surprise_share):
            if chances is None:
                break
            row = earlier.rows[int(rng.choice(len(earlier), p=chances))]
            begun[place] = Beginning(earlier.games[row["game"]].line(int(row["ply"])), FROM_SURPRISE)
        return begun

    def _learning_settings(self) -> LearningSettings:
        settings = self.order.size.learn
        return msgspec.structs.replace(settings, learning_rate=settings.learning_rate / 2**self.state.halvings)

    def _autopsy(self) -> dict[str, Any]:
        asked: dict[str, Lessons] = {THIS_ROUND: self.lessons.own()}
        asked[EARLIER_ROUNDS] = self.lessons.earlier(self.order.size.window - 1)
        unseen = {origin: lessons.chosen(np.flatnonzero(held_out(lessons))) for origin, lessons in asked.items()}
        child = self._network(self._registry.get(self.order.child, self.order.domain))
        return autopsy(self._rules, self._network(self._parent), child, unseen, self.order.size.learn)

    def _network(self, generation: Generation) -> PolicyValueNet:
        architecture = generation.card.architecture
        assert architecture is not None
        return network_from_file(generation.verified_file(WEIGHTS_FILE), architecture)

    def _publish(self, child: PolicyValueNet) -> Generation:
        order, parent = self.order, self._parent.card
        card = Card(
            id=order.child,
            name=f"{parent.name.split(', distilled')[0]}, distilled",
            domain=order.domain,
            architecture=parent.architecture,
            parent=order.parent,
            settings={"method": "distillation", **msgspec.to_builtins(order)},
            seed=order.seed,
            metrics={"lessons": self.state.lessons, "learning": self.state.learning, "fuel": _brief(self.state.fuel)},
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            licence=parent.licence,
            notes=f"Learned from what search over {order.parent} found in games against itself.",
        )
        return publish(self._registry, child, card, replace=True)

    def _note_matches(self) -> None:
        """Add what the matches say to the child's card."""
        found = self._registry.get(self.order.child, self.order.domain)
        said = {"match_parent": _brief(self.state.match), "search_match_parent": _brief(self.state.search_match)}
        card = msgspec.structs.replace(found.card, metrics=found.card.metrics | said)
        self._registry.replace_card(card)

    def _seed(self, *stream: int) -> int:
        """A seed for one purpose, which follows from the order's."""
        return int(np.random.SeedSequence((self.order.seed, *stream)).generate_state(1)[0])


def open_round(folder: Path, registry: Registry, pinned: Sequence[Line] = ()) -> Round:
    """The round in `folder`, to be gone on with; arguments and errors as of `Round`."""
    return Round(read_order(folder), registry, folder, pinned)


def _games_done(over: Sequence[Game], live: Sequence[Game]) -> float:
    """Games that are over, and of those under way the part that games are usually long."""
    usual = sum(len(game.actions) for game in over) / len(over) if over else _TYPICAL_PLIES
    return len(over) + sum(min(0.95, len(game.actions) / max(1.0, usual)) for game in live)


def _logged(learned: Learned) -> dict[str, float | None]:
    held = learned.held_out if learned.is_check else None
    return {
        "policy": learned.losses.policy,
        "value": learned.losses.value,
        "drift": learned.losses.drift,
        "gradient": learned.gradient,
        "learning_rate": learned.rate,
        "samples_per_s": learned.samples_per_s,
        "held_out_policy": None if held is None else held.policy,
        "held_out_value": None if held is None else held.value,
    }


def _learned_text(learned: Learned) -> str:
    text = f"step {learned.step:,} of {learned.steps:,}, policy {learned.losses.policy:.3f}"
    text += f", value {learned.losses.value:.3f}"
    if learned.parts > 1:
        text += f", each batch in {learned.parts} parts (the device has too little memory for all of it)"
    return text


def _brief(report: dict[str, Any] | None) -> dict[str, Any] | None:
    """Of a match what belongs on a card."""
    if report is None:
        return None
    names = ("a", "b", "games", "wins", "draws", "losses", "pentanomial", "elo", "elo_interval_95", "los", "seed")
    return {name: report[name] for name in names}
