"""A game of a match, looked at: whose view values take, who is asked first, what is prefetched, what a file holds."""

from pathlib import Path
from typing import Any

import pytest

from app.arena.game_viewer import GameViewer
from app.viewmodels.arena_game import (
    ArenaGame,
    GameViewRecord,
    curves_record,
    game_in,
    game_text,
    player_seats,
    point_text,
    result_text,
)
from app.viewmodels.match_replica import MatchReplica
from app.viewmodels.phrases import Phrases
from engine.arena.order import MatchOrder
from engine.domains import registry
from engine.service.arena_messages import GameBegan, GameEnded, GameMoved, MatchNews
from tests.app.arena.thinker import NOBODY, ThinkingEngine
from tests.app.stand_ins import AtOnce

CHESS = Phrases(registry.notation("chess"))
LINE = CHESS.notation.parse_line("startpos moves f2f3 e7e5 g2g4 d8h4")
A, B = "gen-000@24", "gen-000@0"


def game(**more: Any) -> ArenaGame:
    """The fool's mate; the first two moves were given, then White (A) says +0.2 and Black (B) says +1."""
    usual: dict[str, Any] = {
        "match": "m",
        "number": 3,
        "domain": "chess",
        "a": A,
        "b": B,
        "start": LINE.start,
        "opening": LINE.actions[:2],
        "actions": LINE.actions[2:],
        "values": (0.2, 1.0),
        "seed": 77,
        "points": 0.0,
        "text": "checkmate",
    }
    return ArenaGame(**{**usual, **more})


class Glass:
    """The screen of a game; remembers."""

    def __init__(self) -> None:
        self.records: list[GameViewRecord] = []
        self.pictures: list[Any] = []
        self.said: list[str] = []
        self.place = -1

    def show_game(self, record: GameViewRecord) -> None:
        self.records.append(record)

    def show_pictures(self, pictures: Any, *_: Any) -> None:
        self.pictures.append(pictures)

    def show_place(self, node: int) -> None:
        self.place = node

    def say(self, text: str) -> None:
        self.said.append(text)

    @property
    def last(self) -> GameViewRecord:
        return self.records[-1]


class Bench:
    def __init__(self) -> None:
        self.glass, self.engine, self.now = Glass(), ThinkingEngine(), 0.0
        self.desk = GameViewer(self.engine, AtOnce(), self.glass, lambda: self.now)

    def asked(self) -> list[tuple[str, int]]:
        return [(request.player, len(request.actions)) for request in self.engine.asked]


@pytest.fixture
def bench() -> Bench:
    return Bench()


class TestGame:
    def test_both_values_stand_in_the_first_players_view(self) -> None:
        points = curves_record(game(), 2, CHESS, {}).points
        assert [point.whites for point in points] == [
            (None, None), (None, None), (0.2, None), (None, -1.0), (None, None),
        ]  # fmt: skip
        assert [point.is_opening for point in points] == [True, True, False, False, False]
        assert point_text(points[3], curves_record(game(), 2, CHESS, {})) == "2. g4 · for White: B −1.00"

    def test_with_colours_reversed_the_curves_change_hands(self) -> None:
        points = curves_record(game(a_moves_first=False), 2, CHESS, {}).points
        assert [point.whites for point in points[2:4]] == [(None, 0.2), (-1.0, None)]
        assert player_seats(game(a_moves_first=False), CHESS) == (1, 0)
        assert player_seats(game(), CHESS) == (0, 1)

    def test_an_opening_of_odd_length_gives_a_the_black_pieces(self) -> None:
        odd = game(opening=LINE.actions[:1], actions=LINE.actions[1:], values=(0.3, None, 1.0))
        assert player_seats(odd, CHESS) == (1, 0)
        points = curves_record(odd, 0, CHESS, {}).points
        assert points[1].whites == (-0.3, None)
        assert points[3].whites == (-1.0, None)

    def test_who_says_nothing_is_named(self) -> None:
        silent = game(values=(None, 1.0), actions=LINE.actions[2:])
        assert curves_record(silent, 0, CHESS, {}).note == ""  # one move is too little to say so
        longer = game(opening=(), actions=LINE.actions, values=(None, 0.1, None, 1.0))
        assert curves_record(longer, 0, CHESS, {}).note == f"{A} does not say how it stands."

    def test_results_are_told_by_letter(self) -> None:
        assert result_text(game()) == "B won: checkmate."
        assert result_text(game(points=0.5, text="repetition")) == "A draw: repetition."
        assert result_text(game(points=None, text="")) == "It is not over yet."

    def test_the_file_names_sides_and_result_by_colour(self) -> None:
        text = game_text(game(), CHESS)
        assert f'[White "{A}"]' in text
        assert '[Result "0-1"]' in text
        assert '[Termination "checkmate"]' in text
        assert "0. " not in text
        turned = game_text(game(a_moves_first=False, points=1.0), CHESS)
        assert f'[White "{B}"]' in turned
        assert '[Result "0-1"]' in turned
        read = registry.game_format("chess")
        assert read is not None
        nodes = [node.comment for node in _line_of(read.read(text).tree)]
        value = read.value(nodes[3])
        assert value is not None
        assert value < -0.9  # Black said +1 for itself

    def test_it_is_found_in_its_match(self) -> None:
        match = MatchReplica("m", MatchOrder(domain="chess", a=A, b=B), 10)
        began = GameBegan(game=3, start=LINE.start, actions=LINE.actions[:2], a_moves_first=True, seed=77)
        moved = GameMoved(game=3, actions=LINE.actions[2:], values=(0.2, 1.0))
        match.fold(MatchNews(match="m", began=(began,), moved=(moved,), ended=(GameEnded(3, 0.0, "checkmate"),)))
        assert game_in(match, 3) == game()


class TestViewer:
    def test_a_finished_game_opens_at_its_first_own_move(self, bench: Bench) -> None:
        bench.desk.open(game())
        record = bench.glass.last
        assert bench.desk.played == 2
        assert record.a.startswith(f"A · {A} · White")
        assert record.value.value_white == 0.2
        assert record.moves.here == LINE.actions[:2]
        assert record.waiting == "Both are thinking about this position …"

    def test_the_mover_is_asked_first_with_the_games_seed_then_the_other_then_what_follows(self, bench: Bench) -> None:
        bench.desk.open(game())
        bench.engine.answer_all()
        assert bench.asked() == [(A, 2), (B, 2), (B, 3), (A, 3)]
        assert {request.seed for request in bench.engine.asked} == {77}

    def test_trees_come_one_by_one_and_old_ones_stay_until_then(self, bench: Bench) -> None:
        bench.desk.open(game())
        bench.engine.answer()
        assert bench.glass.last.waiting == ""
        assert bench.glass.last.duel.blanks == ("", "Thinking …")
        bench.engine.answer_all()
        assert bench.glass.last.duel.blanks == ("", "")
        assert bench.glass.last.duel.agreement
        shown = len(bench.glass.pictures)
        bench.desk.goto(0)
        assert bench.glass.last.waiting
        assert len(bench.glass.pictures) == shown

    def test_what_was_prefetched_is_there_at_once(self, bench: Bench) -> None:
        bench.desk.open(game())
        bench.engine.answer_all()
        asked = len(bench.engine.asked)
        bench.desk.step(1)
        assert bench.glass.last.waiting == ""
        assert len(bench.engine.asked) == asked  # the next state ends the game: nobody thinks there

    def test_the_second_opinion_joins_the_curve_in_the_same_view(self, bench: Bench) -> None:
        bench.desk.open(game())
        bench.engine.answer_all()
        bench.desk.step(1)  # Black is to move: A's second opinion is from Black's view
        mind = bench.desk.duel.minds[0]
        assert mind is not None
        assert mind.value is not None
        assert bench.glass.last.curves.points[3].whites == (pytest.approx(-mind.value), -1.0)
        assert bench.glass.last.curves.is_intuition == (False, True)

    def test_nobody_is_asked_where_play_has_ended(self, bench: Bench) -> None:
        bench.desk.open(game())
        bench.engine.answer_all()
        asked = len(bench.engine.asked)
        bench.desk.goto_end()
        assert len(bench.engine.asked) == asked
        assert bench.glass.last.waiting.startswith("Play has ended here")
        assert bench.glass.last.moves.outcome == "B won: checkmate."
        assert not bench.glass.last.can_step_on

    def test_dragging_asks_only_for_where_it_ends(self, bench: Bench) -> None:
        bench.desk.open(game())
        for played in (3, 1, 0):
            bench.desk.goto(played)
        bench.engine.answer_all()
        assert bench.asked()[:3] == [(A, 2), (A, 0), (B, 0)]  # the first was on its way already

    def test_it_goes_on_by_itself_and_stops_at_the_end(self, bench: Bench) -> None:
        bench.desk.open(game())
        bench.desk.set_speed(0.5)
        bench.desk.toggle_play()
        for _ in range(8):
            bench.now += 0.6
            bench.desk.tick()
        assert bench.desk.played == 4
        assert not bench.desk.is_playing
        bench.desk.toggle_play()
        assert (bench.desk.played, bench.desk.is_playing) == (2, True)

    def test_who_looks_at_the_end_of_a_live_game_goes_along(self, bench: Bench) -> None:
        live = game(points=None, text="", actions=LINE.actions[2:3], values=(0.2,))
        bench.desk.open(live)
        assert bench.desk.played == 3
        assert (bench.glass.last.value.value_white, bench.glass.last.value.stale) == (0.2, True)  # White said it before
        bench.desk.follow(game())
        assert bench.desk.played == 4
        bench.desk.open(live)
        bench.desk.goto(1)
        bench.desk.follow(game())
        assert bench.desk.played == 1
        bench.desk.follow(game(number=5))
        assert bench.desk.game == game()

    def test_a_player_that_is_not_there_is_said(self, bench: Bench) -> None:
        bench.desk.open(game(a=NOBODY))
        bench.engine.answer_all()
        assert bench.glass.last.duel.notes[0].startswith(f"{NOBODY} could not be asked")
        assert bench.glass.last.waiting == ""
        before = len(bench.engine.asked)
        bench.desk.duel.try_again()
        assert len(bench.engine.asked) == before + 1

    def test_nobody_is_asked_while_nobody_looks(self, bench: Bench) -> None:
        bench.desk.set_open(False)
        bench.desk.open(game())
        assert not bench.engine.asked
        bench.desk.set_open(True)
        assert bench.engine.asked

    def test_saving_says_so_or_why_not(self, bench: Bench, tmp_path: Path) -> None:
        bench.desk.open(game())
        bench.desk.save(tmp_path / "game.pgn")
        assert "1. f3" in (tmp_path / "game.pgn").read_text()
        bench.desk.save(tmp_path / "none" / "game.pgn")
        assert bench.glass.said[0] == "Saved game.pgn."
        assert bench.glass.said[1].startswith("game.pgn was not saved")


def _line_of(tree: Any) -> list[Any]:
    nodes = [tree.root]
    while nodes[-1].children:
        nodes.append(nodes[-1].children[0])
    return nodes
