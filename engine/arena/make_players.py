"""From the words that name players to players that play."""

from engine.arena.player_spec import PlayerError, PlayerSpec, parse_player
from engine.arena.players import IntuitionPlayer, LockstepPlayer, Player, RandomPlayer
from engine.arena.search_player import Budget, SearchPlayer
from engine.arena.uci_opponent import UciOpponent
from engine.domains.base import Rules
from engine.nets.onnx_evaluator import available_cores
from engine.nets.recent import RecentEvaluators
from engine.search.evaluator import Evaluator
from engine.search.forest import METHODS as LOCKSTEP_METHODS

_KEPT_NETWORKS = 2


class PlayerMaker:
    """Makes the players of a match; two that use the same generation share its network.

    Args:
        seed: of the searches' chance.
        device: "auto", "cpu" or "cuda". threads: of each network; None = as suits the machine.
        networks: where networks come from, with threads of its own; those of an earlier match may still be there.
    """

    def __init__(
        self,
        rules: Rules,
        *,
        seed: int = 0,
        device: str = "auto",
        threads: int | None = None,
        networks: RecentEvaluators | None = None,
    ) -> None:
        self._rules, self._seed, self._device = rules, seed, device
        self._networks = networks or RecentEvaluators(_KEPT_NETWORKS, threads)

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

    def make_one_by_one(self, text: str) -> SearchPlayer:
        """The player that `text` means, searching each board by itself in whole batches: sooner done with one.

        Raises:
            PlayerError, GenerationError, DeviceError: there is no such player here, or it does not search.
        """
        spec = parse_player(text)
        if spec.kind != "generation" or spec.simulations == 0:
            raise PlayerError(f"player {text!r} does not search: GENERATION@SIMULATIONS is needed")
        budget = Budget(spec.simulations, spec.seconds, spec.clock)
        evaluator = self._evaluator(spec.generation)
        return SearchPlayer(self._rules, evaluator, spec.search_settings(self._seed), budget, spec.text)

    def _of_generation(self, spec: PlayerSpec) -> Player:
        evaluator = self._evaluator(spec.generation)
        if spec.simulations == 0:
            return IntuitionPlayer(self._rules, evaluator, spec.text)
        settings = spec.search_settings(self._seed)
        if spec.simulations is not None and spec.method in LOCKSTEP_METHODS and not spec.is_on_time:
            return LockstepPlayer(self._rules, evaluator, settings, spec.simulations, spec.text)
        budget = Budget(spec.simulations, spec.seconds, spec.clock)
        return SearchPlayer(self._rules, evaluator, settings, budget, spec.text)

    def _evaluator(self, generation: str) -> Evaluator:
        return self._networks(generation, self._rules.name, self._device)
