"""A tree as GraphML (Gephi, yEd, networkx, igraph) and as DOT (Graphviz)."""

import json
from pathlib import Path

import networkx as nx

from engine.tree.export import Progress, Subject, kept_nodes, name_actions
from engine.tree.export_json import edge_records, node_records
from engine.tree.whole_file import ExportError, whole_file

MOST_NODES = 50_000
"""More, and these forms grow beyond what the programs that read them can show."""

_SMALL, _LARGE = 0.2, 1.2
"""Sizes of nodes in DOT, in inches."""


def graph_of(subject: Subject, least_visits: int, progress: Progress, form: str) -> nx.DiGraph:
    """The tree as a directed graph whose attributes are plain numbers and texts; what is not known is left out.

    Raises:
        ExportError: it has more than `MOST_NODES` nodes of so many visits.
    """
    nodes = kept_nodes(subject.tree, least_visits)
    if len(nodes) > MOST_NODES:
        fitting = _fitting(subject)
        raise ExportError(
            f"{len(nodes):,} nodes are too many for {form}, which takes {MOST_NODES:,}: "
            f"--least-visits {fitting} leaves out the least visited"
        )
    names = name_actions(subject, nodes, lambda share: progress(0.8 * share))
    graph = nx.DiGraph(**subject.about())
    for record in node_records(subject, nodes, names):
        lower, upper = record.pop("bounds")
        graph.add_node(record.pop("id"), lower=lower, upper=upper, **_known(record))
    for record in edge_records(subject, nodes, names):
        graph.add_edge(record.pop("source"), record.pop("target"), **_known(record))
    return graph


def export_graphml(subject: Subject, path: Path, least_visits: int, progress: Progress) -> None:
    """Write GraphML.

    Raises:
        ExportError: the tree is too large for it, or the file cannot be written.
    """
    graph = graph_of(subject, least_visits, progress, "GraphML")
    with whole_file(path) as unfinished:
        nx.write_graphml(graph, unfinished)


def export_dot(subject: Subject, path: Path, least_visits: int, progress: Progress) -> None:
    """Write DOT: nodes sized by visits, edges as wide as priors, pruned ones dashed.

    Raises:
        ExportError: the tree is too large for it, or the file cannot be written.
    """
    graph = graph_of(subject, least_visits, progress, "DOT")
    most = max((data["visits"] for _, data in graph.nodes(data=True)), default=1)
    lines = ["digraph arborist {", "  rankdir=LR; node [shape=circle, fixedsize=true];"]
    for node, data in graph.nodes(data=True):
        text = json.dumps(f"{data.get('text') or 'root'}\n{data['visits']:,} {data['value']:+.2f}", ensure_ascii=False)
        width = _SMALL + (_LARGE - _SMALL) * (data["visits"] / most) ** 0.4
        lines.append(f"  {node} [label={text}, width={width:.2f}];")
    for source, target, data in graph.edges(data=True):
        style = ", style=dashed" if "pruned" in data else ""
        lines.append(f"  {source} -> {target} [penwidth={0.5 + 8.0 * data['prior']:.2f}{style}];")
    with whole_file(path) as unfinished:
        unfinished.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")


def _known(record: dict[str, object]) -> dict[str, object]:
    """What can be said in GraphML, which has no word for nothing."""
    return {key: value for key, value in record.items() if value is not None}


def _fitting(subject: Subject) -> int:
    """The least number of visits that leaves no more than `MOST_NODES` nodes."""
    least = 2
    while len(kept_nodes(subject.tree, least)) > MOST_NODES:
        least += max(1, least // 4)
    return least
