"""Every command of the window in one table: menus, shortcuts and the page of keys are all made from it."""

from dataclasses import dataclass

FILE, POSITION, SEARCH, TIME, VIEW, HELP = "&File", "&Position", "&Search", "&Time", "&View", "&Help"
MENUS = (FILE, POSITION, SEARCH, TIME, VIEW, HELP)


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do from a menu.

    Attributes:
        name: what a handler is registered under.
        menu: one of `MENUS`. text: the menu's words. keys: shortcuts, the first is shown.
        where: "window"; "board": the keys mean this only while the board has the focus; "left over": only where no
            widget has a meaning of its own for them.
        checkable: it is switched on and off.
        ends_group: a line is drawn after it.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    where: str = "window"
    checkable: bool = False
    ends_group: bool = False


COMMANDS = (
    Command("open", FILE, "Open recording, PGN or FEN…", ("Ctrl+O",)),
    Command("open_last", FILE, "Open last file again", ("Ctrl+Shift+O",)),
    Command("save", FILE, "Save recording…", ("Ctrl+S",), ends_group=True),
    Command("quit", FILE, "Quit", ("Ctrl+Q",)),
    Command("new_game", POSITION, "New game", ("Ctrl+N",)),
    Command("paste", POSITION, "Paste position, game or moves", ("Ctrl+V",)),
    Command("copy_position", POSITION, "Copy position", ("Ctrl+C",)),
    Command("copy_game", POSITION, "Copy game", ("Ctrl+Shift+C",), ends_group=True),
    Command("back", POSITION, "Back one move", ("Left",), where="board"),
    Command("forward", POSITION, "Forward one move", ("Right",), where="board"),
    Command("first", POSITION, "To the start", ("Home",), where="board"),
    Command("last", POSITION, "To the end", ("End",), where="board", ends_group=True),
    Command("play_best", POSITION, "Play the selected move", ("Return", "Enter"), where="board"),
    Command("undo", POSITION, "Undo", ("Ctrl+Z",)),
    Command("toggle", SEARCH, "Start or pause", ("Space",)),
    Command("stop", SEARCH, "Stop and give memory back", ("Ctrl+.",)),
    Command("step", SEARCH, "One simulation on", (".",)),
    Command("step_ten", SEARCH, "Ten simulations on", (">", "Shift+.")),
    Command("step_more", SEARCH, "A hundred simulations on", (")",), ends_group=True),
    Command("cut", SEARCH, "Cut or restore the selected branch", ("X",)),
    Command("pin", SEARCH, "Search only the selected branch", ("P",)),
    Command("lend", SEARCH, "Lend it 100 visits", ("B",)),
    Command("lend_more", SEARCH, "Lend it 1,000 visits", ("Shift+B",)),
    Command("prior", SEARCH, "Set its prior…", ("I",)),
    Command("clear", SEARCH, "Select nothing", ("Esc",), where="left over", ends_group=True),
    Command("restart_engine", SEARCH, "Restart engine"),
    Command("step_back", TIME, "One simulation back", (",",)),
    Command("step_ten_back", TIME, "Ten simulations back", ("<", "Shift+,")),
    Command("step_more_back", TIME, "A hundred simulations back", ("(",), ends_group=True),
    Command("play_past", TIME, "Play the search again, or stand still", ("Shift+Space",)),
    Command("next_event", TIME, "To the next event", ("]",)),
    Command("event_before", TIME, "To the event before", ("[",), ends_group=True),
    Command("to_beginning", TIME, "To the beginning of the search", ("Ctrl+Home",)),
    Command("to_present", TIME, "To the present", ("Ctrl+End",)),
    Command("flip", VIEW, "Flip board", ("F",)),
    Command("arrows", VIEW, "Arrows of intuition and search", ("A",), where="board", checkable=True, ends_group=True),
    Command("trails", VIEW, "Trails of the leading moves", checkable=True),
    Command("fit", VIEW, "Fit the tree", ("Z",)),
    Command("absolute", VIEW, "Colours on the absolute scale", ("Shift+Z",), checkable=True),
    Command("motion", VIEW, "Motion", ("M",), checkable=True, ends_group=True),
    Command("light", VIEW, "Light theme", ("Ctrl+T",), checkable=True),
    Command("full_screen", VIEW, "Full screen", ("F11",), checkable=True),
    Command("reset_layout", VIEW, "Panels to their places", ends_group=True),
    Command("keys", HELP, "Keys", ("?", "F1")),
    Command("about", HELP, "About Arborist"),
)

_ELSEWHERE = (
    (
        "On the board",
        [
            ("Drag or click twice", "Move a piece"),
            ("Right-drag", "Draw an arrow (Shift red, Alt blue)"),
            ("Wheel", "Step through the game"),
            ("Ctrl+Arrows", "Move a cursor; Enter takes up and puts down"),
        ],
    ),
    (
        "In the tree",
        [
            ("Click", "Select a node"),
            ("Double-click, Enter", "Play up to the node"),
            ("Right, Left", "Best child, parent"),
            ("Up, Down", "The branches beside"),
            ("R, C", "To the root, to the selection"),
            ("Delete, H", "Cut the branch (with Shift: restore)"),
            ("Menu, right click", "All that can be done with it"),
            ("Wheel, drag", "Zoom at the pointer, move"),
            ("W A S D, L", "Zoom and move, labels"),
        ],
    ),
)
"""What the mouse and the panels' own keys do; each panel's class says the same."""


def key_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """All keys for the page that shows them: a heading, and pairs of keys and what they do."""
    with_keys = [command for command in COMMANDS if command.keys]
    groups = [
        (
            menu.replace("&", ""),
            [(command.keys[0], command.text.rstrip("…")) for command in with_keys if command.menu == menu],
        )
        for menu in MENUS
    ]
    return [*groups, *((heading, list(pairs)) for heading, pairs in _ELSEWHERE)]
