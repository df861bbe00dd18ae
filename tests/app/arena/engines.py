"""An engine for talks that answers when a test says so."""

from app.arena.desks import make_desks
from app.arena.talk import Talk
from engine.arena.order import MatchOrder
from engine.service.arena_messages import LadderRated, Matches, MatchInfo, RatedPlayer
from engine.service.messages import Answer, GenerationInfo, Generations
from tests.app.stand_ins import AtOnce

GENERATIONS = (
    GenerationInfo(id="gen-000", name="human games", domain="chess", weights_hash="a", parent=None, metrics={}),
    GenerationInfo(id="gen-001", name="round 1", domain="chess", weights_hash="b", parent="gen-000", metrics={}),
    GenerationInfo(id="maia", name="Maia", domain="chess", weights_hash="c", parent=None, metrics={}),
)


class Engine:
    """Keeps the requests; `is_ready` from the beginning."""

    is_ready = True

    def __init__(self):
        self.sent = []
        self.number = 0

    def request(self, make):
        self.number += 1
        self.sent.append(make(self.number))
        return self.number

    def start(self):
        pass

    def finish(self):
        pass


class Conversation:
    """A talk with an engine, seen from both ends.

    Attributes:
        talk: what desks are given. engine: its requests.
    """

    def __init__(self):
        self.engine = Engine()
        self.talk = Talk(self.engine)

    def kinds(self):
        return [type(request).__name__ for request in self.engine.sent]

    def take(self, kind):
        """The oldest unanswered request, which must be of this kind."""
        request = self.engine.sent.pop(0)
        assert type(request).__name__ == kind.__name__, request
        return request

    def answer(self, kind, make):
        """Take a request and answer it with what `make` makes of it."""
        request = self.take(kind)
        reply = make(request)
        for message in reply if isinstance(reply, list) else [reply]:
            if isinstance(message, Answer):
                self.talk.answered(message)
            else:
                self.talk.noticed(message)
        return request


class Arena:
    """The desks of all pages over two such conversations."""

    def __init__(self):
        self.opened = []
        self.desks = make_desks(Engine(), Engine(), AtOnce(), lambda domain, line: self.opened.append((domain, line)))
        self.jobs = Conversation.__new__(Conversation)
        self.jobs.talk, self.jobs.engine = self.desks.jobs, self.desks.jobs._engine

    def settle(self, **answers):
        """Answer all there is and what follows, by the name of the request."""
        usual = {
            "ListGenerations": lambda request: Generations(id=request.id, generations=GENERATIONS),
            "ListMatches": lambda request: Matches(id=request.id, matches=MATCHES),
            "RunLadder": lambda request: ladder(request.id),
        }
        made = []
        while self.jobs.engine.sent:
            request = self.jobs.engine.sent[0]
            made.append(request)
            self.jobs.answer(type(request), {**usual, **answers}[type(request).__name__])
        return made


class Matched:
    """Stored matches. `refreshed`: how often they were read anew."""

    def __init__(self, *matches):
        self.listed = matches
        self.refreshed = 0

    def refresh(self):
        self.refreshed += 1


def match(a, b, number, **report):
    return MatchInfo(
        match=f"20261124-00000{number}-000",
        order=MatchOrder(domain="chess", a=a, b=b),
        date="2026-11-24T00:00:00+00:00",
        state="over",
        report={"games": 100, "games_per_minute": 200.0, **report},
    )


def player(name, elo, low=None, high=None, **more):
    return RatedPlayer(
        player=name, elo=elo, low=low, high=high, **{"anchored": False, "games": 100, "score": 0.5, **more}
    )


def rate(number, *players, **more):
    """Players on a ladder, each surely stronger than all below."""
    size = len(players)
    chances = tuple(tuple(0.5 if i == j else 0.97 if i < j else 0.03 for j in range(size)) for i in range(size))
    return LadderRated(id=number, players=players, superiority=chances, **more)


def ladder(number):
    return rate(
        number,
        player("uci:/usr/games/stockfish,UCI_Elo=1320", 1320.0, anchored=True),
        player("gen-001@0", 1290.0, 1240.0, 1340.0),
        player("gen-000@16", 1270.0, 1210.0, 1330.0),
        player("gen-000@0", 1100.0, 1040.0, 1160.0),
        player("random", -300.0, None, -100.0, score=0.0),
        scale="relative to Stockfish at 1320",
    )


MATCHES = (
    match("gen-001@0", "gen-000@0", 3, elo=180.0, elo_interval_95=[120.0, 240.0], score=0.74),
    match("gen-000@0", "gen-000@16", 2, elo=-170.0, elo_interval_95=[-230.0, -110.0], score=0.27),
    match("gen-000@0", "gen-000@16", 1, elo=-1.0, elo_interval_95=[-90.0, 88.0], score=0.5),
)
