"""Distillation rounds over the wire: made as a job, watched, paused."""

import contextlib
from collections.abc import Callable
from typing import Any

from engine.distill import ratchet
from engine.distill.round_news import RoundBegan
from engine.distill.round_order import named_size
from engine.domains import registry as domains
from engine.generations.registry import default_registry
from engine.service import train_messages as train
from engine.service.jobs import Work
from engine.service.message_bases import Notice
from engine.service.train_news import RoundTeller


def start_rounds(request: train.StartRounds, post: Callable[[Notice], None], clock: Callable[[], float]) -> Work:
    """Make rounds until all are made or the work is to end; all that was done by then is on disk.

    Args:
        post: where notices go.
        clock: seconds, rising.

    Raises:
        ValueError: a value of the request is at fault, or other rounds are being made on this machine.
        LearningError, DiskFullError: a round cannot go on as it is; what was done is kept.
    """
    if request.excluded and not request.resume:
        raise ValueError("lessons can only be excluded from a round that has played: `resume` it")
    rules = domains.rules(request.domain)
    happening = ratchet.rounds(
        _plan(request),
        default_registry(),
        ratchet.rounds_folder(),
        request.parent or None,
        request.rounds,
        resume=request.resume,
        name=request.round,
        excluded=request.excluded or None,
    )
    reports: list[dict[str, Any]] = []
    name = ""
    stopped: train.RoundsStopped = "by hand"
    teller: RoundTeller | None = None
    with contextlib.closing(happening):
        for happened in happening:
            if isinstance(happened, RoundBegan):
                name = happened.order.child
                teller = RoundTeller(name, rules, post, clock)
                post(_began(happened, request.rounds))
            elif teller is not None and not isinstance(happened, dict):
                teller.tell(happened)
            elif teller is not None and isinstance(happened, dict):
                teller.flush()
                reports.append(happened)
                post(train.RoundEnded(round=name, number=happened["round"], report=happened))
            if (yield):
                break
        else:
            stopped = "rounds" if reports and reports[-1]["stage"] == "done" else "play"
    if teller is not None:
        teller.flush()
    return train.RoundsEnded(id=request.id, round=name, stopped=stopped, reports=tuple(reports))


def _plan(request: train.StartRounds) -> ratchet.Plan:
    size = request.size
    return ratchet.Plan(
        domain=request.domain,
        size=named_size(size, request.domain) if isinstance(size, str) else size,
        seed=request.seed,
        openings=request.openings,
        device=request.device,
        threads=ratchet.usual_threads(),
        until=request.until,
        pinned=request.pinned,
    )


def _began(began: RoundBegan, rounds: int) -> train.RoundBegan:
    return train.RoundBegan(
        round=began.order.child,
        number=began.number,
        rounds=rounds,
        order=began.order,
        stage=began.stage,
        stages=tuple(train.StagePlan(stage, total) for stage, total in began.stages),
    )
