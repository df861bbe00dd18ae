"""What can be chosen for a search, in words: its methods, what ends a run, and the settings each method listens to."""

from dataclasses import dataclass

from engine.search.limits import Limits
from engine.search.settings import METHODS, SearchSettings

GIB = 2**30


@dataclass(frozen=True, slots=True)
class MethodText:
    """A method: its name in settings, plain words, and a sentence that ends with the paper it is from."""

    name: str
    text: str
    tooltip: str


METHOD_TEXTS = (
    MethodText(
        "puct",
        "Guided tree (PUCT)",
        "Looks where intuition hopes and where results are good, deeper and deeper. (PUCT; Silver et al. 2018, "
        "AlphaZero)",
    ),
    MethodText(
        "gumbel",
        "Knock-out (Gumbel)",
        "Picks some moves, gives each the same number of looks and drops the weaker half, until one is left; best with "
        "few simulations. (Gumbel AlphaZero; Danihelka et al. 2022)",
    ),
    MethodText(
        "uct",
        "Random playouts (UCT)",
        "Knows nothing: plays random games to the end and looks where they went well. (UCT; Kocsis and Szepesvári "
        "2006)",
    ),
    MethodText(
        "best-of-n",
        "Best of many samples",
        "Draws moves from intuition and keeps the one with the best value; looks no further. (best-of-N; Cobbe et al. "
        "2021)",
    ),
    MethodText(
        "beam",
        "A few lines (beam)",
        "Follows only the few most promising lines, all to the same depth. (beam search; Lowerre 1976)",
    ),
    MethodText(
        "intuition",
        "Intuition alone",
        "Takes what the network says at first sight; searches nothing. (the policy network's prior)",
    ),
)


def needs_budget(method: str) -> bool:
    """Whether a method must know how many simulations it has."""
    return method == "gumbel"


@dataclass(frozen=True, slots=True)
class Option:
    """One number or switch of `SearchSettings` or `Limits`.

    Attributes:
        name: the field's. label: in a word or two. tooltip: one plain sentence, then the term of art.
        low, high, step: of a number as it is shown; digits: after the point. unit: behind it.
        scale: the field's value / the number shown. start: shown first where a limit is switched on.
        low_text: stands for the lowest number, or "". methods: those that listen to it. is_switch: yes or no.
    """

    name: str
    label: str
    tooltip: str
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    digits: int = 0
    unit: str = ""
    scale: float = 1.0
    start: float = 0.0
    low_text: str = ""
    methods: tuple[str, ...] = METHODS
    is_switch: bool = False


LIMITS = (
    Option("seconds", "Time", "Ends a run after so long. (wall-clock time)", 0.1, 86_400, 1, 1, " s", start=10),
    Option(
        "depth", "Depth", "Ends a run when the main line is so long. (length of the principal variation)",
        1, 500, 1, 0, " moves", start=12,
    ),
    Option(
        "stable", "Settled for",
        "Ends a run when the best move has been the same for so long and cannot be caught up with in as long again. "
        "(stable best move)",
        10, 10_000_000, 100, 0, " simulations", start=1000,
    ),
    Option(
        "kld_gain", "Learning below",
        "Ends a run when looking further hardly changes the picture. (KLD gain, nats per simulation)",
        0.1, 100_000, 10, 1, " ×10⁻⁶ nats", 1e-6, 40,
    ),
    Option("mate", "Win within", "Ends a run when a win in so few own moves is proven. (mate)", 1, 100, 1, 0, " moves",
           start=3),
    Option("nodes", "Positions", "Ends a run when the tree holds so many. (nodes)", 100, 1_000_000_000, 10_000, 0,
           start=1_000_000),
)  # fmt: skip
"""What can end a run beside its budget; fields of `Limits`."""

_TREE = ("puct", "gumbel", "uct", "beam", "best-of-n")
SETTINGS = (
    Option(
        "c_puct", "Curiosity",
        "Higher looks at more moves, lower looks deeper at few. (exploration constant, c_puct)",
        0, 20, 0.1, 3, methods=("puct",),
    ),
    Option(
        "fpu_reduction", "Doubt of the new",
        "How much worse than its position a move counts that was not looked at yet. (first-play urgency reduction)",
        0, 2, 0.05, 2, methods=("puct",),
    ),
    Option(
        "policy_temperature", "Flatness of intuition",
        "Above 1 intuition counts less, below 1 it counts more; for positions not looked at yet. (softmax temperature "
        "of the policy)",
        0.05, 10, 0.05, 2, methods=("puct", "gumbel", "best-of-n", "beam"),
    ),
    Option(
        "considered", "Moves taking part",
        "How many moves enter the knock-out; automatic goes by the budget. (root actions considered, m)",
        0,
        256,
        1,
        low_text="automatic",
        methods=("gumbel",),
    ),
    Option(
        "gumbel_scale", "Luck of the draw",
        "0 always picks the same moves, 1 draws them as training needs it. (scale of the Gumbel noise)",
        0, 5, 0.1, 1, methods=("gumbel",),
    ),
    Option(
        "c_scale", "Weight of results",
        "How much results count against intuition when moves are compared. (c_scale of the improved policy)",
        0, 10, 0.05, 2, methods=("gumbel",),
    ),
    Option(
        "c_visit", "Trust from the start",
        "How much results count before there are many. (c_visit of the improved policy)",
        0, 1000, 5, 0, methods=("gumbel",),
    ),
    Option(
        "c_uct", "Curiosity",
        "Higher looks at more moves, lower looks deeper at few. (width of the confidence bound, c)",
        0, 20, 0.1, 2, methods=("uct",),
    ),
    Option(
        "width", "Lines followed",
        "How many positions are kept at every depth, and moves tried in each. (beam width)",
        1, 1000, 1, methods=("beam",),
    ),
    Option(
        "batch", "Asked together",
        "How many positions intuition judges at once: higher is faster, 1 is exact. (batch size)",
        1, 4096, 8, methods=_TREE,
    ),
    Option(
        "memory_bytes", "Room for the tree",
        "When the tree is larger, its least visited parts are given up. (memory limit)",
        0.05, 1024, 0.5, 2, " GiB", GIB, methods=_TREE,
    ),
    Option(
        "look_for_wins", "See wins at once",
        "A move that ends the game with a win is looked at as soon as it is seen. (win look-ahead)",
        methods=_TREE, is_switch=True,
    ),
    Option(
        "prune_out_of_reach", "Drop the hopeless",
        "Cuts moves that cannot become the most visited one any more. (smart pruning)",
        methods=("puct", "uct"), is_switch=True,
    ),
    Option(
        "prune_duplicates", "Merge the same",
        "Cuts moves that lead to a position which the tree has already. (transpositions)",
        methods=_TREE, is_switch=True,
    ),
)  # fmt: skip
"""Settings worth a person's while; fields of `SearchSettings`."""


def options_of(method: str) -> tuple[Option, ...]:
    """The settings that a method listens to."""
    return tuple(option for option in SETTINGS if method in option.methods)


def shown_value(option: Option, owner: SearchSettings | Limits) -> float | None:
    """What is shown of a field; None for a limit that is off."""
    value = getattr(owner, option.name)
    return None if value is None else float(value) / option.scale


def field_value(option: Option, shown: float) -> float | int | bool:
    """The field's value for what is shown."""
    if option.is_switch:
        return bool(shown)
    value = shown * option.scale
    is_whole = option.digits == 0 or option.scale > 1
    return round(value) if is_whole and option.name not in _FRACTIONS else value


_FRACTIONS = ("c_visit",)
"""Fields that take fractions though whole numbers are shown."""


def limits_sentence(limits: Limits) -> str:
    """What ends a run beside its budget, in a few words; "" for nothing."""
    parts = []
    for option in LIMITS:
        value = shown_value(option, limits)
        if value is not None:
            parts.append(f"{option.label.lower()} {value:,.{option.digits}f}{option.unit}")
    return ", ".join(parts)
