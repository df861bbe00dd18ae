"""The stages of a round in a row: what each is for, how far it is, and how long it will take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.viewmodels.figures import count, duration, signed
from app.viewmodels.train_replica import STAGES, RoundReplica
from engine.distill.round_order import Stage
from engine.service.train_messages import RoundInfo

Standing = Literal["waiting", "running", "paused", "over"]

_TITLES: dict[Stage, tuple[str, str]] = {
    "fuel": ("Fuel check", "Does search beat the intuition it starts from? Only then is there something to learn."),
    "play": ("Play", "Search plays against itself; each position and what search found there is a lesson. (self-play)"),
    "learn": ("Learn", "The intuition learns to see at once what search found. (training)"),
    "match": ("Match", "The child meets its parent: did it help? By intuition alone, and searching."),
}


@dataclass(frozen=True, slots=True)
class StageRecord:
    """One stage.

    Attributes:
        standing: see `Standing`. share: of it that is over, in [0, 1]. text: how far, or what came out of it.
    """

    stage: Stage
    title: str
    tooltip: str
    standing: Standing
    share: float
    text: str


def live_stages(replica: RoundReplica, *, is_running: bool) -> tuple[StageRecord, ...]:
    """The stages of a round that is followed."""
    now = STAGES.index(replica.stage) if replica.stage in STAGES else len(STAGES)
    records = []
    for place, stage in enumerate(STAGES):
        standing: Standing = "over" if place < now else "waiting"
        if place == now:
            standing = "running" if is_running else "paused"
        total, done = replica.totals.get(stage, 0.0), replica.done.get(stage, 0.0)
        share = 1.0 if standing == "over" else min(done / total, 1.0) if total else 0.0
        text = _live_text(replica, stage, standing, total, done)
        if standing == "over" and replica.report is not None:
            text = _outcome(stage, replica.report) or text
        records.append(StageRecord(stage, *_TITLES[stage], standing, share, text))
    return tuple(records)


def stored_stages(info: RoundInfo) -> tuple[StageRecord, ...]:
    """The stages of a round that was found on disk."""
    now = STAGES.index(info.stage) if info.stage in STAGES else len(STAGES)
    report = info.report or {}
    records = []
    for place, stage in enumerate(STAGES):
        standing: Standing = "over" if place < now else "paused" if place == now else "waiting"
        text = _outcome(stage, report) if standing == "over" else ""
        records.append(
            StageRecord(stage, *_TITLES[stage], standing, 1.0 if standing == "over" else 0.0, text or _PLAIN[standing])
        )
    return tuple(records)


def idle_stages() -> tuple[StageRecord, ...]:
    """The stages before any round: what will be done."""
    return tuple(StageRecord(stage, *_TITLES[stage], "waiting", 0.0, "") for stage in STAGES)


_PLAIN: dict[Standing, str] = {"over": "done", "paused": "stands here", "waiting": "", "running": ""}
_UNITS: dict[Stage, str] = {"fuel": "pairs", "play": "games", "learn": "steps", "match": "pairs"}


def _live_text(replica: RoundReplica, stage: Stage, standing: Standing, total: float, done: float) -> str:
    unit = _UNITS.get(stage, "")
    if standing == "over":
        return f"{count(round(total))} {unit}" if total else "done"
    if standing == "waiting":
        return f"{count(round(total))} {unit}" if total else ""
    if standing == "paused":
        return f"paused at {count(int(done))} of {count(round(total))}" if total else "paused"
    words = f"{count(int(done))} of {count(round(total))} {unit}" if total else replica.text
    left = replica.seconds_left_s
    return words if left is None else f"{words}, {'nearly done' if left < 1 else f'{duration(left)} left'}"


def _outcome(stage: Stage, report: Mapping[str, Any]) -> str:
    """What came out of a stage, in a few words."""
    if stage == "play":
        return f"{count(report.get('samples') or 0)} lessons"
    if stage == "learn":
        losses = (report.get("train") or {}).get("policy_loss") or (None, None)
        return f"held out {losses[0]:.3f} to {losses[1]:.3f}" if None not in losses else "done"
    match = report.get("fuel" if stage == "fuel" else "match_parent")
    return f"{signed(match['elo'], 0)} Elo" if match and match.get("elo") is not None else ""
