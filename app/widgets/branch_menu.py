"""What can be done with a branch, as a menu: the same for a node of the tree, a row of the table and the node card."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.viewmodels.branch import LOANS, BranchRecord
from app.viewmodels.watchpoints import branch_offers


class BranchMenu(QMenu):
    """Offers what makes sense for one branch, and is gone when it is closed.

    Signals:
        play_chosen(), cut_chosen(), restore_chosen(), pin_chosen(): what to do.
        lend_chosen(int): lend so many visits. amount_wanted(): lend some, how many is to be asked.
        prior_wanted(): set a prior, which one is to be asked.
        ask_chosen(str): ask that generation.
        watch_chosen(object): pause when this watchpoint of the branch is reached; its number may still be asked for.
    """

    play_chosen = Signal()
    cut_chosen = Signal()
    restore_chosen = Signal()
    pin_chosen = Signal()
    lend_chosen = Signal(int)
    amount_wanted = Signal()
    prior_wanted = Signal()
    ask_chosen = Signal(str)
    watch_chosen = Signal(object)

    def __init__(self, record: BranchRecord, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)
        if not record.is_root:
            self._add(f"Play {record.name}", "Make this the position on the board. (re-root)", self.play_chosen.emit)
            self.addSeparator()
            self._add_cuts(record)
            self._add_loans(record)
            self._add(
                "Set prior …",
                "Tell the search how promising this is, in intuition's place. (prior)",
                self.prior_wanted.emit,
                "I",
                enabled=record.is_live,
            )
        pauses = self.addMenu("Pause when")
        pauses.setEnabled(record.is_live)
        for text, watchpoint in branch_offers(record.visits, is_root=record.is_root):
            pauses.addAction(text, partial(self.watch_chosen.emit, watchpoint))
        asking = self.addMenu("Ask another generation")
        asking.setEnabled(record.is_live and record.can_ask)
        for name in record.generations:
            asking.addAction(name, partial(self.ask_chosen.emit, name))

    def _add_cuts(self, record: BranchRecord) -> None:
        if record.is_pruned:
            self._add(
                "Restore",
                "Let the search come back here, whatever it was cut for. (undo a prune)",
                self.restore_chosen.emit,
                "X",
                enabled=record.is_live,
            )
        else:
            self._add("Cut", "Search it no more. (prune by hand)", self.cut_chosen.emit, "X", enabled=record.is_live)
        self._add(
            "Search only this",
            "Cut all that stands beside it. (pin)",
            self.pin_chosen.emit,
            "P",
            enabled=record.is_live and record.siblings > 0,
        )

    def _add_loans(self, record: BranchRecord) -> None:
        loans = self.addMenu("Lend visits")
        loans.setEnabled(record.is_live and record.can_lend)
        for visits, key in zip(LOANS, ("B", "Shift+B"), strict=True):
            action = loans.addAction(f"+{visits:,}", partial(self.lend_chosen.emit, visits))
            action.setShortcut(key)
        loans.addAction("Another number …", self.amount_wanted.emit)

    def _add(self, text: str, tooltip: str, chosen: Callable[[], None], key: str = "", *, enabled: bool = True) -> None:
        action = self.addAction(text)
        action.setToolTip(tooltip)
        action.triggered.connect(chosen)
        action.setEnabled(enabled)
        if key:
            action.setShortcut(key)
