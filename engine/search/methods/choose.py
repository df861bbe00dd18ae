"""Which method a name stands for."""

import msgspec
import numpy as np

from engine.search.methods.beam import Beam
from engine.search.methods.best_of_n import BestOfN
from engine.search.methods.gumbel import Gumbel
from engine.search.methods.method import Method
from engine.search.methods.tree_policy import TreePolicy
from engine.search.settings import METHODS, SearchSettings
from engine.tree.selection import selection_parameters


def make_method(settings: SearchSettings, max_legal: int) -> Method:
    """The method that `settings` name; `max_legal`: most actions of a state.

    Raises:
        ValueError: an unknown name.
    """
    parameters = selection_parameters(msgspec.to_builtins(settings))
    scratch = np.empty((2, max_legal))
    match settings.method:
        case "puct" | "uct" | "intuition":
            return TreePolicy(settings, parameters, scratch)
        case "gumbel":
            return Gumbel(settings, parameters, scratch)
        case "best-of-n":
            return BestOfN(settings)
        case "beam":
            return Beam(settings)
    raise ValueError(f"method {settings.method!r} is not known; known are {', '.join(METHODS)}")
