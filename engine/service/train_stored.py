"""Stored rounds over the wire: what there is, and which of their lessons are to be learned."""

from typing import Any

from engine.distill import ratchet
from engine.distill.found_rounds import FoundRound, found_rounds
from engine.distill.round_order import RoundError
from engine.distill.samples import DRAW, NOT_KNOWN
from engine.distill.surprising import Surprising, surprising
from engine.distill.training_log import log_lines
from engine.generations.registry import default_registry
from engine.service import train_messages as train
from engine.service.jobs import Work
from engine.service.messages import Done


def list_rounds(request: train.ListRounds) -> Work:
    """The rounds of this machine, the one that was worked at last first."""
    yield
    found = found_rounds(ratchet.rounds_folder(), request.domain)
    running = next((one.name for one in found if one.standing == "running"), "")
    return train.Rounds(id=request.id, rounds=tuple(_info(one) for one in found), running=running)


def read_round(request: train.ReadRound) -> Work:
    """A round and how its training went.

    Raises:
        RoundError: there is no such round.
    """
    yield
    folder = ratchet.rounds_folder()
    path = ratchet.round_folder(folder, request.round)
    info = next((_info(one) for one in found_rounds(folder) if one.name == request.round), None)
    if info is None:
        raise RoundError(f"{path} holds no round")
    lines = [line for line in log_lines(path) if "policy" in line]
    steps = ((info.report or {}).get("train") or {}).get("steps") or max((line["step"] for line in lines), default=0)
    return train.RoundRead(id=request.id, info=info, curve=tuple(_figures(line, steps) for line in lines))


def surprising_lessons(request: train.SurprisingLessons) -> Work:
    """The most surprising lessons of a round.

    Raises:
        ValueError: there is no such round, or its games have not all been played.
    """
    yield
    folder = ratchet.round_folder(ratchet.rounds_folder(), request.round)
    found = surprising(folder, default_registry(), request.count)
    return train.LessonsShown(
        id=request.id,
        round=request.round,
        total=found.total,
        lessons=tuple(_lesson(found, place) for place in range(len(found.numbers))),
        excluded=found.excluded,
        can_exclude=found.can_exclude,
    )


def exclude_lessons(request: train.ExcludeLessons) -> Work:
    """Leave lessons out of all learning.

    Raises:
        RoundError: there is no such round or lesson, learning has begun, or rounds are being made.
    """
    yield
    ratchet.exclude_lessons(default_registry(), ratchet.rounds_folder(), request.round, request.lessons)
    return Done(id=request.id)


def _info(found: FoundRound) -> train.RoundInfo:
    return train.RoundInfo(
        round=found.name,
        order=found.order,
        standing=found.standing,
        stage=found.stage,
        date=found.date,
        report=found.report,
        text=found.text,
    )


def _figures(line: dict[str, Any], steps: int) -> train.LearningFigures:
    """A line of the log."""
    return train.LearningFigures(
        step=line["step"],
        steps=steps,
        policy=line["policy"],
        value=line["value"],
        drift=line["drift"],
        gradient=line["gradient"],
        samples_per_s=line["samples_per_s"],
        held_out_policy=line.get("held_out_policy"),
        held_out_value=line.get("held_out_value"),
    )


def _lesson(found: Surprising, place: int) -> train.LessonInfo:
    lessons, opinion, number = found.lessons, found.priors[place], found.numbers[place]
    row = lessons.rows[place]
    line = lessons.games[row["game"]].line(int(row["ply"]))
    run = slice(int(lessons.offsets[place]), int(lessons.offsets[place + 1]))
    improved = dict(zip(lessons.actions[run].tolist(), lessons.policy[run].tolist(), strict=True))
    if sorted(improved) != opinion.actions.tolist():
        raise RoundError(f"lesson {number} is about other actions than its position has")
    return train.LessonInfo(
        lesson=number,
        start=line.start,
        actions=line.actions,
        legal=tuple(opinion.actions.tolist()),
        prior=tuple(opinion.prior.tolist()),
        policy=tuple(improved[action] for action in opinion.actions.tolist()),
        value=float(row["value"]),
        raw_value=float(row["raw_value"]),
        points=None if row["result"] == NOT_KNOWN else 0.5 * (1 + DRAW - int(row["result"])),
        surprise=float(row["surprise"]),
        excluded=number in found.excluded,
    )
