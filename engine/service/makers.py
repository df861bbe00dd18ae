"""What a session makes its searches of. Everything slow to import is imported here, when it is first asked for."""

import ctypes
import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.domains.base import Line, Rules
from engine.search.evaluator import Evaluator, UniformEvaluator
from engine.search.limits import Limits
from engine.search.settings import SearchSettings
from engine.search.stoppers import StopReason
from engine.service.messages import GenerationInfo
from engine.tree.events import Header

if TYPE_CHECKING:
    from engine.search.search import Figures

UNIFORM = "uniform"


class Searching(Protocol):
    """What a session needs of a search; `engine.search.search.Search` is the real one."""

    @property
    def header(self) -> Header:
        """Of its journal."""
        ...

    def start_run(self, limits: Limits) -> None:
        """Begin a run."""
        ...

    def advance(self) -> StopReason | None:
        """Do one batch; the reason, when the run is over."""
        ...

    def cut(self, path: tuple[int, ...]) -> None:
        """Prune a branch by hand."""
        ...

    def restore(self, path: tuple[int, ...]) -> None:
        """Bring a pruned branch back."""
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
    """

    rules: Callable[[str], Rules]
    evaluator: Callable[[str, str, str], Evaluator]
    search: SearchMaker
    generations: Callable[[], tuple[GenerationInfo, ...]]
    devices: Callable[[], tuple[str, ...]]


def real_makers() -> Makers:
    """The makers of the engine process, for one session."""
    return Makers(
        rules=_rules,
        evaluator=_LatestEvaluator(),
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


class _LatestEvaluator:
    """Makes evaluators and keeps the latest: most searches are opened with the intuition of the one before."""

    def __init__(self) -> None:
        self._latest: tuple[tuple[str, str, str], Evaluator] | None = None

    def __call__(self, generation: str, domain: str, device: str) -> Evaluator:
        """See `Makers.evaluator`."""
        if generation == UNIFORM:
            return UniformEvaluator()
        from engine.generations.registry import default_registry
        from engine.nets.choose import make_evaluator

        found = default_registry().get(generation, domain)
        key = (found.card.id, found.card.weights_sha256, device)
        if self._latest is None or self._latest[0] != key:
            self._latest = (key, make_evaluator(found, device))
        return self._latest[1]


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
