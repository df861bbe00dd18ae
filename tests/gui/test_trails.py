"""The trails chart: empty without its library, true to its record with it, and no trap for the mouse."""

import gc
import subprocess
import sys
from weakref import ref

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from app.theme import DARK, LIGHT
from app.viewmodels.records import Trail, TrailsRecord
from app.widgets.trail_names import spread
from app.widgets.trails import TrailsChart, pens

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
RECORD = TrailsRecord(
    moments=(2, 400, 800),
    trails=(
        Trail(1, "Nf3", 0.2, (0.0, 0.3, 0.6), is_best=True),
        Trail(2, "Qxd5", 0.5, (1.0, 0.6, 0.3), is_favourite=True),
        Trail(3, "Be3", 0.2, (0.0, 0.1, 0.06)),
        Trail(4, "Bc3", 0.1, (0.0, 0.0, 0.04)),
    ),
)


@pytest.fixture
def chart(shown):
    chart = shown(TrailsChart(), 640, 140)
    chart.library_wanted.connect(chart.build)
    chart.set_theme(DARK)
    return chart


def box(chart):
    return chart._plot._box


def columns_with(chart, tint, near=40):
    """Places at which a pixel is of about that colour."""
    image, wanted = chart.grab().toImage(), QColor(tint)
    places = []
    for x in range(image.width()):
        for y in range(image.height()):
            seen = image.pixelColor(x, y)
            if max(abs(a - b) for a, b in zip(seen.getRgb()[:3], wanted.getRgb()[:3], strict=True)) < near:
                places.append((x, y))
    return places


def test_pyqtgraph_is_not_imported_with_the_widget():
    code = "import app.workspaces.explore, app.widgets.trails, sys; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_library_is_wanted_once_and_only_when_there_is_something_to_draw(shown, qtbot):
    chart = shown(TrailsChart(), 640, 140)
    asked = []
    chart.library_wanted.connect(lambda: asked.append(True))
    chart.show_trails(TrailsRecord())
    assert not asked
    chart.show_trails(RECORD)
    chart.show_trails(RECORD)
    assert asked == [True]
    assert chart._empty.isVisible(), "nothing is drawn before the library is there"
    chart.build()
    assert not chart._empty.isVisible()


def test_best_is_ivory_and_the_favourite_gold_at_the_heights_of_their_shares(chart, qtbot):
    chart.show_trails(RECORD)
    qtbot.wait(20)
    plot = chart._plot
    edge = int(box(chart).mapViewToScene(QPointF(700, 0)).x())
    gold = [y for x, y in columns_with(chart, DARK.intuition) if x == edge]
    ivory = [y for x, y in columns_with(chart, DARK.effort) if x == edge]
    assert gold
    assert ivory
    assert sum(gold) / len(gold) == pytest.approx(plot.height_of(0.375), abs=2.5)
    assert sum(ivory) / len(ivory) == pytest.approx(plot.height_of(0.525), abs=2.5)


def test_the_mark_stands_at_the_favourites_prior(chart):
    chart.show_trails(RECORD)
    x, y = chart._plot._mark.getData()
    assert (list(x), list(y)) == ([2], [50])


def test_no_line_is_red_or_green_and_all_differ():
    made = pens(RECORD, DARK)
    assert [pen.color().name().upper() for pen in made] == [DARK.effort, DARK.intuition, DARK.quiet, DARK.quiet]
    assert made[2].style() != made[3].style()
    stale = pens(TrailsRecord(RECORD.moments, RECORD.trails, stale=True), DARK)
    assert {pen.color().name().upper() for pen in stale} == {DARK.pruned}


def test_fewer_trails_leave_no_old_line_behind(chart):
    chart.show_trails(RECORD)
    chart.show_trails(TrailsRecord(RECORD.moments, RECORD.trails[:1]))
    assert [curve.isVisible() for curve in chart._plot._curves] == [True, False, False, False]
    assert not len(chart._plot._mark.getData()[0])
    chart.show_trails(TrailsRecord())
    assert chart._empty.isVisible()
    assert not chart._plot.widget.isVisible()


def test_the_wheel_is_left_to_what_stands_around(chart):
    chart.show_trails(RECORD)
    viewport, before = chart._plot.widget.viewport(), box(chart).viewRange()
    middle = QPointF(viewport.rect().center())
    way = (QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, PLAIN, Qt.ScrollPhase.NoScrollPhase, False)
    turn = QWheelEvent(middle, viewport.mapToGlobal(middle), *way)
    QApplication.sendEvent(viewport, turn)
    assert not turn.isAccepted()
    assert box(chart).viewRange() == before


def test_a_stretch_picked_by_dragging_stays_until_a_double_click(chart, qtbot):
    chart.show_trails(RECORD)
    qtbot.wait(20)
    viewport = chart._plot.widget.viewport()
    start, end = (box(chart).mapViewToScene(QPointF(x, 50)).toPoint() for x in (100, 300))
    qtbot.mousePress(viewport, LEFT, SHIFT, pos=start)
    for step in (0.3, 0.6, 1.0):
        point = QPointF(start + (end - start) * step)
        move = QMouseEvent(QEvent.Type.MouseMove, point, viewport.mapToGlobal(point), LEFT, LEFT, SHIFT)
        QApplication.sendEvent(viewport, move)
    qtbot.mouseRelease(viewport, LEFT, SHIFT, pos=end)
    picked = box(chart).viewRange()
    assert picked[0] == pytest.approx([100, 300], abs=8)
    assert picked[1] == pytest.approx([-1, 101])
    chart.show_trails(TrailsRecord((2, 400, 900), RECORD.trails))
    assert box(chart).viewRange() == picked
    qtbot.mouseDClick(viewport, LEFT, pos=start)
    assert box(chart).viewRange()[0] == pytest.approx([2, 900], abs=12)


def test_pressing_and_dragging_looks_at_a_moment(chart, qtbot):
    chart.show_trails(RECORD)
    qtbot.wait(20)
    viewport, sought = chart._plot.widget.viewport(), []
    chart.sought.connect(sought.append)
    before = box(chart).viewRange()
    qtbot.mousePress(viewport, LEFT, pos=box(chart).mapViewToScene(QPointF(300, 50)).toPoint())
    assert sought == [pytest.approx(300, abs=8)]
    assert box(chart).viewRange() == before
    chart.show_playhead(300)
    assert chart._plot._playhead.isVisible()
    assert chart._plot._playhead.value() == 300
    chart.show_playhead(None)
    assert not chart._plot._playhead.isVisible()


def test_the_shares_of_a_moment_are_told(chart):
    chart.show_trails(RECORD)
    assert chart._plot.told_at(420).splitlines() == [
        "After 400 simulations",
        "Qxd5  60 %",
        "Nf3  30 %",
        "Be3  10 %",
        "Bc3  0 %",
    ]
    assert chart.accessibleDescription().startswith("Nf3 60 %, Qxd5 30 %")


def test_both_themes_are_worn(chart, qtbot):
    chart.show_trails(RECORD)
    for theme in (LIGHT, DARK):
        chart.set_theme(theme)
        assert columns_with(chart, theme.effort, near=60)
        assert columns_with(chart, theme.intuition, near=60)


def test_a_chart_dies_with_its_plot(qapp):
    chart = TrailsChart()
    chart.build()
    chart.show_trails(RECORD)
    plot, widget = ref(chart._plot), ref(chart._plot.widget)
    chart.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del chart
    gc.collect()
    assert plot() is None
    assert widget() is None


@pytest.mark.parametrize("heights", [[], [50.0], [50, 50, 50], [0, 0, 100, 99], [-20, 130, 60]])
def test_names_keep_apart_and_inside_and_in_order(heights):
    places = spread(heights, 14, 0, 100)
    assert all(7 <= place <= 93 for place in places)
    assert all(b - a >= 14 - 1e-9 for a, b in zip(sorted(places), sorted(places)[1:], strict=False))
    assert sorted(range(len(heights)), key=heights.__getitem__) == sorted(range(len(places)), key=places.__getitem__)
