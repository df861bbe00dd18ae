"""Keys of the tree canvas.

The tree grows to the right, so Right goes to the best child, Left to the parent, Up and Down to the visited nodes
beside. With Shift the arrows mean what they mean in trees that grow downwards: Up parent, Down best child, Left and
Right beside.
"""

from enum import Enum, auto

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent


class Deed(Enum):
    """What a key does."""

    PARENT = auto()
    BEST_CHILD = auto()
    ABOVE = auto()
    BELOW = auto()
    ROOT = auto()
    FIT = auto()
    CENTRE = auto()
    NEARER = auto()
    FARTHER = auto()
    GO_LEFT = auto()
    GO_RIGHT = auto()
    GO_UP = auto()
    GO_DOWN = auto()
    LABELS = auto()
    UNSELECT = auto()
    ACTIVATE = auto()
    FOLD = auto()
    FOLD_PRUNED = auto()
    UNFOLD = auto()
    NEXT = auto()
    BACK = auto()
    FORWARD = auto()
    NEXT_VIEW = auto()
    VIEW_BEFORE = auto()
    CUT = auto()
    RESTORE = auto()


WALKS = (Deed.PARENT, Deed.BEST_CHILD, Deed.ABOVE, Deed.BELOW, Deed.ROOT, Deed.BACK, Deed.FORWARD)
"""Deeds that go to another node."""

KEYS: tuple[tuple[Deed, str, tuple[str, ...]], ...] = (
    (Deed.BEST_CHILD, "best child", ("Right", "Shift+Down")),
    (Deed.PARENT, "parent", ("Left", "Shift+Up")),
    (Deed.ABOVE, "the node above", ("Up", "Shift+Left")),
    (Deed.BELOW, "the node below", ("Down", "Shift+Right")),
    (Deed.ROOT, "root", ("R",)),
    (Deed.FIT, "the whole tree", ("Z",)),
    (Deed.CENTRE, "centre on the selected node", ("C",)),
    (Deed.NEARER, "nearer", ("W", "+", "=")),
    (Deed.FARTHER, "farther", ("S", "-")),
    (Deed.GO_LEFT, "look to the left", ("A",)),
    (Deed.GO_RIGHT, "look to the right", ("D",)),
    (Deed.GO_UP, "look up", ("PgUp",)),
    (Deed.GO_DOWN, "look down", ("PgDown",)),
    (Deed.LABELS, "labels", ("L",)),
    (Deed.UNSELECT, "select nothing", ("Esc",)),
    (Deed.ACTIVATE, "make the selected node the root", ("Return", "Enter")),
    (Deed.FOLD, "fold or unfold the selected node", ("H",)),
    (Deed.FOLD_PRUNED, "fold pruned branches", ("F",)),
    (Deed.UNFOLD, "unfold everything", ("U",)),
    (Deed.NEXT, "the next interesting node", ("N",)),
    (Deed.BACK, "the node selected before", ("Alt+Left",)),
    (Deed.FORWARD, "the node selected after", ("Alt+Right",)),
    (Deed.NEXT_VIEW, "the next view", ("V",)),
    (Deed.VIEW_BEFORE, "the view before", ("Shift+V",)),
    (Deed.CUT, "cut the selected branch", ("Del", "Backspace")),
    (Deed.RESTORE, "restore the selected branch", ("Shift+Del",)),
)
"""Every deed with its name for people and its keys, as Qt writes them."""

_NAMED = {
    "Right": Qt.Key.Key_Right, "Left": Qt.Key.Key_Left, "Up": Qt.Key.Key_Up, "Down": Qt.Key.Key_Down,
    "PgUp": Qt.Key.Key_PageUp, "PgDown": Qt.Key.Key_PageDown, "Esc": Qt.Key.Key_Escape,
    "Return": Qt.Key.Key_Return, "Enter": Qt.Key.Key_Enter, "Del": Qt.Key.Key_Delete,
    "Backspace": Qt.Key.Key_Backspace, "+": Qt.Key.Key_Plus, "-": Qt.Key.Key_Minus, "=": Qt.Key.Key_Equal,
}  # fmt: skip


_SHIFT, _ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
_PLAIN = Qt.KeyboardModifier.NoModifier


def _combination(text: str) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    prefix, _, name = text.rpartition("+") if len(text) > 1 else ("", "", text)
    modifier = {"Shift": _SHIFT, "Alt": _ALT, "": _PLAIN}[prefix]
    return _NAMED.get(name) or Qt.Key(ord(name)), modifier


_DEEDS = {_combination(text): deed for deed, _, texts in KEYS for text in texts}


def deed_of(event: QKeyEvent) -> Deed | None:
    """What a key press asks for, or None where the canvas has no use for it."""
    pressed: QKeyCombination = event.keyCombination()
    modifiers = pressed.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = pressed.key()
    # "+" needs Shift on many keyboards; there it is the plain key that counts.
    if key == Qt.Key.Key_Plus and modifiers == _SHIFT:
        modifiers = _PLAIN
    return _DEEDS.get((key, modifiers))
