"""Reading lines: a line that search expects is held still, shown on the board move by move, and played.

Plain Python beside the controller. While nothing is read, the strip follows the line of what is inspected.
"""

from collections.abc import Callable
from typing import Protocol

from app.screen import Screen
from app.steering import path_below
from app.travel import Travel
from app.viewmodels.explore import ExploreState
from app.viewmodels.phrases import Phrases
from app.viewmodels.reading import LineRecord, Reading, begin_reading, line_record
from engine.domains.base import Line


class Reader(Protocol):
    """What reading needs of the controller."""

    def look(self, **changes: object) -> None:
        """Change what is looked at; names are those of `ExploreState`."""
        ...

    def inspected_line(self) -> Line | None:
        """The line that ends with the branch that the inspector shows."""
        ...

    def play(self, *actions: int) -> None:
        """Play actions, legal at the cursor."""
        ...


class LineReading:
    """What a person does with lines."""

    def __init__(
        self,
        travel: Travel,
        screen: Screen,
        look: Callable[[], ExploreState],
        words: Callable[[str], Phrases],
        reader: Reader,
    ) -> None:
        """`look`: what is looked at now; `words`: the phrases of a domain."""
        self._travel, self._screen, self._look, self._words, self._reader = travel, screen, look, words, reader
        self._last: LineRecord | None = None

    def begin(self, action: int) -> None:
        """Read the line of an action of the root; -1 = read no more."""
        moment = self._travel.moment
        if action < 0 or moment is None or moment.line != self._look().game.current:
            self.end()
        else:
            self._reader.look(reading=begin_reading(moment, (action,)))

    def hold(self) -> None:
        """Read the line in the strip: it is held as it is now."""
        if self._look().reading is None:
            reading = self._inspected()
            if reading is not None:
                self._reader.look(reading=reading)

    def show(self, moves: int) -> None:
        """Show the state after so many moves of the line on the board, 0 = the one searched."""
        self.hold()
        reading = self._look().reading
        if reading is not None:
            self._reader.look(reading=reading.at(moves))

    def walk(self, step: int) -> bool:
        """Go so many moves along the line; whether there were any."""
        reading = self._look().reading
        if reading is None or reading.at(reading.shown + step) == reading:
            return False
        self._reader.look(reading=reading.at(reading.shown + step))
        return True

    def show_end(self) -> None:
        """Show the last state of the line that is read."""
        reading = self._look().reading
        if reading is not None:
            self._reader.look(reading=reading.at(len(reading.moves)))

    def end(self) -> None:
        """Read no more: the board is what it was."""
        if self._look().reading is not None:
            self._reader.look(reading=None)

    def play(self, moves: int) -> None:
        """Play the first moves of the line."""
        reading = self._look().reading or self._inspected()
        if reading is None or reading.root != self._look().game.current:
            return
        self.end()
        self._reader.play(*reading.moves[:moves])

    def refresh(self) -> None:
        """Bring the strip up to date; called after everything else."""
        state, moment = self._look(), self._travel.moment
        reading = state.reading or self._inspected()
        domain = state.domain if moment is None else moment.header.domain
        record = line_record(reading, moment if state.reading else None, self._words(domain))
        if record != self._last:
            self._last = record
            self._screen.show_line(record)

    def _inspected(self) -> Reading | None:
        """The line of what is inspected, as it is now."""
        line, moment = self._reader.inspected_line(), self._travel.moment
        path = path_below(moment.line, line) if moment is not None and line is not None else None
        if moment is None or not path or moment.line != self._look().game.current:
            return None
        return begin_reading(moment, path)
