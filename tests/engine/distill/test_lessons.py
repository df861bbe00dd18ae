import contextlib
from pathlib import Path

import numpy as np
import pytest

from engine.distill.lessons import Lessons, LessonsError, joined, read_lessons, write_lessons
from engine.domains import registry
from tests.engine.distill.games import RULES
from tests.engine.distill.lessons_of_play import played


def same(a: Lessons, b: Lessons) -> bool:
    return (
        a.rows.tobytes() == b.rows.tobytes()
        and np.array_equal(a.offsets, b.offsets)
        and np.array_equal(a.actions, b.actions)
        and np.array_equal(a.policy, b.policy)
        and a.games == b.games
    )


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    lessons = played()
    write_lessons(lessons, tmp_path / "x.parquet", RULES.name)
    assert same(read_lessons(tmp_path / "x.parquet", RULES), lessons)
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_no_lessons_are_a_file_too(tmp_path: Path) -> None:
    write_lessons(joined([], RULES), tmp_path / "x.parquet", RULES.name)
    assert len(read_lessons(tmp_path / "x.parquet", RULES)) == 0


def test_every_damage_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    write_lessons(played(), path, RULES.name)
    content = bytearray(path.read_bytes())
    lessons = read_lessons(path, RULES)
    rng = np.random.default_rng(0)
    for place in rng.choice(len(content), 60, replace=False).tolist():
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        path.write_bytes(damaged)
        with contextlib.suppress(LessonsError):
            # Read all the same: the damage is in what the file says beside its columns, such as who wrote it.
            assert same(read_lessons(path, RULES), lessons)


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    write_lessons(played(), path, RULES.name)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(LessonsError, match=r"x\.parquet"):
        read_lessons(path, RULES)


def test_a_file_of_another_domain_is_refused(tmp_path: Path) -> None:
    write_lessons(played(), tmp_path / "x.parquet", RULES.name)
    with pytest.raises(LessonsError, match="chess"):
        read_lessons(tmp_path / "x.parquet", registry.rules("chess"))


def test_chosen_lessons_keep_their_own_policies() -> None:
    lessons = played()
    places = np.array([5, 0, 5, len(lessons) - 1])
    chosen = lessons.chosen(places)
    dense, all_dense = chosen.dense_policy(7), lessons.dense_policy(7)
    assert np.array_equal(dense, all_dense[places])
    assert np.allclose(dense.sum(1), 1.0, atol=1e-5)
    assert chosen.rows.tobytes() == lessons.rows[places].tobytes()


def test_joined_lessons_still_know_their_games() -> None:
    parts = [played(3, seed=1), played(4, seed=2)]
    both = joined(parts, RULES)
    assert len(both) == sum(map(len, parts))
    assert both.games == parts[0].games + parts[1].games
    for row in both.rows:
        game = both.games[row["game"]]
        assert RULES.load(game.line(int(row["ply"])))[-1] == row["state"]
    assert max(part.rows["game"].max() for part in parts) < 4  # the parts themselves were not changed
