"""A key that switches when it is struck, and switches back when it was held."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

_HELD_S = 0.35
"""A key that is down for longer than this was held."""


class HeldKey(QObject):
    """Told when a command was carried out; finds out whether its key is being held, and when it is let go."""

    def __init__(
        self, let_go: Callable[[], None], parent: QObject, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`let_go`: called when a key is let go that was held."""
        super().__init__(parent)
        self._let_go, self._clock = let_go, clock
        self._since: float | None = None

    def begin(self) -> None:
        """A command was carried out, by its key or otherwise."""
        application = QCoreApplication.instance()
        if self._since is None and application is not None:
            application.installEventFilter(self)  # for as long as the key is down: it sees every event there is
        self._since = self._clock()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and not event.isAutoRepeat():
            if event.type() is QEvent.Type.KeyRelease:
                self._end(is_key_up=True)
            elif event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
                self._end(is_key_up=False)  # another key goes down: it was a menu that the command came from
        return super().eventFilter(watched, event)

    def _end(self, *, is_key_up: bool) -> None:
        since, self._since = self._since, None
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        if is_key_up and since is not None and self._clock() - since >= _HELD_S:
            self._let_go()
