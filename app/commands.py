"""Every command of the window in one table: menus, shortcuts and the page of keys are all made from it."""

from collections.abc import Callable
from dataclasses import dataclass

EXPLORE, ARENA, TRAIN = "explore", "arena", "train"
"""Names of the workspaces."""
ANYWHERE = ""
FILE, POSITION, SEARCH, TIME = "&File", "&Position", "&Search", "&Time"
MATCH, TRAINING, VIEW, HELP = "&Match", "T&raining", "&View", "&Help"
MENUS = (FILE, POSITION, SEARCH, TIME, MATCH, TRAINING, VIEW, HELP)


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do from a menu.

    Attributes:
        name: what a handler is registered under.
        menu: one of `MENUS`. text: the menu's words. keys: shortcuts, the first is shown.
        where: "window"; "board": the keys mean this only while the board has the focus; "hero": only while the board
            or the tree has it; "left over": only where no widget has a meaning of its own for them.
        checkable: it is switched on and off.
        ends_group: a line is drawn after it.
        workspace: the one in which it is offered, or `ANYWHERE`.
    """

    name: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    where: str = "window"
    checkable: bool = False
    ends_group: bool = False
    workspace: str = EXPLORE


COMMANDS = (
    Command("open", FILE, "Open recording, PGN or FEN…", ("Ctrl+O",), workspace=ANYWHERE),
    Command("open_last", FILE, "Open last file again", ("Ctrl+Shift+O",), workspace=ANYWHERE),
    Command("save", FILE, "Save recording…", ("Ctrl+S",)),
    Command("export", FILE, "Export…", ("Ctrl+E",), ends_group=True),
    Command("quit", FILE, "Quit", ("Ctrl+Q",), workspace=ANYWHERE),
    Command("new_game", POSITION, "New game", ("Ctrl+N",)),
    Command("paste", POSITION, "Paste position, game or moves", ("Ctrl+V",)),
    Command("set_up", POSITION, "Set up a position…", ("E",)),
    Command("copy_position", POSITION, "Copy position", ("Ctrl+C",)),
    Command("copy_game", POSITION, "Copy game", ("Ctrl+Shift+C",), ends_group=True),
    Command("back", POSITION, "Back one move", ("Left",), where="board"),
    Command("forward", POSITION, "Forward one move", ("Right",), where="board"),
    Command("first", POSITION, "To the start", ("Home",), where="board"),
    Command("last", POSITION, "To the end", ("End",), where="board"),
    Command("branch_up", POSITION, "At a fork: the branch above", ("Up",), where="board"),
    Command("branch_down", POSITION, "At a fork: the branch below", ("Down",), where="board"),
    Command("leave_variation", POSITION, "Out of the variation", ("Shift+Left",), where="board"),
    Command("next_fork", POSITION, "To the next fork", ("Shift+Right",), where="board", ends_group=True),
    Command("play_best", POSITION, "Play the selected move", ("Return", "Enter"), where="board"),
    Command("comment", POSITION, "Comment…", ("C",), where="board"),
    Command("promote", POSITION, "Promote variation"),
    Command("main_line", POSITION, "Make main line"),
    Command("delete_moves", POSITION, "Delete from here", ("Del",), where="board"),
    Command("undo", POSITION, "Undo", ("Ctrl+Z",)),
    Command("redo", POSITION, "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), ends_group=True),
    Command("analyse", POSITION, "Analyse the game…", ("Ctrl+Shift+A",)),
    Command("next_slip", POSITION, "To the next mistake", ("N",), where="board"),
    Command("slip_before", POSITION, "To the mistake before", ("Shift+N",), where="board"),
    Command("toggle", SEARCH, "Start or pause", ("Space",)),
    Command("stop", SEARCH, "Stop and give memory back", ("Ctrl+.",)),
    Command("step", SEARCH, "One simulation on", (".",)),
    Command("step_ten", SEARCH, "Ten simulations on", (">",)),
    Command("step_more", SEARCH, "A hundred simulations on", (")",), ends_group=True),
    Command("cut", SEARCH, "Cut or restore the selected branch", ("X",)),
    Command("pin", SEARCH, "Search only the selected branch", ("P",)),
    Command("lend", SEARCH, "Lend it 100 visits", ("B",)),
    Command("lend_more", SEARCH, "Lend it 1,000 visits", ("Shift+B",)),
    Command("prior", SEARCH, "Set its prior…", ("I",)),
    Command("watch", SEARCH, "Pause when…", ("Ctrl+B",)),
    Command("note", SEARCH, "Note on the selected node…", ("Ctrl+M",)),
    Command("bookmark", SEARCH, "Bookmark this place", ("K",)),
    Command("clear", SEARCH, "Select nothing", ("Esc",), where="left over", ends_group=True, workspace=ANYWHERE),
    Command("compare", SEARCH, "Compare with…", ("Ctrl+D",)),
    Command("restart_engine", SEARCH, "Restart engine"),
    Command("step_back", TIME, "One simulation back", (",",)),
    Command("step_ten_back", TIME, "Ten simulations back", ("<",)),
    Command("step_more_back", TIME, "A hundred simulations back", ("(",), ends_group=True),
    Command("play_past", TIME, "Play the search again, or stand still", ("Shift+Space",)),
    Command("next_event", TIME, "To the next event", ("]",)),
    Command("event_before", TIME, "To the event before", ("[",), ends_group=True),
    Command("to_beginning", TIME, "To the beginning of the search", ("Ctrl+Home",)),
    Command("to_present", TIME, "To the present", ("Ctrl+End",)),
    Command("toggle_match", MATCH, "Start or pause the match", ("Ctrl+Return", "Ctrl+Enter"), workspace=ARENA),
    Command("next_page", MATCH, "Next page", ("Ctrl+Tab",), workspace=ARENA),
    Command("page_before", MATCH, "Page before", ("Ctrl+Shift+Tab",), workspace=ARENA),
    Command("toggle_round", TRAINING, "Start or pause the round", ("Ctrl+Return", "Ctrl+Enter"), workspace=TRAIN),
    Command("pin_explored", TRAINING, "Pin the position of Explore", workspace=TRAIN),
    Command("next_train_page", TRAINING, "Next page", ("Ctrl+Tab",), workspace=TRAIN),
    Command("train_page_before", TRAINING, "Page before", ("Ctrl+Shift+Tab",), workspace=TRAIN),
    Command("explore", VIEW, "Explore: one search", ("Ctrl+1",), workspace=ANYWHERE),
    Command("arena", VIEW, "Arena: players against each other", ("Ctrl+2",), workspace=ANYWHERE),
    Command("train", VIEW, "Train: search teaches the intuition", ("Ctrl+3",), ends_group=True, workspace=ANYWHERE),
    Command("flip", VIEW, "Flip board", ("F",)),
    Command("threat", VIEW, "Threat: what the other side would do now", ("T",), checkable=True),
    Command("arrows", VIEW, "Arrows of intuition and search", ("A",), where="board", checkable=True),
    Command("figure", VIEW, "Next figure on the arrows: prior, visits, Q, rank", ("G",)),
    Command("layer", VIEW, "Next layer on the board: prior, whole tree", ("O",)),
    Command("hints", VIEW, "Hide all hints: think first", ("Q",), checkable=True, ends_group=True),
    Command("find", VIEW, "Ask the tree…", ("Ctrl+F",)),
    Command("next_result", VIEW, "To the next node found", ("F3",)),
    Command("result_before", VIEW, "To the node found before", ("Shift+F3",), ends_group=True),
    Command("trails", VIEW, "Trails of the leading moves", checkable=True),
    Command("bands", VIEW, "Win, draw and loss in the evaluation graph", checkable=True),
    Command("next_view", VIEW, "Tree as links, icicle or rings", ("V",)),
    Command("view_before", VIEW, "The view of the tree before", ("Shift+V",)),
    Command("fold_pruned", VIEW, "Fold pruned branches", checkable=True),
    Command("fold_below", VIEW, "Fold small branches…"),
    Command("unfold", VIEW, "Unfold everything", ends_group=True),
    Command("fit", VIEW, "Fit the tree", ("Z",)),
    Command("absolute", VIEW, "Colours on the absolute scale", ("Shift+Z",), checkable=True),
    Command("motion", VIEW, "Motion", ("M",), checkable=True, ends_group=True, workspace=ANYWHERE),
    Command("light", VIEW, "Light theme", ("Ctrl+T",), checkable=True, workspace=ANYWHERE),
    Command("full_screen", VIEW, "Full screen", ("F11",), checkable=True, workspace=ANYWHERE),
    Command("other_layout", VIEW, "The other arrangement of panels", ("Tab",), where="hero"),
    Command("reset_layout", VIEW, "Panels to their places", ends_group=True),
    Command("palette", HELP, "Find a command…", ("Ctrl+Shift+P",), workspace=ANYWHERE),
    Command("keys", HELP, "Keys", ("?", "F1"), workspace=ANYWHERE),
    Command("change_keys", HELP, "Change keys…", ends_group=True, workspace=ANYWHERE),
    Command("about", HELP, "About Arborist", workspace=ANYWHERE),
)

_ELSEWHERE = (
    (
        "On the board",
        [
            ("Drag or click twice", "Move a piece"),
            ("Right-drag", "Draw an arrow (Shift red, Alt blue)"),
            ("Wheel", "Step through the game"),
            ("Ctrl+Arrows", "Move a cursor; Enter takes up and puts down"),
            ("Hold Q", "Hide hints for as long as it is held"),
            ("Rest on a candidate", "Its line on the board; the wheel goes along"),
            ("Click in the line", "Play up to that move"),
        ],
    ),
    (
        "In a game of a match",
        [
            ("Left, Right, wheel", "One move back, one move on"),
            ("Home, End", "To the start, to the end"),
            ("Space", "Let it go on by itself, or stand still"),
            ("Click or drag in the curves", "Go to that place"),
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
            ("Delete", "Cut the branch (with Shift: restore)"),
            ("H, F, U", "Fold the node, all pruned, unfold all"),
            ("Click on a fold", "Open it, or go nearer"),
            ("N", "The next node worth a look"),
            ("Alt+Left, Alt+Right", "Back and forward through selections"),
            ("Menu, right click", "All that can be done with it"),
            ("Wheel, drag", "Zoom at the pointer, move"),
            ("W A S D, L", "Zoom and move, labels"),
        ],
    ),
)
"""What the mouse and the panels' own keys do; each panel's class says the same."""


def key_groups(keys_of: Callable[[Command], tuple[str, ...]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """All keys for the page that shows them: a heading, and pairs of keys and what they do.

    Args:
        keys_of: the keys of a command, a person's own where they were changed.
    """
    groups = []
    for menu in MENUS:
        there = [(command, keys_of(command)) for command in COMMANDS if command.menu == menu]
        pairs = [(keys[0], command.text.rstrip("…")) for command, keys in there if keys]
        groups.append((menu.replace("&", ""), pairs))
    return [*groups, *((heading, list(pairs)) for heading, pairs in _ELSEWHERE)]
