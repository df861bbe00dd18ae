"""The line on the board, with a cursor: what was played, and where in it the root of the search stands."""

from dataclasses import dataclass

from engine.domains.base import Line


@dataclass(frozen=True, slots=True)
class Game:
    """A line of actions and how many of them are played.

    Attributes:
        line: the whole line, what lies past the cursor included.
        cursor: actions played, 0 .. len(line.actions).
    """

    line: Line
    cursor: int

    @property
    def current(self) -> Line:
        """The line up to the cursor: what the board shows and the search is about."""
        return Line(self.line.start, self.line.actions[: self.cursor])

    @property
    def rest(self) -> tuple[int, ...]:
        """Actions past the cursor."""
        return self.line.actions[self.cursor :]

    def play(self, *actions: int) -> "Game":
        """The game after `actions`, which must be legal there.

        Actions that the line goes on with only move the cursor. The first other one branches off: what lay past the
        cursor is dropped (a person gets it back with undo).
        """
        if self.rest[: len(actions)] == actions:
            return Game(self.line, self.cursor + len(actions))
        return at_end(self.current.then(*actions))

    def step(self, count: int) -> "Game":
        """The cursor `count` actions on, or back where it is negative; stops at either end."""
        return self.goto(self.cursor + count)

    def goto(self, index: int) -> "Game":
        """The cursor after `index` actions; stops at either end."""
        return Game(self.line, min(max(index, 0), len(self.line.actions)))


def at_end(line: Line) -> Game:
    """A game standing at the end of `line`."""
    return Game(line, len(line.actions))
