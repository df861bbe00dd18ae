"""The desks of ladder, matrix, disagreements and generations against an engine that answers on cue."""

from pathlib import Path

import pytest

from app.arena.disagreements import DisagreementBrowser
from app.arena.generations import GenerationShelf
from app.arena.job import Job
from app.arena.kept_anchors import KeptAnchors
from app.arena.ladder import Ladder
from app.arena.matrix import Matrix
from engine.service.arena_messages import (
    DisagreementFound,
    Disagreements,
    ExportGeneration,
    FindDisagreements,
    GenerationInUse,
    GenerationShown,
    ImportGeneration,
    JobProgress,
    PauseJob,
    RemoveGeneration,
    RunLadder,
    RunMatrix,
    ShowGeneration,
)
from engine.service.messages import Done, Failed
from tests.app.arena.engines import GENERATIONS, MATCHES, Conversation, Matched, ladder, match, player, rate
from tests.app.viewmodels.test_arena_disagreements import D4, E4, NF3, found


class Screen:
    """Keeps what it was shown last. `count`: how often it was shown anything."""

    def __init__(self):
        self.record, self.count, self.said = None, 0, []

    def show(self, record):
        self.record, self.count = record, self.count + 1

    show_ladder = show_matrix = show_disagreements = show_generations = show

    def say(self, text):
        self.said.append(text)


class Catalogue:
    def __init__(self, generations=GENERATIONS):
        self.generations, self.trouble, self.refreshed = generations, "", 0

    def of_domain(self, domain):
        return tuple(info for info in self.generations if info.domain == domain)

    def refresh(self):
        self.refreshed += 1


@pytest.fixture
def jobs():
    return Conversation()


def make_ladder(jobs, *matches):
    screen = Screen()
    desk = Ladder(screen, jobs.talk, Matched(*matches), find=lambda name: f"/usr/games/{name}")
    jobs.talk.watchers.append(desk.conversation_changed)
    return desk, screen


# -- one job ---------------------------------------------------------------------------------------------------------


def begin(job, ended, heard=None):
    return job.begin("Waiting", lambda number: RunLadder(id=number, domain="chess"), ended.append, heard)


def test_a_job_tells_its_progress_until_its_answer(jobs):
    changes, ended = [], []
    job = Job(jobs.talk, lambda: changes.append(job.record))
    assert begin(job, ended)
    assert job.record.text == "Waiting"
    jobs.talk.noticed(JobProgress(text="a against b", done=30, total=120, seconds_left_s=200.0))
    assert job.record.text == "a, intuition against b, intuition: 30 of 120, about 3 min left"
    assert job.record.share == 0.25
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert len(ended) == 1
    assert not job.record.running
    assert changes[-1] == job.record


def test_pausing_is_said_and_asked_once(jobs):
    job = Job(jobs.talk, lambda: None)
    begin(job, [])
    job.pause()
    job.pause()
    assert jobs.kinds() == ["RunLadder", "PauseJob"]
    jobs.talk.noticed(JobProgress(text="x", done=1, total=2))
    assert job.record.pausing
    assert job.record.text.startswith("Finishing")
    request = jobs.take(RunLadder)
    jobs.answer(PauseJob, lambda pause: Done(id=pause.id))
    assert job.record.running, "the job's own answer is still to come"
    jobs.talk.answered(ladder(request.id))
    assert not job.record.running


def test_what_fails_is_said_where_it_happened(jobs):
    job, ended = Job(jobs.talk, lambda: None), []
    begin(job, ended)
    jobs.answer(RunLadder, lambda request: Failed(id=request.id, kind="engine", text="The device is gone."))
    assert job.record.error == "The device is gone."
    assert not ended
    job.dismiss()
    assert job.record.error == ""


def test_one_job_at_a_time_whoever_asks(jobs):
    first, second, ended = Job(jobs.talk, lambda: None), Job(jobs.talk, lambda: None), []
    begin(first, ended)
    assert not begin(second, ended)
    assert "another page" in second.record.blocked
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    second.let_go()
    assert second.record.blocked == ""
    assert begin(second, ended)


# -- the ladder ------------------------------------------------------------------------------------------------------


def test_opening_the_ladder_rates_what_is_stored_and_plays_nothing(jobs):
    desk, screen = make_ladder(jobs, *MATCHES)
    desk.open("chess")
    request = jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert (request.domain, request.players) == ("chess", ())
    assert [row.name for row in screen.record.rows][:2] == ["Stockfish at 1,320", "gen-001, intuition"]
    assert screen.record.scale == "Elo relative to Stockfish at 1320."
    assert jobs.kinds() == []


def test_the_ladder_waits_for_another_pages_job(jobs):
    desk, screen = make_ladder(jobs)
    other = Job(jobs.talk, lambda: None)
    begin(other, [])
    desk.open("chess")
    assert jobs.kinds() == ["RunLadder"]
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert jobs.kinds() == ["RunLadder"], "now that the other is over it is rated"
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert screen.record.rows
    assert jobs.kinds() == []


STOCKFISH = "uci:/usr/games/stockfish,UCI_LimitStrength=true,UCI_Elo={},nodes=100000"


def test_running_a_ladder_seats_neighbours_holds_anchors_and_rates_everybody_again(jobs):
    desk, screen = make_ladder(jobs, *MATCHES, match(STOCKFISH.format(1350), "gen-001@0", 9))
    desk.open("chess")
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert not screen.record.can_run
    stockfish = screen.record.choices[0]
    for name, elo in (("random", None), (stockfish.player, stockfish.elo), ("gen-001@0", None), ("maia@0", None)):
        desk.add(name, elo)
    desk.add("random")
    desk.set_pairs(40)
    desk.set_pairing(all_meet=True)
    assert screen.record.can_run
    assert "6 pairings, 480 games" in screen.record.cost
    desk.run()
    request = jobs.take(RunLadder)
    assert request.players == (stockfish.player, "gen-001@0", "maia@0", "random")
    assert (request.pairs, request.pairing, request.anchors) == (40, "all", {stockfish.player: 1350.0})
    jobs.talk.answered(rate(request.id, player("gen-001@0", 1.0, 0.0, 2.0), stopped="by hand"))
    again = jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert (again.players, again.anchors) == ((), {stockfish.player: 1350.0})
    assert len(screen.record.rows) == 5
    assert any("Not all games were played" in sentence for sentence in screen.record.sentences)


def test_without_a_wish_the_weakest_engine_that_states_its_elo_holds_the_scale(jobs):
    stored = tuple(match(STOCKFISH.format(elo), "gen-001@0", elo - 1349) for elo in (1700, 1350))
    desk, _ = make_ladder(jobs, *stored, match(STOCKFISH.format(1310), "gen-001@0", 9, games=0))
    desk.open("chess")
    assert jobs.answer(RunLadder, lambda request: ladder(request.id)).anchors == {STOCKFISH.format(1350): 1350.0}


def test_a_list_of_matches_that_comes_late_brings_its_anchor(jobs):
    desk, _ = make_ladder(jobs)
    desk.open("chess")
    assert jobs.answer(RunLadder, lambda request: ladder(request.id)).anchors == {}
    desk._matches.listed = (match(STOCKFISH.format(1350), "gen-001@0", 9),)
    desk.matches_changed()
    assert jobs.answer(RunLadder, lambda request: ladder(request.id)).anchors == {STOCKFISH.format(1350): 1350.0}
    desk.matches_changed()
    assert jobs.kinds() == []


def test_holding_a_player_rates_anew_and_a_second_anchor_is_not_set_by_itself(jobs):
    stored = (match(STOCKFISH.format(elo), "gen-001@0", elo - 1349) for elo in (1350, 1500))
    desk, screen = make_ladder(jobs, *stored)
    desk.open("chess")
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    one, two = screen.record.choices[0], screen.record.choices[1]
    desk.add(one.player, one.elo)
    desk.add(two.player, two.elo)
    assert desk.plan.anchors == ((one.player, 1350.0),)
    desk.hold(two.player, 1500.0)
    request = jobs.answer(RunLadder, lambda request: ladder(request.id))
    assert request.anchors == {one.player: 1350.0, two.player: 1500.0}
    desk.hold("never-played@0", 5.0)
    assert jobs.kinds() == [], "who has not played cannot hold a scale"
    desk.remove(one.player)
    assert dict(desk.plan.anchors) == {two.player: 1500.0, "never-played@0": 5.0}
    desk.hold(two.player, None)
    assert desk.plan.anchors == (("never-played@0", 5.0),)


def test_an_empty_ladder_says_what_to_do(jobs):
    desk, screen = make_ladder(jobs)
    desk.open("connect_four")
    jobs.answer(RunLadder, lambda request: rate(request.id))
    assert screen.record.empty.startswith("No match of this domain is stored yet")
    assert screen.record.choices == ()


def test_all_players_on_the_ladder_can_take_part(jobs):
    desk, screen = make_ladder(jobs)
    desk.open("chess")
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    desk.take_all()
    assert len(screen.record.plan_rows) == 5
    assert screen.record.plan_rows[-1][0] == "random"


# -- the matrix ------------------------------------------------------------------------------------------------------


def make_matrix(jobs):
    screen = Screen()
    return Matrix(screen, jobs.talk, Matched(*MATCHES), Catalogue()), screen


def test_the_matrix_opens_with_what_is_stored(jobs):
    desk, screen = make_matrix(jobs)
    desk.open("chess")
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    record = screen.record
    assert record.generations == ("gen-000", "gen-001", "maia")
    assert [[cell.text for cell in row] for row in record.cells] == [
        ["1,100", "1,270", ""],
        ["1,290", "", ""],
        [""] * 3,
    ]
    assert record.row_gains[0].text == "+170"
    assert record.column_gains[0].text == "+190"
    assert record.fuel == ("gen-001's intuition is beyond gen-000 with 16 simulations.",)


def test_the_matrix_runs_the_chosen_rows_and_columns(jobs):
    desk, screen = make_matrix(jobs)
    desk.open("chess")
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    desk.choose_generation("maia", chosen=False)
    desk.choose_budget(64, chosen=False)
    desk.choose_budget(4, chosen=True)
    desk.set_pairs(10)
    desk.run()
    request = jobs.answer(RunMatrix, lambda request: ladder(request.id))
    assert jobs.answer(RunLadder, lambda again: ladder(again.id)).players == (), "on the scale of all pages"
    assert (request.generations, request.budgets, request.pairs) == (("gen-000", "gen-001"), (0, 4, 16), 10)
    assert desk._matches.refreshed == 1
    for budget in (0, 4, 16):
        desk.choose_budget(budget, chosen=False)
    assert not screen.record.can_run
    desk.choose_generation("maia", chosen=True)
    assert screen.record.generations == ("gen-000", "gen-001", "maia")


def test_a_cell_leads_to_its_matches(jobs):
    desk, screen = make_matrix(jobs)
    desk.open("chess")
    desk.select((0, 0))
    assert [neighbour.match for neighbour in screen.record.neighbours] == [MATCHES[0].match, MATCHES[1].match]
    desk.select(None)
    assert screen.record.neighbours == ()


# -- disagreements ---------------------------------------------------------------------------------------------------


def make_browser(jobs):
    screen = Screen()
    return DisagreementBrowser(screen, jobs.talk, Matched(*MATCHES)), screen


def test_disagreements_come_in_one_by_one_and_are_counted_at_the_end(jobs):
    desk, screen = make_browser(jobs)
    desk.open("chess")
    desk.set_players("gen-001@0", "gen-000@64")
    desk.set_amounts(500, 2)
    desk.run()
    request = jobs.engine.sent[0]
    assert (request.a, request.b, request.positions, request.judged) == ("gen-001@0", "gen-000@64", 500, 2)
    small, wide = found(E4, D4, E4, (0.0, 0.2), gap=0.2), found(D4, NF3, NF3, (0.9, 0.0), gap=0.9)
    for one in (small, wide):
        jobs.talk.noticed(DisagreementFound(found=one))
    assert [tile.right for tile in screen.record.tiles] == ["B", "A"]
    assert screen.record.summary == "2 positions judged so far."
    jobs.answer(
        FindDisagreements,
        lambda asked: Disagreements(id=asked.id, found=(wide, small), positions=500, differing=77, judge="gen-000@800"),
    )
    assert screen.record.summary.startswith("They differ on 77 of 500 positions; of the 2 judged by gen-000")


def test_a_stored_match_brings_its_players_and_others_leave_it(jobs):
    desk, screen = make_browser(jobs)
    desk.open("chess")
    desk.set_match(MATCHES[0].match)
    assert (screen.record.a, screen.record.b) == ("gen-001@0", "gen-000@0")
    desk.set_players("gen-001@0", "gen-000@0")
    assert screen.record.match == MATCHES[0].match
    desk.set_players("gen-001@0", "random")
    assert screen.record.match == ""


def test_nobody_disagrees_with_himself(jobs):
    desk, screen = make_browser(jobs)
    desk.open("chess")
    desk.set_players("random", "random")
    assert not screen.record.can_run
    desk.run()
    assert jobs.kinds() == []


def test_no_disagreement_is_an_answer_too(jobs):
    desk, screen = make_browser(jobs)
    desk.open("chess")
    desk.set_players("gen-001@0", "gen-000@0")
    assert screen.record.empty.startswith("Choose two players")
    desk.run()
    assert screen.record.empty == ""
    jobs.answer(
        FindDisagreements, lambda asked: Disagreements(id=asked.id, found=(), positions=9, differing=0, judge="")
    )
    assert screen.record.empty.startswith("They agree on every position")


# -- generations -----------------------------------------------------------------------------------------------------


def make_shelf(jobs):
    screen, catalogue = Screen(), Catalogue()
    desk = GenerationShelf(screen, jobs.talk, catalogue, Matched(*MATCHES))
    desk.open()
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    return desk, screen, catalogue


def card(request, name="gen-001", parent="gen-000"):
    return GenerationShown(id=request.id, card={"id": name, "domain": "chess", "parent": parent, "name": "one"})


def test_a_generation_is_read_when_it_is_chosen(jobs):
    desk, screen, _ = make_shelf(jobs)
    assert screen.record.lineage.nodes[0].rating.elo == 1100.0
    desk.select("gen-001")
    assert screen.record.card is None
    jobs.answer(ShowGeneration, card)
    assert (screen.record.card.title, screen.record.can_play_parent) == ("gen-001", True)


def test_a_list_of_matches_that_comes_late_is_rated_once(jobs):
    screen, matches = Screen(), Matched()
    desk = GenerationShelf(screen, jobs.talk, Catalogue(), matches)
    desk.open()
    assert jobs.kinds() == []
    matches.listed = MATCHES
    desk.matches_changed()
    jobs.answer(RunLadder, lambda request: ladder(request.id))
    desk.matches_changed()
    assert jobs.kinds() == []
    assert screen.record.lineage.nodes[0].rating.elo == 1100.0
    desk.open()
    assert jobs.kinds() == ["RunLadder"]


def test_an_answer_for_another_selection_is_dropped(jobs):
    desk, screen, _ = make_shelf(jobs)
    desk.select("gen-001")
    desk.select("maia")
    jobs.answer(ShowGeneration, card)
    assert screen.record.card is None
    jobs.answer(ShowGeneration, lambda request: card(request, "maia", None))
    assert not screen.record.can_play_parent


def test_importing_selects_the_new_one_and_a_refusal_is_shown(jobs):
    desk, screen, catalogue = make_shelf(jobs)
    desk.bring_in(Path("/nets/maia-1100.pb.gz"))
    assert screen.record.busy == "Importing maia-1100.pb.gz ..."
    request = jobs.answer(ImportGeneration, lambda request: card(request, "maia-1100", None))
    assert request.path == "/nets/maia-1100.pb.gz"
    assert (screen.record.selected, screen.record.busy) == ("maia-1100", "")
    assert catalogue.refreshed == 2
    assert screen.said == ["Imported maia-1100.pb.gz as maia-1100."]
    desk.bring_in(Path("/nets/t3.pb.gz"))
    jobs.answer(ImportGeneration, lambda request: Failed(id=request.id, kind="input", text="t3: attention is unknown."))
    assert screen.record.error == "t3: attention is unknown."
    desk.bring_in(Path("/nets/paper.pdf"))
    assert "no network" in screen.record.error
    assert jobs.kinds() == []


def test_exporting_needs_a_known_suffix(jobs):
    desk, screen, _ = make_shelf(jobs)
    desk.select("gen-001")
    jobs.answer(ShowGeneration, card)
    desk.take_out(Path("/tmp/x.zip"))
    assert "names no format" in screen.record.error
    desk.take_out(Path("/tmp/x.onnx"))
    request = jobs.answer(ExportGeneration, lambda request: Done(id=request.id))
    assert (request.generation, request.path) == ("gen-001", "/tmp/x.onnx")
    assert screen.said == ["gen-001 is written to /tmp/x.onnx."]


def test_matches_that_need_a_generation_are_told_before_it_goes(jobs):
    desk, screen, _ = make_shelf(jobs)
    desk.select("gen-001")
    jobs.answer(ShowGeneration, card)
    desk.ask_remove()
    desk.remove()

    def in_use(request):
        assert not request.even_if_in_use
        return GenerationInUse(id=request.id, generation="gen-001", matches=("m", "n"))

    jobs.answer(RemoveGeneration, in_use)
    assert screen.record.selected == "gen-001"
    assert screen.record.confirm.startswith("2 stored matches were played with gen-001")
    assert desk.keep()
    desk.ask_remove()
    desk.remove()
    jobs.answer(RemoveGeneration, in_use)
    desk.remove()

    def gone(request):
        assert request.even_if_in_use, "the question told of the matches"
        return Done(id=request.id)

    jobs.answer(RemoveGeneration, gone)
    assert screen.record.selected == ""


def test_nothing_is_removed_unasked(jobs):
    desk, screen, catalogue = make_shelf(jobs)
    desk.select("gen-001")
    jobs.answer(ShowGeneration, card)
    desk.remove()
    assert jobs.kinds() == []
    desk.ask_remove()
    assert screen.record.confirm.startswith("Delete gen-001 for good?")
    assert desk.keep()
    assert not desk.keep()
    desk.ask_remove()
    desk.remove()
    jobs.answer(RemoveGeneration, lambda request: Failed(id=request.id, kind="state", text="gen-002 descends from it."))
    assert (screen.record.error, screen.record.selected) == ("gen-002 descends from it.", "gen-001")
    desk.ask_remove()
    desk.remove()
    jobs.answer(RemoveGeneration, lambda request: Done(id=request.id))
    assert screen.record.selected == ""
    assert catalogue.refreshed == 2


def test_whom_a_person_holds_is_held_again_next_time(jobs):
    changed = []
    for kept in (None, {"chess": {"gen-000@0": 800.0}}):
        desk = Ladder(Screen(), jobs.talk, Matched(*MATCHES), KeptAnchors(kept, changed.append))
        desk.open("chess")
        assert dict(desk.plan.anchors) == (kept or {}).get("chess", {})
        desk.hold("gen-000@0", 900.0)
        desk.hold("gen-000@0", None)
    assert changed == [{"chess": {"gen-000@0": 900.0}}, {}] * 2
    held = [request.anchors for request in jobs.engine.sent if isinstance(request, RunLadder)]
    assert held, "the scale is fetched"
