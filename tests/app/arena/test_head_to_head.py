"""Head to head and the scrubber: what is asked when, and what is said of it."""

from typing import Any

import pytest

from app.arena.generation_scrubber import GenerationScrubber
from app.arena.head_to_head import HeadToHead, HeadToHeadRecord
from app.viewmodels.scrubber import ScrubberRecord, asking_order, in_order
from engine.domains import registry
from engine.service.messages import Failed, GenerationInfo
from tests.app.arena.thinker import NOBODY, ThinkingEngine
from tests.app.stand_ins import AtOnce

CHESS = registry.notation("chess")
START = CHESS.parse_line("startpos")


class Glass:
    """The screen; remembers."""

    def __init__(self) -> None:
        self.records: list[HeadToHeadRecord] = []
        self.pictures: list[Any] = []
        self.mappings: list[Any] = []
        self.said: list[str] = []
        self.place = -1

    def show_head_to_head(self, record: HeadToHeadRecord) -> None:
        self.records.append(record)

    def show_pictures(self, pictures: Any, labels: Any, seats: Any, mapping: Any) -> None:
        self.pictures.append((pictures, seats))
        self.mappings.append(mapping)

    def show_place(self, node: int) -> None:
        self.place = node

    def say(self, text: str) -> None:
        self.said.append(text)

    @property
    def last(self) -> HeadToHeadRecord:
        return self.records[-1]


class Bench:
    def __init__(self) -> None:
        self.glass, self.engine = Glass(), ThinkingEngine()
        self.desk = HeadToHead(self.engine, AtOnce(), self.glass, "chess", ("gen-000@24", "gen-000@0"))
        self.desk.take("chess", START)
        self.desk.set_open(True)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_both_are_asked_and_the_second_answer_moves_nothing(bench: Bench) -> None:
    bench.engine.answer_all()
    assert [request.player for request in bench.engine.asked] == ["gen-000@24", "gen-000@0"]
    assert bench.glass.mappings[0] is None
    assert bench.glass.mappings[1] is not None
    assert len(bench.glass.mappings[1]) == bench.glass.pictures[0][0].union.num_nodes
    assert len(bench.glass.last.duel.rows) == 20
    assert bench.glass.last.duel.agreement
    assert bench.glass.last.waiting == ""


def test_swapping_mirrors_everything(bench: Bench) -> None:
    bench.engine.answer_all()
    before, asked = bench.glass.last, len(bench.engine.asked)
    bench.desk.swap()
    after = bench.glass.last
    assert len(bench.engine.asked) == asked  # both are known
    assert (after.a, after.b) == (before.b, before.a)
    assert after.duel.values == before.duel.values[::-1]
    gaps = {row.action: row.gap for row in before.duel.rows}
    assert all(row.gap == pytest.approx(-(gaps[row.action] or 0.0)) for row in after.duel.rows)


def test_colours_take_the_view_of_the_player_to_move(bench: Bench) -> None:
    bench.engine.answer_all()
    assert bench.glass.pictures[-1][1].seat == 0
    bench.desk.enter_position("startpos moves e2e4")
    bench.engine.answer_all()
    assert bench.glass.pictures[-1][1].seat == 1
    assert "for Black" in bench.glass.last.duel.a.figures
    assert bench.glass.last.to_move == "Black"


def test_positions_are_typed_played_and_taken_back(bench: Bench) -> None:
    bench.desk.enter_position("e4 e5 Nf3")
    assert bench.glass.said == ["Read a line of 3 moves."]
    assert bench.desk.line.actions == CHESS.parse_line("startpos moves e2e4 e7e5 g1f3").actions
    bench.desk.play(bench.glass.last.board.choices[0].action)
    assert len(bench.desk.line.actions) == 4
    bench.desk.step_back()
    assert len(bench.desk.line.actions) == 3
    bench.desk.enter_position("nonsense")
    assert "nonsense" in bench.glass.last.position.error
    assert len(bench.desk.line.actions) == 3


def test_nobody_thinks_where_play_has_ended_or_nobody_looks(bench: Bench) -> None:
    bench.engine.answer_all()
    asked = len(bench.engine.asked)
    bench.desk.enter_position("startpos moves f2f3 e7e5 g2g4 d8h4")
    assert len(bench.engine.asked) == asked
    assert bench.glass.last.waiting.startswith("Play has ended here")
    bench.desk.set_open(False)
    bench.desk.take("chess", CHESS.parse_line("startpos moves d2d4"))
    assert len(bench.engine.asked) == asked


def test_another_domain_brings_its_own_position(bench: Bench) -> None:
    bench.engine.answer_all()
    bench.desk.set_domain("connect_four", ("uniform@16", "random"))
    bench.engine.answer_all()
    assert bench.glass.last.domain == "connect_four"
    assert bench.glass.last.board.card.style == "discs"
    assert bench.glass.last.duel.blanks[0] == ""
    assert "no tree" in bench.glass.last.duel.blanks[1]


def test_a_row_selects_its_node_in_both_trees(bench: Bench) -> None:
    bench.engine.answer_all()
    row = bench.glass.last.duel.rows[0]
    bench.desk.duel.select_action(row.action)
    assert bench.glass.place > 0
    assert row.text in bench.desk.duel.sentence_of(bench.glass.place)


def test_a_late_answer_to_another_position_is_not_shown(bench: Bench) -> None:
    bench.desk.take("chess", CHESS.parse_line("startpos moves d2d4"))
    bench.engine.answer()  # of the start position
    assert not bench.glass.pictures
    bench.engine.answer_all()
    assert bench.glass.pictures[-1][0].union.line == bench.desk.line


def test_both_in_trouble_is_no_waiting(bench: Bench) -> None:
    bench.desk.set_players(NOBODY, NOBODY)
    bench.engine.answer_all()
    assert bench.glass.last.waiting == ""
    assert bench.glass.last.duel.blanks[0] == bench.glass.last.duel.blanks[1] != ""


def test_a_dead_engine_is_not_started_again_and_again(bench: Bench) -> None:
    asked = len(bench.engine.asked)
    _, answered = bench.engine.waiting.pop()
    answered(Failed(id=1, kind="engine", text="The engine ended unexpectedly: killed."))
    assert len(bench.engine.asked) == asked
    assert (
        bench.glass.last.duel.blanks[0] == bench.glass.last.duel.blanks[1] == "The engine ended unexpectedly: killed."
    )
    bench.desk.duel.try_again()
    bench.engine.answer_all()
    assert bench.glass.last.duel.blanks == ("", "")


def info(name: str, parent: str | None = None, domain: str = "chess") -> GenerationInfo:
    return GenerationInfo(id=name, name=name, domain=domain, weights_hash="0", parent=parent, metrics={})


class Scrubbing:
    def __init__(self, *names: str) -> None:
        self.engine, self.records = ThinkingEngine(), list[ScrubberRecord]()
        self.desk = GenerationScrubber(self.engine, AtOnce(), self.records.append)
        self.desk.set_generations(tuple(info(name) for name in names))
        self.desk.look("chess", START)
        self.desk.set_open(True)

    @property
    def last(self) -> ScrubberRecord:
        return self.records[-1]


class TestScrubber:
    def test_parents_stand_before_their_children(self) -> None:
        infos = (info("c", "b"), info("a"), info("b", "a"))
        assert in_order(infos) == ("uniform", "a", "b", "c")
        assert in_order(()) == ("uniform",)

    def test_the_one_looked_at_is_asked_first_then_its_neighbours(self) -> None:
        assert asking_order(5, 2) == (2, 1, 3, 0, 4)
        bench = Scrubbing("gen-000", "gen-001", "gen-002")
        bench.engine.answer_all()
        assert [request.player for request in bench.engine.asked] == [
            "gen-002@0", "gen-001@0", "gen-000@0", "uniform@0",
        ]  # fmt: skip
        assert bench.last.waiting == 0
        assert bench.last.at == 3

    def test_dragging_changes_what_is_said(self) -> None:
        bench = Scrubbing("gen-000")
        bench.engine.answer_all()
        newest = bench.last
        assert newest.said.startswith("gen-000 plays ")
        assert newest.change.startswith("Since uniform: ")
        assert sum(row.prior for row in newest.rows) <= 1.01
        bench.desk.goto(0)
        assert bench.last.said.startswith("uniform plays ")
        assert bench.last.change == ""
        bench.desk.step(5)
        assert bench.last.at == 1

    def test_curves_are_the_priors_of_each_generation(self) -> None:
        bench = Scrubbing("gen-000")
        bench.engine.answer_all()
        record = bench.last
        assert len(record.actions) == 5
        assert record.points[0].priors == pytest.approx((0.05,) * 5, abs=1e-3)
        assert record.points[1].priors[0] == pytest.approx(record.rows[0].prior)
        assert record.points[1].best == record.actions[0]

    def test_another_budget_asks_anew_and_an_old_one_is_remembered(self) -> None:
        bench = Scrubbing("gen-000")
        bench.engine.answer_all()
        bench.desk.set_budget(16)
        assert bench.last.waiting == 2
        bench.engine.answer_all()
        assert "after 16 simulations" in bench.last.said
        asked = len(bench.engine.asked)
        bench.desk.set_budget(0)
        assert len(bench.engine.asked) == asked
        assert bench.last.waiting == 0

    def test_new_generations_are_followed_until_a_person_chose(self) -> None:
        bench = Scrubbing("gen-000")
        bench.desk.set_generations((info("gen-000"), info("gen-001", "gen-000")))
        assert bench.desk.generation == "gen-001"
        bench.desk.goto(1)
        bench.desk.set_generations(tuple(info(f"gen-00{k}") for k in range(3)))
        assert bench.desk.generation == "gen-000"

    def test_nothing_is_asked_while_nobody_looks(self) -> None:
        bench = Scrubbing("gen-000")
        bench.engine.answer_all()
        bench.desk.set_open(False)
        asked = len(bench.engine.asked)
        bench.desk.look("chess", CHESS.parse_line("startpos moves d2d4"))
        assert len(bench.engine.asked) == asked
