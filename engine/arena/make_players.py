"""From the words that name players to players that play."""

from engine.arena.player_spec import PlayerError, PlayerSpec, parse_player
from engine.arena.players import (
    IntuitionPlayer,
    LockstepPlayer,
    Player,
    RandomPlayer,
    SearchPlayer,
    UciOpponent,
)
from engine.domains.base import Rules
from engine.generations.registry import default_registry
from engine.nets.choose import make_evaluator
from engine.nets.onnx_evaluator import available_cores
from engine.search.evaluator import Evaluator
from engine.search.forest import METHODS as LOCKSTEP_METHODS
from engine.search.settings import SearchSettings


class PlayerMaker:
    """Makes the players of a match; two that use the same generation share its network."""

    def __init__(self, rules: Rules, *, seed: int = 0, device: str = "auto", threads: int | None = None) -> None:
        self._rules, self._seed, self._device, self._threads = rules, seed, device, threads
        self._evaluators: dict[str, Evaluator] = {}

    def make(self, text: str) -> Player:
        """The player that `text` means; close it in the end.

        Raises:
            PlayerError, GenerationError, DeviceError, UciError: there is no such player here.
        """
        spec = parse_player(text)
        if spec.kind == "random":
            return RandomPlayer(self._rules, spec.text)
        if spec.uci is not None:
            if self._rules.name != "chess":
                raise PlayerError(f"player {text!r} plays chess, not {self._rules.name}")
            return UciOpponent(spec.uci, available_cores(), spec.text)
        return self._of_generation(spec)

    def _of_generation(self, spec: PlayerSpec) -> Player:
        evaluator = self._evaluator(spec.generation)
        if not spec.simulations:
            return IntuitionPlayer(self._rules, evaluator, spec.text)
        settings = SearchSettings(method=spec.method, seed=self._seed)
        kind = LockstepPlayer if spec.method in LOCKSTEP_METHODS else SearchPlayer
        return kind(self._rules, evaluator, settings, spec.simulations, spec.text)

    def _evaluator(self, name: str) -> Evaluator:
        if name not in self._evaluators:
            generation = default_registry().get(name, self._rules.name)
            self._evaluators[name] = make_evaluator(generation, self._device, self._threads)
        return self._evaluators[name]
