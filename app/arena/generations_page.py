"""The page of generations: the lineage, the card of one of them, and what can be done with it."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.generations import IMPORTED_SUFFIXES, GenerationShelf
from app.arena.page import Page
from app.theme import GRID, PADDING, Theme
from app.viewmodels.arena_generations import GenerationsRecord
from app.widgets.error_line import ErrorLine
from app.widgets.generation_acts import GenerationActs
from app.widgets.generation_card import GenerationCard
from app.widgets.icons import set_icon
from app.widgets.lineage_graph import LineageGraph

_TITLE = "Who was trained from whom. Green lines lead from each parent to its children."
_NETWORKS = "Networks of Leela Chess Zero (*.pb.gz *.pb);;All files (*)"
_EXPORTS = {"Network (*.onnx)": ".onnx", "Weights (*.safetensors)": ".safetensors"}
_CARD_WIDTH = 400


class GenerationsPage(Page):
    """Shows a `GenerationShelf` and tells it what a person wants.

    Attributes:
        desk: the generations. graph, card, acts, error: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks = desks
        self.graph, self.card, self.acts, self.error = LineageGraph(), GenerationCard(), GenerationActs(), ErrorLine()
        self._title, self._import = QLabel(_TITLE), QPushButton("Import a network ...")
        self.desk = GenerationShelf(self, desks.jobs, desks.catalogue, desks.matches)
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    def show_generations(self, record: GenerationsRecord) -> None:
        """See `app.arena.generations.GenerationsScreen`."""
        self.graph.show_lineage(record.lineage)
        self.graph.select(record.selected)
        self.card.show_card(record.card, is_reading=bool(record.selected))
        self.acts.show_acts(record)
        self._title.setText(record.busy or _TITLE)
        self._import.setEnabled(not record.busy)
        self.error.show_error(record.error)

    def say(self, text: str) -> None:
        """A passing remark."""
        self.said.emit(text)

    @override
    def set_theme(self, theme: Theme) -> None:
        self.graph.set_theme(theme)
        self.error.set_theme(theme)
        set_icon(self._import, "tray-arrow-down", theme)

    @override
    def turned_to(self) -> None:
        self.desk.open()

    @override
    def step_back(self) -> bool:
        if self.desk.keep():
            return True
        was_selected = bool(self.desk.selected)
        self.desk.select("")
        return was_selected

    @override
    def told(self) -> dict[str, Any]:
        record = self.desk.record
        if record is None:
            return {}
        return {
            "generations": [node.id for node in record.lineage.nodes],
            "selected": record.selected,
            "card": record.card.subtitle if record.card is not None else "",
            "confirm": record.confirm,
            "error": record.error,
        }

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event) is not None:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.desk.bring_in(path)

    def _ask_import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Import a network", str(Path.home()), _NETWORKS)
        if name:
            self.desk.bring_in(Path(name))

    def _ask_export(self) -> None:
        suggested = str(Path.home() / f"{self.desk.selected}.onnx")
        name, kind = QFileDialog.getSaveFileName(self, "Export a generation", suggested, ";;".join(_EXPORTS))
        if name:
            path = Path(name)
            known = path.suffix.lower() in _EXPORTS.values()
            self.desk.take_out(path if known else path.with_name(path.name + _EXPORTS.get(kind, ".onnx")))

    def _play_parent(self) -> None:
        card = self.desk.record.card if self.desk.record is not None else None
        if card is not None:
            self.players_wanted.emit(card.domain, f"{card.id}@0", f"{card.parent}@0")

    def _use(self) -> None:
        card = self.desk.record.card if self.desk.record is not None else None
        if card is not None:
            self.generation_wanted.emit(card.domain, card.id)

    def _connect(self) -> None:
        desk, acts = self.desk, self.acts
        self.graph.selected.connect(desk.select)
        self._import.clicked.connect(self._ask_import)
        acts.use_clicked.connect(self._use)
        acts.play_clicked.connect(self._play_parent)
        acts.export_clicked.connect(self._ask_export)
        acts.remove_clicked.connect(desk.ask_remove)
        acts.confirmed.connect(desk.remove)
        acts.kept.connect(desk.keep)
        self.error.dismissed.connect(desk.dismiss)
        self._desks.catalogue.watchers.append(desk.catalogue_changed)
        self._desks.matches.watchers.append(desk.matches_changed)

    def _lay_out(self) -> None:
        self._title.setWordWrap(True)
        self._import.setToolTip("A file of Leela Chess Zero, e.g. Maia (.pb.gz); it can also be dropped here.")
        head = QHBoxLayout()
        head.setContentsMargins(PADDING, GRID, PADDING, GRID)
        head.addWidget(self._title, 1)
        head.addWidget(self._import)
        side = QWidget()
        side.setProperty("role", "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        right = QVBoxLayout(side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.card, 1)
        right.addWidget(self.acts)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.setChildrenCollapsible(False)
        body.addWidget(self.graph)
        body.addWidget(side)
        body.setStretchFactor(0, 1)
        body.setSizes([10_000, _CARD_WIDTH])
        side.setMinimumWidth(_CARD_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.error)
        column.addWidget(body, 1)


def _dropped(event: QDropEvent) -> Path | None:
    """The network that is being dropped, or None."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.name.lower().endswith(IMPORTED_SUFFIXES) else None
