"""The evaluators that were used last, kept so that the next search or match with one of them begins at once."""

from collections import OrderedDict

from engine.search.evaluator import Evaluator, UniformEvaluator

UNIFORM = "uniform"


class RecentEvaluators:
    """Makes evaluators and keeps the last few; a generation that was replaced meanwhile is loaded anew.

    Quick to import and to make: what runs a network is loaded when the first evaluator is asked for.

    Args:
        kept: at most, at least 1.
        threads: of each on a CPU; None = as suits the machine.
    """

    def __init__(self, kept: int, threads: int | None = None) -> None:
        self._most, self._threads = kept, threads
        self._kept: OrderedDict[tuple[str, str, str], Evaluator] = OrderedDict()

    def __call__(self, generation: str, domain: str, device: str) -> Evaluator:
        """The evaluator of a generation (id, path or "uniform") of a domain on a device, as `make_evaluator` takes it.

        Raises:
            GenerationError, DeviceError: there is no such generation or device here.
        """
        if generation == UNIFORM:
            return UniformEvaluator()
        from engine.generations.registry import default_registry
        from engine.nets.choose import make_evaluator

        found = default_registry().get(generation, domain)
        key = (found.card.id, found.card.weights_sha256, device)
        if key not in self._kept:
            self._kept[key] = make_evaluator(found, device, self._threads)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]
