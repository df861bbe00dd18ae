"""Why this child? One node with every term of its selection score, what is known of it, and how it was cut."""

from app.viewmodels import figures
from app.viewmodels.candidates import candidate_rows
from app.viewmodels.records import InspectorRecord, TermRecord
from app.viewmodels.showing import Showing, certain_text, lent_sentence, mover_name, pruned_sentence
from engine.tree import explain
from engine.tree.columns import ROOT
from engine.tree.ledger import Rule, rule_at

_CHILDREN_SHOWN = 8
_URGENCY_TOOLTIP = "What search assumes of a move before its first visit. First-play urgency."
_U_TOOLTIP = "Bonus for moves intuition likes and search has visited little. U."


def node_record(node: int, showing: Showing, remark: str = "") -> InspectorRecord:
    """The card of `node`; `remark` is added to its title, e.g. why it is the one shown."""
    tree = showing.moment.tree
    line = tree.line_to(node)
    card = showing.phrases.card(line)
    title = "Root" if node == ROOT else showing.phrases.last_text(line)
    if tree.facts["outcome"][node]:
        remark = showing.outcomes[int(tree.facts["outcome"][node])].text
    pruned = node != ROOT and bool(tree.edge_pruned[tree.links["parent_edge"][node]])
    return InspectorRecord(
        title=f"{title} · {remark}" if remark else title,
        path_text=_path_text(node, showing),
        card=card,
        flipped=showing.flipped,
        terms=_root_terms(showing) if node == ROOT else _child_terms(node, showing),
        notice=_notice(node, showing),
        can_cut=showing.live and node != ROOT and not pruned,
        can_restore=showing.live and pruned,
        can_reroot=showing.live and node != ROOT,
        candidates=candidate_rows(node, showing, _CHILDREN_SHOWN),
    )


def _notice(node: int, showing: Showing) -> str:
    """How the branch was cut, what is proven of it, and what was lent to it."""
    tree = showing.moment.tree
    edge, parent = int(tree.links["parent_edge"][node]), int(tree.links["parent"][node])
    parts = []
    if edge >= 0:
        parts.append(pruned_sentence(edge, parent, showing))
    lower, upper = int(tree.stats["lower"][node]), int(tree.stats["upper"][node])
    if lower == upper and not any(parts):
        own = lower if node == ROOT else tree.sign * lower
        plies = int(tree.facts["distance"][node]) + (node != ROOT)
        words = certain_text(own, plies, showing)
        parts.append(f"Proven: {words} for {_mover(node, showing)}.")
    if edge >= 0:
        parts.append(lent_sentence(edge, showing))
    return " ".join(part for part in parts if part)


def _mover(node: int, showing: Showing) -> str:
    """Name of the player who chooses `node` (at the root: who is to move there)."""
    parent = int(showing.moment.tree.links["parent"][node])
    return mover_name(node if parent < 0 else parent, showing)


def _path_text(node: int, showing: Showing) -> str:
    """Moves from the root to `node`, then the line search expects to follow."""
    tree = showing.moment.tree
    path = tree.path(node)
    expected = tuple(int(action) for action in explain.principal_variation(tree, node))[:6]
    texts = showing.phrases.texts(tree.line, path + expected)
    before, after = " ".join(texts[: len(path)]), " ".join(texts[len(path) :])
    return f"{before} › {after}" if before and after else before or after


def _root_terms(showing: Showing) -> tuple[TermRecord, ...]:
    tree = showing.moment.tree
    value, raw = explain.node_value(tree, ROOT), float(tree.facts["raw_value"][ROOT])
    return (
        TermRecord("Visits", figures.count(int(tree.stats["visits"][ROOT])), "Simulations that started here. N."),
        _value_term("Value after search", value, "Average over all simulations, for the player to move. Node value."),
        _value_term("Value at a glance", raw, "What intuition says without any search. Raw value, V."),
        _wdl_term(ROOT, showing),
    )


def _child_terms(node: int, showing: Showing) -> tuple[TermRecord, ...]:
    """The score's terms first, then what they come from. Values are from the player who chooses the node."""
    tree = showing.moment.tree
    parent = int(tree.links["parent"][node])
    found = explain.candidates(tree, parent, showing.moment.parameters)
    place = [int(edge) for edge in found.edge].index(int(tree.links["parent_edge"][node]))
    q = float(found.q[place])
    share = int(found.visits[place]) / max(int(found.visits.sum()), 1)
    return (
        _value_term("Value found, Q", q, "Average result for the player who chooses this move. Q.", 3),
        *_score_terms(found, place, parent, showing),
        TermRecord("Prior", figures.percent(float(found.prior[place])), "Intuition's share for this move. P."),
        TermRecord(
            "Visits",
            f"{figures.count(int(found.visits[place]))} ({figures.percent(share)})",
            "Simulations through this move, and their share among its siblings. N.",
        ),
        *_lent_terms(int(found.borrowed[place])),
        _value_term(
            "Value at a glance",
            float(found.raw_value[place]),
            "Intuition's value after the move, without search, for the player who chooses it. Raw value, V.",
        ),
        TermRecord(
            "Search would teach",
            figures.percent(float(found.improved_policy[place])),
            "The share this move would have in what the next generation learns. Improved policy.",
        ),
        _wdl_term(node, showing),
        TermRecord(
            "First visited",
            f"simulation {figures.count(int(tree.stats['birth'][node]))}",
            "When search looked at this state for the first time.",
        ),
    )


def _lent_terms(visits: int) -> tuple[TermRecord, ...]:
    """Visits that a person lent, where there are any."""
    if not visits:
        return ()
    meaning = "Simulations that a person sent here; nothing above this move counts them. Borrowed visits."
    return (TermRecord("Visits lent", figures.count(visits), meaning),)


def _score_terms(found: explain.Candidates, place: int, node: int, showing: Showing) -> tuple[TermRecord, ...]:
    """What is added to Q, and the score by which the next simulation is sent on from `node`; none where none is."""
    rule, q, u = rule_at(showing.moment.settings.method, node), float(found.q[place]), float(found.u[place])
    if rule in (Rule.NONE, Rule.KNOCK_OUT):
        return ()
    follows_policy = rule is Rule.IMPROVED_POLICY
    scores = found.u if follows_policy else found.q + found.u
    score = u if follows_policy else q + u
    best = float(scores[(found.pruned == 0) & (found.visits > 0)].max(initial=score))
    behind = f"this one is {best - score:.3f} behind" if best - score > 5e-4 else "this is the one"
    if follows_policy:
        meaning = (
            "What search would teach less the share of visits: the next simulation goes where most is missing; "
            f"{behind}. (Gumbel)"
        )
        return (_value_term("Share it lacks", score, meaning, 3),)
    going = f"The next simulation goes to the sibling with the highest; {behind}."
    if rule is Rule.UCB:
        return (
            _value_term("Room for doubt", u, "How far off the average may still be, for few visits. (UCB1)", 3),
            _value_term("Score", score, f"{going} (UCB1)", 3),
        )
    return (
        _value_term("Prior bonus, U", u, _U_TOOLTIP, 3),
        _value_term("Score, Q + U", score, f"{going} PUCT.", 3),
    )


def _value_term(label: str, value: float, tooltip: str, digits: int = 2) -> TermRecord:
    return TermRecord(label, figures.signed(value, digits), tooltip)


def _wdl_term(node: int, showing: Showing) -> TermRecord:
    """Win, draw, loss for the player who chooses `node` (at the root: who is to move there)."""
    chances = [float(chance) for chance in explain.wdl(showing.moment.tree, node)]
    if node != ROOT and showing.moment.tree.num_players == 2:
        chances.reverse()
    text = " / ".join(f"{100 * chance:.0f}" for chance in chances) + " %"
    return TermRecord("Win / draw / loss", text, f"For {_mover(node, showing)}, averaged over the simulations here.")


def unvisited_record(action: int, showing: Showing) -> InspectorRecord:
    """The card of an action of the root that was never visited: there is no node, only what intuition gave it."""
    tree = showing.moment.tree
    found = explain.candidates(tree, ROOT, showing.moment.parameters)
    place = found.action.tolist().index(action)
    edge, code = int(found.edge[place]), int(found.pruned[place])
    line = tree.line.then(action)
    return InspectorRecord(
        title=f"{showing.phrases.last_text(line)} · not visited",
        card=showing.phrases.card(line),
        flipped=showing.flipped,
        terms=(
            _value_term("Value assumed, Q", found.urgency, _URGENCY_TOOLTIP, 3),
            _value_term("Prior bonus, U", float(found.u[place]), _U_TOOLTIP, 3),
            TermRecord("Prior", figures.percent(float(found.prior[place])), "Intuition's share for this move. P."),
        ),
        notice=" ".join(filter(None, (pruned_sentence(edge, ROOT, showing), lent_sentence(edge, showing)))),
        can_cut=showing.live and not code,
        can_restore=showing.live and bool(code),
        can_reroot=showing.live,
    )
