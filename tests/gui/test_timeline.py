"""The strip and its buttons, with a real mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, Qt

from app.theme import LIGHT
from app.viewmodels.records import Trail, TrailsRecord
from app.viewmodels.timeline import Mark, TimelineRecord
from app.widgets.timeline import Timeline

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
BANDS = TrailsRecord((10, 500, 1000), (Trail(1, "e4", 0.4, (0.5, 0.2, 0.7), is_best=True),))
RECORD = TimelineRecord(
    first=0,
    last=1000,
    marks=(Mark(250, "flip", "e4 takes the lead from d4."), Mark(252, "mind", "Biggest change of mind: e4.")),
    cuts=(0.1, 1.0, 0.0, 0.5),
    bands=BANDS,
    text="1,000 of 1,000",
)


@pytest.fixture
def timeline(shown):
    timeline = shown(Timeline(), 900, 60)
    timeline.set_theme(LIGHT)
    timeline.show_timeline(RECORD)
    return timeline


def at(timeline, simulation: float) -> QPoint:
    return QPoint(round(timeline.strip._x(simulation)), timeline.strip.height() - 10)


def test_pressing_and_dragging_looks_at_that_moment(timeline, qtbot) -> None:
    sought = []
    timeline.sought.connect(sought.append)
    qtbot.mousePress(timeline.strip, LEFT, pos=at(timeline, 400))
    qtbot.mouseMove(timeline.strip, at(timeline, 600))
    assert sought[0] == pytest.approx(400, abs=3)
    assert sought[-1] == pytest.approx(600, abs=3)


def test_the_right_end_is_the_present(timeline, qtbot) -> None:
    with qtbot.waitSignal(timeline.present_wanted):
        qtbot.mouseClick(timeline.strip, LEFT, pos=at(timeline, 1001))


def test_a_mark_is_hit_exactly_and_the_most_important_first(timeline, qtbot) -> None:
    with qtbot.waitSignal(timeline.sought) as heard:
        qtbot.mouseClick(timeline.strip, LEFT, pos=QPoint(round(timeline.strip._x(250)), 5))
    assert heard.args == [252]
    told = timeline.strip.told_at(timeline.strip._x(250))
    assert told.startswith("Biggest change of mind")
    assert "e4" in told


def test_keys_step_and_jump(timeline, qtbot) -> None:
    heard = []
    timeline.stepped.connect(lambda count: heard.append(count))
    timeline.event_wanted.connect(lambda way: heard.append(("event", way)))
    strip = timeline.strip
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(strip, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(strip, Qt.Key.Key_PageDown)
    assert heard == [-1, 10, 100, ("event", 1)]


def test_an_empty_search_cannot_be_scrubbed(timeline, qtbot) -> None:
    timeline.show_timeline(TimelineRecord())
    with qtbot.assertNotEmitted(timeline.sought), qtbot.assertNotEmitted(timeline.present_wanted):
        qtbot.mouseClick(timeline.strip, LEFT, pos=QPoint(50, 30))
    assert "once it has begun" in timeline.strip.told_at(50)


def test_what_came_after_the_moment_is_dimmed(timeline) -> None:
    def brightness() -> list[int]:
        image = timeline.strip.grab().toImage()
        line = image.height() - 7
        return [image.pixelColor(round(timeline.strip._x(simulation)), line).lightness() for simulation in (300, 900)]

    before = brightness()
    timeline.show_timeline(TimelineRecord(first=0, last=1000, at=600, cuts=(0.1, 1.0, 0.0, 0.5), bands=BANDS))
    after = brightness()
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_the_speed_chosen_is_told(timeline, qtbot) -> None:
    with qtbot.waitSignal(timeline.speed_chosen) as heard:
        timeline._speeds.actions()[-1].trigger()
    assert heard.args == [10_000]
