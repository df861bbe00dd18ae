"""Notches of a mouse wheel, counted also where a wheel or a touch pad turns by less."""

from PySide6.QtGui import QWheelEvent

_NOTCH = 120
"""In eighths of a degree."""


class Notches:
    """Adds up what a wheel turns."""

    def __init__(self) -> None:
        self._angle = 0

    def steps(self, event: QWheelEvent) -> tuple[int, ...]:
        """+1 for each notch turned towards the person since the last, -1 for each turned away."""
        self._angle += event.angleDelta().y()
        notches = int(self._angle / _NOTCH)
        self._angle -= notches * _NOTCH
        return (-1 if notches > 0 else 1,) * abs(notches)
