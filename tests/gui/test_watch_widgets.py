"""The list of watchpoints, its button, the line of a hit and the strip of one simulation, as a person uses them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLabel, QLineEdit, QMenu, QPushButton, QToolButton

from app.theme import DARK, LIGHT
from app.viewmodels.anatomy import AnatomyRecord, PhaseRecord
from app.viewmodels.branch import BranchRecord
from app.viewmodels.watchpoints import OFFERS, HitRecord, Number, WatchpointsRecord, WatchRow
from app.widgets.anatomy_strip import AnatomyStrip
from app.widgets.branch_menu import BranchMenu
from app.widgets.hit_line import HitLine
from app.widgets.watch_button import WatchButton
from app.widgets.watch_list import WatchList
from engine.domains.base import Line
from engine.search.watchpoints import BranchPruned, DepthReached, ProofFound, VisitsReach

ROWS = (
    WatchRow(7, "the best move changes, after", Number(100, 1, 1e9, 100, 0, "Visits"), "visits"),
    WatchRow(9, "the value of the root is proven", is_on=False),
)
RECORD = WatchpointsRecord(ROWS, 1, False, OFFERS)


@pytest.fixture
def watch_list(qtbot):
    widget = WatchList()
    qtbot.addWidget(widget)
    widget.show_watchpoints(RECORD)
    widget.show()
    return widget


def told(signal):
    heard = []
    signal.connect(lambda *words: heard.append(words[0] if len(words) == 1 else words))
    return heard


def named(widget, kind, name):
    return next(w for w in widget.findChildren(kind) if w.accessibleName() == name)


def test_rows_are_sentences_with_a_number_a_switch_and_a_way_out(watch_list, qtbot):
    switched, changed, removed = told(watch_list.switched), told(watch_list.figure_changed), told(watch_list.removed)
    named(watch_list, QDoubleSpinBox, "Visits").setValue(250)
    sentence = "Pause when the value of the root is proven"
    assert not named(watch_list, QCheckBox, sentence).isChecked()
    qtbot.mouseClick(named(watch_list, QCheckBox, sentence), Qt.MouseButton.LeftButton)
    remove = named(watch_list, QToolButton, "Remove: the best move changes, after 100 visits")
    qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert (switched, changed, removed) == ([(9, True)], [(7, 250.0)], [7])


def test_what_a_record_shows_is_not_told(watch_list):
    changed, switched = told(watch_list.figure_changed), told(watch_list.switched)
    spin = named(watch_list, QDoubleSpinBox, "Visits")
    other = WatchRow(7, ROWS[0].before, Number(900, 1, 1e9, 100, 0, "Visits"), "visits", is_on=False)
    watch_list.show_watchpoints(WatchpointsRecord((other, ROWS[1]), 0, True, OFFERS))
    assert spin.value() == 900, "the same widget: what a person is editing is not torn away"
    watch_list.show_watchpoints(WatchpointsRecord((ROWS[1],), 0, True, OFFERS))
    assert changed == switched == []


def test_offers_are_a_menu_and_queries_are_typed(watch_list, qtbot):
    added, asked = told(watch_list.added), told(watch_list.query_added)
    menu = next(button for button in watch_list.findChildren(QPushButton) if button.menu()).menu()
    texts = [action.text() for action in menu.actions()]
    assert texts[0] == "The best move changes"
    assert texts[-1] == "A branch is pruned"
    pruned = next(child for child in menu.findChildren(QMenu) if child.title() == "A branch is pruned")
    pruned.actions()[1].trigger()
    next(action for action in menu.actions() if "deep" in action.text()).trigger()
    assert added == [BranchPruned(reasons=(1,)), DepthReached(depth=20)]
    query = watch_list.findChild(QLineEdit)
    query = named(watch_list, QLineEdit, "Pause when a query is true")
    qtbot.keyClicks(query, "N >")
    qtbot.keyClick(query, Qt.Key.Key_Return)
    watch_list.show_problem("A number is missing.")
    assert query.text() == "N >", "what was typed stays, to be mended"
    assert asked == ["N >"]
    watch_list.show_problem("")
    assert query.text() == ""


def test_the_button_counts_what_is_armed(qtbot):
    button = WatchButton()
    qtbot.addWidget(button)
    button.resize(40, 28)
    button.set_theme(DARK)
    empty = button.grab().toImage()
    button.show_watchpoints(RECORD)
    assert button.accessibleDescription() == "1 armed"
    assert "the best move changes, after 100 visits" in button.toolTip()
    assert "proven" not in button.toolTip(), "what is off is not waited for"
    assert button.grab().toImage() != empty


def test_the_line_of_a_hit_offers_the_way_there_and_on(qtbot):
    line = HitLine()
    qtbot.addWidget(line)
    heard = [told(line.go_clicked), told(line.on_clicked), told(line.dismissed)]
    assert line.isHidden()
    line.show_hit(HitRecord("Paused: at simulation 7 the best move changed.", can_go=True, can_run=False))
    assert not line.isHidden()
    go, on = line.findChildren(QPushButton)
    assert go.isEnabled()
    assert not on.isEnabled()
    with qtbot.waitSignal(line.go_clicked):
        go.click()
    line.show_hit(None)
    assert line.isHidden()
    assert heard[1] == []


def record_of(simulation=12):
    phases = tuple(
        PhaseRecord(phase, f"{place} {phase.capitalize()}", f"what {phase} did", "", ((3, "+0.12"),))
        for place, phase in enumerate(("select", "expand", "evaluate", "backup"), start=1)
    )
    return AnatomyRecord(simulation, (0, 1, 3), True, (), (), phases)


def test_the_four_phases_are_played_one_after_the_other(qtbot):
    strip = AnatomyStrip()
    qtbot.addWidget(strip)
    lights = told(strip.lights_changed)
    strip.show_anatomy(record_of())
    assert not strip.isHidden()
    qtbot.waitUntil(lambda: not strip.is_playing, timeout=6000)
    order = [light.phase for light in lights]
    assert list(dict.fromkeys(order)) == ["select", "expand", "evaluate", "backup"]
    assert order == sorted(order, key=["select", "expand", "evaluate", "backup"].index)
    assert all(light.path == (0, 1, 3) for light in lights)
    assert (lights[-1].progress, lights[-1].captions) == (1.0, {3: "+0.12"})
    strip.show_anatomy(None)
    assert lights[-1] is None
    assert strip.isHidden()


def test_without_motion_nothing_plays_and_each_phase_is_a_click_away(qtbot):
    strip = AnatomyStrip()
    qtbot.addWidget(strip)
    strip.set_motion(False)
    lights = told(strip.lights_changed)
    strip.show_anatomy(record_of())
    assert [(light.phase, light.progress) for light in lights] == [("backup", 1.0)]
    strip.show()
    qtbot.mouseClick(named(strip, QToolButton, "1 Select: what select did"), Qt.MouseButton.LeftButton)
    assert "what select did" in [label.text() for label in strip.findChildren(QLabel)]
    assert (lights[-1].phase, lights[-1].progress) == ("select", 1.0)
    assert not strip.is_playing
    strip.set_theme(LIGHT)


@pytest.mark.parametrize("is_root", [True, False])
def test_the_menu_of_a_branch_offers_what_is_about_it(qtbot, is_root):
    record = BranchRecord(Line("s", (1,)), "e4", True, is_root, False, True, True, 0.4, 19, 0, ("uniform",), 320)
    menu = BranchMenu(record, None)
    qtbot.addWidget(menu)
    chosen = told(menu.watch_chosen)
    pauses = next(child for child in menu.findChildren(QMenu) if child.title() == "Pause when")
    for action in pauses.actions():
        action.trigger()
    assert chosen[0] == VisitsReach(path=(), visits=640)
    assert ProofFound() in chosen
    assert (BranchPruned() in chosen) == (not is_root)
