"""Reading lines, the threat view, setting up, figures and layers: the controller with real searches, no display."""

from dataclasses import replace

import numpy as np
import pytest

from app.controller import Controller
from app.presenter import phrases
from app.threats import Threats
from app.viewmodels.explore import Beginning
from app.viewmodels.heat import tree_heat
from app.viewmodels.reading import begin_reading
from engine.domains.registry import drafting, notation
from engine.tree.explain import principal_variation
from tests.app.stand_ins import AtOnce, MemoryScreen, SmallEngine

CHESS = notation("chess")


class World:
    """A controller with its stand-ins, after its search has ended."""

    def __init__(self, text: str = "startpos", domain: str = "chess") -> None:
        self.screen, self.engine = MemoryScreen(), SmallEngine()
        line = notation(domain).parse_line(text)
        self.control = Controller(self.engine, self.screen, AtOnce(), Beginning(domain, line, budget=200))
        self.engine.answered, self.engine.noticed = self.control.answered, self.control.noticed
        self.control.engine_changed("ready", "")
        self.engine.pump_until(self.is_finished)

    def is_finished(self) -> bool:
        self.control.tick()
        return self.screen.last("show_status").engine == "finished" and not self.control.session.known.waiting

    @property
    def tree(self):  # type: ignore[no-untyped-def]
        return self.control.session.shown.tree


@pytest.fixture(scope="module")
def searched() -> World:
    return World()


@pytest.fixture
def world(searched: World) -> World:
    searched.control.reading.end()
    return searched


def test_the_strip_follows_the_best_line_while_nothing_is_read(world: World) -> None:
    record = world.screen.last("show_line")
    assert record.words[0] == f"1. {world.screen.last('show_candidates').rows[0].text}"
    assert (record.shown, record.notice) == (0, "")


def test_a_line_is_read_on_the_board_and_leaving_brings_the_board_back(world: World) -> None:
    before = world.screen.last("show_board")
    line = principal_variation(world.tree)
    world.control.reading.begin(line[0])
    assert world.screen.last("show_board") == before, "a line being read changes nothing before its first move"
    assert world.control.reading.walk(1)
    shown = world.screen.last("show_board")
    assert shown.is_preview
    assert not shown.choices
    assert shown.card == CHESS.card(world.control.state.game.current.then(line[0]))
    assert world.screen.last("show_line").shown == 1
    world.control.reading.end()
    assert world.screen.last("show_board") == before


def test_the_line_goes_no_farther_than_it_is(world: World) -> None:
    world.control.reading.hold()
    world.control.reading.show_end()
    assert not world.control.reading.walk(1)
    assert world.screen.last("show_line").shown == len(world.control.state.reading.moves)


def test_a_line_that_search_gave_up_is_said_to_have_changed(world: World) -> None:
    best, other = (row.action for row in world.screen.last("show_candidates").rows[:2])
    moment = world.control.travel.moment
    reading = begin_reading(moment, (best,))
    reply = next(action for action in CHESS.choices(reading.root.then(best)) if action.action != reading.moves[1])
    world.control.look(reading=replace(reading, moves=(best, reply.action)))
    record = world.screen.last("show_line")
    assert record.notice.startswith("The line has changed since you began to read: now 1… ")
    world.control.look(reading=begin_reading(moment, (other,)))
    assert not world.screen.last("show_line").notice


def test_playing_from_the_strip_plays_that_far_and_undo_takes_it_back() -> None:
    world = World()
    line = tuple(principal_variation(world.tree)[:2])
    world.control.reading.hold()
    world.control.reading.play(2)
    assert world.control.state.game.current.actions == line
    assert world.control.state.reading is None
    world.control.undo()
    assert not world.control.state.game.current.actions


def test_figures_and_layers_go_round(world: World) -> None:
    labels = []
    for _ in range(4):
        world.control.next_figure()
        labels.append([arrow.label for arrow in world.screen.last("show_board").arrows])
    assert all(any(found) for found in labels)
    assert "1" in labels[3]
    world.control.next_figure()
    assert not any(arrow.label for arrow in world.screen.last("show_board").arrows)
    kinds = []
    for _ in range(3):
        world.control.next_layer()
        kinds.append(world.screen.last("show_board").heat.kind)
    assert kinds == ["prior", "tree", ""]


@pytest.mark.parametrize(("domain", "text"), [("chess", "startpos moves e2e4"), ("connect_four", "startpos")])
def test_the_heat_of_the_tree_is_every_visit_below_the_root(domain: str, text: str) -> None:
    world = World(text, domain)
    heat, tree = tree_heat(world.tree, phrases(domain)), world.tree
    visits = tree.stats["visits"][1 : tree.num_nodes]
    assert heat.sum() == pytest.approx(visits.sum())
    expected = np.zeros_like(heat)
    for node in range(1, tree.num_nodes):
        line = tree.line_to(node)
        before = replace(line, actions=line.actions[:-1])
        choice = next(c for c in notation(domain).choices(before) if c.action == line.actions[-1])
        expected[choice.target] += tree.stats["visits"][node]
    if domain == "chess":
        assert heat == pytest.approx(expected)
    else:
        assert heat.reshape(6, 7).sum(axis=0) == pytest.approx(expected.reshape(6, 7).sum(axis=0))


class SmallSecond(SmallEngine):
    """A second engine that runs from the start."""

    def start(self) -> None:
        self.is_ready = True

    def finish(self) -> None:
        self.is_ready = False


def threats_of(text: str, domain: str = "chess") -> tuple[World, Threats, SmallSecond]:
    world, second = World(text, domain), SmallSecond()
    control = world.control
    threats = Threats(control.session, lambda: control.state, phrases, control, second)
    second.answered, second.noticed = threats.answered, threats.noticed
    return world, threats, second


def test_the_threat_is_what_the_other_side_would_do_now() -> None:
    world, threats, second = threats_of("6k1/5ppp/8/8/8/8/5PPP/R5K1 b - - 0 1")  # White threatens mate on a8
    threats.switch(True)
    second.pump_until(lambda: threats.tick() or "Ra8#" in (world.screen.last("show_threat") or ""))
    arrow = world.screen.last("show_board").arrows[-1]
    assert (arrow.kind, arrow.source, arrow.target) == ("threat", 0, 56)
    assert world.screen.last("show_threat").startswith("White threatens Ra8# (+1.00 ")
    threats.switch(False)
    assert world.screen.last("show_threat") is None
    assert all(arrow.kind != "threat" for arrow in world.screen.last("show_board").arrows)


@pytest.mark.parametrize(
    ("domain", "text", "said"),
    [("chess", "4k3/8/8/8/8/8/4R3/4K3 b - - 0 1", "in check"), ("connect_four", "startpos", "Nobody can pass")],
)
def test_where_nobody_can_pass_it_is_said(domain: str, text: str, said: str) -> None:
    world, threats, second = threats_of(text, domain)
    threats.switch(True)
    assert said in world.screen.last("show_threat")
    assert not second.sent


def test_a_position_is_set_up_and_undo_brings_the_game_back() -> None:
    world = World("startpos moves e2e4 e7e5")
    game, editor = world.control.state.game, world.control.setting_up
    editor.open()
    editor.clear()
    assert not world.screen.last("show_editor").can_apply
    for glyph, cell in (("K", 4), ("k", 60), ("R", 7), ("p", 48)):
        editor.choose(glyph)
        editor.press(cell)
    editor.set_right("K", is_on=True)
    record = world.screen.last("show_editor")
    assert (record.can_apply, record.text) == (True, "4k3/p7/8/8/8/8/8/4K2R w K - 0 1")
    editor.move(7, 6)
    assert world.screen.last("show_editor").text == "4k3/p7/8/8/8/8/8/4K1R1 w - - 0 1"
    editor.apply()
    assert world.screen.last("show_editor") is None
    assert world.screen.last("show_position").text == "4k3/p7/8/8/8/8/8/4K1R1 w - - 0 1"
    assert "History is empty" in world.screen.last("show_position").notice
    world.control.undo()
    assert world.control.state.game.current == game.current


def test_an_unfinished_position_is_not_put_on_the_board() -> None:
    world = World()
    world.control.setting_up.open()
    world.control.setting_up.erase(4)
    assert "White has no king" in world.screen.last("show_editor").verdict
    world.control.setting_up.apply()
    assert world.screen.last("show_editor") is not None
    assert world.control.setting_up.close()
    assert world.control.state.game.current == CHESS.parse_line("startpos")


def test_a_pawn_can_be_taken_in_passing_only_where_it_can_have_stepped() -> None:
    chess = drafting("chess")
    draft = chess.draft(CHESS.parse_line("startpos moves e2e4 a7a6 e4e5 d7d5"))
    assert (draft.passed_cell, chess.passed_cells(draft)) == (43, (43,))
    assert chess.text(draft).split()[3] == "d6"
    assert chess.text(replace(draft, to_move=1)).split()[3] == "-"
