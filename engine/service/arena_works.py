"""Which work belongs to which request of the arena. Slow to import: done when the first such request comes."""

from engine.arena.think import Thinkers
from engine.service import arena_messages as arena
from engine.service.arena_cost import estimate_match
from engine.service.arena_disagreements import find_disagreements
from engine.service.arena_generations import export_generation, import_generation, remove_generation, show_generation
from engine.service.arena_ladder import run_ladder, run_matrix
from engine.service.arena_match import start_match
from engine.service.arena_stored import list_matches, put_back_match, read_match, remove_match
from engine.service.arena_think import think_about
from engine.service.arena_tools import Tools
from engine.service.failures import StateError
from engine.service.jobs import Work
from engine.service.messages import Answer


class ArenaWorks:
    """Carries out the requests of the arena.

    Args:
        tools: what works have to do with.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._thinkers = Thinkers(tools.makers.rules)

    def job(self, request: arena.AnyArenaRequest) -> Work | None:
        """The job that a request asks for; None where it asks for none."""
        match request:
            case arena.StartMatch():
                return start_match(request, self._tools)
            case arena.EstimateMatch():
                return estimate_match(request, self._tools)
            case arena.RunLadder():
                return run_ladder(request, self._tools)
            case arena.RunMatrix():
                return run_matrix(request, self._tools)
            case arena.FindDisagreements():
                return find_disagreements(request, self._tools)
        return None

    def errand(self, request: arena.AnyArenaRequest) -> Work | None:
        """The errand that a request asks for; None where it asks for none."""
        match request:
            case arena.ReadMatch():
                return read_match(request, self._tools)
            case arena.Think():
                return think_about(request, self._tools, self._thinkers)
        return None

    def answer(self, request: arena.AnyArenaRequest) -> Answer:
        """The answer to a request that asks for neither.

        Raises:
            ValueError: a value of the request is at fault.
        """
        match request:
            case arena.ListMatches():
                return list_matches(request, self._tools)
            case arena.RemoveMatch():
                return remove_match(request, self._tools)
            case arena.PutBackMatch():
                return put_back_match(request, self._tools)
            case arena.ShowGeneration():
                return show_generation(request)
            case arena.ImportGeneration():
                return import_generation(request, self._tools)
            case arena.ExportGeneration():
                return export_generation(request)
            case arena.RemoveGeneration():
                return remove_generation(request, self._tools)
        raise StateError(f"{type(request).__name__} cannot be carried out")

    def close(self) -> None:
        """Let go of the players that were kept."""
        self._thinkers.close()
