"""Games as trees of lines: no operation loses anything, and none changes what it was given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domains import game_tree as trees
from engine.domains.base import Line
from engine.domains.game_tree import GameNode, GamePathError, GameTree

FORKED = trees.with_line(trees.with_line(trees.with_line(GameTree("s"), (1, 2, 3)), (1, 4, 5)), (1, 4, 6))
paths = st.lists(st.integers(0, 3), max_size=6).map(tuple)
games = st.lists(paths, max_size=12)


def build(lines: list[tuple[int, ...]]) -> GameTree:
    tree = GameTree("s")
    for line in lines:
        tree = trees.with_line(tree, line)
    return tree


def all_paths(tree: GameTree) -> set[tuple[int, ...]]:
    return {path for path, _ in trees.walk(tree)}


@given(games)
def test_a_tree_holds_the_lines_it_was_made_of_and_all_that_lead_to_them(lines: list[tuple[int, ...]]) -> None:
    expected = {line[:length] for line in lines for length in range(len(line) + 1)} | {()}
    assert all_paths(build(lines)) == expected


@given(games, st.data())
def test_promoting_moves_a_line_but_loses_none(lines: list[tuple[int, ...]], data: st.DataObject) -> None:
    tree = build(lines)
    before, path = all_paths(tree), data.draw(st.sampled_from(sorted(all_paths(tree))))
    assert trees.is_main(trees.made_main(tree, path), path)
    promoted = tree
    for _ in range(40):
        assert all_paths(promoted) == before
        promoted = trees.promoted(promoted, path)
    assert trees.is_main(promoted, path)
    assert trees.promoted(promoted, path) == promoted
    assert all_paths(tree) == before


@given(games, st.data())
def test_deleting_takes_a_node_with_all_below_it_and_nothing_else(
    lines: list[tuple[int, ...]], data: st.DataObject
) -> None:
    tree = build([*lines, (0,)])
    path = data.draw(st.sampled_from(sorted(all_paths(tree) - {()})))
    assert all_paths(trees.without(tree, path)) == {p for p in all_paths(tree) if p[: len(path)] != path}


def test_a_promoted_line_goes_one_place_a_main_line_all_the_way() -> None:
    tree = build([(1,), (2,), (3, 7)])
    assert [child.action for child in trees.promoted(tree, (3, 7)).root.children] == [1, 3, 2]
    assert [child.action for child in trees.made_main(tree, (3, 7)).root.children] == [3, 1, 2]


def test_promoting_takes_the_innermost_variation() -> None:
    assert trees.variation_start(FORKED, (1, 4, 6)) == 3
    once = trees.promoted(FORKED, (1, 4, 6))
    assert trees.continuation(once, (1, 4)) == (1, 4, 6)
    assert trees.continuation(once) == (1, 2, 3)
    assert trees.continuation(trees.promoted(once, (1, 4, 6))) == (1, 4, 6)


def test_words_before_a_variation_stay_when_it_becomes_the_main_line() -> None:
    tree = trees.annotated(FORKED, (1, 4), before="Or", comment="solid")
    for changed in (trees.made_main(tree, (1, 4)), trees.without(tree, (1, 2))):
        node = trees.find(changed, (1, 4))
        assert (node.before, node.comment) == ("", "Or solid")


def test_annotations_are_kept_sorted_and_the_rest_is_shared() -> None:
    tree = trees.annotated(FORKED, (1, 2), nags=(10, 1, 10), comment="best")
    assert trees.find(tree, (1, 2)).nags == (1, 10)
    assert trees.find(tree, (1, 4)) is trees.find(FORKED, (1, 4))
    assert trees.annotated(tree, (1, 2), comment="best") is tree


def test_a_path_that_leaves_the_game_is_named() -> None:
    with pytest.raises(GamePathError, match=r"\(1, 9\) leaves the game after 1 actions"):
        trees.find(FORKED, (1, 9))
    with pytest.raises(GamePathError, match="start"):
        trees.without(FORKED, ())


def test_very_long_games_are_compared_copied_and_dropped() -> None:
    line = Line("s", tuple(range(20_000)))
    one, two = trees.tree_of(line), trees.tree_of(line)
    assert one == two
    assert one != trees.annotated(two, line.actions, comment="!")
    assert trees.continuation(one) == line.actions
    assert "children" in repr(one)
    assert GameNode() != 3
