"""UCB1 applied to trees (UCT; Kocsis and Szepesvari 2006): the formula of search without intuition.

    score = Q + c * sqrt(ln N / n)

with `N` the visits of the node and `n` those of its child; an unvisited edge comes before every visited one.
"""

import math

from engine.compiled import inline


@inline
def confidence(visits, child_visits, c_uct):
    """The term c * sqrt(ln N / n) of an edge visited `child_visits` > 0 times; `visits` are the node's."""
    return c_uct * math.sqrt(math.log(max(1.0, visits)) / child_visits)
