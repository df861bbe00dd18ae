"""Endgame tables: which states are asked about, whose win it is, and the real files where they are at hand."""

import os
from collections.abc import Iterator
from pathlib import Path

import chess
import numpy as np
import pytest

from engine.domains import registry
from engine.domains.base import Line
from engine.domains.chess.outcomes import IN_PLAY, OUTCOMES, TABLEBASE_DRAW, TABLEBASE_LOSS, TABLEBASE_WIN
from engine.domains.chess.state import STATE, state_of_fen
from engine.domains.chess.syzygy import SyzygyError, SyzygyOracle, SyzygyTables, open_syzygy
from engine.search.evaluator import UniformEvaluator
from engine.search.limits import Limits
from engine.search.search import Search
from engine.search.settings import SearchSettings
from engine.tree.choice import best_edge
from engine.tree.columns import ROOT
from engine.tree.events import PruneReason

KQK_WHITE, KQK_BLACK = "8/8/8/4k3/8/8/1K6/7Q w - - 0 1", "8/8/8/4k3/8/8/1K6/7Q b - - 0 1"


class FakeTables:
    """Says what it is told to and keeps what it was asked."""

    def __init__(self, most_pieces: int = 4, wdl: int | None = 2) -> None:
        self.most_pieces, self.answer = most_pieces, wdl
        self.asked: list[str] = []

    def wdl(self, board: chess.Board) -> int | None:
        self.asked.append(board.fen())
        return self.answer


def states_of(*fens: str) -> np.ndarray:
    return np.concatenate([state_of_fen(fen) for fen in fens]) if fens else np.zeros(0, STATE)


def test_the_value_is_that_of_the_player_to_move() -> None:
    for kind, value in ((TABLEBASE_LOSS, -1), (TABLEBASE_DRAW, 0), (TABLEBASE_WIN, 1)):
        assert OUTCOMES[kind].value == value
        assert OUTCOMES[kind].text.startswith("tablebase")


@pytest.mark.parametrize(
    ("wdl", "outcome"),
    [
        (2, TABLEBASE_WIN),
        (1, TABLEBASE_DRAW),
        (0, TABLEBASE_DRAW),
        (-1, TABLEBASE_DRAW),
        (-2, TABLEBASE_LOSS),
        (None, IN_PLAY),
    ],
)
def test_cursed_wins_and_blessed_losses_are_draws(wdl: int | None, outcome: int) -> None:
    assert SyzygyOracle(FakeTables(wdl=wdl)).probe(states_of(KQK_WHITE)).tolist() == [outcome]


def test_only_states_right_after_progress_with_few_pieces_and_no_castling_are_asked_about() -> None:
    tables = FakeTables(most_pieces=4)
    fens = [
        KQK_WHITE,
        "8/8/8/4k3/8/8/1K6/7Q w - - 1 1",  # a quiet move came before
        "8/8/8/4k3/8/8/8/R3K3 w Q - 0 1",  # may still castle
        "8/8/8/4k3/8/8/1KP5/6QQ w - - 0 1",  # five pieces
        "8/8/8/4k3/8/8/1K6/6QQ b - - 0 9",
        chess.STARTING_FEN,
    ]
    assert SyzygyOracle(tables).probe(states_of(*fens)).tolist() == [TABLEBASE_WIN, 0, 0, 0, TABLEBASE_WIN, 0]
    assert tables.asked == [fens[0], fens[4]], "as they stand, Black's mirrored back"
    assert SyzygyOracle(tables).probe(states_of()).tolist() == []


def test_a_position_is_read_once() -> None:
    tables = FakeTables()
    oracle = SyzygyOracle(tables)
    for _ in range(2):
        assert oracle.probe(states_of(KQK_WHITE, KQK_BLACK, KQK_WHITE)).tolist() == [TABLEBASE_WIN] * 3
    assert len(tables.asked) == 2


def test_states_may_be_read_only_and_strided() -> None:
    states = states_of(KQK_WHITE, chess.STARTING_FEN, KQK_WHITE)
    states.setflags(write=False)
    assert SyzygyOracle(FakeTables()).probe(states[::2]).tolist() == [TABLEBASE_WIN] * 2


# -- files --------------------------------------------------------------------------------------------------------


def test_a_missing_or_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SyzygyError, match=r"no folder.*nowhere"):
        open_syzygy(tmp_path / "nowhere")
    with pytest.raises(SyzygyError, match=f"{tmp_path.name}.*holds no Syzygy tables"):
        open_syzygy(tmp_path)
    with pytest.raises(SyzygyError, match="no folder"):
        open_syzygy("")


@pytest.mark.parametrize("content", [b"", b"not a table", b"\x71\xe8\x23\x5d" + bytes(100)])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "KQvK.rtbw").write_bytes(content)
    with pytest.raises(SyzygyError, match=r"KQvK\.rtbw.*damaged"):
        open_syzygy(tmp_path)


def test_damage_further_in_is_found_when_the_table_is_used(tmp_path: Path) -> None:
    (tmp_path / "KQvK.rtbw").write_bytes(b"\x71\xe8\x23\x5d" + bytes(12))
    oracle = open_syzygy(tmp_path)
    with pytest.raises(SyzygyError, match=r"4k3"):
        oracle.probe(states_of(KQK_WHITE))


@pytest.fixture(scope="module")
def shared() -> Path:
    folder = os.environ.get("ARBORIST_SHARED")
    if not folder:
        pytest.skip("ARBORIST_SHARED does not name the folder of test data")
    return Path(folder) / "data"


@pytest.fixture
def real(shared: Path) -> Iterator[SyzygyTables]:
    tables = SyzygyTables([shared / "syzygy" / "regular"])
    yield tables
    tables.close()


def test_real_tables_know_the_textbook(real: SyzygyTables) -> None:
    assert real.most_pieces == 4
    fens = {
        KQK_WHITE: TABLEBASE_WIN,
        KQK_BLACK: TABLEBASE_LOSS,
        "8/8/8/4k3/8/8/1K6/7q b - - 0 1": TABLEBASE_WIN,
        "8/8/8/8/8/4k3/4p3/4K3 w - - 0 1": TABLEBASE_DRAW,  # stalemate: the rules see it first
        "8/8/1k6/8/8/1P6/1K6/8 b - - 0 1": TABLEBASE_DRAW,
        "1k6/8/1K6/1P6/8/8/8/8 w - - 0 1": TABLEBASE_WIN,
        "8/8/8/8/3Pp3/8/8/1K1k4 b - d3 0 1": TABLEBASE_WIN,  # en passant, or the race after it
        "4k3/8/8/8/8/8/8/RNB1K2R w - - 0 1": IN_PLAY,  # too many
    }
    for fen, outcome in fens.items():
        assert SyzygyOracle(real).probe(states_of(fen)).tolist() == [outcome], fen


def test_real_tables_agree_with_the_values_published_with_them(shared: Path, real: SyzygyTables) -> None:
    lines = (shared / "epd" / "python-chess" / "endgame.epd").read_text().splitlines()
    boards = [chess.Board.from_epd(line) for line in lines]
    few = [(board.fen(), operations["wdl"]) for board, operations in boards if chess.popcount(board.occupied) <= 4]
    assert len(few) > 50
    expected = [{2: TABLEBASE_WIN, -2: TABLEBASE_LOSS}.get(int(str(wdl)), TABLEBASE_DRAW) for _, wdl in few]
    assert SyzygyOracle(real).probe(states_of(*(fen for fen, _ in few))).tolist() == expected


# -- in a search --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wdl", "proven"), [(-2, "win"), (2, "loss"), (1, "draw")])
def test_a_search_takes_the_tables_word_as_proof(wdl: int, proven: str) -> None:
    """After 1. Kxb3 there are four pieces and Black is to move: what he loses by the tables, White has won."""
    line = Line("8/8/8/4k3/8/1p6/1K4PR/8 w - - 0 1")
    search = Search(
        registry.rules("chess"),
        UniformEvaluator(),
        line,
        SearchSettings(batch=1),
        lambda _: None,
        oracle=SyzygyOracle(FakeTables(most_pieces=4, wdl=wdl)),
    )
    search.start_run(Limits(simulations=60))
    while search.advance() is None:
        pass
    tree = search.tree
    take = tree.find_edge((int(registry.notation("chess").parse_action(line, "Kxb3")),))
    child = tree.stats[tree.edge_child[take]]
    value = {"win": -1, "loss": 1, "draw": 0}[proven]
    assert (int(child["lower"]), int(child["upper"])) == (value, value), "as Black sees it"
    assert (best_edge(tree, ROOT) == take) == (proven == "win")
    assert (tree.edge_pruned[take] == PruneReason.PROVEN) == (proven == "loss")
    assert tree.num_nodes > 1, "the root itself is not asked about"
