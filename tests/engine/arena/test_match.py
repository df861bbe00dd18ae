"""Matches in lockstep: exact results of known players, colours, order, journals."""

import dataclasses
import errno
import io
import json
from pathlib import Path

import pytest

from engine.arena.counts import Counts, count_pairs
from engine.arena.independence import duplicates
from engine.arena.journal import Header, MatchJournal, MatchJournalError, Moves
from engine.arena.match import Match, MatchSettings
from engine.arena.openings import open_book
from engine.arena.players import LockstepPlayer, RandomPlayer
from engine.arena.sprt import Sprt
from engine.domains import registry
from engine.domains.base import Line
from engine.search.evaluator import UniformEvaluator
from engine.search.settings import SearchSettings
from tests.engine.arena.stand_ins import START, Scripted, drawn_from, highest, lowest
from tests.engine.domains.tic_tac_toe import RULES as TIC_TAC_TOE

FOUR = registry.rules("connect_four")


class _Full(io.FileIO):
    """A file on a disk without room."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "r+")

    def write(self, _: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def finished(match: Match) -> Match:
    while match.advance():
        pass
    return match


def fours(pairs: int) -> list[Line]:
    return open_book("builtin", FOUR, registry.notation("connect_four")).choose(pairs, 3)


def test_who_takes_the_lowest_cell_first_wins() -> None:
    """0, 2, 4 and 6 are the first player's, who so has a diagonal: each wins the game in which it begins."""
    a, b = (Scripted(TIC_TAC_TOE, lowest, name) for name in "ab")
    match = finished(Match(TIC_TAC_TOE, a, b, [START], MatchSettings()))
    assert match.counts() == Counts(1, 0, 1, (0, 0, 1, 0, 0))
    assert match.games[0].actions == match.games[1].actions == [0, 1, 2, 3, 4, 5, 6]
    assert (match.games[0].points, match.games[1].points) == (1.0, 0.0)
    assert duplicates(match.counted_games()) == 1


def test_known_players_have_the_result_worked_out_by_hand() -> None:
    """The lowest cell against the highest: whoever begins has a row of three first."""
    a, b = Scripted(TIC_TAC_TOE, lowest), Scripted(TIC_TAC_TOE, highest)
    match = finished(Match(TIC_TAC_TOE, a, b, [START, Line("startpos", (4,))], MatchSettings()))
    assert match.games[0].actions == [0, 8, 1, 7, 2]
    assert match.games[1].actions == [8, 0, 7, 1, 6]
    assert match.games[2].actions == [0, 8, 1, 7, 2], "the first cross is in the middle, and A has the noughts"
    assert match.games[3].actions == [8, 0, 7, 1, 6], "now B has them"
    assert match.counts() == Counts(2, 0, 2, (0, 0, 2, 0, 0))


def test_a_draw_is_half_a_point_for_both() -> None:
    """X 4 0 1 6 5 and O 8 2 7 3 fill the board without a row."""
    order = [4, 8, 0, 2, 1, 7, 6, 3, 5]
    a = Scripted(TIC_TAC_TOE, lambda game, legal: next(c for c in order if c in legal))
    match = finished(Match(TIC_TAC_TOE, a, a, [START], MatchSettings()))
    assert match.games[0].actions == order
    assert match.counts() == Counts(0, 2, 0, (0, 0, 1, 0, 0))


def test_colours_are_really_reversed() -> None:
    a, b = Scripted(TIC_TAC_TOE, lowest), Scripted(TIC_TAC_TOE, highest)
    match = finished(Match(TIC_TAC_TOE, a, b, [START] * 3, MatchSettings()))
    assert {index % 2 for index, _ in a.asked[:6]} == {0, 1}
    assert all(a_to_move for _, a_to_move in a.asked)
    assert not any(a_to_move for _, a_to_move in b.asked)
    for pair in range(3):
        first, second = match.games[2 * pair], match.games[2 * pair + 1]
        assert first.opening == second.opening
        assert (first.a_moves_first, second.a_moves_first) == (True, False)
        assert (first.actions[0], second.actions[0]) == (0, 8), "A has the first move of the one, B of the other"


def test_swapping_the_players_swaps_the_result() -> None:
    a, b = Scripted(FOUR, lambda game, legal: legal[len(game.actions) % len(legal)]), Scripted(FOUR, lowest)
    one = finished(Match(FOUR, a, b, fours(20), MatchSettings())).counts()
    other = finished(Match(FOUR, b, a, fours(20), MatchSettings())).counts()
    assert one == other.swapped
    assert one.games == 40


def test_search_beats_chance_and_more_search_beats_less() -> None:
    players = [
        LockstepPlayer(FOUR, UniformEvaluator(), SearchSettings(method="puct"), simulations) for simulations in (60, 6)
    ]
    counts = finished(Match(FOUR, players[0], RandomPlayer(FOUR), fours(12), MatchSettings())).counts()
    assert counts.wins > 20
    counts = finished(Match(FOUR, players[0], players[1], fours(20), MatchSettings())).counts()
    assert counts.wins > counts.losses


def test_games_do_not_depend_on_how_many_are_played_at_once() -> None:
    played = []
    for concurrency in (1, 3, 50):
        players = RandomPlayer(FOUR), Scripted(FOUR, drawn_from(2))
        match = finished(Match(FOUR, *players, fours(8), MatchSettings(concurrency, seed=5)))
        played.append([game.actions for game in match.games.finished])
        assert len(played[-1]) == 16
    assert played[0] == played[1] == played[2]


def test_the_seed_decides_chance() -> None:
    def actions(seed: int) -> list[list[int]]:
        match = finished(Match(FOUR, RandomPlayer(FOUR), RandomPlayer(FOUR), fours(4), MatchSettings(seed=seed)))
        return [game.actions for game in match.games.finished]

    assert actions(1) == actions(1) != actions(2)
    assert len({tuple(game) for game in actions(1)}) == 8, "every game has chance of its own"


def test_at_most_so_many_pairs_are_under_way() -> None:
    match = Match(FOUR, RandomPlayer(FOUR), RandomPlayer(FOUR), fours(10), MatchSettings(concurrency=2))
    most = 0
    while match.advance():
        most = max(most, len({game.index // 2 for game in match.games.live}))
    assert most == 2
    assert match.counts().pairs == 10


def test_a_test_hears_pairs_in_order_and_stops_the_match() -> None:
    test = Sprt(0, 400)
    strong = LockstepPlayer(FOUR, UniformEvaluator(), SearchSettings(), 40)
    match = finished(Match(FOUR, strong, RandomPlayer(FOUR), fours(60), MatchSettings(concurrency=20, sprt=test)))
    assert match.stopped_at is not None
    assert match.stopped_at < 60
    games = match.counted_games()
    assert [game.index for game in games] == list(range(2 * match.stopped_at))
    points = [(games[at].points or 0.0, games[at + 1].points or 0.0) for at in range(0, len(games), 2)]
    assert match.counts() == count_pairs(points)
    assert test.verdict(match.counts()) != "continue"
    assert all(test.verdict(count_pairs(points[:heard])) == "continue" for heard in range(len(points)))


def test_a_puzzle_for_one_has_no_match() -> None:
    alone = dataclasses.replace(TIC_TAC_TOE._domain, players=("me",))
    rules = type(TIC_TAC_TOE)(alone)
    with pytest.raises(ValueError, match="played alone"):
        Match(rules, Scripted(rules, lowest), Scripted(rules, lowest), [START], MatchSettings())


# --- journals --------------------------------------------------------------------------------------------------------

HEADER = Header(
    domain="connect_four",
    a="random",
    b="scripted",
    a_fingerprint="r",
    b_fingerprint="s",
    book="b",
    book_hash="h",
    seed=5,
    max_plies=512,
)


def journalled(path: Path, steps: int | None = None, pairs: int = 8, concurrency: int = 3) -> Match:
    """A match with a journal, played to its end or for some steps."""
    players = RandomPlayer(FOUR), Scripted(FOUR, drawn_from(2))
    with MatchJournal(path, HEADER) as journal:
        match = Match(FOUR, *players, fours(pairs), MatchSettings(concurrency, seed=5), journal)
        while (steps is None or steps > 0) and match.advance():
            steps = None if steps is None else steps - 1
    return match


@pytest.mark.parametrize("torn", [b"", b'{"line":"moves","games":[0,1'])
def test_a_match_goes_on_where_it_was_cut_off(tmp_path: Path, torn: bytes) -> None:
    whole = journalled(tmp_path / "whole")
    for steps in (1, 7, 30):
        path = tmp_path / f"cut {steps}"
        journalled(path, steps)
        path.write_bytes(path.read_bytes() + torn)
        again = journalled(path)
        assert again.counts() == whole.counts()
        for game in range(16):
            assert again.games[game].actions == whole.games[game].actions
    over = journalled(tmp_path / "whole", 0)
    assert over.is_over
    assert over.counts() == whole.counts()
    assert not over.advance()


def test_a_match_may_go_on_with_more_pairs_or_fewer_and_other_numbers_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "match"
    journalled(path, 25, pairs=6, concurrency=6)
    fewer = journalled(path, pairs=3, concurrency=1)
    assert fewer.counts() == journalled(tmp_path / "three", pairs=3).counts()
    more = journalled(path, pairs=9, concurrency=2)
    assert more.counts() == journalled(tmp_path / "nine", pairs=9).counts()


def test_a_full_disk_stops_the_match_and_loses_nothing(tmp_path: Path) -> None:
    """The line that did not fit may be cut anywhere; with room again the match goes on as if nothing had happened."""

    def match_with(journal: MatchJournal | None) -> Match:
        players = [Scripted(TIC_TAC_TOE, drawn_from(seed), name) for seed, name in ((1, "a"), (2, "b"))]
        return Match(TIC_TAC_TOE, *players, [START] * 5, MatchSettings(concurrency=2), journal)

    path = tmp_path / "journal"
    with MatchJournal(path, HEADER) as journal:
        match = match_with(journal)
        for _ in range(4):
            match.advance()
        journal._file.close()
        journal._file = io.BufferedRandom(_Full(path))
        with pytest.raises(MatchJournalError, match=f"{path}: No space left"):
            match.advance()
    before = path.read_bytes()
    assert before.count(b"\n") == 5, "the header and four steps"
    path.write_bytes(before + b'{"line":"moves","ga')
    with MatchJournal(path, HEADER) as journal:
        resumed = finished(match_with(journal))
    whole = finished(match_with(None))
    assert [resumed.games[index].actions for index in range(10)] == [whole.games[index].actions for index in range(10)]


def test_the_journal_of_another_match_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "match"
    journalled(path, 3)
    before = path.read_bytes()
    with pytest.raises(MatchJournalError, match="its seed is 5, not 6"):
        MatchJournal(path, Header(**{**{name: getattr(HEADER, name) for name in HEADER.__struct_fields__}, "seed": 6}))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "text",
    ["hello\n", "hello", '{"line": "moves", "games": [], "actions": [], "values": [], "seconds_s": 0}\n', "{}\n"],
)
def test_a_file_that_is_no_journal_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    path = tmp_path / "match"
    path.write_text(text)
    with pytest.raises(MatchJournalError):
        MatchJournal(path, HEADER)
    assert path.read_text() == text


def test_a_journal_with_an_illegal_move_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "match"
    journalled(path, 2)
    with MatchJournal(path, HEADER) as journal:
        journal.append(Moves([0], [99], [None], 1.0))
    with pytest.raises(ValueError, match="action 99 is not legal in game 0"):
        journalled(path)


def test_values_are_kept(tmp_path: Path) -> None:
    journalled(tmp_path / "match", 4)
    lines = [json.loads(line) for line in (tmp_path / "match").read_text().splitlines()[1:]]
    assert {value for line in lines for value in line["values"]} == {None, 0.25}
