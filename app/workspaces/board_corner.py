"""What stands around the board: the line being read, the threat, and the page on which positions are set up."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.controller import Controller
from app.setting_up import SettingUp
from app.theme import Theme
from app.widgets.candidates_table import CandidatesTable
from app.widgets.position_editor import PositionEditor
from app.workspaces.lines import Lines


class BoardCorner(QObject):
    """Builds the widgets and reports them to a controller.

    Attributes:
        lines: the strip, and lines under the pointer. threat: a sentence below the board. editor: the page.
    """

    def __init__(self, table: CandidatesTable, host: QWidget, parent: QObject) -> None:
        """`table`: whose actions have lines; `host`: what the editor lies over."""
        super().__init__(parent)
        self.lines = Lines(table, self)
        self.threat = _threat_line()
        self.editor = PositionEditor(host)

    def report_to(self, controller: Controller) -> None:
        """Let the widgets' intents reach `controller`."""
        self.lines.report_to(controller)
        self._report_editor(controller.setting_up)

    def set_theme(self, theme: Theme) -> None:
        """Dress all widgets."""
        self.lines.strip.set_theme(theme)
        self.editor.set_theme(theme)

    def show_threat(self, words: str | None) -> None:
        """The sentence, or none."""
        self.threat.setText(words or "")
        self.threat.setVisible(words is not None)

    def _report_editor(self, setting_up: SettingUp) -> None:
        editor = self.editor
        editor.pressed.connect(setting_up.press)
        editor.erased.connect(setting_up.erase)
        editor.dragged.connect(setting_up.move)
        editor.piece_chosen.connect(setting_up.choose)
        editor.turn_chosen.connect(setting_up.set_to_move)
        editor.right_switched.connect(lambda letter, is_on: setting_up.set_right(letter, is_on=is_on))
        editor.passed_chosen.connect(setting_up.set_passed)
        editor.clear_clicked.connect(setting_up.clear)
        editor.start_clicked.connect(setting_up.start)
        editor.flip_clicked.connect(setting_up.flip)
        editor.apply_clicked.connect(setting_up.apply)
        editor.cancelled.connect(setting_up.close)


def _threat_line() -> QLabel:
    line = QLabel()
    line.setProperty("role", "threat")
    line.setWordWrap(True)
    line.setTextFormat(Qt.TextFormat.PlainText)
    line.setAccessibleName("Threat")
    line.hide()
    return line
