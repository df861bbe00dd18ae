"""Rounds as an engine would tell of them."""

from engine.distill.round_order import SIZES, RoundOrder
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved
from engine.service.messages import GenerationInfo
from engine.service.train_messages import (
    LearningFigures,
    LessonInfo,
    PinnedAnswer,
    PinnedNews,
    RoundBegan,
    RoundInfo,
    RoundNews,
    SelfPlayNews,
    StagePlan,
)

SMALL = SIZES["connect_four"]["small"]
ORDER = RoundOrder(domain="connect_four", parent="c4-000", child="gen-001", size=SMALL, seed=7)


def generation(name, parent=None, domain="connect_four", **metrics):
    return GenerationInfo(id=name, name=name, domain=domain, weights_hash=name, parent=parent, metrics=metrics)


def met(elo, low, high, games=100):
    return {"elo": elo, "elo_interval_95": [low, high], "games": games}


GENERATIONS = (
    generation("c4-000"),
    generation("gen-001", "c4-000", match_parent=met(100, 40, 160), fuel=met(300, 200, 400)),
    generation("gen-002", "gen-001", match_parent=met(50, -30, 130), fuel=met(200, 120, 280)),
    generation("gen-000", domain="chess"),
)


def began(stage="fuel", number=1, rounds=1, order=ORDER):
    plans = (StagePlan("fuel", 32), StagePlan("play", 512), StagePlan("learn", 0), StagePlan("match", 150))
    return RoundBegan(round=order.child, number=number, rounds=rounds, order=order, stage=stage, stages=plans)


def news(stage, done, total, left=None, text="", **figures):
    learning = LearningFigures(step=int(done), steps=int(total), **figures) if figures else None
    return RoundNews(
        round="gen-001", stage=stage, text=text, done=done, total=total, seconds_left_s=left, learning=learning
    )


def learned(step, steps=100, policy=1.5, value=0.9, **more):
    usual = {"drift": 0.0, "gradient": 2.0, "samples_per_s": 1000.0}
    return news("learn", step, steps, policy=policy, value=value, **{**usual, **more})


def games(*numbers):
    return SelfPlayNews(
        round="gen-001",
        began=tuple(GameBegan(game=n, start="startpos", actions=(3,), a_moves_first=True, seed=0) for n in numbers),
    )


def moved(number, *actions, values=None):
    said = values or tuple(0.5 for _ in actions)
    return SelfPlayNews(round="gen-001", moved=(GameMoved(game=number, actions=actions, values=said),))


def over(number, points=1.0):
    return SelfPlayNews(round="gen-001", ended=(GameEnded(game=number, points=points, text="four in a row"),))


def pinned(step, *values, priors=(0.5, 0.2, 0.3)):
    said = tuple(PinnedAnswer((0, 1, 2), priors, value) for value in values)
    return PinnedNews(round="gen-001", step=step, steps=100, positions=said)


def report(stage="done", match=None, **more):
    return {
        "round": 1,
        "domain": "connect_four",
        "parent": "c4-000",
        "child": "gen-001",
        "stage": stage,
        "fuel": None,
        "samples": 4321,
        "lessons": {"positions": 4321, "checks": []},
        "train": None,
        "match_parent": match,
        "search_match_parent": None,
        "verdict": "It helped.",
        "autopsy": None,
        "seconds_s": 130.0,
        **more,
    }


def found(standing, stage="done", told=None, order=ORDER):
    return RoundInfo(
        round=order.child if order else "gen-009",
        order=order,
        standing=standing,
        stage=stage,
        date="2026-11-24T04:00:00+00:00",
        report=told,
        text="What was found.",
    )


def lesson(number=3, **more):
    usual = {
        "start": "startpos",
        "actions": (3, 3),
        "legal": (0, 1, 2, 3, 4, 5, 6),
        "prior": (0.7, 0.1, 0.05, 0.05, 0.04, 0.03, 0.03),
        "policy": (0.0, 0.0, 0.0, 0.9, 0.1, 0.0, 0.0),
        "value": 0.4,
        "raw_value": -0.1,
        "points": 0.0,
        "surprise": 2.5,
        "excluded": False,
    }
    return LessonInfo(lesson=number, **{**usual, **more})
