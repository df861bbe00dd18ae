"""Journals made by chance: every kind of event, in any order that the fold takes, for one player or two."""

import random
from collections.abc import Iterator

import numpy as np

from engine.tree.columns import NO_NODE, SearchTree
from engine.tree.events import (
    JOURNAL_VERSION,
    Boost,
    Bounds,
    Event,
    Header,
    Prune,
    Recycle,
    Reevaluate,
    Reroot,
    Restore,
    Simulations,
    Switch,
    pack,
)
from engine.tree.fold import apply, empty_tree

RENUMBERING = ("reroot", "recycle")
STEADY = (*("simulate",) * 6, *("lend", "boost") * 3, *("prune", "bounds", "reevaluate") * 2, "restore", "switch")


def header(players: int) -> Header:
    """Of a search from nowhere in particular."""
    return Header(JOURNAL_VERSION, "chess", players, "start", (), "gen", "hash", "puct", 0, {})


def journal(seed: int, players: int, length: int, kinds: tuple[str, ...] = STEADY) -> Iterator[Event]:
    """`length` events that fit each other; the first opens the root."""
    rng = random.Random(seed)
    tree = empty_tree(header(players))
    for _ in range(length):
        event = _event(rng, tree, rng.choice(kinds) if tree.num_nodes else "simulate")
        if event is not None:
            apply(tree, event)
            yield event


def _event(rng: random.Random, tree: SearchTree, kind: str) -> Event | None:
    edges, nodes, at = tree.num_edges, tree.num_nodes, tree.simulations
    some = [rng.randrange(edges) for _ in range(rng.randint(1, 4))] if edges else []
    match kind:
        case "simulate":
            return simulations(rng, tree, rng.randint(1, 12))
        case "lend" if tree.lent:
            edge = next(iter(tree.lent))
            return simulations(rng, tree, rng.randint(1, 3), edge)
        case "boost" if edges:
            return Boost(at, some[0], rng.choice((0, 3, 9)))
        case "prune" if edges:
            reasons = bytes(rng.randint(1, 7) for _ in some)
            evidence = np.array([rng.choice((-1.0, 0.5, float(rng.randrange(nodes)))) for _ in some])
            return Prune(at, pack(np.array(some), "<i4"), reasons, pack(evidence, "<f4"))
        case "restore" if tree.prunes:
            cut = rng.sample(sorted(tree.prunes), rng.randint(1, len(tree.prunes)))
            return Restore(at, pack(np.array(cut + some[:1]), "<i4"))
        case "bounds":
            proven = [rng.randrange(nodes) for _ in range(rng.randint(1, 4))]
            value = np.array([rng.choice((-1, 0, 1)) for _ in proven])
            distance = bytes(rng.randint(0, 255) for _ in proven)
            return Bounds(
                at, pack(np.array(proven), "<i4"), pack(value, "i1"), pack(np.maximum(value, 0), "i1"), distance
            )
        case "switch":
            return Switch(at, f"gen {at}", "other", {})
        case "reroot":
            node = rng.randrange(nodes)
            return Reroot(at, tree.path(node), node) if rng.random() < 0.9 else Reroot(at, (7,), NO_NODE)
        case "recycle":
            return Recycle(at, rng.randint(1, 6), pack(np.array([rng.randrange(nodes)]), "<i4"))
        case "reevaluate":
            node = rng.randrange(nodes)
            priors = np.array([rng.random() for _ in range(tree.links["num_edges"][node])], np.float16)
            return Reevaluate(at, node, "by hand", "", rng.uniform(-1, 1), rng.random(), pack(priors, "<f2"))
    return None


def simulations(rng: random.Random, tree: SearchTree, count: int, branch: int = -1) -> Simulations | None:
    """A batch of first visits and revisits, of the branch at edge `branch` only where one is given."""
    rows: list[tuple[int, int, float, float, int, int]] = []
    below = _below(tree, branch)
    taken: set[int] = set()
    for _ in range(count):
        # Values that cancel out badly: sums depend on the order in which they are added.
        value, draw = rng.choice((-0.0, 0.1, 1 / 3, 3e-13, 0.7, -0.9)), rng.choice((0.0, 0.3, 7e-14))
        fresh = not tree.num_nodes
        parent, edge = -1, -1
        if fresh and rows:
            break
        if not fresh:
            parent = rng.choice(below) if below else -1
            run = tree.edge_run(parent) if parent >= 0 else slice(branch, branch + 1)
            free = [e for e in range(run.start, run.stop) if tree.edge_child[e] < 0 and e not in taken]
            if free and rng.random() < 0.7:
                edge = rng.choice(free)
                parent, fresh = tree.owner(edge), True
                taken.add(edge)
            elif parent < 0:
                break
        ends = fresh and bool(tree.num_nodes) and rng.random() < 0.1
        if ends:
            value, draw = rng.choice(((-1.0, 0.0), (0.0, 1.0), (1.0, 0.0)))
        rows.append((parent, edge, value, draw, int(ends), 0 if ends or not fresh else rng.randint(1, 5)))
    if not rows:
        return None
    parents, edges, values, draws, outcomes, opened = (np.array(column) for column in zip(*rows, strict=True))
    total = int(opened.sum())
    return Simulations(
        pack(parents, "<i4"),
        pack(edges, "<i4"),
        pack(values, "<f4"),
        pack(draws, "<f4"),
        pack(outcomes, "u1"),
        pack(opened, "<u2"),
        pack(np.arange(total) % 9, "<u2"),
        pack(np.full(total, 0.125), "<f2"),
        branch,
    )


def _below(tree: SearchTree, branch: int) -> list[int]:
    """Nodes that a simulation of the branch may end at, or open an edge of; all for -1."""
    if branch < 0:
        return list(range(tree.num_nodes))
    found: list[int] = []
    for node in range(tree.num_nodes):
        if tree.links["parent_edge"][node] == branch or int(tree.links["parent"][node]) in found:
            found.append(node)
    return found
