"""Exports of a tree that need no window: JSON in the node-link form that networkx reads.

`networkx.node_link_graph(json.load(file), edges="edges")` gives the tree back as a directed graph.
"""

from typing import Any

from engine.domains.base import Notation
from engine.tree.columns import ROOT, SearchTree
from engine.tree.events import Header, PruneReason


def tree_json(header: Header, tree: SearchTree, notation: Notation) -> dict[str, Any]:
    """The whole tree as plain values.

    Node values are from the player to move at the node. Unvisited edges are not listed, pruned ones of visited nodes
    are marked.
    """
    texts = _texts(tree, notation)
    nodes, edges = [], []
    for node in range(tree.num_nodes):
        facts, stats = tree.facts[node], tree.stats[node]
        visits = int(stats["visits"])
        nodes.append(
            {
                "id": node,
                "text": texts[node],
                "visits": visits,
                "value": float(stats["value_sum"]) / visits,
                "draw": float(stats["draw_sum"]) / visits,
                "raw_value": float(facts["raw_value"]),
                "depth": int(facts["depth"]),
                "birth": int(stats["birth"]),
                "outcome": notation.outcomes[int(facts["outcome"])].text if facts["outcome"] else None,
                "bounds": [int(stats["lower"]), int(stats["upper"])],
            }
        )
        edge = int(tree.links["parent_edge"][node])
        if edge >= 0:
            pruned = int(tree.edge_pruned[edge])
            edges.append(
                {
                    "source": int(tree.links["parent"][node]),
                    "target": node,
                    "action": int(tree.edge_action[edge]),
                    "prior": float(tree.priors[edge]),
                    "pruned": PruneReason(pruned).name.lower() if pruned else None,
                }
            )
    about = {"domain": header.domain, "position": notation.line_text(tree.line), "generation": header.generation}
    return {"directed": True, "multigraph": False, "graph": about, "nodes": nodes, "edges": edges}


def _texts(tree: SearchTree, notation: Notation) -> list[str]:
    """Text of the action that leads to each node; each parent's choices are looked up once."""
    texts = [""] * tree.num_nodes
    lines = {ROOT: tree.line}
    for node in range(tree.num_nodes):
        line = lines[node]
        run = tree.edge_run(node)
        children = [(int(tree.edge_child[e]), int(tree.edge_action[e])) for e in range(run.start, run.stop)]
        visited = [(child, action) for child, action in children if child >= 0]
        if not visited:
            continue
        names = {choice.action: choice.text for choice in notation.choices(line)}
        for child, action in visited:
            texts[child] = names[action]
            lines[child] = line.then(action)
    return texts
