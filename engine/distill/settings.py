"""How the stages of a round play and learn, as settings that anybody can read without a network library."""

import msgspec

from engine.search.settings import SearchSettings


class SelfPlaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """How games are played for their lessons.

    Attributes:
        simulations: of each search. considered: actions that take part in sequential halving, 0 = as many as suit.
        gumbel_scale: of the noise at every root; 1 samples as the improved policy would.
        wander_plies: plies at the start of a game that are drawn from the improved policy, so that games differ.
        max_plies: plies at which a game is broken off, its result then unknown.
        policy_temperature: of the priors the search starts from.
        c_scale: of the improved policy; higher makes sharper targets.
    """

    simulations: int = 32
    considered: int = 0
    gumbel_scale: float = 1.0
    wander_plies: int = 8
    max_plies: int = 256
    policy_temperature: float = 1.0
    c_scale: float = 1.0

    @property
    def search(self) -> SearchSettings:
        """The settings of every search."""
        return SearchSettings(
            method="gumbel",
            considered=self.considered,
            gumbel_scale=self.gumbel_scale,
            policy_temperature=self.policy_temperature,
            c_scale=self.c_scale,
        )


class LearningSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a child learns.

    Attributes:
        batch: lessons in a step.
        reuse: how often each lesson is seen. Four to eight is safe; twelve spoiled Leela Zero's value head (its issue
            1480).
        learning_rate: highest of AdamW; warm-up and decay as in `budget.learning_rate`.
        weight_decay: of AdamW, on matrices and kernels.
        value_weight: of the value loss beside the policy loss.
        result_share: of the game's result in the value's target; the rest is the search's value.
        surprise_share: of a lesson's weight that goes by its surprise.
        anchor: weight of the divergence from the parent's prior; 0 = the child may forget.
        average_decay: of the moving average of the weights, a step; the average is what is published.
        clip: largest norm of the gradient.
        checks: how often the held-out lessons are asked; the weights that did best there are kept.
        patience: checks without progress after which the training stops early.
    """

    batch: int = 256
    reuse: float = 4.0
    learning_rate: float = 1e-3
    weight_decay: float = 0.02
    value_weight: float = 1.0
    result_share: float = 0.5
    surprise_share: float = 0.5
    anchor: float = 0.0
    average_decay: float = 0.99
    clip: float = 2.0
    checks: int = 8
    patience: int = 4
