"""The game on the board with real searches: lines, text in and out, findings that come back, whole games analysed."""

from pathlib import Path

import pytest

from app.viewmodels.game_file import GameFile
from engine.domains import game_tree as trees
from engine.domains.registry import game_format
from engine.service.messages import OpenSearch, PlayActions
from tests.app.test_controller import START, World, action

PGN = game_format("chess")
assert PGN is not None
TWO = '[White "Anna"]\n[Black "Bert"]\n\n1. e4 (1. d4 d5) e5 *\n\n[White "Carl"]\n[Black "Dora"]\n\n1. c4 *\n'


@pytest.fixture
def world() -> World:
    return World(budget=60).ready().finish()


def texts(world: World) -> list[str]:
    return [cell.text for cell in world.screen.last("show_moves").cells]


def test_another_move_is_a_variation_and_undo_takes_it_away(world: World) -> None:
    desk = world.control.games
    for name in ("e4", "e5"):
        desk.play(action(world.control.state.game.current, name))
    desk.step(-1)
    desk.play(action(world.control.state.game.current, "c5"))
    assert texts(world) == ["e4", "c5"]
    desk.step(-1)
    desk.choose(1)
    desk.step(1)
    assert texts(world) == ["e4", "e5"]
    tree = world.control.state.game.tree
    assert len(trees.find(tree, world.control.state.game.here[:1]).children) == 2
    desk.delete()
    assert len(trees.find(world.control.state.game.tree, world.control.state.game.here).children) == 1
    world.control.undo()
    assert world.control.state.game.tree == tree


def test_editing_words_leaves_the_search_alone(world: World) -> None:
    world.control.play(action(START, "e4"))
    world.finish()
    sent, shown = len(world.engine.sent), world.control.session.shown
    desk, here = world.control.games, world.control.state.game.here
    desk.comment(here, "best by test")
    desk.toggle_nag(here, 1)
    desk.promote(here)
    assert (len(world.engine.sent), world.control.session.shown) == (sent, shown)
    assert "e4 $1" in desk.game_text()
    assert "best by test" in desk.game_text()
    assert desk.line_text(here) == "1. e4"


def test_what_was_found_comes_back_greyed_until_the_search_knows_more(world: World) -> None:
    before = world.screen.last("show_candidates")
    assert not before.stale
    world.control.play(action(START, "e4"))
    world.finish()
    world.control.games.step(-1)
    back = world.screen.last("show_candidates")
    assert back.stale
    assert back.rows == before.rows, "of this position, not of the one after the move"
    assert world.screen.last("show_value").stale
    world.finish()
    assert not world.screen.last("show_candidates").stale


def test_the_graph_and_the_text_have_what_was_found(world: World) -> None:
    world.control.play(action(START, "e4"))
    world.finish()
    graph = world.screen.last("show_graph")
    assert [point.white is not None for point in graph.points] == [True, True]
    assert graph.cursor == 1
    node = trees.find(PGN.read(world.control.games.game_text()).tree, world.control.state.game.here)  # type: ignore[union-attr]
    assert PGN.value(node.comment) == pytest.approx(graph.points[1].white, abs=0.01)  # type: ignore[union-attr]


def test_a_position_without_history_is_filled_from_the_game_at_hand(world: World) -> None:
    desk = world.control.games
    for name in ("e4", "e5"):
        desk.play(action(world.control.state.game.current, name))
    position, line = desk.position_text(), world.control.state.game.current
    desk.play(action(line, "Nf3"))
    desk.enter_position(position)
    record = world.screen.last("show_position")
    assert world.control.state.game.path == ()
    assert (record.action, "History is empty" in record.notice) == ("Fill", True)
    desk.fill()
    assert world.control.state.game.current == line
    assert len(world.control.state.game.path) == 3, "with what came after it"
    assert world.screen.last("show_position").notice == ""
    desk.enter_position("8/8/8/8/8/8/8/K6k w - - 0 1")
    assert world.screen.last("show_position").action == ""


def test_a_wrong_position_is_told_in_its_place(world: World) -> None:
    game = world.control.state.game
    world.control.games.enter_position("8/8/8/8/8/8/8/8 w - - 0 1")
    assert "empty" in world.screen.last("show_position").error
    assert world.control.state.game == game


@pytest.mark.parametrize("backwards", [False, True])
def test_a_whole_game_is_analysed_and_everything_is_as_before(world: World, *, backwards: bool) -> None:
    desk = world.control.games
    desk.paste("1. f3 e5 2. g4 Qh4#")
    world.control.pause()
    desk.goto(2)
    game, wish = world.control.state.game, world.control.session.wish
    desk.analyse(80, backwards=backwards)
    assert desk.analysis.is_on
    assert "Analysing position 1 of 4" in world.screen.last("show_graph").progress
    world.engine.pump_until(lambda: not desk.analysis.is_on)
    graph = world.screen.last("show_graph")
    assert all(point.white is not None for point in graph.points)
    assert graph.points[-1].white == -1.0, "mate is known without a search"
    assert graph.points[3].slip == "blunder", "2. g4 allows it"
    assert (graph.progress, graph.share) == ("", None)
    assert world.control.state.game == game
    assert (world.control.session.wish.budget, world.control.session.wish.run) == (wish.budget, False)
    assert any("Analysed 4 positions" in str(said) for kind, said in world.screen.log if kind == "say")
    desk.goto(0)
    desk.jump_to_slip(1)
    assert world.control.state.game.cursor == 3
    assert world.sent(OpenSearch if backwards else PlayActions)
    desk.analyse(80)
    assert "known already" in world.screen.last("say")


def test_going_elsewhere_ends_an_analysis(world: World) -> None:
    desk = world.control.games
    desk.paste("1. e4 e5 2. Nf3 Nc6")
    desk.analyse(40)
    world.engine.pump(2)
    budget = desk.analysis._plan.before[0]  # type: ignore[union-attr]
    desk.goto(4)
    world.engine.pump_until(lambda: not desk.analysis.is_on)
    assert "went elsewhere" in world.screen.last("say")
    assert world.control.state.game.cursor == 4
    assert world.control.session.wish.budget == budget


def test_a_file_of_several_games_is_a_list_to_choose_from(world: World, tmp_path: Path) -> None:
    path = tmp_path / "two.pgn"
    path.write_text(TWO, encoding="utf-8")
    opened: list[Path] = []
    world.control.opened_file = opened.append
    before = world.control.state.game
    world.control.open_file(path)
    world.control.tick()
    file, found = world.screen.last("show_games")
    assert isinstance(file, GameFile)
    assert (len(file), found, file.is_complete) == (2, None, True)
    assert world.control.state.game == before
    world.control.files.choose(0)
    assert texts(world) == ["e4", "e5"]
    assert opened == [path]
    world.control.files.find("dora CARL")
    assert world.screen.last("show_games")[1] == (1,)
    world.control.files.choose(1)
    assert texts(world) == ["c4"]
    world.control.files.close()
    assert world.screen.last("show_games")[0] is None


def test_several_games_on_the_clipboard_are_a_list_too(world: World) -> None:
    world.control.files.paste(TWO)
    assert len(world.screen.last("show_games")[0]) == 2
    world.control.files.paste("1. e4 (1. d4) e5")
    assert texts(world) == ["e4", "e5"]
