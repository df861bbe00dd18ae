"""What would turn a choice, in sentences. A bound that is shown is rounded up, so that what is shown does turn it."""

import math

from app.viewmodels import figures
from engine.tree.events import PruneReason
from engine.tree.flips import NEVER, Flips
from engine.tree.ledger import Ledger, Rule


def at_least_percent(share: float) -> str:
    """A share in [0, 1] that is enough: 3.1 %, 0.042 %; rounded up to two digits."""
    hundredths = 100 * share
    if hundredths <= 0:
        return "0 %"
    step = 10.0 ** min(0, math.floor(math.log10(hundredths)) - 1)
    digits = max(0, round(-math.log10(step)))
    return f"{min(100.0, math.ceil(hundredths / step - 1e-9) * step):.{digits}f} %"


def exact_percent(share: float) -> str:
    """A share in [0, 1] as it is: as `figures.percent`, but a small one keeps two digits."""
    return f"{100 * share:.2g} %" if 0 < share < 0.001 else figures.percent(share)


def at_least_value(value: float) -> str:
    """A value that is enough: +0.214; rounded up to three digits."""
    return figures.signed(math.ceil(value * 1000 - 1e-9) / 1000, 3)


def next_sentence(place: int, found: Flips, account: Ledger, most: int) -> str:
    """When the next simulation would go to the edge at `place`; "" where no rule says.

    Args:
        most: simulations that turns were looked for in.
    """
    rule, edges = account.rule, account.edges
    if rule is Rule.NONE or found.next < 0 or not edges.is_open[place]:
        return ""
    if rule is Rule.KNOCK_OUT:
        return _knock_out_sentence(place, found, account)
    if place == found.next:
        return "The next simulation goes here."
    ways = []
    if not math.isnan(prior := float(found.prior[place])):
        now = exact_percent(float(edges.prior[place]))
        ways.append(f"at a prior of {at_least_percent(prior)} (now {now})")
    if not math.isnan(q := float(found.q[place])):
        if edges.is_visited[place]:
            ways.append(f"at a Q of {at_least_value(q)} (now {figures.signed(float(edges.q[place]), 3)})")
        else:
            ways.append(f"if it were taken to be worth {at_least_value(q)}")
    turn = int(found.turn[place])
    if turn != NEVER:
        ways.append(f"after {_visits(turn)} if no Q changes")
    if not ways:
        return "No prior and no Q would bring the next simulation here."
    late = "" if turn != NEVER else f" Its turn does not come within {figures.count(most)} visits if no Q changes."
    return f"Would be chosen next {_listed(ways)}.{late}"


def played_sentence(place: int, found: Flips, cut: int) -> str:
    """When search would play the edge at `place`, `cut` for that reason (0 = not)."""
    if found.played < 0:
        return ""
    if place == found.played:
        return "Search would play it now."
    lacking = int(found.visits[place])
    if lacking == NEVER:
        if cut in (PruneReason.BY_HAND, PruneReason.ELIMINATED, PruneReason.LOW_PRIOR, PruneReason.REJECTED):
            return "Would not be played while another action is open."
        return "No number of visits would have it played: a proven result decides."
    at_least = "once it is restored and has" if cut else "after at least"
    return f"Would be played {at_least} {_visits(lacking)}."


def _knock_out_sentence(place: int, found: Flips, account: Ledger) -> str:
    """In a knock-out visits go round; what counts is to stand highest in the end."""
    prior, q = float(found.prior[place]), float(found.q[place])
    ways = []
    if not math.isnan(prior):
        ways.append(f"at a prior of {at_least_percent(prior)}")
    if not math.isnan(q):
        ways.append(f"at a Q of {at_least_value(q)}")
    if ways:
        return f"Would lead the knock-out {_listed(ways)}."
    open_scores = account.score[account.edges.is_open]
    leads = len(open_scores) > 0 and account.score[place] >= open_scores.max()
    return "Leads the knock-out." if leads else "No prior and no Q would have it lead the knock-out."


def _visits(count: int) -> str:
    return f"{figures.count(count)} more visit{'' if count == 1 else 's'}"


def _listed(ways: list[str]) -> str:
    return ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])}, or {ways[-1]}"
