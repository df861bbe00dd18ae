"""The canvas in its three views: switching, folding, marks, lights, going back, and two canvases that look together."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.lights import Lights
from app.render import steps
from app.render.camera import FIT, from_pixels
from app.render.folding import NO_FOLDS, FoldRules
from app.render.slots import CLOSED, FOLD, MARKED
from app.render.synthetic import synthetic_labels, synthetic_search
from app.render.views import View
from app.render.warm import warming
from app.widgets.amount_popup import AmountPopup
from app.widgets.tree_canvas import TreeCanvas
from app.widgets.tree_legend import TreeLegend
from app.widgets.tree_minimap import TreeMinimap
from app.widgets.tree_switch import TreeSwitch
from app.widgets.tree_visits import VisitedNodes
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Recycle
from engine.tree.fold import apply


@pytest.fixture(scope="module", autouse=True)
def kernels() -> None:
    warming.wait(200)


def canvas_of(qtbot: QtBot, tree: SearchTree | None = None, **options: object) -> TreeCanvas:
    canvas = TreeCanvas()
    qtbot.addWidget(canvas)
    canvas.set_motion(False)
    canvas.resize(1000, 700)
    tree = tree or synthetic_search(3000, seed=8).tree
    canvas.show_tree(tree, synthetic_labels(tree), 0, **options)  # type: ignore[arg-type]
    canvas.show()
    settle(qtbot, canvas)
    return canvas


def settle(qtbot: QtBot, canvas: TreeCanvas) -> None:
    qtbot.waitUntil(lambda: canvas.visible is not None and not canvas.is_busy, timeout=10_000)


def conserved(canvas: TreeCanvas) -> bool:
    visible, tree = canvas.visible, canvas.tree
    return visible.shown + visible.folded + visible.outside == tree.stats["visits"][ROOT]


def test_v_goes_round_all_views_and_tells(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    told: list[str] = []
    canvas.view_changed.connect(told.append)
    images = []
    for _ in range(3):
        images.append(canvas.picture.image.copy())
        qtbot.keyClick(canvas, Qt.Key.Key_V)
        settle(qtbot, canvas)
        assert conserved(canvas)
    assert told == ["icicle", "radial", "link"]
    assert canvas.view is View.LINK
    assert not np.array_equal(images[0], images[1])
    assert not np.array_equal(images[1], images[2])
    qtbot.keyClick(canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.view is View.RADIAL


def test_the_switch_shows_and_chooses_the_view(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    buttons = canvas.findChild(TreeSwitch).findChildren(QToolButton)
    assert [button.isChecked() for button in buttons] == [True, False, False]
    qtbot.mouseClick(buttons[2], Qt.MouseButton.LeftButton)
    assert canvas.view is View.RADIAL
    canvas.set_view("icicle")
    assert [button.isChecked() for button in buttons] == [False, True, False]
    assert all(button.toolTip() and button.accessibleName() for button in buttons)


@pytest.mark.parametrize("view", list(View))
def test_a_click_selects_in_every_view_and_the_selection_is_linked(qtbot: QtBot, view: View) -> None:
    canvas = canvas_of(qtbot)
    canvas.set_view(view)
    settle(qtbot, canvas)
    child = steps.best_child(canvas.tree, ROOT)
    with qtbot.waitSignal(canvas.node_selected) as chosen:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.place_of(child).toPoint())
    assert chosen.args == [child]
    for other in View:
        canvas.set_view(other)
        assert canvas.selected == child
        settle(qtbot, canvas)
        assert canvas.place_of(child) is not None


@pytest.mark.parametrize("view", list(View))
def test_a_node_that_is_too_small_is_brought_into_sight(qtbot: QtBot, view: View) -> None:
    canvas = canvas_of(qtbot)
    canvas.set_view(view)
    settle(qtbot, canvas)
    depth = canvas.tree.facts["depth"][: canvas.tree.num_nodes]
    hidden = next(n for n in range(len(depth) - 1, 0, -1) if depth[n] > 5 and canvas.place_of(n) is None)
    canvas.show_selection(hidden)
    settle(qtbot, canvas)
    where = canvas.place_of(hidden)
    assert where is not None
    assert canvas.rect().contains(where.toPoint())


@pytest.mark.parametrize("view", list(View))
def test_dragging_takes_what_is_under_the_pointer_along(qtbot: QtBot, view: View) -> None:
    canvas = canvas_of(qtbot)
    canvas.set_view(view)
    settle(qtbot, canvas)
    child = steps.best_child(canvas.tree, ROOT)
    canvas.centre(child)
    canvas.zoom_by(2.0)
    settle(qtbot, canvas)
    start = QPoint(600, 300)
    flat = canvas.picture.flat(600.0, 300.0)
    under = from_pixels(canvas.picture.camera, canvas.picture.frame, *flat)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 5):
        qtbot.mouseMove(canvas, start + QPoint(10 * step, 6 * step))
    end = start + QPoint(40, 24)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    flat = canvas.picture.flat(float(end.x()), float(end.y()))
    after = from_pixels(canvas.picture.camera, canvas.picture.frame, *flat)
    assert after == pytest.approx(under, abs=2e-3)


def test_h_folds_the_selected_node_and_a_click_opens_it(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    child = steps.best_child(canvas.tree, ROOT)
    canvas.show_selection(child)
    with qtbot.waitSignal(canvas.folding_changed) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_H)
    assert told.args == [FoldRules(frozenset({child}))]
    settle(qtbot, canvas)
    assert canvas.is_folded(child)
    assert conserved(canvas)
    slots = canvas.picture.slots[: canvas.picture.num_slots]
    fold = int(np.flatnonzero((slots["kind"] == FOLD) & (slots["flags"] & CLOSED != 0))[0])
    x, y = canvas.picture.outwards(int(slots["up"][fold]), float(slots["radius"][slots["up"][fold]]) + 14.0)
    with qtbot.assertNotEmitted(canvas.node_selected):
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPointF(x, y + 5.0).toPoint())
    assert not canvas.is_folded(child)
    qtbot.keyClick(canvas, Qt.Key.Key_H)
    qtbot.keyClick(canvas, Qt.Key.Key_H)
    assert canvas.folding == NO_FOLDS


def test_f_folds_what_is_pruned_and_u_unfolds_everything(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.folding.pruned
    canvas.fold_below(50)
    settle(qtbot, canvas)
    assert conserved(canvas)
    few = canvas.visible.nodes
    qtbot.keyClick(canvas, Qt.Key.Key_U)
    settle(qtbot, canvas)
    assert canvas.folding == NO_FOLDS
    assert canvas.visible.nodes > few


def test_the_number_of_visits_to_fold_below_is_asked_for(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    canvas.ask_fold_below()
    popup = canvas.findChild(AmountPopup)
    popup.chosen.emit(40.0)
    popup.close()
    assert canvas.folding.below == 40


def test_folds_by_hand_survive_that_nodes_get_other_numbers(qtbot: QtBot) -> None:
    tree = synthetic_search(3000, seed=8).tree
    canvas = canvas_of(qtbot, tree)
    child = steps.best_child(tree, ROOT)
    grandchild = steps.best_child(tree, child)
    canvas.toggle_fold(grandchild)
    canvas.show_selection(grandchild)
    mapping = apply(tree, Recycle(tree.simulations, 20, b""))
    canvas.tree_changed(mapping)
    settle(qtbot, canvas)
    assert canvas.folding.by_hand == {int(mapping[grandchild])}
    assert canvas.is_folded(int(mapping[grandchild]))


def test_a_click_on_small_branches_goes_nearer(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    slots = canvas.picture.slots[: canvas.picture.num_slots]
    folds = np.flatnonzero((slots["kind"] == FOLD) & (slots["branches"] > 3))
    fold = slots[folds[np.argmax(slots["bottom"][folds] - slots["top"][folds])]]
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(int(fold["x"]) + 3, int(fold["y"])))
    settle(qtbot, canvas)
    assert canvas.picture.camera.zoom > 2.0
    assert canvas.selected == -1


def test_alt_arrows_go_back_and_forward_through_selections(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    first = steps.best_child(canvas.tree, ROOT)
    second = steps.best_child(canvas.tree, first)
    for node in (first, second):
        canvas.show_selection(node)
    alt = Qt.KeyboardModifier.AltModifier
    with qtbot.waitSignal(canvas.node_selected) as told:
        qtbot.keyClick(canvas, Qt.Key.Key_Left, alt)
    assert told.args == [first]
    qtbot.keyClick(canvas, Qt.Key.Key_Left, alt)
    assert canvas.selected == first, "there is nothing before"
    qtbot.keyClick(canvas, Qt.Key.Key_Right, alt)
    assert canvas.selected == second


def test_n_asks_for_the_next_node(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    with qtbot.waitSignal(canvas.next_requested):
        qtbot.keyClick(canvas, Qt.Key.Key_N)


def test_marks_a_lens_and_lights_given_before_the_first_frame_are_shown(qtbot: QtBot) -> None:
    canvas = TreeCanvas()
    qtbot.addWidget(canvas)
    tree = synthetic_search(400).tree
    canvas.show_tree(tree, synthetic_labels(tree), 0)
    canvas.set_view("icicle")
    canvas.set_marks(np.ones(tree.num_nodes, np.uint8))
    canvas.set_tint(np.zeros(tree.num_nodes, np.float32), "nought", -1.0, 1.0)
    canvas.set_lights(Lights((0, 1), "select"))
    canvas.resize(900, 600)
    canvas.show()
    settle(qtbot, canvas)
    assert canvas.picture.view is View.ICICLE
    assert canvas.picture.slots["flags"][0] & MARKED
    assert "nought" in canvas.findChild(TreeLegend).accessibleDescription()
    assert canvas.picture.lights is not None


def lit(canvas: TreeCanvas, qtbot: QtBot, lights: Lights | None) -> np.ndarray:
    canvas.set_lights(lights)
    settle(qtbot, canvas)
    return canvas.picture.image.copy()


@pytest.mark.parametrize("view", list(View))
def test_a_simulation_is_lit_up_from_the_root_to_its_end(qtbot: QtBot, view: View) -> None:
    canvas = canvas_of(qtbot)
    canvas.set_view(view)
    canvas.set_labels_visible(False)  # they make way for captions, and need not come back at once
    for _ in range(4):  # columns and colours come to rest
        canvas.tree_changed()
        settle(qtbot, canvas)
    canvas.set_motion(True)
    settle(qtbot, canvas)
    dark = lit(canvas, qtbot, None)
    path = [ROOT]
    for _ in range(3):
        path.append(steps.best_child(canvas.tree, path[-1]))
    early = lit(canvas, qtbot, Lights(tuple(path), "select", {path[-1]: "Q +0.31"}, 0.2))
    late = lit(canvas, qtbot, Lights(tuple(path), "select", {path[-1]: "Q +0.31"}, 1.0))
    assert 0 < (early != dark).sum() < (late != dark).sum()
    x, y = (round(v) for v in canvas.picture.centre_of(canvas.picture.slot_of(path[-1])))
    assert (early != dark)[y - 9 : y + 9, x - 9 : x + 9].sum() < (late != dark)[y - 40 : y + 40, x - 40 : x + 40].sum()
    back = lit(canvas, qtbot, Lights(tuple(path), "backup", {ROOT: "+0.31"}, 0.5))
    done = lit(canvas, qtbot, Lights(tuple(path), "backup", {ROOT: "+0.31"}, 1.0))
    assert not np.array_equal(back, done)
    for phase in ("expand", "evaluate"):
        assert not np.array_equal(dark, lit(canvas, qtbot, Lights(tuple(path), phase, progress=0.5)))
    after = lit(canvas, qtbot, None).view(np.uint8).astype(int)
    assert np.abs(after - dark.view(np.uint8)).max() <= 12, "nothing is left of it (colours still settle a little)"


def test_without_motion_a_phase_is_shown_whole(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    path = (ROOT, steps.best_child(canvas.tree, ROOT))
    half = lit(canvas, qtbot, Lights(path, "select", {}, 0.5))
    assert np.array_equal(half, lit(canvas, qtbot, Lights(path, "select", {}, 1.0)))


def test_lights_end_where_a_node_is_not_drawn(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    lit(canvas, qtbot, Lights((ROOT, canvas.tree.num_nodes - 1, 10**6), "select", {10**6: "gone"}))
    lit(canvas, qtbot, Lights((10**6,), "expand"))
    lit(canvas, qtbot, Lights((), "backup"))


def test_two_canvases_can_look_together(qtbot: QtBot) -> None:
    tree = synthetic_search(3000, seed=8).tree
    room = tree.stats["visits"][: tree.num_nodes].copy()
    one, other = (canvas_of(qtbot, tree, layout=room) for _ in range(2))
    one.camera_moved.connect(other.show_camera)
    other.camera_moved.connect(one.show_camera)
    one.zoom_by(3.0)
    settle(qtbot, one)
    settle(qtbot, other)
    assert other.camera == one.camera != FIT
    child = steps.best_child(tree, ROOT)
    assert one.place_of(child) == other.place_of(child)
    other.fit()
    assert one.camera == FIT


def test_the_minimap_follows_the_view_and_its_marks(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    canvas.set_view("icicle")
    canvas.set_marks(np.ones(canvas.tree.num_nodes, np.uint8))
    canvas.zoom_by(6.0)
    settle(qtbot, canvas)
    minimap = canvas.findChild(TreeMinimap)
    assert minimap.isVisible()
    assert minimap._picture.view is View.ICICLE
    assert minimap._picture.slots["flags"][0] & MARKED
    canvas.set_view("radial")
    settle(qtbot, canvas)
    assert canvas.picture.camera == FIT, "each view has its own camera"
    canvas.set_view("icicle")
    settle(qtbot, canvas)
    assert canvas.picture.camera.zoom == pytest.approx(6.0)


def test_the_legend_explains_the_view(qtbot: QtBot) -> None:
    canvas = canvas_of(qtbot)
    said = {}
    for view in View:
        canvas.set_view(view)
        settle(qtbot, canvas)
        qtbot.waitUntil(lambda: "nodes" in canvas.findChild(TreeLegend).accessibleDescription())
        said[view] = canvas.findChild(TreeLegend).accessibleDescription()
    assert "Height is the share of visits" in said[View.ICICLE]
    assert "outwards" in said[View.RADIAL]
    assert "prior where it begins" in said[View.LINK]


def test_visited_nodes_retrace_a_walk() -> None:
    visits = VisitedNodes()
    assert visits.step(-1, 100) == -1
    for node in (3, 5, 5, 9):
        visits.visit(node)
    visits.visit(-1)
    assert visits.here == 9
    assert [visits.step(-1, 100), visits.step(-1, 100), visits.step(-1, 100)] == [5, 3, -1]
    assert visits.step(1, 100) == 5
    visits.visit(7)
    assert visits.step(1, 100) == -1, "what came after is forgotten"
    assert visits.step(-1, 100) == 5
    mapping = np.full(10, -1, np.int32)
    mapping[[3, 7]] = (0, 1)
    visits.follow(mapping)
    assert visits.here == 0
    assert visits.step(1, 100) == 1
    assert visits.step(-1, 1) == 0
    visits.follow(np.full(10, -1, np.int32))
    assert visits.here == -1


def test_nodes_that_are_not_there_at_a_moment_are_passed_over() -> None:
    visits = VisitedNodes()
    for node in (2, 90, 4):
        visits.visit(node)
    assert visits.step(-1, 50) == 2
