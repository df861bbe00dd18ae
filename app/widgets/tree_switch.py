"""The switch between the views of a tree, in the corner of its picture."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLayout, QToolButton, QWidget
from typing_extensions import override

from app.render.views import View
from app.theme import DARK, Theme

_ICON = QSize(22, 16)
_SHARPNESS = 3
"""Icons are painted that much larger, for displays with small pixels."""
_WORDS = {
    View.LINK: ("Links", "Links: what leads where, intuition's hope against search's effort. (V)"),
    View.ICICLE: ("Icicle", "Icicle: every node exactly as high as its share of the visits. (V)"),
    View.RADIAL: ("Rings", "Rings: the whole tree at a glance, around its root. (V)"),
}


class TreeSwitch(QFrame):
    """Three small buttons, one of which is down.

    Signals:
        chosen(View): a person asks for a view.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[View, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # the style says how high buttons are
        for view, (name, tooltip) in _WORDS.items():
            button = QToolButton()
            button.setCheckable(True)
            button.setProperty("role", "plain")
            button.setToolTip(tooltip)
            button.setAccessibleName(f"View: {name}")
            button.setIconSize(_ICON)
            button.setFixedWidth(_ICON.width() + 12)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, view=view: self.chosen.emit(view))
            self._group.addButton(button)
            self._buttons[view] = button
            row.addWidget(button)
        self.setAccessibleName("How the tree is drawn")
        self.set_theme(DARK)
        self.show_view(View.LINK)

    def show_view(self, view: View) -> None:
        """Put the button of a view down. Emits nothing."""
        self._buttons[view].setChecked(True)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """A ground under the button that is down."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.hairline), 1.0))
        painter.setBrush(QColor(self._theme.panel))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
        for button in self._buttons.values():
            if button.isChecked():
                painter.setBrush(QColor(self._theme.hover))
                painter.drawRoundedRect(QRectF(button.geometry()).adjusted(0.5, 0.5, -0.5, -0.5), 4.0, 4.0)
        painter.end()

    def set_theme(self, theme: Theme) -> None:
        """Change colours."""
        self._theme = theme
        self.update()
        for view, button in self._buttons.items():
            button.setIcon(_icon(view, theme))


def _icon(view: View, theme: Theme) -> QIcon:
    icon = QIcon()
    for state, ink in ((QIcon.State.Off, theme.quiet), (QIcon.State.On, theme.effort)):
        page = QPixmap(_ICON * _SHARPNESS)
        page.fill(Qt.GlobalColor.transparent)
        page.setDevicePixelRatio(_SHARPNESS)
        painter = QPainter(page)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(ink), 1.3))
        {View.LINK: _links, View.ICICLE: _blocks, View.RADIAL: _rays}[view](painter, QColor(ink))
        painter.end()
        icon.addPixmap(page, QIcon.Mode.Normal, state)
    return icon


def _links(painter: QPainter, ink: QColor) -> None:
    for y in (2.5, 8.0, 13.5):
        path = QPainterPath(QPointF(4.0, 8.0))
        path.cubicTo(QPointF(11.0, 8.0), QPointF(11.0, y), QPointF(18.0, y))
        painter.drawPath(path)
    painter.setBrush(ink)
    for x, y, radius in ((4.0, 8.0, 2.2), (18.0, 2.5, 1.4), (18.0, 8.0, 1.4), (18.0, 13.5, 1.4)):
        painter.drawEllipse(QPointF(x, y), radius, radius)


def _blocks(painter: QPainter, ink: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y, height in ((2.0, 1.0, 14.0), (8.5, 1.0, 8.5), (8.5, 10.5, 4.5), (15.0, 1.0, 4.5), (15.0, 6.5, 3.0)):
        painter.fillRect(QRectF(x, y, 5.5, height), ink)


def _rays(painter: QPainter, ink: QColor) -> None:
    centre = QPointF(11.0, 8.0)
    ends = [QPointF(x, y) for x, y in ((3.0, 8.0), (6.0, 2.5), (16.0, 2.5), (19.0, 8.0), (16.0, 13.5), (6.0, 13.5))]
    for end in ends:
        painter.drawLine(centre, end)
    painter.setBrush(ink)
    painter.drawEllipse(centre, 2.4, 2.4)
    for end in ends:
        painter.drawEllipse(end, 1.3, 1.3)
