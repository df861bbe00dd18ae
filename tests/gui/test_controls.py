from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton, QToolButton

from app.theme import DARK, LIGHT
from app.viewmodels.records import ControlsRecord, GenerationChoice, StatusRecord
from app.widgets.controls import Controls
from app.widgets.error_line import ErrorLine
from app.widgets.figure_strip import FigureStrip
from app.widgets.live_tag import LiveTag
from app.widgets.status_line import StatusLine
from engine.search.limits import Limits
from engine.search.settings import SearchSettings

LEFT = Qt.MouseButton.LeftButton
RECORD = ControlsRecord(
    generations=(GenerationChoice("maia", "Maia 1500"), GenerationChoice("uniform", "No intuition")),
    generation="maia",
    budget=800,
    domain="chess",
    domains=(("chess", "Chess"), ("connect_four", "Connect Four")),
)


LONG = GenerationChoice("gen-003", "gen-003 · Chess, human games and a long story of where they came from")


@pytest.fixture
def controls(qtbot):
    widget = Controls()
    qtbot.addWidget(widget)
    widget.resize(1100, 60)
    widget.show()
    qtbot.waitExposed(widget)
    widget.show_controls(RECORD)
    widget.show_status(StatusRecord("ready"))
    return widget


def button(widget, kind, text):
    return next(b for b in widget.findChildren(kind) if text in (b.text(), b.accessibleName()))


def test_a_generation_is_named_whole_where_there_is_room_and_by_its_id_where_not(controls):
    controls.show_controls(replace(RECORD, generations=(LONG,), generation="gen-003"))
    chooser = next(box for box in controls.findChildren(QComboBox) if box.accessibleName() == "Generation")
    chooser.setMaximumWidth(2000)
    chooser.resize(1000, chooser.height())
    assert chooser.shown_text() == LONG.text
    chooser.resize(120, chooser.height())
    assert chooser.shown_text() == "gen-003"
    assert chooser.toolTip().startswith(LONG.text), "what is cut off can be read"
    chooser.showPopup()
    assert chooser.view().width() > chooser.width()
    chooser.hidePopup()


def combo(controls, name):
    return next(c for c in controls.findChildren(QComboBox) if c.accessibleName() == name)


def test_one_button_starts_and_pauses(qtbot, controls):
    run = button(controls, QPushButton, "Start")
    with qtbot.waitSignal(controls.start_clicked):
        qtbot.mouseClick(run, LEFT)
    width = run.width()
    controls.show_status(StatusRecord("running"))
    assert run.text() == "Pause"
    assert run.width() == width
    with qtbot.waitSignal(controls.pause_clicked), qtbot.assertNotEmitted(controls.start_clicked):
        qtbot.mouseClick(run, LEFT)


@pytest.mark.parametrize(
    ("engine", "run", "stop", "step"),
    [
        ("stopped", True, False, True),
        ("starting", False, False, False),
        ("ready", True, False, True),
        ("running", True, True, False),
        ("paused", True, True, True),
        ("finished", True, True, True),
        ("failed", False, False, False),
        ("replay", True, False, True),
    ],
)
def test_what_can_be_done_in_each_state(controls, engine, run, stop, step):
    controls.show_status(StatusRecord(engine))
    enabled = [controls.findChild(QPushButton).isEnabled()]
    enabled += [button(controls, QToolButton, name).isEnabled() for name in ("Stop", "Step 1", "Step 10", "Step 100")]
    assert enabled == [run, stop, step, step, step]


@pytest.mark.parametrize("count", [1, 10, 100])
def test_steps(qtbot, controls, count):
    with qtbot.waitSignal(controls.step_clicked) as told:
        qtbot.mouseClick(button(controls, QToolButton, f"Step {count}"), LEFT)
    assert told.args == [count]


def test_stop(qtbot, controls):
    controls.show_status(StatusRecord("running"))
    with qtbot.waitSignal(controls.stop_clicked):
        qtbot.mouseClick(button(controls, QToolButton, "Stop"), LEFT)


@pytest.mark.parametrize(
    ("name", "signal", "text", "value"),
    [
        ("Budget", "budget_changed", "No limit", None),
        ("Budget", "budget_changed", "1,000,000", 1_000_000),
        ("Generation", "generation_chosen", "No intuition", "uniform"),
        ("Method", "method_chosen", "Intuition alone", "intuition"),
        ("Domain", "domain_chosen", "Connect Four", "connect_four"),
    ],
)
def test_a_persons_choice_is_told(qtbot, controls, name, signal, text, value):
    chooser = combo(controls, name)
    with qtbot.waitSignal(getattr(controls, signal)) as told:
        chooser.showPopup()
        place = chooser.findText(text)
        view = chooser.view()
        view.scrollTo(chooser.model().index(place, 0))
        qtbot.mouseClick(view.viewport(), LEFT, pos=view.visualRect(chooser.model().index(place, 0)).center())
    assert told.args == [value]


def test_a_records_choice_is_not_told(qtbot, controls):
    signals = (controls.budget_changed, controls.generation_chosen, controls.method_chosen, controls.domain_chosen)
    signals += (controls.settings_chosen, controls.limits_chosen)
    told = []
    for signal in signals:
        signal.connect(told.append)
    controls.show_controls(
        ControlsRecord(
            RECORD.generations,
            "uniform",
            SearchSettings(method="intuition"),
            Limits(depth=12),
            1234,
            "connect_four",
            RECORD.domains,
            live=False,
        )
    )
    assert combo(controls, "Generation").currentText() == "No intuition"
    assert combo(controls, "Method").currentText() == "Intuition alone"
    assert combo(controls, "Budget").currentText() == "1,234"
    assert combo(controls, "Domain").currentText() == "Connect Four"
    assert controls.findChild(LiveTag).accessibleName() == "Replay"
    assert "depth 12 moves" in button(controls, QToolButton, "Search settings").toolTip()
    assert told == []


def test_an_unknown_generation_leaves_the_chooser_empty(controls):
    controls.show_controls(ControlsRecord(RECORD.generations, "gone"))
    assert combo(controls, "Generation").currentIndex() == -1


def test_progress(controls):
    controls.show_status(StatusRecord("running", progress=0.25))
    bar = controls.findChild(QProgressBar)
    assert bar.value() / bar.maximum() == pytest.approx(0.25)
    controls.show_status(StatusRecord("running"))
    assert bar.value() == 0


def test_everything_has_a_name_a_tooltip_and_a_place_in_the_tab_order(controls):
    widgets = [widget for kind in (QPushButton, QToolButton, QComboBox) for widget in controls.findChildren(kind)]
    assert len(widgets) == 13
    for widget in widgets:
        assert widget.text() if isinstance(widget, QPushButton) else widget.accessibleName()
        assert widget.toolTip().endswith(")")
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_icons_come_after_the_first_frame_in_the_themes_colour(qtbot, controls):
    stop = button(controls, QToolButton, "Stop")
    assert stop.icon().isNull()
    controls.set_theme(DARK)
    qtbot.waitUntil(lambda: not stop.icon().isNull(), timeout=5000)
    dark = stop.icon().pixmap(16, 16).toImage()
    controls.set_theme(LIGHT)
    qtbot.waitUntil(lambda: stop.icon().pixmap(16, 16).toImage() != dark, timeout=5000)


def test_live_and_replay_take_the_same_room(qtbot):
    tag = LiveTag()
    qtbot.addWidget(tag)
    live, size = tag.grab().toImage(), tag.sizeHint()
    tag.show_live(False)
    assert tag.sizeHint() == size
    assert tag.grab().toImage() != live


class TestStatusLine:
    @pytest.fixture
    def status(self, qtbot):
        widget = StatusLine()
        qtbot.addWidget(widget)
        widget.resize(900, 28)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    def test_an_error_brings_its_way_out(self, qtbot, status):
        action = status.findChild(QPushButton)
        status.show_status(StatusRecord("running", headline="Searching"))
        assert not action.isVisible()
        status.show_status(StatusRecord("failed", "gone", error="Engine stopped: exit code 1", action="Restart engine"))
        assert action.text() == "Restart engine"
        with qtbot.waitSignal(status.action_clicked):
            qtbot.mouseClick(action, LEFT)

    def test_the_whole_headline_can_be_read(self, status):
        text = "Searching " + "very " * 100 + "long"
        status.show_status(StatusRecord("running", headline=text))
        assert text in [child.toolTip() for child in status.children() if hasattr(child, "toolTip")]

    def test_figures_keep_their_places(self, qtbot):
        strip = FigureStrip()
        qtbot.addWidget(strip)
        strip.show_figures((("nodes", "9"), ("memory", "12.3 MB")))
        one = strip.sizeHint()
        strip.show_figures((("nodes", "99,999"), ("memory", "9.9 MB")))
        assert strip.sizeHint() == one
        strip.show_figures((("nodes", "1,234,567"), ("memory", "12.3 MB")))
        grown = strip.sizeHint()
        assert grown.width() > one.width()
        strip.show_figures((("nodes", "9"), ("memory", "12.3 MB")))
        assert strip.sizeHint() == grown

    def test_a_narrow_window_is_possible(self, status):
        status.show_status(StatusRecord("running", figures=tuple((f"figure {i}", "12,345,678") for i in range(12))))
        assert status.minimumSizeHint().width() < 400


class TestErrorLine:
    @pytest.fixture
    def line(self, qtbot):
        widget = ErrorLine()
        qtbot.addWidget(widget)
        widget.resize(600, 40)
        return widget

    def test_appears_with_its_words_and_button(self, qtbot, line):
        assert not line.isVisible()
        line.show_error("The file cannot be read.", "Try again")
        assert line.isVisible()
        assert line.findChild(QLabel).text() == "The file cannot be read."
        with qtbot.waitSignal(line.action_clicked):
            qtbot.mouseClick(button(line, QPushButton, "Try again"), LEFT)
        assert line.isVisible()

    def test_can_be_closed(self, qtbot, line):
        line.show_error("Something.", "")
        assert not line.findChild(QPushButton).isVisible()
        with qtbot.waitSignal(line.dismissed):
            qtbot.mouseClick(button(line, QToolButton, "Close"), LEFT)
        assert not line.isVisible()

    def test_an_empty_text_closes_it_silently(self, qtbot, line):
        line.show_error("Something.", "")
        with qtbot.assertNotEmitted(line.dismissed):
            line.show_error("", "")
        assert not line.isVisible()
