"""The page of the cross table: the table with its readings, what is in it beside it, and the run at the foot."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout
from typing_extensions import override

from app.arena.desks import ArenaDesks
from app.arena.matrix import Matrix
from app.arena.page import Page
from app.theme import GRID, PADDING, Theme
from app.viewmodels.arena_matrix import MatrixRecord
from app.widgets.job_bar import JobBar
from app.widgets.matrix_grid import MatrixGrid
from app.widgets.matrix_plan import MatrixPlanPanel
from app.widgets.page_head import PageHead

_TITLE = "What search is worth to each generation, and what learning brought."
_PLAN_WIDTH = 300


class MatrixPage(Page):
    """Shows a `Matrix` and tells it what a person wants.

    Attributes:
        desk: the table. head, grid, plan, bar: its widgets.
    """

    def __init__(self, desks: ArenaDesks) -> None:
        super().__init__()
        self._desks = desks
        self.head, self.bar = PageHead(_TITLE), JobBar("Let every cell meet its neighbours in the table.")
        self.grid, self.plan = MatrixGrid(), MatrixPlanPanel()
        self._fuel, self._empty = QLabel(), QLabel()
        self._scroll = QScrollArea()
        self.desk = Matrix(self, desks.jobs, desks.matches, desks.catalogue)
        self._lay_out()
        self._connect()

    def show_matrix(self, record: MatrixRecord) -> None:
        """See `app.arena.matrix.MatrixScreen`."""
        self.head.say(f"{_TITLE} {record.scale}".strip())
        self.grid.show_matrix(record)
        self.plan.show_matrix(record)
        self._fuel.setText("\n".join(record.fuel))
        self._fuel.setVisible(bool(record.fuel))
        self._empty.setText(record.empty)
        self._empty.setVisible(bool(record.empty))
        self._scroll.setVisible(not record.empty)
        self.bar.show_job(record.job, record.cost, can_run=record.can_run)

    @override
    def set_theme(self, theme: Theme) -> None:
        self.grid.set_theme(theme)
        self.bar.set_theme(theme)
        self.plan.setFixedWidth(theme.room(_PLAN_WIDTH))

    @override
    def turned_to(self) -> None:
        self.desk.open(self.head.domain)

    @override
    def step_back(self) -> bool:
        was_selected = self.desk.record.selected is not None
        self.desk.select(None)
        return was_selected

    @override
    def told(self) -> dict[str, Any]:
        record = self.desk.record
        return {
            "cells": [[cell.text for cell in row] for row in record.cells],
            "gains": [gain.text for gain in (*record.row_gains, *record.column_gains)],
            "fuel": list(record.fuel),
            "running": record.job.running,
            "text": record.job.text or record.job.error,
        }

    def _connect(self) -> None:
        desk, plan = self.desk, self.plan
        self.head.domain_chosen.connect(lambda _: self.turned_to())
        self.grid.cell_selected.connect(lambda row, column: desk.select((row, column)))
        plan.generation_chosen.connect(lambda name, on: desk.choose_generation(name, chosen=on))
        plan.budget_chosen.connect(lambda budget, on: desk.choose_budget(budget, chosen=on))
        plan.pairs_changed.connect(desk.set_pairs)
        plan.match_wanted.connect(lambda match: self.match_wanted.emit(match))
        self.bar.run_clicked.connect(desk.run)
        self.bar.pause_clicked.connect(desk.pause)
        self.bar.dismissed.connect(desk.job.dismiss)
        self.bar.retry_clicked.connect(self.turned_to)
        self._desks.jobs.watchers.append(desk.conversation_changed)
        self._desks.matches.watchers.append(desk.catalogue_changed)
        self._desks.catalogue.watchers.append(desk.catalogue_changed)

    def _lay_out(self) -> None:
        for label, role in ((self._empty, "quiet"), (self._fuel, "notice")):
            label.setProperty("role", role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._fuel.setContentsMargins(PADDING, GRID, PADDING, GRID)
        self._fuel.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._fuel.setToolTip("How much of what search finds has become intuition. (fuel)")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(self.grid)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._scroll, 1)
        left.addWidget(self._empty, 1)
        left.addWidget(self._fuel)
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addLayout(left, 1)
        body.addWidget(self.plan)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(body, 1)
        column.addWidget(self.bar)
