"""The tree canvas: what a hand does to it, what it says, and that it keeps still when it should."""

import gc
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.render import steps
from app.render.camera import FIT, from_pixels
from app.render.synthetic import synthetic_labels, synthetic_search
from app.render.warm import warming
from app.theme import DARK, LIGHT
from app.widgets.tree_canvas import TreeCanvas
from app.widgets.tree_legend import TreeLegend
from app.widgets.tree_minimap import TreeMinimap
from engine.domains.base import Line
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Reroot
from engine.tree.fold import apply

Make = Callable[..., TreeCanvas]


@pytest.fixture(scope="module", autouse=True)
def kernels() -> None:
    warming.wait(200)


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def made(simulations: int = 800, *, still: bool = True, tree: SearchTree | None = None) -> TreeCanvas:
        canvas = TreeCanvas()
        qtbot.addWidget(canvas)
        canvas.set_motion(not still)
        canvas.resize(1000, 700)
        shown = tree or synthetic_search(simulations).tree
        canvas.show_tree(shown, synthetic_labels(shown), 0)
        canvas.show()
        settle(qtbot, canvas)
        return canvas

    return made


def settle(qtbot: QtBot, canvas: TreeCanvas) -> None:
    """Until no frame is due."""
    qtbot.waitUntil(lambda: canvas.visible is not None and not canvas.is_busy, timeout=10_000)


def place(canvas: TreeCanvas, node: int) -> QPoint:
    where = canvas.place_of(node)
    assert where is not None
    return where.toPoint()


def turn_wheel(canvas: TreeCanvas, point: QPointF, steps_up: float) -> None:
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            point, canvas.mapToGlobal(point), QPoint(), QPoint(0, round(120 * steps_up)), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def test_a_click_selects_the_node_under_it_and_nothing_else(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    child = steps.best_child(canvas.tree, ROOT)
    with qtbot.waitSignal(canvas.node_selected) as chosen:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place(canvas, child))
    assert chosen.args == [child]
    assert canvas.selected == child
    with qtbot.assertNotEmitted(canvas.node_selected):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place(canvas, child))
    with qtbot.waitSignal(canvas.node_selected) as chosen:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert chosen.args == [-1]


def test_showing_a_selection_says_nothing(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    with qtbot.assertNotEmitted(canvas.node_selected):
        canvas.show_selection(3)
    assert canvas.selected == 3


def test_a_double_click_activates(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    child = steps.best_child(canvas.tree, ROOT)
    with qtbot.waitSignal(canvas.node_activated) as activated:
        qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place(canvas, child))
    assert activated.args == [child]


def test_the_wheel_zooms_at_the_pointer(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    picture = canvas.picture
    point = QPointF(420.0, 333.0)
    before = from_pixels(picture.camera, picture.frame, point.x(), point.y())
    turn_wheel(canvas, point, 4)
    settle(qtbot, canvas)
    assert picture.camera.zoom == pytest.approx(1.25**4)
    assert from_pixels(picture.camera, picture.frame, point.x(), point.y()) == pytest.approx(before, abs=1e-6)
    turn_wheel(canvas, point, -9)
    settle(qtbot, canvas)
    assert picture.camera.span == 1.0


def test_dragging_moves_the_picture_and_selects_nothing(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    turn_wheel(canvas, QPointF(500.0, 300.0), 6)
    settle(qtbot, canvas)
    start = QPoint(500, 300)
    under = from_pixels(canvas.picture.camera, canvas.picture.frame, 500.0, 300.0)
    with qtbot.assertNotEmitted(canvas.node_selected):
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 7):
            qtbot.mouseMove(canvas, start + QPoint(10 * step, -5 * step))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(60, -30))
    assert from_pixels(canvas.picture.camera, canvas.picture.frame, 560.0, 270.0) == pytest.approx(under, abs=1e-6)


def test_arrows_go_where_they_point(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    tree = canvas.tree
    child = steps.best_child(tree, ROOT)
    walk = [(Qt.Key.Key_Right, ROOT), (Qt.Key.Key_Right, child), (Qt.Key.Key_Right, steps.best_child(tree, child))]
    for key, expected in walk:
        qtbot.keyClick(canvas, key)
        assert canvas.selected == expected
    settle(qtbot, canvas)
    here = canvas.selected
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    settle(qtbot, canvas)
    assert canvas.selected == steps.sibling(tree, here, 1)
    assert place(canvas, canvas.selected).y() > place(canvas, here).y()
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    assert canvas.selected == here
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.selected == child
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    assert canvas.selected == ROOT
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.selected == ROOT


def test_with_shift_arrows_are_those_of_a_tree_that_grows_downwards(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    shift = Qt.KeyboardModifier.ShiftModifier
    canvas.show_selection(ROOT)
    child = steps.best_child(canvas.tree, ROOT)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, shift)
    assert canvas.selected == child
    qtbot.keyClick(canvas, Qt.Key.Key_Right, shift)
    assert canvas.selected == steps.sibling(canvas.tree, child, 1)
    qtbot.keyClick(canvas, Qt.Key.Key_Left, shift)
    assert canvas.selected == child
    qtbot.keyClick(canvas, Qt.Key.Key_Up, shift)
    assert canvas.selected == ROOT


def test_keys_act_on_the_selected_node(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    child = steps.best_child(canvas.tree, ROOT)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Delete):
        with qtbot.assertNotEmitted(canvas.node_activated), qtbot.assertNotEmitted(canvas.cut_requested):
            qtbot.keyClick(canvas, key)
    canvas.show_selection(child)
    for key, modifier, signal in (
        (Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, canvas.node_activated),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, canvas.cut_requested),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier, canvas.restore_requested),
    ):
        with qtbot.waitSignal(signal) as heard:
            qtbot.keyClick(canvas, key, modifier)
        assert heard.args == [child]
    with qtbot.waitSignal(canvas.node_selected) as chosen:
        qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert chosen.args == [-1]


def test_the_root_cannot_be_cut(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    canvas.show_selection(ROOT)
    with qtbot.assertNotEmitted(canvas.cut_requested):
        qtbot.keyClick(canvas, Qt.Key.Key_Delete)


def test_going_to_a_node_too_small_to_see_brings_it_into_sight(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    tree = canvas.tree
    hidden = next(n for n in range(tree.num_nodes - 1, 0, -1) if canvas.place_of(n) is None)
    canvas.show_selection(hidden)
    settle(qtbot, canvas)
    where = canvas.place_of(hidden)
    assert where is not None
    assert canvas.rect().contains(where.toPoint())
    qtbot.keyClick(canvas, Qt.Key.Key_Z)
    settle(qtbot, canvas)
    assert canvas.picture.camera == FIT
    qtbot.keyClick(canvas, Qt.Key.Key_C)
    settle(qtbot, canvas)
    where = canvas.place_of(hidden)
    assert where is not None
    assert abs(where.y() - 0.5 * canvas.height()) < 60.0


def test_letters_move_and_zoom(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    qtbot.keyClick(canvas, Qt.Key.Key_W)
    qtbot.keyClick(canvas, Qt.Key.Key_W)
    settle(qtbot, canvas)
    assert canvas.picture.camera.zoom == pytest.approx(1.5**2)
    x = canvas.picture.camera.x
    qtbot.keyClick(canvas, Qt.Key.Key_D)
    settle(qtbot, canvas)
    assert canvas.picture.camera.x > x
    qtbot.keyClick(canvas, Qt.Key.Key_A)
    qtbot.keyClick(canvas, Qt.Key.Key_S)
    qtbot.keyClick(canvas, Qt.Key.Key_S)
    settle(qtbot, canvas)
    assert canvas.picture.camera.zoom == pytest.approx(1.0)


def test_hovering_tells_node_and_place_and_leaving_tells_none(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    child = steps.best_child(canvas.tree, ROOT)
    point = place(canvas, child)
    with qtbot.waitSignal(canvas.node_hovered) as heard:
        qtbot.mouseMove(canvas, point)
    assert heard.args == [child, canvas.mapToGlobal(point)]
    with qtbot.waitSignal(canvas.node_hovered) as heard:
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert heard.args[0] == -1


def test_the_right_button_asks_for_a_menu_where_it_was_pressed(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    point = place(canvas, steps.best_child(canvas.tree, ROOT))
    with qtbot.waitSignal(canvas.context_requested) as heard:
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, canvas.mapToGlobal(point))
        QApplication.sendEvent(canvas, event)
    assert heard.args == [steps.best_child(canvas.tree, ROOT), canvas.mapToGlobal(point)]


def test_a_still_tree_is_not_drawn_again(make: Make, qtbot: QtBot) -> None:
    canvas = make(still=False)
    frames: list[float] = []
    canvas.frame_drawn.connect(frames.append)
    qtbot.wait(250)
    assert frames == []
    canvas.tree_changed()
    settle(qtbot, canvas)
    assert frames


def test_a_growing_tree_flows_and_comes_to_rest(make: Make, qtbot: QtBot) -> None:
    search = synthetic_search(200)
    canvas = make(tree=search.tree, still=False)
    frames: list[float] = []
    canvas.frame_drawn.connect(frames.append)
    search.grow(400)
    canvas.tree_changed()
    settle(qtbot, canvas)
    assert len(frames) > 4
    assert canvas.visible is not None
    assert canvas.visible.shown + canvas.visible.folded + canvas.visible.outside == 600


def test_frozen_motion_needs_one_frame(make: Make, qtbot: QtBot) -> None:
    search = synthetic_search(200)
    canvas = make(tree=search.tree, still=True)
    frames: list[float] = []
    canvas.frame_drawn.connect(frames.append)
    search.grow(400)
    canvas.tree_changed()
    settle(qtbot, canvas)
    qtbot.wait(100)
    assert 1 <= len(frames) <= 2


def test_a_re_rooting_keeps_the_selection_and_turns_the_view(make: Make, qtbot: QtBot) -> None:
    search = synthetic_search(800)
    tree = search.tree
    canvas = make(tree=tree, still=False)
    child = steps.best_child(tree, ROOT)
    grandchild = steps.best_child(tree, child)
    canvas.show_selection(grandchild)
    settle(qtbot, canvas)
    value = float(canvas.picture.slots["q"][canvas.picture.slot_of(child)])
    where = canvas.place_of(child)
    action = int(tree.edge_action[tree.links["parent_edge"][child]])
    mapping = apply(tree, Reroot(tree.simulations, (action,), child))
    assert mapping is not None
    canvas.tree_changed(mapping)
    assert canvas.selected == mapping[grandchild]
    start = canvas.picture.camera
    assert start != FIT, "the new root begins where it was"
    settle(qtbot, canvas)
    assert canvas.picture.camera == FIT or canvas.picture.camera.span == pytest.approx(1.0, abs=1e-3)
    assert float(canvas.picture.slots["q"][0]) == pytest.approx(value, abs=1e-6), "values keep their point of view"
    assert where is not None


def test_the_seat_turns_values_round(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    values = []
    for seat, to_move in ((0, 0), (1, 0), (1, 1), (0, 1)):
        canvas.show_tree(canvas.tree, synthetic_labels(canvas.tree), seat, to_move=to_move, players=("White", "Black"))
        settle(qtbot, canvas)
        values.append(float(canvas.picture.slots["q"][0]))
    assert values[0] == -values[1] == values[2] == -values[3] != 0.0


def test_an_empty_canvas_says_what_to_do(qtbot: QtBot) -> None:
    canvas = TreeCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    canvas.show()
    settle(qtbot, canvas)
    image = canvas.grab().toImage()
    words = {image.pixel(x, y) for x in range(150, 450) for y in range(140, 220)}
    assert len(words) > 10
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert canvas.selected == -1
    canvas.show_tree(SearchTree(Line("x"), 2), str, 0)
    settle(qtbot, canvas)
    assert canvas.visible is not None
    assert canvas.visible.nodes == 0


def test_the_legend_is_always_there_and_the_minimap_when_it_helps(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    legend, minimap = canvas.findChild(TreeLegend), canvas.findChild(TreeMinimap)
    assert legend.isVisible()
    assert legend.geometry().bottom() == canvas.rect().bottom()
    assert "3.0k" in legend.accessibleDescription() or "visits" in legend.accessibleDescription()
    assert not minimap.isVisible()
    turn_wheel(canvas, QPointF(300.0, 300.0), 8)
    settle(qtbot, canvas)
    assert minimap.isVisible()
    before = canvas.picture.camera
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(30, 110))
    settle(qtbot, canvas)
    assert canvas.picture.camera.y > before.y
    assert canvas.picture.camera.span == before.span
    canvas.resize(420, 1500)
    settle(qtbot, canvas)
    assert legend.isVisible()
    assert legend.height() > 40, "in a narrow window it takes more rows"
    assert not legend.is_folded


def test_a_low_canvas_folds_its_legend_into_one_row_that_opens(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    canvas.resize(560, 480)
    settle(qtbot, canvas)
    legend = canvas.findChild(TreeLegend)
    assert legend.is_folded
    assert legend.height() <= 32
    assert canvas.picture.image.shape[0] == 480 - legend.height(), "the picture has the rest"
    assert "Click for all" in legend.toolTip()
    assert legend.focusPolicy() & Qt.FocusPolicy.TabFocus
    drawn = legend.grab().toImage()
    for open_it in (
        lambda: qtbot.mouseClick(legend, Qt.MouseButton.LeftButton, pos=QPoint(20, 10)),
        lambda: qtbot.keyClick(legend, Qt.Key.Key_Return),
    ):
        open_it()
        popup = QApplication.activePopupWidget()
        assert popup is not None
        assert popup.height() > 2 * legend.height(), "all rows"
        assert popup.accessibleDescription() == legend.accessibleDescription()
        qtbot.mouseClick(popup, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    canvas.resize(1400, 900)
    settle(qtbot, canvas)
    assert not legend.is_folded
    assert legend.grab().toImage() != drawn
    assert "Click for all" not in legend.toolTip()


def test_no_label_stands_under_what_lies_over_the_picture(make: Make, qtbot: QtBot) -> None:
    canvas = make(3000)
    cover = QWidget(canvas)
    settle(qtbot, canvas)
    lettering, zoom = canvas._frames._lettering, canvas.picture.zoom

    def boxes() -> list[QRectF]:
        return [QRectF(one.x, one.y, one.wording.width, one.wording.height) for one in lettering.labels]

    under = boxes()[len(boxes()) // 2]
    area = QRectF(under.topLeft() / zoom, under.size() / zoom).toRect().adjusted(-2, -2, 2, 2)
    cover.setGeometry(area)
    cover.show()
    canvas.lay_over(cover)
    canvas.tree_changed()
    settle(qtbot, canvas)
    inner = QRectF(area.adjusted(3, 3, -3, -3))
    assert boxes()
    assert not any(QRectF(box.topLeft() / zoom, box.size() / zoom).intersects(inner) for box in boxes())


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_themes(make: Make, qtbot: QtBot, theme) -> None:  # type: ignore[no-untyped-def]
    canvas = make(100)
    canvas.set_theme(theme)
    settle(qtbot, canvas)
    image = canvas.grab().toImage()
    assert image.pixelColor(3, 3).name().upper() == theme.background.upper()


def test_what_is_painted_is_the_tree_at_the_size_of_the_widget(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    canvas.resize(777, 555)
    settle(qtbot, canvas)
    image = canvas.grab().toImage()
    where, picture = place(canvas, ROOT), canvas.picture
    assert picture.image.shape[1] == 777
    assert image.pixel(where) == int(picture.image[where.y(), where.x()])


def test_labels_can_be_left_out(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    with_labels = canvas.picture.image.copy()
    qtbot.keyClick(canvas, Qt.Key.Key_L)
    settle(qtbot, canvas)
    assert not np.array_equal(with_labels, canvas.picture.image)


def test_it_can_be_read_aloud(make: Make) -> None:
    canvas = make()
    assert canvas.accessibleName() == "Search tree"
    assert "800" in canvas.accessibleDescription()
    assert "best child" in canvas.accessibleDescription()


def test_nothing_of_it_stays_behind(qtbot: QtBot) -> None:
    search = synthetic_search(300)
    canvas = TreeCanvas()
    canvas.resize(500, 400)
    canvas.show_tree(search.tree, synthetic_labels(search.tree), 0)
    canvas.show()
    settle(qtbot, canvas)
    gone = weakref.ref(canvas)
    picture = weakref.ref(canvas.picture)
    canvas.close()
    canvas.deleteLater()
    del canvas
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None
    assert picture() is None


def test_a_hidden_canvas_does_not_draw(make: Make, qtbot: QtBot) -> None:
    canvas = make()
    frames: list[float] = []
    canvas.frame_drawn.connect(frames.append)
    canvas.hide()
    canvas.tree_changed()
    qtbot.wait(120)
    assert frames == []
    canvas.show()
    settle(qtbot, canvas)
    assert frames
