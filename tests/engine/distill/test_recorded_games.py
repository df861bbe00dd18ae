from pathlib import Path

import numpy as np
import pytest

from engine.distill.dataset import GameFilter, GameSource, cached_dataset, make_dataset
from engine.distill.recorded_games import NO_RESULT, GameFileError, read_games
from engine.domains import registry

GAME = """[White "a"]
[Black "b"]
[Result "{result}"]
[WhiteElo "{white}"]
[BlackElo "{black}"]
{more}
{moves} {result}

"""
MOVES = "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6 4. Ba4 Nf6 5. O-O Be7 6. Re1 b5"


def pgn(*games: dict[str, str]) -> str:
    usual = {"result": "1-0", "white": "1500", "black": "1600", "more": "", "moves": MOVES}
    return "".join(GAME.format(**(usual | game)) for game in games)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "games.pgn").write_text(
        pgn(
            {},
            {"result": "0-1", "white": "?", "moves": MOVES.replace("6. Re1 b5", "6. d3 d6")},
            {"result": "1/2-1/2", "moves": MOVES.replace("6. Re1", "6. Nc3")},
            {"result": "0-1", "more": '[Termination "Time forfeit"]\n', "moves": MOVES.replace("6. Re1", "6. c3")},
            {"moves": "1. e4 e5 2. Ke3"},
            {"moves": "1. d4 d5"},
        )
    )
    return tmp_path


def test_reading_pgn(folder: Path) -> None:
    games = read_games(folder / "games.pgn", "chess")
    assert len(games) == 5, "the one with an illegal move is left out"
    assert games.results.tolist() == [1, -1, 0, NO_RESULT, 1]
    assert games.ratings[:2].tolist() == [[1500, 1600], [0, 1600]]
    assert np.diff(games.offsets).tolist() == [12, 12, 12, 12, 2]
    chosen = games.chosen(np.array([False, True, False, False, True]))
    assert chosen.results.tolist() == [-1, 1]
    assert chosen.actions[12:].tolist() == games.actions[48:].tolist()


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(GameFileError, match="gone"):
        read_games(tmp_path / "gone.pgn", "chess")
    with pytest.raises(GameFileError, match="connect_four"):
        read_games(tmp_path / "gone.pgn", "connect_four")
    junk = tmp_path / "junk.pgn.zst"
    junk.write_bytes(b"no zstandard at all")
    with pytest.raises(GameFileError, match="Zstandard"):
        read_games(junk, "chess")
    (tmp_path / "empty.pgn").write_text("")
    with pytest.raises(GameFileError, match="no game"):
        read_games(tmp_path / "empty.pgn", "chess")


def test_short_and_repeated_games_are_left_out(folder: Path) -> None:
    file = str(folder / "games.pgn")
    rules = registry.rules("chess")
    everything = GameFilter(held_out_one_in=10**9)
    data = make_dataset(rules, [GameSource(path=file), GameSource(path=file)], everything, 1)
    assert [source.games for source in data.sources] == [4, 0]
    assert [source.name for source in data.sources] == ["games.pgn", "games.pgn"]
    assert len(data.held_out) == 0
    rated = make_dataset(rules, [GameSource(path=file)], GameFilter(both_rated=True, held_out_one_in=10**9), 1)
    assert [source.games for source in rated.sources] == [3]
    with pytest.raises(GameFileError, match="trained on"):
        make_dataset(rules, [GameSource(path=file)], GameFilter(min_plies=50), 1)


def test_positions_that_training_knows_are_marked(folder: Path) -> None:
    """All games begin alike: held-out openings are known, and positions after the games part are not."""
    data = make_dataset(
        registry.rules("chess"),
        [GameSource(path=str(folder / "games.pgn"), positions_per_game=99)],
        GameFilter(held_out_one_in=2),
        2,
    )
    assert len(data.train)
    assert len(data.held_out)
    keys = data.held_out["state"]["key"]
    assert np.array_equal(data.held_out_seen, np.isin(keys, data.train["state"]["key"]))
    assert data.held_out_seen.any()
    assert not data.held_out_seen.all()


def test_samples_are_drawn_once(folder: Path) -> None:
    arguments = (registry.rules("chess"), [GameSource(path=str(folder / "games.pgn"))], GameFilter(held_out_one_in=3))
    told: list[str] = []
    first = cached_dataset(folder, *arguments, 1, told.append)
    again = cached_dataset(folder, *arguments, 1, told.append)
    assert told[-1] == f"samples drawn before: {len(first.train)}"
    assert first.train.tobytes() == again.train.tobytes()
    assert first.held_out.tobytes() == again.held_out.tobytes()
    assert first.sources == again.sources
    cached_dataset(folder, *arguments, 2, told.append)
    assert "games.pgn" in told[-1], "another seed is another draw"
