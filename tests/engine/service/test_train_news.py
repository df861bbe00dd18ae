"""What is told of a round: not too often, and nothing of the boards left out."""

import numpy as np

from engine.arena.games import Games
from engine.distill.opinions import Opinion
from engine.distill.round_news import Boards, RoundNews
from engine.domains.base import Line
from engine.domains.registry import rules
from engine.service import train_messages as train
from engine.service.message_bases import Notice
from engine.service.train_news import BOARDS_SHOWN, RoundTeller

RULES = rules("connect_four")


class Listening:
    """A teller, its clock, and what it said."""

    def __init__(self) -> None:
        self.now = 0.0
        self.heard: list[Notice] = []
        self.teller = RoundTeller("gen-001", RULES, self.heard.append, lambda: self.now)

    def of(self, kind: type[Notice]) -> list[Notice]:
        return [notice for notice in self.heard if isinstance(notice, kind)]


def games(count: int) -> Games:
    made = Games(RULES, 42)
    for index in range(count):
        made.begin(index, Line("startpos", (index % 7,)))
    return made


def test_news_come_eight_times_a_second_and_each_stage_ends_with_its_last() -> None:
    told = Listening()
    for step in range(1000):
        told.now = step * 0.01  # ten seconds
        told.teller.tell(RoundNews("learn", f"step {step}", step, 1000))
    told.teller.tell(RoundNews("match", "begins", 0, 4))
    told.teller.flush()
    heard = told.of(train.RoundNews)
    assert 70 <= len(heard) <= 83
    assert [one.done for one in heard if one.stage == "learn"][-1] == 999
    assert heard[-1].stage == "match"


def test_pinned_positions_are_always_told() -> None:
    told = Listening()
    opinion = Opinion(np.array([2, 3]), np.array([0.25, 0.75], np.float32), 0.5, 0.1)
    for step in range(3):
        told.teller.tell(RoundNews("learn", "", step, 3, opinions=(opinion,)))
    heard = told.of(train.PinnedNews)
    assert [one.step for one in heard] == [0, 1, 2]
    assert heard[0].positions == (train.PinnedAnswer((2, 3), (0.25, 0.75), 0.5),)


def test_boards_are_told_whole_across_shards() -> None:
    told = Listening()
    shards = [games(12), games(3)]
    for first, played in zip((0, 12), shards, strict=True):
        for _ in range(8):
            told.now += 0.05  # most of it comes between two news
            live = played.live
            if live:
                # The first game ends by four in a column, the others go on.
                plies = len(live[0].actions)
                actions = [3 + plies % 2 if game.index == 0 else (game.index + plies) % 7 for game in live]
                played.play([game.index for game in live], actions, [0.5] * len(live))
            told.teller.tell(RoundNews("play", "", 0, 15, boards=Boards(played, first)))
    told.teller.flush()
    moves: dict[int, list[int]] = {}
    ended: list[int] = []
    for notice in told.of(train.SelfPlayNews):
        assert isinstance(notice, train.SelfPlayNews)
        moves |= {began.game: [] for began in notice.began}
        for moved in notice.moved:
            moves[moved.game] += moved.actions
        ended += [game.game for game in notice.ended]
    assert set(moves) == {*range(BOARDS_SHOWN), 12, 13, 14}
    for number, actions in moves.items():
        game = shards[number >= 12][number - 12 * (number >= 12)]
        assert actions == game.actions
        assert (number in ended) == game.is_over
    assert sorted(ended) == [0, 12]
