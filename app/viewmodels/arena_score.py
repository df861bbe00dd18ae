"""The scoreboard of a match: who leads, how sure that is, and what a test says, in words and figures."""

import math
from dataclasses import dataclass

from app.viewmodels.arena_ladder_players import name_of
from app.viewmodels.figures import MISSING, count, duration, percent, signed
from app.viewmodels.match_replica import MatchReplica
from engine.arena.cost import cost_of
from engine.arena.counts import Counts, sample_of
from engine.arena.elo import estimate
from engine.arena.order import MatchOrder
from engine.arena.sprt import Sprt

_LOS_WORDS = (
    (0.999, "surely the stronger"),
    (0.975, "very likely the stronger"),
    (0.85, "probably the stronger"),
    (0.6, "perhaps the stronger"),
)


@dataclass(frozen=True, slots=True)
class TestRecord:
    """Where a sequential test stands.

    Attributes:
        question: in words. llr: the log-likelihood ratio; low, high: at which it decides.
        verdict: "H0", "H1" or "continue". text: the answer so far, in words.
    """

    question: str
    llr: float
    low: float
    high: float
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class ScoreRecord:
    """All that stands on the board.

    Attributes:
        a, b: names of the players. points_a, points_b: "57½".
        wins, draws, losses: of A. pentanomial: see `Counts`.
        elo, nelo: with their 95 % intervals. lead: who leads and how surely, one sentence.
        games: how many count, and how many tell something new.
        state: what the match is doing. left: how much is still to come, or "".
        share: of it that is over, in [0, 1], or None.
        test: None = there is none.
    """

    a: str
    b: str
    points_a: str
    points_b: str
    wins: int
    draws: int
    losses: int
    pentanomial: tuple[int, int, int, int, int]
    elo: str
    nelo: str
    lead: str
    games: str
    state: str
    left: str
    share: float | None
    test: TestRecord | None


def score_record(replica: MatchReplica, *, is_playing: bool, is_pausing: bool = False) -> ScoreRecord:
    """The scoreboard of a match as it stands."""
    counts, order = replica.counts, replica.order
    a, b = player_names(order)
    points = counts.wins + counts.draws / 2
    elo, nelo, lead = _strength(counts, a, b)
    share, left = _progress(replica, is_playing=is_playing)
    return ScoreRecord(
        a=a,
        b=b,
        points_a=halves(points),
        points_b=halves(counts.games - points),
        wins=counts.wins,
        draws=counts.draws,
        losses=counts.losses,
        pentanomial=counts.pentanomial,
        elo=elo,
        nelo=nelo,
        lead=lead,
        games=_games(replica, is_playing=is_playing),
        state=_state(replica, is_playing=is_playing, is_pausing=is_pausing),
        left=left,
        share=share,
        test=_test(replica),
    )


def player_names(order: MatchOrder) -> tuple[str, str]:
    """Names of both players, told apart where they are the same."""
    a, b = name_of(order.a), name_of(order.b)
    return (f"{a} (A)", f"{b} (B)") if a == b else (a, b)


def halves(points: float) -> str:
    """Points as chess players write them: 57½."""
    whole = int(points)
    half = "½" if points != whole else ""
    return half if half and not whole else f"{count(whole)}{half}"


def elo_words(counts: Counts) -> str:
    """The difference with its interval, short: "+23 (+3 to +44)"."""
    if not counts.games:
        return MISSING
    found = estimate(counts)
    return f"{signed(found.elo, 0)} ({_interval(found.elo_interval)})"


def _strength(counts: Counts, a: str, b: str) -> tuple[str, str, str]:
    if not counts.games:
        return MISSING, MISSING, "No pair of games counts yet."
    found = estimate(counts)
    elo = f"{signed(found.elo, 0)} Elo, 95 %: {_interval(found.elo_interval)}"
    nelo = f"{signed(found.nelo, 0)} nElo, 95 %: {_interval(found.nelo_interval)}"
    surely, name = (found.los, a) if found.los >= 0.5 else (1.0 - found.los, b)
    words = next((words for least, words in _LOS_WORDS if surely >= least), None)
    if words is None:
        return elo, nelo, "Neither is ahead by more than chance."
    shown = "more than 99.9 %" if surely > 0.999 else percent(math.floor(1000 * surely) / 1000)
    return elo, nelo, f"{name} is {words} ({shown})."


def _interval(interval: tuple[float, float]) -> str:
    low, high = interval
    if math.isinf(low) and math.isinf(high):
        return "no bound yet"
    if math.isinf(low):
        return f"below {signed(high, 0)}"
    if math.isinf(high):
        return f"above {signed(low, 0)}"
    return f"{signed(low, 0)} to {signed(high, 0)}"


def _games(replica: MatchReplica, *, is_playing: bool) -> str:
    counted, doubled = replica.counts.games, replica.repeated
    told = f"{count(counted)} games count"
    told += f", {count(doubled)} of them repeat another" if doubled else ""
    waiting = replica.finished - counted
    if waiting <= 0:
        return told
    return f"{told}; {count(waiting)} more {'wait for pairs begun before them' if is_playing else 'do not'}"


def _state(replica: MatchReplica, *, is_playing: bool, is_pausing: bool) -> str:
    if is_playing:
        return "Pausing after what is in hand …" if is_pausing else f"Playing, {count(len(replica.live))} at a time"
    return {"sprt": "Decided", "pairs": "All pairs are played", "by hand": "Paused"}.get(
        replica.stopped or "", "Paused"
    )


def _progress(replica: MatchReplica, *, is_playing: bool) -> tuple[float | None, str]:
    """The share that is over, and how much is left, in words."""
    counts, order = replica.counts, replica.order
    each_s = replica.seconds_s / replica.finished if replica.finished else 0.0
    if order.sprt is None:
        left = max(2 * replica.pairs - replica.finished, 0)
        share = replica.finished / (2 * replica.pairs) if replica.pairs else None
    else:
        if not counts.games:
            return None, ""
        sprt = order.sprt.sprt()
        llr = sprt.llr(counts)
        low, high = sprt.bounds
        left = math.ceil(cost_of(sprt, sample_of(counts), llr).games_left)
        share = min(max(llr / high, llr / low, 0.0), 1.0)
    if not left or not is_playing:
        return share, f"{count(left)} games to go" if left and order.sprt is None else ""
    about = "about " if order.sprt is not None else ""
    time = f", {duration(left * each_s)} left" if each_s else ""
    return share, f"{about}{count(left)} games to go{time}"


def _test(replica: MatchReplica) -> TestRecord | None:
    if replica.order.sprt is None:
        return None
    sprt = replica.order.sprt.sprt()
    walk = replica.walk(sprt)
    llr, low, high = (float(numbers[0]) for numbers in (walk.llr, *walk.bounds(sprt)))
    verdict = walk.verdict(sprt)
    scale = "nElo" if sprt.model == "normalised" else "Elo"
    question = f"Is A better by {sprt.elo1:g} rather than {sprt.elo0:g} {scale}?"
    return TestRecord(question, llr, low, high, verdict, _answer(sprt, verdict, llr, scale, (low, high)))


def _answer(sprt: Sprt, verdict: str, llr: float, scale: str, bounds: tuple[float, float]) -> str:
    low, high = bounds
    if verdict == "H1":
        return f"Yes: {sprt.elo1:g} {scale} rather than {sprt.elo0:g}."
    if verdict == "H0":
        return f"No: {sprt.elo0:g} {scale} rather than {sprt.elo1:g}."
    towards, share = ("yes", llr / high) if llr >= 0 else ("no", llr / low)
    return f"Not decided; {percent(share)} of the way to {towards}." if share >= 0.005 else "Not decided."
