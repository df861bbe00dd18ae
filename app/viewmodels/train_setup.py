"""What a person fills in before a round: from choices to a request, and what it comes to in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from app.viewmodels.figures import count, duration
from app.viewmodels.train_verdict import tone_of
from engine.distill.round_order import SIZES, RoundOrder, RoundSize, named_size
from engine.domains.base import Line
from engine.service.messages import GenerationInfo
from engine.service.train_messages import RoundInfo, StartRounds

SIZE_NAMES = ("small", "medium", "large")
_HOW_LONG = {"small": "minutes", "medium": "about an hour", "large": "many hours"}
"""On two cores, as long as no round of this size was timed."""


@dataclass(frozen=True, slots=True)
class TrainSetup:
    """The form.

    Attributes:
        parent: generation to improve; "" = the newest of the domain.
        size: one of `SIZE_NAMES`, or the path of a file.
        stops_before_learning: the first round waits once its games are played, so that its lessons can be looked at.
    """

    domain: str = "chess"
    parent: str = ""
    size: str = "small"
    rounds: int = 1
    seed: int = 1
    stops_before_learning: bool = False


def request_of(setup: TrainSetup, number: int, pinned: tuple[Line, ...]) -> StartRounds:
    """The request that begins what is meant."""
    return StartRounds(
        id=number,
        domain=setup.domain,
        parent=setup.parent,
        rounds=setup.rounds,
        size=setup.size,
        seed=setup.seed,
        until="play" if setup.stops_before_learning else "done",
        pinned=pinned,
    )


def going_on(order: RoundOrder, rounds: int, number: int, pinned: tuple[Line, ...]) -> StartRounds:
    """The request that goes on with a round, and makes `rounds` in all of its kind."""
    return StartRounds(
        id=number,
        domain=order.domain,
        parent=order.parent,
        rounds=rounds,
        size=order.size,
        seed=order.seed,
        openings=order.openings,
        device=order.device,
        resume=True,
        round=order.child,
        pinned=pinned,
    )


def setup_of(order: RoundOrder, before: TrainSetup) -> TrainSetup:
    """The form as it was filled in for `order`; what an order does not say stays as it was `before`."""
    name = next((name for name in SIZE_NAMES if named_size(name, order.domain) == order.size), before.size)
    return TrainSetup(order.domain, order.parent, name, before.rounds, order.seed, before.stops_before_learning)


def following(setup: TrainSetup, done: RoundInfo) -> TrainSetup:
    """The form for the round after one that is over: on its child where that is stronger, else on the same parent.

    With the seed of the round before, the same parent would have the same child again.
    """
    is_better = done.report is not None and tone_of(done.report) == "good"
    return replace(setup, parent=done.round if is_better else setup.parent, seed=setup.seed + 1)


def problem_of(setup: TrainSetup, generations: tuple[GenerationInfo, ...]) -> str:
    """What is wrong with the form, or ""; `generations`: of its domain."""
    if not generations:
        return f"There is no generation to begin with. Make one: arborist train-base --domain {setup.domain}"
    try:
        named_size(setup.size, setup.domain)
    except ValueError as error:
        return f"The size cannot be used: {error}."
    return ""


def size_words(setup: TrainSetup, listed: Iterable[RoundInfo]) -> str:
    """What the rounds of the form come to: games, simulations, and how long that takes."""
    size = named_size(setup.size, setup.domain)
    rounds = "" if setup.rounds == 1 else f"{count(setup.rounds)} rounds, each "
    games = f"{rounds}{count(size.games)} games, {count(size.play.simulations)} simulations for each move"
    matched = f"then {count(2 * (size.match_pairs + size.search_pairs))} games against the parent"
    known = known_seconds(size, setup.domain, listed)
    if known is not None:
        took = "less than a minute" if known < 60 else f"about {duration(known)}"
        return f"{games}; {matched}. A round like this took {took} here."
    usual = _HOW_LONG.get(setup.size)
    return f"{games}; {matched}. {f'Takes {usual} on two cores.' if usual else ''}".strip()


def known_seconds(size: RoundSize, domain: str, listed: Iterable[RoundInfo]) -> float | None:
    """How long the newest round of this very size took here, or None."""
    for info in listed:
        is_same = info.order is not None and info.order.domain == domain and info.order.size == size
        if is_same and info.standing == "done" and info.report is not None:
            return float(info.report.get("seconds_s") or 0.0) or None
    return None


def size_entries(domain: str) -> tuple[tuple[str, str], ...]:
    """Sizes to choose from: name, and a short text."""
    sizes = SIZES.get(domain, SIZES["connect_four"])
    return tuple(
        (name, f"{name.capitalize()}: {count(sizes[name].games)} games, {_HOW_LONG[name]}") for name in SIZE_NAMES
    )


def size_title(size: str) -> str:
    """A size that is a file, for a list."""
    return Path(size).name
