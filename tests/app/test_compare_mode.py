"""The comparison in a real window, off-screen: chosen, drawn, clicked, judged and left; both engines are stand-ins."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton

from app.comparing import Comparing
from app.render.warm import warming
from app.theme import DARK, LIGHT
from app.viewmodels.comparison import MomentSource
from app.widgets.compare_table import CompareTable
from app.workspaces.compare import Compare
from engine.search.settings import SearchSettings
from tests.app.stand_ins import AtOnce
from tests.app.test_comparing import CURIOUS, SecondEngine
from tests.app.test_controller import World


@pytest.fixture(scope="module", autouse=True)
def drawing_kernels() -> None:
    """Ready before the first picture."""
    warming.wait(120)


class Room:
    """The mode's widget, shown, and a desk behind it."""

    def __init__(self, qtbot) -> None:  # type: ignore[no-untyped-def]
        self.world = World().ready().finish()
        self.usual = QPushButton("the tree")
        self.mode = Compare(self.usual)
        self.mode.resize(1000, 800)
        qtbot.addWidget(self.mode)
        self.engine = SecondEngine()
        self.now = 0.0
        control = self.world.control
        self.desk = Comparing(
            control.session,
            control.travel,
            lambda: control.state,
            control.select_node,
            self.mode,
            AtOnce(),
            self.engine,
            clock=lambda: self.now,
        )
        self.engine.answered, self.engine.noticed = self.desk.answered, self.desk.noticed
        self.mode.report_to(self.desk)
        self.mode.set_theme(DARK)
        self.mode.set_motion(False)
        self.mode.show()

    def settle(self, turns: int = 20) -> None:
        self.engine.is_ready = True
        self.desk.engine_changed("ready", "")
        for _ in range(turns):
            self.now += 5.0
            self.engine.pump()
            self.desk.tick()

    def compare(self, settings: SearchSettings = CURIOUS) -> None:
        """As a person does it: open, set, press the button."""
        self.desk.toggle()
        self.mode.chooser._take_settings(settings)
        self.mode.chooser._search_button.click()
        self.settle()


@pytest.fixture
def room(qtbot) -> Room:  # type: ignore[no-untyped-def]
    return Room(qtbot)


def drawn(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    for canvas in room.mode.trees.canvases:
        if canvas.isVisible():
            qtbot.waitUntil(lambda canvas=canvas: canvas.visible is not None and not canvas.is_busy, timeout=10_000)


def test_it_opens_with_what_there_is_to_choose_and_cancelling_leads_back(room: Room) -> None:
    assert room.mode.currentWidget() is room.usual
    room.desk.toggle()
    assert room.mode.currentWidget() is room.mode.chooser
    assert room.mode.chooser._differs.text() == "The same settings as A."
    room.mode.chooser._take_settings(CURIOUS)
    assert "1.745 → 4.000" in room.mode.chooser._differs.text()
    room.mode.chooser._cancel.click()
    assert room.mode.currentWidget() is room.usual
    assert room.engine.starts == 0


def test_two_pictures_stand_in_the_same_places_and_move_together(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    room.compare()
    drawn(room, qtbot)
    left, right = room.mode.trees.canvases
    assert left.isVisible()
    assert right.isVisible()
    assert left.tree is not None
    assert right.tree is not None
    assert left.tree.stats["visits"][0] == right.tree.stats["visits"][0] == 200
    shared = 0
    for node in range(left.tree.num_nodes):
        one, other = left.place_of(node), right.place_of(node)
        if one is not None and other is not None:
            assert (one - other).manhattanLength() < 1.5, node
            shared += 1
    assert shared > 10
    left.zoom_by(3.0)
    drawn(room, qtbot)
    assert right.picture is not None
    assert left.picture is not None
    assert right.picture.target == left.picture.target


def test_a_click_in_one_selects_in_both_in_the_table_and_in_the_window(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    room.compare()
    drawn(room, qtbot)
    left, right = room.mode.trees.canvases
    tree = left.tree
    assert tree is not None
    node = next(n for n in range(1, tree.num_nodes) if left.place_of(n) is not None and tree.stats["visits"][n] > 5)
    place = left.place_of(node)
    assert place is not None
    qtbot.mouseClick(left, Qt.MouseButton.LeftButton, pos=QPoint(round(place.x()), round(place.y())))
    assert room.desk.selected == left.selected == right.selected > 0
    pictures = room.mode.trees._pictures
    assert pictures is not None
    assert room.world.control.state.selected == pictures.in_a[left.selected]


def test_a_row_of_the_table_and_the_button_for_the_divergence_select(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    room.compare()
    table: CompareTable = room.mode.table
    table._table.selectRow(1)
    assert room.desk.selected == table._shown[1].node == room.mode.trees.canvases[1].selected
    room.mode.strip._show_split.click()
    record = room.desk._last
    assert record is not None
    assert room.desk.selected == record.divergence
    table._buttons["value"].click()
    assert [row.node for row in table._shown] == [row.node for row in record.by_value]


def test_laid_over_each_other_it_is_one_picture_coloured_by_who_looks_there(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    room.compare()
    room.mode.set_mode("over")
    drawn(room, qtbot)
    left, right = room.mode.trees.canvases
    assert not right.isVisible()
    assert left.tree is not None
    assert left.tree.stats["visits"][0] == 400
    assert left.picture is not None
    assert left.picture.overlay.lens is not None
    assert room.mode.strip._mode_buttons[1].isChecked()


def test_a_deeper_search_is_asked_by_the_button(room: Room) -> None:
    room.compare()
    assert room.mode.strip._ask.isEnabled()
    room.mode.strip._ask.click()
    assert not room.mode.strip._ask.isEnabled()
    room.settle(60)
    assert room.mode.strip._verdict.text().startswith("A search of 1,600 simulations by gen-000 gives")


def test_the_picture_grows_without_losing_where_one_looks(qtbot) -> None:  # type: ignore[no-untyped-def]
    room = Room(qtbot)
    room.compare()
    room.desk.compare_with(MomentSource(100))
    room.settle(2)
    drawn(room, qtbot)
    left, right = room.mode.trees.canvases
    left.zoom_by(2.0)
    drawn(room, qtbot)
    before = left.picture.target  # type: ignore[union-attr]
    room.world.control.step_search(200)
    room.world.engine.pump(4)
    room.settle(2)
    drawn(room, qtbot)
    assert left.tree is not None
    assert left.tree.stats["visits"][0] == 400
    assert left.picture is not None
    assert left.picture.target == before
    assert right.tree is not None
    assert right.tree.num_nodes == left.tree.num_nodes


def test_escape_unselects_and_then_leaves(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    room.compare()
    room.desk.select_divergence()
    canvas = room.mode.trees.canvases[0]
    room.mode.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert room.desk.is_open
    assert room.desk.selected == -1
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert not room.desk.is_open
    assert room.mode.currentWidget() is room.usual


def test_a_narrow_window_begins_with_one_picture_and_the_themes_change(room: Room, qtbot) -> None:  # type: ignore[no-untyped-def]
    room.mode.resize(560, 600)
    room.compare()
    assert room.mode.trees.mode == "over"
    room.mode.set_theme(LIGHT)
    room.mode.set_mode("beside")
    drawn(room, qtbot)
    assert all(canvas.width() >= 200 for canvas in room.mode.trees.canvases)
