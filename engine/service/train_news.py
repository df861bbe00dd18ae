"""What a client is told of a round: how far it is and what happens on a few boards, at a pace a window can follow."""

import math
from collections.abc import Callable, Sequence

from engine.arena.games import Game, ending
from engine.distill.learning import Learned
from engine.distill.opinions import Opinion
from engine.distill.round_news import Boards, RoundNews
from engine.domains.base import Rules
from engine.service import train_messages as train
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved
from engine.service.message_bases import Notice

NEWS_INTERVAL_S = 1 / 8
BOARDS_SHOWN = 8
"""Games of a shard whose moves are told."""


class RoundTeller:
    """Tells how a round goes on.

    Args:
        name: of the round.
        post: where notices go.
        clock: seconds, rising.
    """

    def __init__(self, name: str, rules: Rules, post: Callable[[Notice], None], clock: Callable[[], float]) -> None:
        self._name, self._post, self._clock = name, post, clock
        self._boards = BoardsTeller(name, rules, post)
        self._waiting: RoundNews | None = None
        self._due_s = -math.inf

    def tell(self, news: RoundNews) -> None:
        """Tell `news`, now or, where others take its place before it is due, never; pinned positions always."""
        if self._waiting is not None and self._waiting.stage != news.stage:
            self.flush()
        if news.opinions:
            self._post(_pinned(self._name, news))
        self._waiting = news
        if news.boards is not None:
            self._boards.look(news.boards)
        if self._clock() >= self._due_s:
            self.flush()

    def flush(self) -> None:
        """Tell what waits."""
        self._boards.tell()
        if self._waiting is not None:
            self._post(_news(self._name, self._waiting))
            self._waiting = None
            self._due_s = self._clock() + NEWS_INTERVAL_S


class BoardsTeller:
    """Tells the moves on a few boards of each shard of self-play.

    Args:
        name: of the round.
        post: where notices go.
    """

    def __init__(self, name: str, rules: Rules, post: Callable[[Notice], None]) -> None:
        self._name, self._rules, self._post = name, rules, post
        self._boards: Boards | None = None
        self._told: dict[int, int] = {}  # of each game whose end was not told: its plies that were

    def look(self, boards: Boards) -> None:
        """These are the boards now; the last of the shard before is told first."""
        if self._boards is not None and boards.games is not self._boards.games:
            self.tell()
            self._told = {}
        if self._boards is None or boards.games is not self._boards.games:
            self._boards = boards
            shown = [boards.games[index] for index in range(min(BOARDS_SHOWN, len(boards.games)))]
            self._told = {game.index: 0 for game in shown}
            self._post(train.SelfPlayNews(round=self._name, began=tuple(self._began(game) for game in shown)))

    def tell(self) -> None:
        """Tell what happened since this was asked last, if anything did."""
        if self._boards is None:
            return
        games = [self._boards.games[index] for index in self._told]
        moved = tuple(self._moved(game) for game in games if len(game.actions) > self._told[game.index])
        ended = tuple(self._ended(game) for game in games if game.is_over)
        if moved or ended:
            self._post(train.SelfPlayNews(round=self._name, moved=moved, ended=ended))
        self._told = {game.index: len(game.actions) for game in games if not game.is_over}

    def _number(self, game: Game) -> int:
        assert self._boards is not None
        return self._boards.first + game.index

    def _began(self, game: Game) -> GameBegan:
        line = game.opening
        return GameBegan(
            game=self._number(game), start=line.start, actions=line.actions, a_moves_first=game.a_moves_first, seed=0
        )

    def _moved(self, game: Game) -> GameMoved:
        after = self._told[game.index]
        return GameMoved(
            game=self._number(game), actions=tuple(game.actions[after:]), values=tuple(game.values[after:])
        )

    def _ended(self, game: Game) -> GameEnded:
        assert game.points is not None
        return GameEnded(game=self._number(game), points=game.points, text=ending(self._rules, game))


def _news(name: str, news: RoundNews) -> train.RoundNews:
    return train.RoundNews(
        round=name,
        stage=news.stage,
        text=news.text,
        done=news.done,
        total=news.total,
        seconds_left_s=news.seconds_left,
        learning=None if news.learned is None else _figures(news.learned),
    )


def _figures(learned: Learned) -> train.LearningFigures:
    held_out = learned.held_out
    return train.LearningFigures(
        step=learned.step,
        steps=learned.steps,
        policy=learned.losses.policy,
        value=learned.losses.value,
        drift=learned.losses.drift,
        gradient=learned.gradient,
        samples_per_s=learned.samples_per_s,
        held_out_policy=None if held_out is None else held_out.policy,
        held_out_value=None if held_out is None else held_out.value,
    )


def _pinned(name: str, news: RoundNews) -> train.PinnedNews:
    return train.PinnedNews(round=name, step=int(news.done), steps=int(news.total), positions=answers(news.opinions))


def answers(opinions: Sequence[Opinion]) -> tuple[train.PinnedAnswer, ...]:
    """Opinions as they cross the border."""
    return tuple(
        train.PinnedAnswer(tuple(opinion.actions.tolist()), tuple(opinion.prior.tolist()), opinion.value)
        for opinion in opinions
    )
