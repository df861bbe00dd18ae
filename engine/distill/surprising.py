"""The lessons of a round by which search changed the intuition's mind most, for people to look at before training."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.distill.learning import has_begun
from engine.distill.lessons import Lessons
from engine.distill.opinions import Opinion, opinions
from engine.distill.round_lessons import RoundLessons
from engine.distill.round_state import read_order, read_state
from engine.domains import registry as domains
from engine.generations.card import WEIGHTS_FILE
from engine.generations.registry import Registry
from engine.nets.weights import network_from_file


@dataclass(frozen=True, slots=True, eq=False)
class Surprising:
    """The most surprising lessons of a round.

    Attributes:
        numbers: in the round, the most surprising first. lessons: these, in that order.
        priors: what the parent thought of each.
        total: lessons of the round. excluded: numbers of those not to be learned.
        can_exclude: learning has not begun.
    """

    numbers: list[int]
    lessons: Lessons
    priors: tuple[Opinion, ...]
    total: int
    excluded: tuple[int, ...]
    can_exclude: bool


def surprising(folder: Path, registry: Registry, count: int) -> Surprising:
    """The `count` most surprising lessons of the round in `folder`.

    Raises:
        RoundError: there is no such round, or its games have not all been played.
        LessonsError, GenerationError: its lessons or its parent cannot be read.
    """
    order = read_order(folder)
    rules = domains.rules(order.domain)
    kept = RoundLessons(rules, order, folder)
    lessons = kept.all()
    places = np.argsort(-lessons.rows["surprise"], kind="stable")[:count]
    chosen = lessons.chosen(places)
    parent = registry.get(order.parent, order.domain)
    architecture = parent.card.architecture
    assert architecture is not None
    network = network_from_file(parent.verified_file(WEIGHTS_FILE), architecture)
    priors = opinions(rules, network, chosen.rows["state"], order.size.play.policy_temperature)
    state = read_state(folder)
    can_exclude = state is not None and state.stage == "learn" and not has_begun(folder)
    return Surprising(places.tolist(), chosen, priors, len(lessons), kept.excluded().lessons, can_exclude)
