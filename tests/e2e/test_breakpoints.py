"""Breakpoints and single simulations in the real window: typed, reached, gone to, stepped around, and gone on from."""

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.desk import Desk, missing

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux") or bool(missing()), reason=f"not installed: {missing()}"),
]


def test_a_query_pauses_the_search_and_the_playhead_goes_to_the_very_simulation(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "--position", "startpos")
    try:
        desk.until("a tree", lambda s: s["engine"] == "ready" and s["simulations"] > 100 and s["tree_nodes"])
        desk.focus()
        desk.press("space")
        desk.until("a pause", lambda s: s["run"] == "paused")
        desk.press("ctrl+b")
        desk.until("the list", lambda s: "Add …" in s["popup_buttons"])
        before = desk.state()["simulations"]
        desk.press("Tab")
        desk.write(f"N > {before + 300} and depth == 0")
        desk.press("Return", "Escape")
        desk.until("no list", lambda s: "Add …" not in s["popup_buttons"])
        desk.press("space")
        state = desk.until("the hit", lambda s: s["hit"])
        found = re.search(r"at simulation ([\d,]+) there was 1 node with N > ", state["hit"])
        assert found is not None
        moment = int(found[1].replace(",", ""))
        assert moment == before + 301, "the root has as many visits as simulations were done"
        assert moment <= state["simulations"]
        desk.push("Go there")
        there = moment if moment < state["simulations"] else None
        desk.until("the moment", lambda s: s["moment"] == there and s["selected"] == 0)
        desk.press("comma")
        desk.until("one back", lambda s: (s["moment"], s["taken_apart"]) == (moment - 1, moment - 1))
        desk.press("period")
        desk.until("one on", lambda s: s["moment"] == there and s["taken_apart"] == moment)
        desk.push("Go on")
        desk.until("more of it", lambda s: s["simulations"] > state["simulations"] and not s["hit"])
    finally:
        desk.close()
