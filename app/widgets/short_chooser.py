"""A chooser whose entries begin with a short name: where one does not fit, that is shown, cut if need be."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter
from typing_extensions import override

SEPARATOR = " · "
"""Between an entry's short name and the rest of it."""
_BESIDE_LIST = 32
"""Pixels of the list's rows that are not text."""


class ShortChooser(QComboBox):
    """A combo box for entries like "gen-003 · Chess, human games"; its list is as wide as they are."""

    @override
    def showPopup(self) -> None:
        texts = (self.itemText(place) for place in range(self.count()))
        longest = max((self.fontMetrics().horizontalAdvance(text) for text in texts), default=0)
        self.view().setMinimumWidth(longest + _BESIDE_LIST)
        super().showPopup()

    def shown_text(self) -> str:
        """What is written while the list is closed."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self).width()
        text, metrics = self.currentText(), self.fontMetrics()
        if metrics.horizontalAdvance(text) > room:
            text = metrics.elidedText(text.split(SEPARATOR)[0], Qt.TextElideMode.ElideRight, room)
        return text

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.shown_text()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
