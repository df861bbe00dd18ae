"""Passing remarks: they lie low over the picture that is shown, and go by themselves."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.widgets.remark import Remark


@pytest.fixture
def pages(qtbot):
    """A heading over a picture, and another page."""
    stack = QStackedWidget()
    page, other = QWidget(), QWidget()
    picture = QWidget(page)
    picture.setGeometry(40, 100, 500, 300)
    stack.addWidget(page)
    stack.addWidget(other)
    stack.resize(700, 500)
    qtbot.addWidget(stack)
    stack.show()
    qtbot.waitExposed(stack)
    return stack, picture, Remark(stack, (picture,))


def test_it_lies_low_over_the_picture_and_never_over_what_is_above_it(pages):
    stack, picture, remark = pages
    remark.say("Nothing there to undo")
    assert remark.isVisible()
    assert picture.geometry().contains(remark.geometry())
    assert remark.geometry().center().x() == pytest.approx(picture.geometry().center().x(), abs=1)
    assert remark.geometry().top() > picture.geometry().center().y()
    stack.setCurrentIndex(1)
    remark.say("Elsewhere")
    assert remark.geometry().top() > 250, "without the picture, low over all of it"
    assert QRect(0, 0, 700, 500).contains(remark.geometry())


def test_it_is_in_nobodys_way_and_goes(pages, qtbot, monkeypatch):
    _, _, remark = pages
    monkeypatch.setattr("app.widgets.remark._LEAST_MS", 20)
    monkeypatch.setattr("app.widgets.remark._MS_FOR_A_WORD", 1)
    remark.say("Gone soon")
    assert remark.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert remark.accessibleName() == "Gone soon"
    qtbot.waitUntil(lambda: not remark.isVisible())
