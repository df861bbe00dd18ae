"""A match as a person plays it: set up, started, watched, paused, gone on with, finished; mouse and keys throughout."""

import sys
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.e2e.desk import Desk, missing

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux") or bool(missing()), reason=f"not installed: {missing()}"),
]

PAIRS = 20


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("arena")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARBORIST_DATA", str(folder / "data"))
        made = Desk(folder / "desk", "--workspace", "arena", settings={"motion": False})
    try:
        made.until("a list of matches", lambda s: s["arena"] and s["arena"]["jobs"] == "ready")
        made.focus()
        yield made
        made.focus()
        made.press("ctrl+q")
        assert (made.program.wait(60), made.log()) == (0, "")
    finally:
        made.close()


def match(state: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = state["arena"]["match"]
    return shown


def duel(state: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = state["arena"]["head_to_head"]
    return shown


def turn_to(desk: Desk, page: str) -> None:
    """Go through the pages until one is shown."""
    while (at := desk.state()["arena"]["page"]) != page:
        desk.press("ctrl+Tab")
        desk.until("the next page", lambda s, at=at: s["arena"]["page"] != at)  # type: ignore[misc]


def choose(desk: Desk, chooser: str, *keys: str) -> None:
    """Open a list, and press keys in it."""
    place = desk.until(f"the chooser {chooser!r}", lambda s: chooser in s["choosers"])["choosers"][chooser]
    desk.click(place)
    desk.press(*keys, "Return")


def test_a_match_is_set_up_watched_paused_and_finished(desk: Desk) -> None:
    choose(desk, "Domain", "End")
    desk.until("Connect Four", lambda s: match(s)["a"] == "uniform@64")
    budget = desk.state()["choosers"]["Player A: simulations"]
    desk.click([budget[0] + 30, budget[1] + budget[3] // 2], times=3)
    desk.write("3000\n")
    choose(desk, "Question", "Down")
    field = desk.until("the number of pairs", lambda s: "Pairs of games" in s["numbers"])["numbers"]["Pairs of games"]
    desk.click([field[0] + 30, field[1] + field[3] // 2], times=3)
    desk.press("ctrl+a")
    desk.write(f"{PAIRS}\n")
    desk.until("the players", lambda s: (match(s)["a"], match(s)["b"]) == ("uniform@3000", "uniform"))
    desk.push("Start")
    desk.until("live boards", lambda s: match(s)["plies"] > 0 and match(s)["boards"] > 3)
    desk.press("ctrl+Return")
    paused = match(desk.until("a pause", lambda s: not match(s)["busy"] and match(s)["stopped"] == "by hand"))
    assert paused["finished"] < 2 * PAIRS
    assert paused["listed"] == [[paused["match"], "paused"]]

    desk.press("ctrl+1")
    desk.until("Explore", lambda s: s["workspace"] == "explore" and "board" in s["panels"])
    desk.press("ctrl+2")
    desk.until("the match again", lambda s: s["workspace"] == "arena" and not s["panels"])
    desk.until("a way on", lambda s: "Go on" in s["buttons"])
    desk.press("ctrl+Return")
    over = match(desk.until("the end", lambda s: not match(s)["busy"] and match(s)["stopped"] == "pairs"))
    assert over["match"] == paused["match"]
    assert (over["finished"], over["counted"]) == (2 * PAIRS, 2 * PAIRS)
    assert sum(over["pentanomial"]) == PAIRS
    assert over["pentanomial"][4] > over["pentanomial"][0]
    assert over["plies"] >= paused["plies"]
    desk.until("its new state in the list", lambda s: match(s)["listed"] == [[over["match"], "over"]])


def test_a_game_is_opened_from_the_wall_and_stepped_with_keys(desk: Desk) -> None:
    tiles = match(desk.until("boards", lambda s: match(s)["tiles"]))["tiles"]
    number, tile = next(iter(tiles.items()))
    desk.click(tile)
    game = desk.until("the game", lambda s: s["arena"]["page"] == "game" and s["arena"]["game"]["of"])["arena"]["game"]
    assert game["game"] == int(number)
    desk.press("Home")
    desk.until("the opening", lambda s: s["arena"]["game"]["played"] == 0)
    desk.press("Right", "Right", "Left", "Right")
    desk.until("both thoughts", lambda s: s["arena"]["game"]["played"] == 2 and not s["arena"]["game"]["waiting"])
    desk.press("End")
    over = desk.until("the end", lambda s: s["arena"]["game"]["played"] == s["arena"]["game"]["of"])
    assert "four in a row" in over["arena"]["game"]["result"] or "drawn" in over["arena"]["game"]["result"].lower()
    desk.press("Escape")
    desk.until("the match's page", lambda s: s["arena"]["page"] == "match")


def test_the_ladder_rates_what_is_stored(desk: Desk) -> None:
    turn_to(desk, "ladder")
    choose(desk, "Domain", "End")
    rated = desk.until("both players", lambda s: len(s["arena"]["ladder"]["players"]) == 2)["arena"]["ladder"]
    (first, best, _), (second, worst, _) = rated["players"]
    assert (first, second) == ("uniform@3000", "uniform@0")
    assert best > worst


def test_two_players_meet_on_a_position_that_is_typed_in(desk: Desk) -> None:
    turn_to(desk, "head_to_head")
    first = desk.until("a first duel", lambda s: duel(s)["rows"] and not duel(s)["waiting"])
    desk.click(first["texts"]["Position as text"])
    desk.press("ctrl+a")
    desk.write("6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1")
    desk.press("Return")
    typed = desk.until("both thoughts", lambda s: duel(s)["position"].startswith("6k1/") and not duel(s)["waiting"], 30)
    shown = duel(typed)
    assert "Ra8#" in shown["rows"]
    assert all(" for White" in side for side in shown["sides"])
    turn_to(desk, "match")


def test_an_engine_that_dies_is_said_and_what_was_played_is_kept(desk: Desk) -> None:
    state = desk.state()
    before = match(state)["match"]
    assert state["arena"]["error"] == ""
    engines = psutil.Process(desk.program.pid).children()
    others = [engine for engine in engines if engine.pid != state["engine_process"]]
    min(others, key=psutil.Process.create_time).kill()  # the one for thoughts came later
    desk.until("an error", lambda s: "ended" in s["arena"]["error"])
    desk.push("Restart")
    back = desk.until("a new engine", lambda s: s["arena"]["jobs"] == "ready" and not s["arena"]["error"])
    assert match(back)["match"] == before
    assert match(back)["listed"] == [[before, "over"]]
