"""What a search knows beside the rules: intuition and endgame tables, loaded once and kept."""

from collections.abc import Callable
from dataclasses import dataclass

from engine.generations.registry import default_registry
from engine.nets.choose import make_evaluator
from engine.search.evaluator import Evaluator, UniformEvaluator
from engine.search.oracle import NoOracle, Oracle
from engine.uci.options import SYZYGY, THREADS, WEIGHTS, Values


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What a search asks about its leaves."""

    evaluator: Evaluator
    oracle: Oracle


class KnowledgeKeeper:
    """Loads what the options ask for when it is needed. What cannot be had is said, and what was before stays.

    Args:
        say: takes a line for the GUI.
    """

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._asked: tuple[str, int, str] | None = None
        self._latest = Knowledge(UniformEvaluator(), NoOracle())

    def get(self, values: Values) -> Knowledge:
        """The knowledge that `values` ask for; the same object as long as they ask for the same."""
        asked = (values[WEIGHTS], values[THREADS], values[SYZYGY])
        if asked == self._asked:
            return self._latest
        evaluator, oracle = self._latest.evaluator, self._latest.oracle
        if self._asked is None or asked[:2] != self._asked[:2]:
            evaluator = self._load_evaluator(asked[0], asked[1], evaluator)
        if self._asked is None or asked[2] != self._asked[2]:
            oracle = self._load_oracle(asked[2])
        self._asked, self._latest = asked, Knowledge(evaluator, oracle)
        return self._latest

    def _load_evaluator(self, weights: str, threads: int, before: Evaluator) -> Evaluator:
        try:
            return make_evaluator(default_registry().get(weights, "chess"), threads=threads or None)
        except ValueError as error:
            self._say(f"info string {' '.join(str(error).split())}; using {before.name} instead")
            return before

    def _load_oracle(self, folders: str) -> Oracle:
        if not folders:
            return NoOracle()
        from engine.domains.chess.syzygy import SyzygyError, open_syzygy

        try:
            return open_syzygy(folders)
        except SyzygyError as error:
            self._say(f"info string {' '.join(str(error).split())}; searching without tables")
            return NoOracle()
