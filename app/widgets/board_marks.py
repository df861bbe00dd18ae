"""Arrows and circles a person draws on the board: a layer of their own, in the four colours chess players know."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

GREEN, RED, BLUE, YELLOW = "#15781B", "#882020", "#003088", "#E68F00"


@dataclass(frozen=True, slots=True)
class Mark:
    """An arrow between two cells, or a circle where both are the same."""

    source: int
    target: int
    color: str


def mark_color(modifiers: Qt.KeyboardModifier) -> str:
    """Plain: green; Shift or Ctrl: red; Alt: blue; Alt with one of the others: yellow (as chessground has it)."""
    shift = bool(modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
    alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    return (YELLOW if shift else BLUE) if alt else (RED if shift else GREEN)


def toggled(marks: tuple[Mark, ...], mark: Mark) -> tuple[Mark, ...]:
    """The marks after drawing `mark`: the same again erases it, another colour recolours it."""
    others = tuple(m for m in marks if (m.source, m.target) != (mark.source, mark.target))
    return others if mark in marks else (*others, mark)
