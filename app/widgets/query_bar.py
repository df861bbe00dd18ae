"""The query bar under the tree: a question, how many nodes it finds, the way from one to the next, and the lenses."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget, QWidgetAction
from typing_extensions import override

from app.theme import DARK, GRID, PADDING, Theme
from app.viewmodels.questions import LensRecord, QuestionRecord
from app.widgets.icons import set_icon
from app.widgets.name_popup import NamePopup
from app.widgets.query_line import QueryLine

_COUNT_ROOM, _NODES_ROOM, _BUTTON_ROOM, _LENS_ROOM = 196, 44, 26, 132
_WIDE = 700
"""From this width on the lens on is named; below it the line needs the room."""


class QueryBar(QFrame):
    """One row; nothing in it moves when a number gets longer. What is of no use before a question is not there then.

    Signals:
        asked(str): a question was written. entered(str): the same with Enter: go to the first node found.
        left(): Escape: ask nothing, the focus returns.
        stepped(int): to the next result (1) or the one before (-1).
        lens_chosen(str), lens_removed(str): by name. lens_named(str): keep what is asked under this name.
        results_wanted(): the list of results is to be seen.
    """

    asked = Signal(str)
    entered = Signal(str)
    left = Signal()
    stepped = Signal(int)
    lens_chosen = Signal(str)
    lens_removed = Signal(str)
    lens_named = Signal(str)
    results_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._record, self._theme = QuestionRecord(), DARK
        self.setProperty("role", "panel")
        self.line = QueryLine()
        self.line.asked.connect(self.asked)
        self.line.entered.connect(self.entered)
        self.line.left.connect(self.left)
        self._count = QToolButton()
        self._count.setProperty("role", "plain")
        self._count.setToolTip("How many nodes meet the condition now. Click for the list of results.")
        self._count.clicked.connect(self.results_wanted)
        self._back = _button("Previous result. (Shift+F3)", "Previous result", partial(self.stepped.emit, -1))
        self._next = _button("Next result. (F3; in the tree also N)", "Next result", partial(self.stepped.emit, 1))
        self._lens = QToolButton()
        self._lens.setToolTip("Ready questions, with colours to match, and those you kept. (lenses)")
        self._lens.setAccessibleName("Lenses")
        self._lens.clicked.connect(self._open_lenses)
        self._keep = _button("Keep this question as a lens of your own …", "Keep as lens", self._ask_name)
        row = QHBoxLayout(self)
        row.setContentsMargins(PADDING, GRID // 2, PADDING, GRID // 2)
        row.setSpacing(GRID // 2)
        row.addWidget(self.line, 1)
        for widget in (self._count, self._back, self._next, self._lens, self._keep):
            row.addWidget(widget)
        self.show_question(self._record)

    def show_question(self, record: QuestionRecord) -> None:
        """Show what is asked and how many nodes it finds."""
        self._record = record
        self.line.show_question(record.text, record.error, record.start, record.end)
        is_asked = bool(record.text) and not record.error
        self._count.setAccessibleName(record.count or "Nothing asked")
        for button in (self._count, self._back, self._next, self._keep):
            button.setVisible(bool(record.text))
            button.setEnabled(is_asked)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Change icons and sizes; the rest comes with the style sheet."""
        self.line.set_theme(theme)
        self._theme = theme
        for button in (self._back, self._next, self._keep):
            button.setFixedWidth(theme.room(_BUTTON_ROOM))
        icons = ((self._back, "chevron-up"), (self._next, "chevron-down"), (self._keep, "bookmark-plus-outline"))
        for button, name in (*icons, (self._lens, "magnify")):
            set_icon(button, name, theme)
        self.show_question(self._record)

    def begin_writing(self) -> None:
        """Put the focus into the line, with all of it marked."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()

    def lens_menu(self) -> QMenu:
        """All lenses, by group, each with its sentence; a person's own can be removed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        group = ""
        for lens in self._record.lenses:
            if lens.group != group:
                group = lens.group
                _add_heading(menu, group)
            self._add(menu, lens)
        own = [lens for lens in self._record.lenses if lens.is_own]
        if own:
            removal = menu.addMenu("Remove a lens of your own")
            for lens in own:
                removal.addAction(lens.name, partial(self.lens_removed.emit, lens.name))
        return menu

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Name the lens and what is counted where there is room for it."""
        is_asked = not self._record.error
        is_wide = self.width() >= self._theme.room(_WIDE) or not self._record.text
        room = self._theme.room(_LENS_ROOM if is_wide else _BUTTON_ROOM)
        name = self._record.lens or "Lenses"
        count = self._record.count if is_wide else self._record.count.removesuffix(" nodes")
        self._count.setText(count if is_asked else "")
        self._count.setFixedWidth(self._theme.room(_COUNT_ROOM if is_wide else _COUNT_ROOM - _NODES_ROOM))
        self._lens.setFixedWidth(room)
        self._lens.setText(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room - 40))
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if is_wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        self._lens.setToolButtonStyle(style)

    def _add(self, menu: QMenu, lens: LensRecord) -> None:
        action = menu.addAction(lens.name, partial(self.lens_chosen.emit, lens.name))
        action.setCheckable(True)
        action.setChecked(lens.name == self._record.lens)
        action.setToolTip(f"{lens.meaning}\n{lens.question}")

    def _open_lenses(self) -> None:
        menu = self.lens_menu()
        menu.popup(self._lens.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _ask_name(self) -> None:
        is_own = any(lens.is_own and lens.name == self._record.lens for lens in self._record.lenses)
        popup = NamePopup("Keep this question as a lens", "Keep", self._record.lens if is_own else "", self)
        popup.chosen.connect(self.lens_named)
        popup.open_above(self._keep)


def _add_heading(menu: QMenu, text: str) -> None:
    """Words over a group; Qt's own sections are lines without words in most styles."""
    heading = QLabel(text)
    heading.setProperty("role", "heading")
    heading.setContentsMargins(PADDING, GRID, PADDING, GRID // 2)
    action = QWidgetAction(menu)
    action.setDefaultWidget(heading)
    action.setEnabled(False)
    action.setText(text)
    menu.addAction(action)


def _button(tooltip: str, name: str, clicked: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "plain")
    button.setToolTip(tooltip)
    button.setAccessibleName(name)
    button.clicked.connect(lambda: clicked())
    return button
