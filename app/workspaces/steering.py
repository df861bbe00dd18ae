"""Menus and popups that steer branches: opened for a branch, they tell the controller what a person chose."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from app.controller import Controller
from app.viewmodels.branch import BranchRecord, loan_sentence, prior_sentence
from app.viewmodels.watchpoints import figure_of, figure_sentence, with_figure
from app.widgets.amount_popup import Amount, AmountPopup
from app.widgets.branch_menu import BranchMenu
from engine.domains.base import Line
from engine.search.watchpoints import AnyWatchpoint

_MOST_LENT = 1_000_000


class Steering(QObject):
    """Opens menus over `host` for branches of what `controller` shows."""

    def __init__(self, controller: Controller, host: QWidget) -> None:
        super().__init__(host)
        self._controller, self._host = controller, host

    def menu(self, line: Line | None, play: Callable[[], None]) -> BranchMenu | None:
        """The menu of the branch that ends `line`; None where there is no such branch. `play`: plays up to it."""
        record = self._controller.branches.record(line) if line is not None else None
        if record is None:
            return None
        acts = self._controller.branches
        menu = BranchMenu(record, self._host)
        menu.play_chosen.connect(play)
        for signal, act in (
            (menu.cut_chosen, acts.cut),
            (menu.restore_chosen, acts.restore),
            (menu.pin_chosen, acts.pin),
            (menu.lend_chosen, acts.lend),
            (menu.ask_chosen, acts.ask),
        ):
            signal.connect(partial(self._controller.steer, act, record.line))
        menu.amount_wanted.connect(lambda: self._ask_amount(record, menu.pos()))
        menu.prior_wanted.connect(lambda: self._ask_prior(record, menu.pos()))
        menu.watch_chosen.connect(lambda watchpoint: self._watch(record, watchpoint, menu.pos()))
        return menu

    def ask_prior(self, line: Line | None, point: QPoint) -> None:
        """Ask for the prior of the branch that ends `line`, at a place of the screen."""
        record = self._controller.branches.record(line) if line is not None else None
        if record is not None and not record.is_root:
            self._ask_prior(record, point)

    def _ask_prior(self, record: BranchRecord, point: QPoint) -> None:
        amount = Amount(
            f"Prior of {record.name}",
            "Set prior",
            low=0.0,
            high=100.0,
            start=100.0 * record.prior,
            step=1.0,
            digits=1,
            unit=" %",
            meaning=lambda percent: prior_sentence(record, percent / 100.0),
            slides=True,
        )
        acts = self._controller.branches
        self._open(amount, lambda value: self._controller.steer(acts.weigh, record.line, value / 100.0), point)

    def _ask_amount(self, record: BranchRecord, point: QPoint) -> None:
        amount = Amount(
            f"Visits lent to {record.name}",
            "Lend",
            low=1,
            high=_MOST_LENT,
            start=500,
            step=100,
            digits=0,
            unit=" visits",
            meaning=lambda visits: loan_sentence(record, round(visits)),
        )
        acts = self._controller.branches
        self._open(amount, lambda value: self._controller.steer(acts.lend, record.line, round(value)), point)

    def _watch(self, record: BranchRecord, watchpoint: AnyWatchpoint, point: QPoint) -> None:
        """Pause when `watchpoint` of a branch is reached; the number in its sentence is asked for first."""
        watching = self._controller.watching
        figure = figure_of(watchpoint)
        if figure is None:
            watching.add(watchpoint, record.line)
            return
        amount = Amount(
            f"Pause when {record.name} …",
            "Pause there",
            low=figure.low,
            high=figure.high,
            start=figure.value,
            step=figure.step,
            digits=figure.digits,
            unit="",
            meaning=lambda value: f"Pause when {figure_sentence(with_figure(watchpoint, value), record.name)}.",
        )
        self._open(amount, lambda value: watching.add(with_figure(watchpoint, value), record.line), point)

    def _open(self, amount: Amount, chosen: Callable[[float], None], point: QPoint) -> None:
        popup = AmountPopup(amount, self._host)
        popup.chosen.connect(chosen)
        popup.open_at(point)
