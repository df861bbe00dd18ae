"""Widgets under test: shown, of a given size, and cleared away."""

from pathlib import Path

import pytest

OFFSCREEN_ONLY = r"^This plugin does not support "
"""Qt's platform without a screen says so of size hints, raising and grabbing; with a screen it does not come."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let that Qt message pass in the tests of this folder."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN_ONLY, extend=True))


@pytest.fixture
def shown(qtbot):
    """Gives `shown(widget, width, height)`: the widget, on screen."""

    def show(widget, width, height):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show
