"""The game that was played and thought through goes into the recording with the search, and comes out of it again."""

from pathlib import Path

import pytest

from app.recordings import open_recording
from app.viewmodels.game import at_end, on_path
from engine.domains.game_tree import annotated, find
from engine.domains.registry import game_format
from engine.tree.attachments import GAME, read_attachments, write_attachments
from tests.app.test_controller import START, World, action


@pytest.fixture
def world() -> World:
    """A search after 1. e4 in a game that goes on, with a variation, a comment and a mark."""
    world = World().ready().finish()
    e4 = action(START, "e4")
    world.control.play(e4)
    for text in ("e5", "Nf3"):
        world.control.play(action(world.control.state.game.current, text))
    world.control.games.goto(1)
    world.control.play(action(START.then(e4), "c5"))
    world.control.games.comment(world.control.state.game.here, "sharper")
    world.control.games.toggle_nag(world.control.state.game.here, 1)
    world.control.games.goto(1)
    world.finish()
    return world


def test_a_game_is_saved_with_all_its_lines_and_opened_where_the_search_stood(world: World, tmp_path: Path) -> None:
    game = world.control.state.game
    path = tmp_path / "a.arborist"
    world.control.save(path)
    text = read_attachments(path).items[GAME].decode()
    assert "sharper" in text
    assert "1. e4" in text

    fresh = World().ready()
    fresh.control.open_file(path)
    opened = fresh.control.state.game
    assert opened.tree.root == game.tree.root
    assert opened.here == game.here == (action(START, "e4"),)
    assert opened.current == fresh.control.session.shown.line  # type: ignore[union-attr]
    sharper = find(opened.tree, (*opened.here, action(opened.current, "c5")))
    assert (sharper.comment, sharper.nags) == ("sharper", (1,))
    fresh.control.games.step(1)
    assert len(fresh.control.state.game.here) == 2, "the line goes on where it went on"


def test_saved_again_a_game_that_was_changed_in_a_recording_is_kept(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    world.control.save(path)
    world.control.open_file(path)
    world.control.games.comment(world.control.state.game.here, "looked at again")
    world.control.save(path)
    opened = open_recording(path).game
    assert find(opened.tree, opened.here).comment == "looked at again"


def test_only_the_line_of_the_search_needs_no_game_beside_it(tmp_path: Path) -> None:
    world = World("startpos moves e2e4").ready().finish()
    world.control.save(tmp_path / "a.arborist")
    assert GAME not in read_attachments(tmp_path / "a.arborist").items
    assert open_recording(tmp_path / "a.arborist").game == at_end(START.then(action(START, "e4")))


def test_the_game_of_a_domain_without_a_format_is_its_line(tmp_path: Path) -> None:
    world = World(domain="connect_four").ready().finish()
    world.control.play(3)
    world.control.play(3)
    world.control.games.goto(0)
    world.engine.pump(5)
    world.finish()
    world.control.save(tmp_path / "a.arborist")
    opened = open_recording(tmp_path / "a.arborist").game
    assert (opened.path, opened.cursor) == ((3, 3), 0)


def test_a_game_that_does_not_lead_to_the_search_gets_its_line(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    world.control.save(path)
    form = game_format("chess")
    assert form is not None
    other = at_end(START.then(action(START, "d4"))).tree
    write_attachments(path, {GAME: form.write(annotated(other, (), comment="another")).encode()})
    opened = open_recording(path).game
    assert opened.here == (action(START, "e4"),)
    assert [child.action for child in opened.tree.root.children] == [action(START, "d4"), action(START, "e4")]

    elsewhere = on_path(at_end(START), ())
    text = "8/8/8/8/8/k7/p7/K7 w - - 0 1"
    write_attachments(path, {GAME: text.encode()})
    assert open_recording(path).game == at_end(elsewhere.current.then(action(START, "e4")))


def test_a_game_that_cannot_be_read_costs_nothing_else(world: World, tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    world.control.save(path)
    for damaged in (b"\xff\xfe\xfd", b"no game at all"):
        write_attachments(path, {GAME: damaged})
        world.control.open_file(path)
        assert "The game kept beside the search cannot be read" in world.screen.last("show_error")[0]
        assert world.control.state.game == at_end(START.then(action(START, "e4")))
        assert world.tree.num_nodes > 10
