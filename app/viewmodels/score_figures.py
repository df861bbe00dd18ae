"""The terms of one score as lines: what each is called, how much it is, and what it means."""

import math

from app.viewmodels import figures
from app.viewmodels.flip_words import exact_percent
from app.viewmodels.why_records import TermRecord
from engine.tree.ledger import Ledger, Rule


def score_figures(account: Ledger, place: int, leader: int) -> tuple[TermRecord, ...]:
    """The terms of one edge's score, and at last their sum; `leader`: the edge that others are behind, -1 = none."""
    match account.rule:
        case Rule.PUCT:
            terms = _puct_figures(account, place)
        case Rule.UCB:
            terms = _ucb_figures(account, place)
        case Rule.IMPROVED_POLICY:
            terms = _policy_figures(account, place)
        case Rule.KNOCK_OUT:
            terms = _knock_out_figures(account, place)
        case Rule.NONE:
            told = "Intuition's share for this action, by which it is drawn or tried. Prior, P."
            return (TermRecord("Prior", exact_percent(float(account.edges.prior[place])), told),)
    return (*terms, _sum(account, place, leader))


def _sum(account: Ledger, place: int, leader: int) -> TermRecord:
    names = {Rule.PUCT: "Score, Q + U", Rule.IMPROVED_POLICY: "Share it lacks"}
    told = "What the lines above add up to; the next simulation goes to the highest. Selection score."
    if account.rule is Rule.KNOCK_OUT:
        told = "What the lines above add up to; the lower half drops out when a round ends. (sequential halving)"
    own, highest = float(account.score[place]), float(account.score[max(leader, 0)])
    behind = highest - own if math.isfinite(own) and math.isfinite(highest) else 0.0
    if leader >= 0 and behind > 5e-4:
        told += f" This one is {behind:.3f} behind."
    return TermRecord(names.get(account.rule, "Score"), figures.signed(float(account.score[place]), 3), told)


def _puct_figures(account: Ledger, place: int) -> list[TermRecord]:
    edges = account.edges
    prior, visits = exact_percent(float(edges.prior[place])), int(edges.visits[place])
    lines = [_line("Value found, Q", account.value[place], "Average result for the player who chooses this. Q.")]
    if not edges.is_visited[place]:
        lines = [
            _line("Value of this position", account.value[place], "Taken for what was not visited yet. Node value."),
            _line(
                "Less, as untried",
                account.reduction[place],
                "The more of intuition's favourites were tried, the less the rest is expected to hold. "
                "First-play urgency.",
            ),
        ]
    parts = [
        _line(
            "· before any visit",
            account.bonus[place],
            f"Prior {prior} times {account.exploration:.2f}, which grows with the visits here. P · c(N) · √N.",
        )
    ]
    if account.noise[place]:
        parts.append(_line("· noise in the prior", account.noise[place], "The part of it that is noise. Dirichlet."))
    if account.spent[place]:
        shared = f"Divided by 1 + {figures.count(visits)} visits. U = P · c(N) · √N / (1 + n)."
        parts.append(_line("· used up by visits", account.spent[place], shared))
    parts += _flights_and_loans(account, place)
    whole = "Bonus for actions intuition likes and search has visited little. U."
    lines.append(_line("Prior bonus, U", account.score[place] - account.value[place] - account.reduction[place], whole))
    return [*lines, *parts] if len(parts) > 1 else lines


def _ucb_figures(account: Ledger, place: int) -> list[TermRecord]:
    if not account.edges.is_visited[place]:
        return [TermRecord("Not visited", "first of all", "What was never tried comes before everything else. (UCB1)")]
    doubt = "How far off the average may still be, for few visits. Width of confidence."
    return [
        _line("Value found, Q", account.value[place], "Average result for the player who chooses this. Q."),
        _line("Room for doubt", account.spent[place], doubt),
        *_flights_and_loans(account, place),
    ]


def _policy_figures(account: Ledger, place: int) -> list[TermRecord]:
    visits = figures.count(int(account.edges.visits[place]))
    stands = "Q" if account.edges.is_visited[place] else "what stands for it before a visit, v_mix"
    return [
        TermRecord(
            "Value used",
            figures.signed(float(account.completed_q[place]), 3),
            f"Its value for the player who chooses this: {stands}. Completed Q.",
        ),
        _line("Search would teach", account.bonus[place], "Share in what the next generation learns. Improved policy."),
        _line("Less its visits", account.spent[place], f"{visits} visits as a share of all. n / (1 + N)."),
        *_flights_and_loans(account, place),
    ]


def _knock_out_figures(account: Ledger, place: int) -> list[TermRecord]:
    value = figures.signed(float(account.completed_q[place]), 3)
    lines = [_line("From intuition", account.bonus[place], "Logarithm of the prior. ln P.")]
    if account.noise[place]:
        lines.append(
            _line("Noise", account.noise[place], "Drawn once for each action, so that others have a chance. Gumbel.")
        )
    lines.append(
        _line("From the value", account.sigma[place], f"Weight of its value {value}. Sigma of the completed Q.")
    )
    return lines


def _flights_and_loans(account: Ledger, place: int) -> list[TermRecord]:
    lines = []
    if account.borrowed[place]:
        told = f"{figures.count(int(account.edges.borrowed[place]))} lent visits are not counted against it. Borrowed."
        lines.append(_line("· not counted, lent", account.borrowed[place], told))
    if account.in_flight[place]:
        lines.append(
            _line("· on their way", account.in_flight[place], "Simulations that have not landed yet. In flight.")
        )
    return lines


def _line(label: str, amount: float, tooltip: str) -> TermRecord:
    return TermRecord(label, figures.signed(float(amount), 3), tooltip)
