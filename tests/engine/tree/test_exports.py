"""Exports that need no drawing, each read back by a program that is not ours."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import chess
import chess.pgn
import networkx as nx
import numpy as np
import pyarrow.parquet as parquet
import pytest

from engine.tree import export_graph, export_pgn
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.events import PruneReason
from engine.tree.export import Subject, kept_nodes, name_actions
from engine.tree.export_file import PLAIN, export_plain
from engine.tree.export_parquet import edges_path
from engine.tree.export_pgn import Variations, game_of
from engine.tree.whole_file import ExportError, part_path
from tests.engine.tree.small_searches import MANY_MATES, searched

REPOSITORY = Path(__file__).resolve().parents[3]


def silent(_share: float) -> None:
    pass


@pytest.fixture(scope="module")
def mate() -> Subject:
    return searched("chess", MANY_MATES, 900)[2]


@pytest.fixture(scope="module")
def four() -> Subject:
    return searched("connect_four", "startpos", 500)[2]


def test_json_is_the_whole_tree_and_networkx_reads_it(mate: Subject, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    export_plain(mate, path, None, silent)
    graph = nx.node_link_graph(json.loads(path.read_text()), edges="edges")
    tree = mate.tree
    assert nx.is_arborescence(graph)
    assert graph.number_of_nodes() == tree.num_nodes
    for node in range(tree.num_nodes):
        stats = tree.stats[node]
        assert graph.nodes[node]["visits"] == stats["visits"]
        assert graph.nodes[node]["value"] == pytest.approx(stats["value_sum"] / stats["visits"])
    for parent, node, data in graph.edges(data=True):
        assert tree.links["parent"][node] == parent
        board = chess.Board(MANY_MATES)
        for above in nx.shortest_path(graph, ROOT, parent)[1:]:
            board.push_san(graph.nodes[above]["text"])
        assert board.parse_san(graph.nodes[node]["text"]).uci() == data["name"]
    assert any(data["pruned"] == "by_hand" for _, _, data in graph.edges(data=True))


def test_graphml_keeps_figures_and_words(four: Subject, tmp_path: Path) -> None:
    path = tmp_path / "a.graphml"
    export_plain(four, path, None, silent)
    graph = nx.read_graphml(path, node_type=int)
    assert graph.number_of_nodes() == four.tree.num_nodes
    assert graph.number_of_edges() == four.tree.num_nodes - 1
    assert graph.graph["domain"] == "connect_four"
    assert sum(graph.nodes[child]["visits"] for child in graph.successors(ROOT)) == graph.nodes[ROOT]["visits"] - 1
    assert all(0.0 <= data["prior"] <= 1.0 for _, _, data in graph.edges(data=True))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_dot_is_read_by_another_parser(four: Subject, tmp_path: Path) -> None:
    pydot = pytest.importorskip("pydot")
    path = tmp_path / "a.dot"
    export_plain(four, path, 3, silent)
    (graph,) = pydot.graph_from_dot_file(str(path))
    kept = kept_nodes(four.tree, 3)
    assert len(graph.get_edges()) == len(kept) - 1
    assert len([node for node in graph.get_nodes() if node.get_name() not in ("node", '"\\n"')]) == len(kept)


def test_a_tree_too_large_for_a_graph_is_refused_with_the_way_out(
    four: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_graph, "MOST_NODES", 40)
    path = tmp_path / "a.graphml"
    with pytest.raises(
        ExportError, match=r"500 nodes are too many for GraphML, which takes 40: --least-visits \d+"
    ) as told:
        export_plain(four, path, None, silent)
    assert not path.exists()
    least = int(str(told.value).split("--least-visits ")[1].split()[0])
    export_plain(four, path, least, silent)
    assert 1 < nx.read_graphml(path).number_of_nodes() <= 40


def test_parquet_holds_every_node_and_every_edge(
    mate: Subject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.tree import export_parquet

    monkeypatch.setattr(export_parquet, "PIECE", 64)  # several row groups
    path, tree = tmp_path / "a.parquet", mate.tree
    export_plain(mate, path, None, silent)
    nodes, edges = parquet.read_table(path).to_pydict(), parquet.read_table(edges_path(path)).to_pydict()
    assert parquet.ParquetFile(path).num_row_groups > 10
    assert nodes["node"] == list(range(tree.num_nodes))
    assert nodes["visits"] == tree.stats["visits"][: tree.num_nodes].tolist()
    np.testing.assert_allclose(nodes["value"], tree.stats["value_sum"][: tree.num_nodes] / nodes["visits"])
    assert nodes["parent"][ROOT] is None
    assert nodes["prior"][ROOT] is None
    assert None not in nodes["parent"][1:]
    assert "checkmate" in nodes["outcome"]
    assert set(nodes["lower"]) == {-1, 0, 1} or set(nodes["lower"]) == {-1, 1}
    assert len(edges["parent"]) == tree.num_edges
    assert [child for child in edges["child"] if child is not None] == sorted(
        range(1, tree.num_nodes), key=_edge_of(tree)
    )
    for parent in (ROOT, 1, 5):
        priors = [p for owner, p in zip(edges["parent"], edges["prior"], strict=True) if owner == parent]
        assert priors == tree.priors[tree.edge_run(parent)].astype(float).tolist()
    assert edges["pruned"].count("by_hand") == (tree.edge_pruned[: tree.num_edges] == PruneReason.BY_HAND).sum() > 0
    about = json.loads(parquet.read_schema(path).metadata[b"arborist"])
    assert (about["domain"], about["simulations"]) == ("chess", tree.simulations)


def _edge_of(tree):  # type: ignore[no-untyped-def]
    return lambda node: int(tree.links["parent_edge"][node])


def test_pgn_is_a_game_with_the_tree_as_variations(mate: Subject, tmp_path: Path) -> None:
    path, tree = tmp_path / "a.pgn", mate.tree
    export_plain(mate, path, 3, silent)
    game = chess.pgn.read_game(io.StringIO(path.read_text()))
    assert game is not None
    assert game.errors == []
    assert game.board().fen() == MANY_MATES
    played = tree.edge_action[best_edge(tree, ROOT)]
    first = game.variations[0]
    assert first.move.uci() == {c.action: c.name for c in mate.notation.choices(tree.line)}[int(played)]
    assert len(game.variations) > 1
    for told in game.variations:
        name = told.move.uci()
        action = next(c.action for c in mate.notation.choices(tree.line) if c.name == name)
        child = int(tree.edge_child[tree.edge_of(ROOT, action)])
        stats = tree.stats[child]
        assert f"N={stats['visits']} " in told.comment
        if stats["lower"] != stats["upper"]:
            # The figure in the comment is the mover's; the score's is that of the side to move after it.
            assert f"Q={-stats['value_sum'] / stats['visits'] + 0.0:+.3f}" in told.comment
            score = told.eval()
            assert score is not None
            assert score.turn == chess.WHITE
            centipawns = score.white().score(mate_score=10_000)
            assert np.sign(centipawns) in (0, np.sign(stats["value_sum"])), "good for White is good for the child"


def test_proven_mates_are_told_as_such(mate: Subject) -> None:
    game = game_of(mate, Variations(children=40, least_visits=1))
    mates = [node for node in _all(game) if node.move and node.san().endswith("#")]
    assert mates
    assert all(node.eval() is None for node in mates), "the sign of the move says it"
    for node in mates:
        if node.san() == "Qxf7#" and node.parent.parent is game:
            score = node.parent.eval()
            assert score is not None
            assert score.white().mate() == 1, "White mates with the next move"
            assert "Q=-1.000" in node.parent.comment, "which Black, who let him, has lost by"


def test_pgn_begins_with_the_game_and_black_moves_are_black_s(tmp_path: Path) -> None:
    subject = searched("chess", "startpos moves e2e4", 300)[2]
    path = tmp_path / "a.pgn"
    export_plain(subject, path, None, silent)
    game = chess.pgn.read_game(io.StringIO(path.read_text()))
    assert game is not None
    assert game.variations[0].san() == "e4"
    replies = game.variations[0].variations
    assert len(replies) >= 2
    for reply in replies:
        mover = float(reply.comment.split("Q=")[1].split()[0])
        score = reply.eval()
        assert score is not None
        assert score.turn == chess.WHITE
        white = score.white().score()
        assert white == 0 or mover == 0 or (white > 0) == (mover < 0), "Black's gain is White's loss"


def test_pgn_is_limited_and_takes_the_most_visited(mate: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(_all(game_of(mate, Variations(children=2, plies=3, least_visits=1))))
    assert max(len(node.variations) for node in whole) == 2
    assert max(node.ply() for node in whole) - whole[0].ply() == 3
    monkeypatch.setattr(export_pgn, "MOST_MOVES", 10)
    assert len(list(_all(game_of(mate, Variations(least_visits=1))))) < 20


def test_pgn_is_only_for_chess(four: Subject, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="Connect Four"):
        export_plain(four, tmp_path / "a.pgn", None, silent)


def _all(game: chess.pgn.GameNode):  # type: ignore[no-untyped-def]
    yield game
    for below in game.variations:
        yield from _all(below)


def test_kept_nodes_hang_together_even_where_visits_were_lent(four: Subject) -> None:
    tree = four.tree
    for least in (1, 2, 5, 50, 10_000):
        kept = set(kept_nodes(tree, least).tolist())
        assert ROOT in kept
        assert all(int(tree.links["parent"][node]) in kept for node in kept - {ROOT})
    assert len(kept_nodes(tree, 1)) == tree.num_nodes
    node = int(np.argmax(tree.facts["depth"][: tree.num_nodes]))
    before = int(tree.stats["visits"][node])
    tree.stats["visits"][node] = 10_000  # as if all of them had been lent to it
    try:
        assert node not in kept_nodes(tree, 400)
    finally:
        tree.stats["visits"][node] = before


def test_only_the_most_visited_are_named_where_there_are_many(four: Subject) -> None:
    nodes = kept_nodes(four.tree)
    named = name_actions(four, nodes, silent, most=50)
    assert 49 <= len(named) <= 50
    least = min(int(four.tree.stats["visits"][node]) for node in named)
    others = set(nodes.tolist()) - set(named) - {ROOT}
    assert max(int(four.tree.stats["visits"][node]) for node in others) <= least


@pytest.mark.parametrize("suffix", PLAIN)
def test_stopping_leaves_what_was_there(mate: Subject, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"before")

    def stopped(_share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_plain(mate, path, None, stopped)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", PLAIN)
def test_a_folder_that_is_not_there_and_a_full_disk_are_one_sentence(
    mate: Subject, tmp_path: Path, suffix: str
) -> None:
    with pytest.raises(ExportError, match="nowhere") as told:
        export_plain(mate, tmp_path / "nowhere" / f"a{suffix}", None, silent)
    assert "\n" not in str(told.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk(four: Subject, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"before")
    part_path(path, os.getpid()).symlink_to("/dev/full")
    with pytest.raises(ExportError, match="No space left"):
        export_plain(four, path, None, silent)
    assert path.read_bytes() == b"before"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_while_exporting_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"before")
    code = f"""
from pathlib import Path
from engine.tree.export_file import export_plain
from tests.engine.tree.small_searches import searched
subject = searched("connect_four", "startpos", 200)[2]
def progress(share):
    if share > 0.5:
        print("half", flush=True)
        time.sleep(60)
export_plain(subject, Path({str(path)!r}), None, progress)
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "half\n"
        program.send_signal(signal.SIGKILL)
    assert path.read_bytes() == b"before"


def test_progress_goes_forward(mate: Subject, tmp_path: Path) -> None:
    for suffix in PLAIN:
        told: list[float] = []
        export_plain(mate, tmp_path / f"a{suffix}", None, told.append)
        assert told == sorted(told)
        assert all(0.0 <= share <= 1.0 for share in told)
