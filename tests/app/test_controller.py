"""The controller with real searches, but no process and no display."""

from pathlib import Path

import pytest

from app.controller import Controller
from app.viewmodels.explore import Beginning
from app.viewmodels.game import at_end
from engine.domains.registry import notation
from engine.service.messages import (
    CutBranch,
    ListGenerations,
    OpenSearch,
    PlayActions,
    RestoreBranch,
    RunSearch,
    SwitchSearch,
    UndoSteering,
)
from engine.tree.events import PruneReason
from engine.tree.recording import read_recording
from tests.app.stand_ins import AtOnce, MemoryScreen, SmallEngine

CHESS = notation("chess")
START = CHESS.parse_line("startpos")


class World:
    """A controller with its stand-ins."""

    def __init__(self, text: str = "startpos", budget: int | None = 200, domain: str = "chess") -> None:
        self.screen = MemoryScreen()
        self.engine = SmallEngine()
        line = notation(domain).parse_line(text)
        beginning = Beginning(domain, line, budget=budget)
        self.control = Controller(self.engine, self.screen, AtOnce(), beginning)
        self.engine.answered = self.control.answered
        self.engine.noticed = self.control.noticed

    def ready(self) -> "World":
        self.engine.is_ready = True
        self.control.engine_changed("ready", "")
        return self

    def finish(self) -> "World":
        self.engine.pump_until(lambda: self.word() == "finished" and not self.control.session.known.waiting)
        return self

    def word(self) -> str:
        self.control.tick()
        return str(self.screen.last("show_status").engine)

    @property
    def tree(self):  # type: ignore[no-untyped-def]
        return self.control.session.shown.tree

    def do(self, name: str, line, *amount) -> None:  # type: ignore[no-untyped-def]
        self.control.steer(getattr(self.control.branches, name), line, *amount)

    def cut(self, action: int) -> None:
        self.do("cut", self.control.line_of_action(action))

    def restore(self, action: int) -> None:
        self.do("restore", self.control.line_of_action(action))

    def sent(self, kind: type) -> list:  # type: ignore[type-arg]
        return [request for request in self.engine.sent if isinstance(request, kind)]


@pytest.fixture
def world() -> World:
    return World().ready().finish()


def action(line, text: str) -> int:  # type: ignore[no-untyped-def]
    return int(CHESS.parse_action(line, text))


def test_a_search_of_the_first_position_starts_by_itself_and_ends_with_its_budget(world: World) -> None:
    assert world.engine.kinds() == ["ListGenerations", "OpenSearch", "RunSearch"]
    assert world.sent(OpenSearch)[0].generation == "gen-000"
    assert world.tree.simulations == 200
    rows = world.screen.last("show_candidates").rows
    assert sum(row.visits for row in rows) == 199
    assert not world.screen.last("show_candidates").stale
    assert world.screen.last("show_status").progress == 1.0
    assert {arrow.kind for arrow in world.screen.last("show_board").arrows} == {"prior", "visits"}


def test_the_tree_follows_a_move_and_keeps_what_lies_below_it(world: World) -> None:
    best = world.screen.last("show_candidates").rows[0]
    world.control.play(best.action)
    assert world.screen.last("show_moves").cells[-1].text == best.text
    assert not world.screen.last("show_board").arrows, "arrows of the old root must not lie on the new board"
    world.engine.pump()
    assert world.control.session.shown.line == START.then(best.action)
    assert world.screen.last("show_candidates").rows[0].visits > 0
    world.finish()
    assert int(world.tree.stats["visits"][0]) >= best.visits + 150, "the new root gets a budget of its own"
    assert [type(r) for r in world.engine.sent[3:]] == [PlayActions, RunSearch]


def test_a_move_while_a_run_goes_on_does_not_restart_it() -> None:
    world = World(budget=None).ready()
    world.engine.pump(20)
    world.control.play(world.screen.last("show_candidates").rows[0].action)
    world.engine.pump(10)
    assert world.word() == "running"
    assert world.engine.kinds() == ["ListGenerations", "OpenSearch", "RunSearch", "PlayActions"]


def test_two_moves_before_the_first_answer_arrive_one_after_the_other() -> None:
    world = World(budget=None).ready()
    world.engine.pump(20)
    for text in ("e4", "e5", "Nf3"):
        world.control.play(action(world.control.state.game.current, text))
    world.engine.pump(10)
    assert world.control.session.shown.line == world.control.state.game.current
    assert [len(request.path) for request in world.sent(PlayActions)] == [1, 2]
    assert world.screen.last("show_status").error == ""


def test_stepping_back_opens_the_earlier_position_and_shows_the_old_search_until_then(world: World) -> None:
    world.control.play(action(START, "e4"))
    world.finish()
    shown_before = world.control.session.shown
    world.control.games.step(-1)
    assert world.control.session.shown is shown_before
    assert world.screen.last("show_candidates").stale
    world.finish()
    assert world.control.session.shown is not shown_before
    assert world.control.session.shown.line == START
    assert len(world.screen.last("show_moves").cells) == 1, "the move is still there to step forward to"


def test_a_branch_is_cut_restored_and_undone(world: World) -> None:
    chosen = world.screen.last("show_candidates").rows[0].action
    world.control.select_action(chosen)
    world.cut(chosen)
    world.engine.pump()
    world.control.tick()
    edge = world.tree.edge_of(0, chosen)
    assert world.tree.edge_pruned[edge] == PruneReason.BY_HAND
    node = world.screen.last("show_node")
    assert "by hand at simulation 200" in node.notice
    assert node.can_restore
    assert not node.can_cut
    world.restore(chosen)
    world.engine.pump()
    assert world.tree.edge_pruned[edge] == 0
    world.control.undo()
    world.engine.pump()
    assert world.tree.edge_pruned[edge] == PruneReason.BY_HAND, "undo of the restore cuts again"
    world.control.undo()
    world.engine.pump()
    assert world.tree.edge_pruned[edge] == 0
    assert [len(world.sent(kind)) for kind in (CutBranch, RestoreBranch, UndoSteering)] == [1, 1, 2]
    world.control.undo()
    assert world.screen.last("say") == "There is nothing to undo."


def test_a_cut_branch_gets_no_more_visits_while_the_search_goes_on() -> None:
    world = World(budget=None).ready()
    world.engine.pump(30)
    best = world.screen.last("show_candidates").rows[0]
    world.cut(best.action)
    world.engine.pump()
    child = int(world.tree.edge_child[world.tree.edge_of(0, best.action)])
    before = int(world.tree.stats["visits"][child])
    simulations = world.tree.simulations
    world.engine.pump(10)
    assert world.tree.simulations > simulations
    assert int(world.tree.stats["visits"][child]) == before


def test_undo_takes_a_move_back(world: World) -> None:
    world.control.play(action(START, "e4"))
    world.control.undo()
    assert world.control.state.game == at_end(START)
    assert not world.screen.last("show_moves").cells


def test_a_paused_search_still_shows_what_intuition_says_of_a_new_position(world: World) -> None:
    world.control.pause()
    world.control.games.paste("e2e4 e7e5")
    world.engine.pump(3)
    assert world.word() == "paused"
    rows = world.screen.last("show_candidates").rows
    assert len(rows) == 29
    assert sum(row.prior for row in rows) == pytest.approx(1, abs=0.01)


def test_pause_start_and_step_count_against_one_budget() -> None:
    world = World(budget=300).ready()
    world.engine.pump(5)
    world.control.toggle()
    world.engine.pump(2)
    assert world.word() == "paused"
    paused_at = world.tree.simulations
    assert 0 < paused_at < 300
    world.control.step_search(10)
    world.engine.pump(5)
    assert (world.tree.simulations, world.word()) == (paused_at + 10, "paused")
    world.control.toggle()
    world.finish()
    assert world.tree.simulations == 300
    world.control.start()
    world.finish()
    assert world.tree.simulations == 600, "Start after the end gives the budget again"


def test_a_smaller_budget_ends_a_run_that_is_past_it_and_none_lets_it_go_on() -> None:
    world = World(budget=None).ready()
    world.engine.pump(30)
    done = world.tree.simulations
    assert done > 50
    world.control.set_budget(50)
    world.engine.pump(3)
    assert world.word() == "finished"
    world.control.set_budget(done + 100)
    world.finish()
    assert world.tree.simulations == done + 100


def test_another_generation_goes_on_with_the_same_tree(world: World) -> None:
    world.control.set_generation("uniform")
    world.control.start()
    world.finish()
    assert world.sent(SwitchSearch)[0].generation == "uniform"
    assert world.control.session.shown.generation == "uniform"
    assert world.tree.simulations == 400
    world.control.set_generation("gen-999")
    world.engine.pump(3)


def test_generations_are_listed_again_while_a_search_goes_on(world: World) -> None:
    world.finish()
    before = world.tree.simulations
    listed = len(world.sent(ListGenerations))
    world.control.session.list_again()
    world.control.set_generation("uniform")
    world.finish()
    assert len(world.sent(ListGenerations)) == listed + 1
    assert world.control.session.generations
    assert world.control.session.shown.generation == "uniform"
    assert world.tree.simulations >= before, "the tree is kept"


def test_intuition_alone_ends_at_once_and_is_not_asked_for_ever(world: World) -> None:
    world.control.set_method("intuition")
    world.control.games.paste("1. d4")
    world.engine.pump(10)
    assert world.word() == "finished"
    assert world.control.session.known.done == 0, "the position was looked at before"
    assert len(world.engine.sent) < 12


def test_the_engine_dies_everything_stays_and_a_restart_takes_it_up(world: World) -> None:
    world.control.play(action(START, "d4"))
    world.engine.pump()
    tree = world.tree
    world.engine.die()
    world.control.engine_changed("failed", "The engine ended unexpectedly: killed.")
    status = world.screen.last("show_status")
    assert (status.engine, status.action) == ("failed", "Restart engine")
    assert world.screen.last("show_error")[1] == "Restart engine"
    assert world.tree is tree
    assert world.screen.last("show_candidates").stale
    assert world.screen.last("show_candidates").rows
    world.control.play(action(START.then(action(START, "d4")), "d5"))
    world.control.restart_engine()
    assert world.engine.restarts == 1
    world.control.engine_changed("starting", "")
    assert world.tree is tree
    world.ready().finish()
    assert world.tree is not tree
    assert world.tree.line == world.control.state.game.current
    assert not world.screen.last("show_candidates").stale


@pytest.mark.parametrize("pumps", [0, 1, 5])
def test_the_engine_dies_at_any_moment_and_the_wish_survives(pumps: int) -> None:
    world = World().ready()
    world.engine.pump(pumps)
    world.engine.die()
    world.control.engine_changed("failed", "The engine ended unexpectedly: killed.\nlast words of its log")
    assert world.screen.last("show_error")[0].startswith("The engine ended unexpectedly: killed.")
    assert "\n" not in world.screen.last("show_error")[0]
    world.control.start()
    assert world.engine.restarts == 1, "Start starts the engine too"
    world.ready().finish()
    assert world.tree.simulations == 200


def test_saved_after_the_engine_died_and_opened_without_one(world: World, tmp_path: Path) -> None:
    world.control.play(world.screen.last("show_candidates").rows[0].action)
    world.engine.pump(3)
    world.engine.die()
    world.control.engine_changed("failed", "killed")
    world.control.save(tmp_path / "search")
    path = tmp_path / "search.arborist"
    assert "Saved" in world.screen.last("say")
    assert read_recording(path).stream == world.control.session.shown.journal.stream()

    other = World(text="e2e4")
    other.engine.is_ready = False
    opened: list[Path] = []
    other.control.opened_file = opened.append
    other.control.open_file(path)
    assert other.word() == "replay"
    assert opened == [path]
    assert other.control.session.shown.line == other.control.state.game.current == world.control.state.game.current
    assert other.tree.simulations == world.tree.simulations
    assert other.screen.last("show_candidates").rows == world.screen.last("show_candidates").rows
    assert not other.screen.last("show_candidates").stale
    assert not other.screen.last("show_controls").live
    assert other.engine.sent == []
    other.ready()
    other.engine.pump(3)
    assert other.word() == "replay", "a recording stays a recording until the person goes on"
    other.control.start()
    other.finish()
    assert other.screen.last("show_controls").live


def test_a_damaged_recording_is_shown_as_far_as_it_goes(world: World, tmp_path: Path) -> None:
    path = tmp_path / "search.arborist"
    world.control.save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    world.control.open_file(path)
    text, _ = world.screen.last("show_error")
    assert "search.arborist" in text


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.arborist", None, "missing.arborist"),
        ("empty.arborist", b"", "empty.arborist"),
        ("text.arborist", b"hello, this is no recording at all", "text.arborist"),
        ("missing.pgn", None, "missing.pgn"),
        ("nonsense.pgn", b"hello", "nonsense.pgn was not opened"),
    ],
)
def test_a_bad_file_is_one_line_and_changes_nothing(
    world: World, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    before, shown = world.control.state.game, world.control.session.shown
    world.control.open_file(tmp_path / name)
    text, _ = world.screen.last("show_error")
    assert words in text
    assert "\n" not in text
    assert world.control.state.game == before
    assert world.control.session.shown is shown


def test_nothing_to_save_is_said() -> None:
    world = World()
    world.control.save(Path("nowhere.arborist"))
    assert world.screen.last("show_error") == ("There is no search to save yet.", "")


def test_a_generation_that_is_not_there_is_said_and_not_tried_for_ever() -> None:
    world = World()
    world.control.session.want(generation="gen-404")
    world.ready()
    world.engine.pump(5)
    assert "gen-404" in world.screen.last("show_error")[0]
    assert world.word() == "stopped"
    assert world.engine.kinds() == ["ListGenerations", "OpenSearch"]
    world.control.set_generation("uniform")
    world.control.start()
    world.finish()


def test_bad_text_is_refused_in_one_line(world: World) -> None:
    world.control.games.paste("8/8/8/8/8/8/8/8 w - - 0 1")
    text, _ = world.screen.last("show_error")
    assert text.startswith("Nothing was pasted")
    assert world.control.state.game == at_end(START)


def test_another_domain_starts_its_own_search(world: World) -> None:
    world.control.set_domain("connect_four")
    assert world.screen.last("show_board").card.style == "discs"
    assert world.screen.last("show_tree")[0] is None
    world.finish()
    assert world.sent(OpenSearch)[-1].domain == "connect_four"
    assert world.sent(OpenSearch)[-1].generation == "uniform", "there is no generation for it"
    assert len(world.screen.last("show_candidates").rows) == 7


def test_a_selected_node_is_followed_through_a_move(world: World) -> None:
    rows = world.screen.last("show_candidates").rows
    world.control.select_action(rows[0].action)
    node = world.control.state.selected
    assert world.screen.last("show_node").title == rows[0].text
    assert world.screen.last("show_selection") == (node, rows[0].action)
    grandchild = int(world.tree.edge_child[world.tree.edge_run(node)].max())
    world.control.select_node(grandchild)
    title = world.screen.last("show_node").title
    world.control.play(rows[0].action)
    world.engine.pump(2)
    world.control.tick()
    assert world.screen.last("show_node").title == title
    assert world.control.state.selected not in (-1, grandchild)


def test_an_unvisited_action_can_be_inspected_and_cut() -> None:
    world = World(budget=None).ready()
    world.engine.pump(2)
    world.control.pause()
    world.engine.pump(2)
    world.control.tick()
    row = world.screen.last("show_candidates").rows[-1]
    assert row.visits == 0
    world.control.select_action(row.action)
    assert world.screen.last("show_node").title == f"{row.text} · not visited"
    world.do("toggle", world.control.inspected_line())
    world.engine.pump()
    world.control.tick()
    rows = {row.action: row for row in world.screen.last("show_candidates").rows}
    assert rows[row.action].pruned == "cut by hand"
    assert world.screen.last("show_node").can_restore


def test_reroot_deep_into_the_tree_plays_all_moves_between(world: World) -> None:
    deepest = int(world.tree.facts["depth"][: world.tree.num_nodes].argmax())
    path = world.tree.path(deepest)
    assert len(path) > 1
    world.control.play_to(deepest)
    assert world.control.state.game.current == START.then(*path)
    world.finish()
    assert world.tree.line == START.then(*path)


def test_stop_gives_the_search_back_and_keeps_the_picture(world: World) -> None:
    tree = world.tree
    world.control.stop()
    world.engine.pump()
    assert world.word() == "stopped"
    assert world.tree is tree
    assert world.engine.kinds()[-1] == "CloseSearch"
    world.control.start()
    world.finish()
    assert world.tree is not tree


def test_a_lost_piece_of_the_journal_is_said_and_start_searches_anew(world: World) -> None:
    world.engine._offset += 5
    world.control.start()
    world.engine.pump(3)
    assert "journal" in world.screen.last("show_error")[0].lower()
    assert world.word() == "stopped"
    world.control.start()
    world.finish()


def test_records_are_sent_only_when_they_changed(world: World) -> None:
    counts = [world.screen.count(f"show_{name}") for name in ("board", "moves", "controls", "candidates")]
    for _ in range(5):
        world.control.situation_changed()
        world.control.tick()
    assert counts == [world.screen.count(f"show_{name}") for name in ("board", "moves", "controls", "candidates")]


def test_an_ended_game_is_searched_without_harm() -> None:
    world = World(text="f2f3 e7e5 g2g4 d8h4").ready()
    world.engine.pump(10)
    assert world.word() == "finished"
    assert world.screen.last("show_moves").outcome
    assert world.screen.last("show_value").value_white == -1, "Black has mated: lost for White"
