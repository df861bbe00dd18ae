"""What a session makes its searches of. Everything slow to import is imported here, when it is first asked for."""

import ctypes
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.domains import registry
from engine.domains.base import Line, Notation, Rules
from engine.nets.recent import RecentEvaluators
from engine.search.evaluator import Evaluator
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.search.stoppers import StopReason
from engine.search.watchpoints import AnyWatchpoint
from engine.service.messages import GenerationInfo
from engine.tree.columns import SearchTree
from engine.tree.events import Header

if TYPE_CHECKING:
    from engine.search.search import Figures

_KEPT_EVALUATORS = 2
"""Of a session: one that is asked about a single node does not drive out the one that searches."""


class Searching(Protocol):
    """What a session needs of a search; `engine.search.search.Search` is the real one."""

    @property
    def header(self) -> Header:
        """Of its journal."""
        ...

    @property
    def tree(self) -> SearchTree:
        """As searched so far."""
        ...

    def start_run(self, limits: Limits, *, watchpoints: Sequence[AnyWatchpoint] = (), one_by_one: bool = False) -> None:
        """Begin a run."""
        ...

    def advance(self) -> StopReason | None:
        """Do one batch; the reason, when the run is over."""
        ...

    def pause(self) -> StopReason:
        """End the run: what is on its way is counted, nothing more is begun."""
        ...

    def cut(self, path: tuple[int, ...]) -> None:
        """Prune a branch by hand."""
        ...

    def restore(self, path: tuple[int, ...]) -> None:
        """Bring a pruned branch back."""
        ...

    def pin(self, path: tuple[int, ...]) -> None:
        """Prune the open siblings of a branch by hand."""
        ...

    def boost(self, path: tuple[int, ...], visits: int) -> None:
        """Lend the next simulations to a branch."""
        ...

    def set_prior(self, path: tuple[int, ...], prior: float) -> None:
        """Give a branch another prior."""
        ...

    def reevaluate(self, path: tuple[int, ...], evaluator: Evaluator, generation_id: str) -> None:
        """Ask another intuition about a node."""
        ...

    def undo(self) -> bool:
        """Take the last act of steering back; False where there is none."""
        ...

    def play(self, path: tuple[int, ...]) -> None:
        """Re-root."""
        ...

    def switch(self, evaluator: Evaluator, settings: SearchSettings, generation_id: str) -> None:
        """Go on with another intuition or other settings."""
        ...

    def figures(self) -> "Figures":
        """Its figures so far."""
        ...


class SearchMaker(Protocol):
    """Makes a search; see `engine.search.search.Search`."""

    def __call__(
        self,
        rules: Rules,
        evaluator: Evaluator,
        line: Line,
        settings: SearchSettings,
        sink: Callable[[bytes], None],
        generation_id: str,
    ) -> Searching:
        """A search that stands still at the end of `line`."""
        ...


@dataclass(frozen=True, slots=True)
class Makers:
    """The makers of a session's parts; a test passes its own.

    Attributes:
        rules: rules of a domain by name.
        evaluator: evaluator by generation, domain and device; its `name` is the generation's id.
        search: a search.
        generations: the lines of the registry.
        devices: names usable as a device, asked at each `Hello` and therefore quick.
        notation: the words of a domain by name.
    """

    rules: Callable[[str], Rules]
    evaluator: Callable[[str, str, str], Evaluator]
    search: SearchMaker
    generations: Callable[[], tuple[GenerationInfo, ...]]
    devices: Callable[[], tuple[str, ...]]
    notation: Callable[[str], Notation] = registry.notation


def real_makers() -> Makers:
    """The makers of the engine process, for one session."""
    return Makers(
        rules=_rules,
        evaluator=RecentEvaluators(_KEPT_EVALUATORS),
        search=_search,
        generations=_generations,
        devices=likely_devices,
    )


def likely_devices() -> tuple[str, ...]:
    """Devices this machine seems to have, without loading torch: a GPU's driver may be there and the GPU not."""
    if (platform.system(), platform.machine()) == ("Darwin", "arm64"):
        return ("cpu", "mps")
    try:
        ctypes.CDLL("nvcuda.dll" if platform.system() == "Windows" else "libcuda.so.1")
    except OSError:
        return ("cpu",)
    return ("cpu", "cuda")


def _rules(domain: str) -> Rules:
    from engine.domains.registry import rules

    return rules(domain)


def _search(
    rules: Rules,
    evaluator: Evaluator,
    line: Line,
    settings: SearchSettings,
    sink: Callable[[bytes], None],
    generation_id: str,
) -> Searching:
    from engine.search.search import Search

    return Search(rules, evaluator, line, settings, sink, generation_id)


def _generations() -> tuple[GenerationInfo, ...]:
    from engine.generations.registry import default_registry

    return tuple(
        GenerationInfo(
            id=generation.card.id,
            name=generation.card.name,
            domain=generation.card.domain,
            weights_hash=generation.card.weights_sha256,
            parent=generation.card.parent,
            metrics=generation.card.metrics,
        )
        for generation in default_registry().list()
    )
