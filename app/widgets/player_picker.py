"""Who plays: a generation with its simulations and method, an outside engine, or a player written out in full."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from app.theme import GRID
from app.viewmodels.arena_ladder_players import RANDOM, UNIFORM, anchor_choices, find_program
from app.viewmodels.arena_picker import BUDGETS, OWN_BUDGET, Picked, Written, budget_of, picked_of, player_of
from app.viewmodels.search_options import METHOD_TEXTS
from app.widgets.short_chooser import SEPARATOR, ShortChooser
from engine.service.messages import GenerationInfo

_VALUE, _TOOLTIP = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.ToolTipRole
_WORDS = ""
"""Value of the entry with which a player is written out."""


class PlayerPicker(QWidget):
    """Two rows: who, and how it thinks.

    Signals:
        player_changed(str): another player, written as for a match; only by a person.
    """

    player_changed = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """`name`: of the player, for screen readers: "Player A"."""
        super().__init__(parent)
        self._who, self._budget, self._method = ShortChooser(), QComboBox(), ShortChooser()
        self._number, self._words, self._hint = QLineEdit(), QLineEdit(), QLabel()
        self._outside: set[str] = set()
        self._player = ""
        self._name_parts(name)
        self._fill_fixed()
        self._how = QWidget()
        row = QHBoxLayout(self._how)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self._budget, 1)
        row.addWidget(self._method, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(GRID // 2)
        for place, widget in enumerate((self._who, self._how, self._words, self._hint)):
            grid.addWidget(widget, place, 0)
        self._who.activated.connect(lambda _: self._chosen())
        self._budget.activated.connect(lambda _: self._chosen())
        self._number.editingFinished.connect(self._chosen)
        self._method.activated.connect(lambda _: self._chosen())
        self._words.editingFinished.connect(self._chosen)
        self._show()

    def set_choices(self, domain: str, generations: tuple[GenerationInfo, ...]) -> None:
        """Offer what there is in a domain; the player stays, if it can."""
        model = QStandardItemModel(self._who)
        named = {
            info.id: f"{info.id}{SEPARATOR}{info.name}" if info.name != info.id else info.id for info in generations
        }
        for value, text in {**named, UNIFORM: "Uniform priors", RANDOM: "Random moves"}.items():
            model.appendRow(_entry(text, value, ""))
        self._outside = set()
        for choice in anchor_choices(domain, find_program):
            missing = "" if choice.player else " (not installed)"
            entry = _entry(choice.name + missing, choice.player, choice.hint)
            entry.setEnabled(bool(choice.player))
            self._outside.add(choice.player)
            model.appendRow(entry)
        model.appendRow(_entry("Written out …", _WORDS, "For experts: any player that “arborist match” knows."))
        self._who.setModel(model)
        self._show()

    def player(self) -> str:
        """Who is chosen, written as for a match; "" = nobody yet."""
        return self._player

    def set_player(self, player: str) -> None:
        """Choose a player; emits nothing."""
        self._player = player
        self._show()

    def _chosen(self) -> None:
        """Read the form."""
        value = str(self._who.currentData())
        if value in self._outside and value:
            player = value
        elif value == _WORDS:
            written = self._words.text().strip()
            player = written or self._player
        else:
            budget = budget_of(self._budget.currentText())
            player = player_of(Picked(value, 0 if budget is None else budget, str(self._method.currentData())))
        self._show_parts(player, is_written=value == _WORDS)
        if player != self._player:
            self._player = player
            self.player_changed.emit(player)

    def _show(self) -> None:
        self._show_parts(self._player, is_written=False)

    def _show_parts(self, player: str, *, is_written: bool) -> None:
        picked = picked_of(player)
        who = player if player in self._outside or isinstance(picked, Written) else picked.who
        place = -1 if is_written else self._who.findData(who)
        if place < 0:
            place, is_written = self._who.findData(_WORDS), True
        self._who.setCurrentIndex(place)
        self._words.setVisible(is_written)
        if not self._words.hasFocus():
            self._words.setText(player)
        is_searched = not is_written and not isinstance(picked, Written) and player != RANDOM
        self._how.setVisible(is_searched and player not in self._outside)
        hint = self._who.itemData(place, _TOOLTIP) if player in self._outside else ""
        self._hint.setText(str(hint or "").split(" (uci:")[0])
        self._hint.setVisible(bool(self._hint.text()) and not is_written)
        if not isinstance(picked, Written) and self._how.isVisibleTo(self):
            self._budget.setCurrentText(dict(BUDGETS).get(picked.simulations, str(picked.simulations)))
            self._method.setCurrentIndex(max(self._method.findData(picked.method), 0))
            self._method.setVisible(picked.simulations > 0)

    def _fill_fixed(self) -> None:
        self._budget.setLineEdit(self._number)
        self._budget.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for simulations, text in BUDGETS:
            self._budget.addItem(text, simulations)
        self._number.setPlaceholderText(OWN_BUDGET)
        for method in METHOD_TEXTS:
            self._method.addItem(method.text.replace(" (", SEPARATOR).rstrip(")"), method.name)
            self._method.setItemData(self._method.count() - 1, method.tooltip, _TOOLTIP)
        for chooser in (self._who, self._budget, self._method):
            chooser.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._hint.setProperty("role", "quiet")
        self._hint.setWordWrap(True)
        self._words.setPlaceholderText("gen-000@64:gumbel, uci:COMMAND, …")

    def _name_parts(self, name: str) -> None:
        for widget, part, tooltip in (
            (self._who, "", "Who plays. (player)"),
            (
                self._budget,
                ": simulations",
                "How long it thinks about each move; choose, or type a number. (simulations)",
            ),
            (self._method, ": method", "How its search chooses where to look next. (search method)"),
            (
                self._words,
                ": written out",
                "GENERATION[@SIMULATIONS[:METHOD]][,Name=Value...], uniform, random or uci:COMMAND",
            ),
        ):
            widget.setAccessibleName(f"{name}{part}")
            widget.setToolTip(tooltip)


def _entry(text: str, value: str, tooltip: str) -> QStandardItem:
    entry = QStandardItem(text)
    entry.setData(value, _VALUE)
    entry.setToolTip(tooltip)
    return entry
