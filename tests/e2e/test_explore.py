"""Explore as a person uses it: time, pauses, questions, comparing, keeping, looks; real mouse and keys throughout.

One window serves all of these tests, because starting it takes longer than most of them. Each begins with a search that
stands still and leaves nothing behind but a larger tree.
"""

import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chess.pgn
import msgspec
import pytest
from PySide6.QtGui import QImage, QImageReader

from engine.tree.recording import read_recording
from tests.e2e.desk import Desk, missing

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux") or bool(missing()), reason=f"not installed: {missing()}"),
]

GROWN = 600
"""Simulations after which there is something to look at."""
UNHURRIED = {"budget": None, "motion": False}
"""Without a budget no search ends by itself in the middle of a test."""
HERE = str(Path(__file__).resolve().parent.parent.parent)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("explore"), "--position", "startpos", settings=UNHURRIED)
    try:
        made.until("a growing tree", lambda s: s["simulations"] > GROWN and s["tree_nodes"])
        yield made
        made.focus()
        made.press("ctrl+q")
        assert (made.program.wait(60), made.log()) == (0, "")
    finally:
        made.close()


@pytest.fixture
def desk(opened: Desk) -> Desk:
    """Stands still, at the present, with nothing selected and nothing over the window."""
    opened.focus()
    pause(opened)
    opened.press("Escape", "Escape", "ctrl+End")
    opened.until("rest", lambda s: s["moment"] is None and s["selected"] < 0 and not s["menu"])
    return opened


def run(desk: Desk) -> None:
    desk.press("space")
    desk.until("a running search", lambda s: s["run"] == "running")


def pause(desk: Desk) -> dict[str, Any]:
    if desk.state()["run"] == "running":
        desk.press("space")
    return desk.until("a pause", lambda s: s["run"] == "paused")


def along(strip: list[int], share: float) -> list[int]:
    """A point of the timeline."""
    left, top, width, height = strip
    return [left + 8 + round(share * (width - 16)), top + round(0.7 * height)]


def best_row(state: dict[str, Any]) -> list[int]:
    left, top, *_ = state["widgets"]["candidates"]
    return [left + 40, top + 44]


def test_the_past_is_looked_at_while_the_search_goes_on(desk: Desk) -> None:
    run(desk)
    strip = desk.state()["widgets"]["strip"]
    desk.drag(along(strip, 0.9), along(strip, 0.4))
    there = desk.until("a moment of the past", lambda s: s["moment"] is not None)
    # Every simulation of this search went through its root and made one node.
    assert there["moment_visits"] == there["moment"] < there["simulations"]
    assert there["moment_nodes"] <= there["moment"] + 1
    later = desk.until("a search that goes on", lambda s: s["simulations"] > there["simulations"] + 500)
    assert (later["moment"], later["moment_visits"]) == (there["moment"], there["moment_visits"])
    assert later["run"] == "running"
    desk.press("ctrl+End")
    now = desk.until("the present", lambda s: s["moment"] is None)
    assert now["moment_visits"] == now["root_visits"] > later["moment_visits"]


def test_keys_go_through_time(desk: Desk) -> None:
    end = desk.state()["simulations"]
    for key, moment in (("comma", end - 1), ("less", end - 11), ("period", end - 10), ("parenleft", end - 110)):
        desk.press(key)
        state = desk.until(f"simulation {moment} after {key}", lambda s, moment=moment: s["moment"] == moment)
        assert state["moment_visits"] == moment
        assert f"{moment:,} of {end:,}" in state["moment_shown"]
    desk.press("ctrl+Home")
    desk.until("the beginning", lambda s: s["moment"] == s["moment_visits"] == 1)
    desk.press("bracketright")
    event = desk.until("the next event, and words for it", lambda s: s["moment"] != 1 and s["said"])
    desk.press("bracketright")
    after = desk.until("another one", lambda s: s["moment"] != event["moment"])
    assert after["moment"] is None or after["moment"] > event["moment"]
    desk.press("bracketleft")
    desk.until("the first event again", lambda s: s["moment"] == event["moment"])
    desk.press("ctrl+End")
    assert desk.until("the present", lambda s: s["moment"] is None)["simulations"] == end


def test_it_pauses_at_the_very_visit_and_goes_there(desk: Desk) -> None:
    desk.push("Pause when")
    desk.click(desk.until("the list", lambda s: "Add …" in s["popup_buttons"])["popup_buttons"]["Add …"])
    offers = desk.until("what there is to wait for", lambda s: "The best move changes" in s["menu"])["menu"]
    desk.click(offers["The best move changes"])
    armed = desk.until("a row of the list", lambda s: s["armed"] == 1)
    switch = next(name for name in armed["buttons"] if name.startswith("Pause when the best move changes"))
    desk.push(switch)
    desk.until("nothing that is waited for", lambda s: s["armed"] == 0)
    desk.push(switch.replace("Pause when", "Remove:"))
    desk.until("an empty list", lambda s: switch not in s["buttons"])
    desk.press("Escape")
    desk.focus()

    row = best_row(desk.state())
    desk.click(row)
    before = desk.until("a selection", lambda s: s["selected"] > 0 and s["selected_visits"] > 0)
    desk.click(row, button=3)
    menu = desk.until("its menu", lambda s: "Pause when" in s["menu"])["menu"]
    desk.click(menu["Pause when"])
    offer = "This has so many visits …"
    desk.click(desk.until("what there is to wait for", lambda s: offer in s["menu"])["menu"][offer])
    desk.until("a question for the number", lambda s: s["popup_buttons"])
    desk.press("Return")
    desk.until("a watchpoint", lambda s: s["armed"] == 1)
    desk.focus()
    desk.press("space")
    hit = desk.until("the pause it asked for", lambda s: s["hit"] and s["run"] == "paused")
    wanted = max(100, 2 * before["selected_visits"])
    assert f"{wanted:,}" in hit["hit"]
    desk.push("Go there")
    there = desk.until("that moment", lambda s: s["moment"] is not None or s["selected_visits"] == wanted)
    assert (there["selected"], there["selected_visits"]) == (before["selected"], wanted)
    desk.press("comma")
    desk.until("one simulation before it", lambda s: s["selected_visits"] == wanted - 1)
    desk.push("Go on")
    desk.until("a search that goes on", lambda s: s["run"] == "running" and not s["hit"] and s["moment"] is None)


def test_a_question_is_counted_listed_and_walked_through(desk: Desk) -> None:
    desk.press("ctrl+f")
    desk.write("N > 20 and P < 40%")
    found = desk.until("results", lambda s: s["question"]["listed"] > 1)
    assert found["question"]["error"] == ""
    assert found["question"]["count"].endswith(f"of {found['nodes']:,} nodes")
    assert "results" in found["panels"]
    assert "inspector" not in found["panels"]
    desk.press("Return")
    first = desk.until("the first of them", lambda s: s["selected"] > 0)
    assert first["selected_visits"] > 20
    desk.press("F3")
    second = desk.until("the next", lambda s: s["selected"] not in (-1, first["selected"]))
    left, top, *_ = second["widgets"]["results"]
    desk.click([left + 30, top + 40])
    desk.until("the first again, by a click", lambda s: s["selected"] == first["selected"])
    desk.press("ctrl+f")
    desk.write("N >")
    desk.until("what is wrong with it", lambda s: s["question"]["error"])
    desk.press("ctrl+a")
    desk.write("N > 20")
    asked = desk.until("a question again", lambda s: s["question"]["text"] == "N > 20" and s["question"]["count"])
    desk.press("Escape", "Escape")
    desk.until("no question", lambda s: not s["question"]["text"] and "inspector" in s["panels"])
    assert asked["question"]["count"] != found["question"]["count"]


def test_the_count_follows_the_search(desk: Desk) -> None:
    desk.press("ctrl+f")
    desk.write("depth = 1")
    before = desk.until("a count", lambda s: s["question"]["count"])["question"]["count"]
    desk.press("Return")
    desk.push("Start")
    desk.until("another count", lambda s: s["question"]["count"] not in ("", before))
    desk.focus()
    desk.press("ctrl+f", "Escape", "Escape")
    desk.until("no question", lambda s: not s["question"]["text"])


def test_two_searches_beside_each_other(desk: Desk) -> None:
    desk.press("ctrl+d")
    asked = desk.until("the choices", lambda s: "Intuition of the other search" in s["choosers"])
    desk.click(asked["choosers"]["Intuition of the other search"])
    desk.press("End", "Return")
    desk.push("Compare with this search")
    # Its words come a moment after the strip, and move its buttons.
    said = desk.until(
        "what sets them apart",
        lambda s: s["compared"] and s["compared"]["differences"] and s["compared"]["agreement"],
    )
    for _ in range(5):
        desk.push("Two pictures with the same places")
        time.sleep(1.0)
        if len(desk.state()["compared"]["canvases"]) == 2:
            break
    both = desk.until("two pictures", lambda s: s["compared"] and len(s["compared"]["canvases"]) == 2)
    assert all(min(canvas[2:]) > 100 for canvas in both["compared"]["canvases"])
    names = said["compared"]["names"]
    assert "uniform" in names[1]
    assert "uniform" not in names[0]
    desk.focus()
    desk.press("Escape")
    desk.until("one tree", lambda s: s["compared"] is None and "tree" in s["widgets"])


def test_a_cut_is_undone_and_done_again(desk: Desk) -> None:
    desk.click(best_row(desk.state()))
    desk.until("a selection", lambda s: s["selected"] > 0)
    desk.press("x")
    desk.until("a cut", lambda s: s["pruned"])
    desk.press("ctrl+z")
    desk.until("none", lambda s: not s["pruned"])
    desk.press("ctrl+shift+z")
    desk.until("the cut again", lambda s: s["pruned"])
    desk.push("Restore")
    desk.until("none", lambda s: not s["pruned"])


def test_views_arrangements_and_colours(desk: Desk) -> None:
    for view in ("icicle", "radial", "link"):
        desk.press("v")
        state = desk.until(f"the {view} view", lambda s, view=view: s["view"] == view and s["tree_nodes"])
        desk.click(state["tree_nodes"]["1"])
        desk.until("the node that was clicked", lambda s: s["selected"] == 1)
        desk.press("Escape")
    wide = desk.state()
    desk.click([wide["widgets"]["tree"][0] + 60, wide["widgets"]["tree"][1] + 12])
    desk.press("Tab")
    desk.until("the tree alone", lambda s: not s["panels"] and s["widgets"]["tree"][2] > wide["widgets"]["tree"][2])
    desk.press("Tab")
    desk.until("all panels", lambda s: s["panels"] == wide["panels"])
    desk.press("ctrl+t")
    desk.until("the light theme", lambda s: s["theme"] == "light")
    desk.press("ctrl+shift+p")
    desk.write("light theme")
    desk.press("Return")
    desk.until("the dark theme, by the palette", lambda s: s["theme"] == "dark")
    desk.focus()


def test_a_note_is_written(desk: Desk) -> None:
    desk.click(best_row(desk.state()))
    desk.until("a selection", lambda s: s["selected"] > 0)
    desk.press("ctrl+m")
    desk.until("the notes in front", lambda s: "notes" in s["panels"])
    desk.write("worth a look")
    desk.press("Return")
    desk.until("the note", lambda s: s["notes"] == ["worth a look"])


def test_a_search_is_given_away_as_every_kind_of_file(desk: Desk, tmp_path: Path) -> None:
    for name in ("picture.svg", "game.pgn"):
        desk.press("ctrl+e")
        desk.focus_dialog("Export the tree")
        desk.press("ctrl+a")
        desk.write(str(tmp_path / name))
        desk.press("Return")
        desk.until(f"{name}, written", lambda s, name=name: f"Wrote {name}" in s["said"])
        desk.focus()
    check_svg(tmp_path / "picture.svg")
    check_pgn(tmp_path / "game.pgn")
    recording = tmp_path / "search.arborist"
    desk.press("ctrl+s")
    desk.focus_dialog("Save recording")
    desk.press("ctrl+a")
    desk.write(str(recording))
    desk.press("Return")
    desk.until("a saved file", lambda s: "Saved" in s["said"])
    desk.focus()
    assert not read_recording(recording).damage
    for suffix, check in CHECKS.items():
        check(replayed(recording, tmp_path / f"tree{suffix}"))
    for suffix, needed in ((".mp4", "av"), (".parquet", "pyarrow")):
        if has(needed):
            check = {".mp4": check_film, ".parquet": check_parquet}[suffix]
            check(replayed(recording, tmp_path / f"tree{suffix}"))


def has(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def replayed(recording: Path, target: Path) -> Path:
    """An export of the recording's first part, without a window."""
    words = ["replay", str(recording), "--at", "500", "--export", str(target), "--seconds", "1", "--size", "640x400"]
    command = [sys.executable, "-m", "engine.cli", *words]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return target


def check_png(path: Path) -> None:
    image = QImage(str(path))
    assert (image.width(), image.height()) == (640, 400)
    assert len({image.pixel(x, y) for x in range(0, 640, 4) for y in range(0, 400, 4)}) > 20


def check_svg(path: Path) -> None:
    drawn = ET.parse(path).getroot()
    assert drawn.tag.endswith("svg")
    assert len(list(drawn.iter())) > 50
    assert any("e4" in text for text in drawn.itertext())


def check_html(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    assert "<svg" in page
    assert "<script" in page
    assert "src=" not in page.replace('src="data:', "")


def check_gif(path: Path) -> None:
    assert QImageReader(str(path)).imageCount() > 5


def check_film(path: Path) -> None:
    import av

    with av.open(str(path)) as film:
        frames = [frame.to_ndarray(format="gray") for frame in film.decode(video=0)]
    assert len(frames) > 5
    assert abs(frames[0].astype(int) - frames[-1]).mean() > 0.1


def check_pgn(path: Path) -> None:
    with path.open(encoding="utf-8") as lines:
        game = chess.pgn.read_game(lines)
    assert game is not None
    assert not game.errors
    assert len(game.variations) > 2


def check_json(path: Path) -> None:
    graph = msgspec.json.decode(path.read_bytes())
    assert len(graph["nodes"]) == 500


def check_graphml(path: Path) -> None:
    nodes = ET.parse(path).getroot().iter("{http://graphml.graphdrawing.org/xmlns}node")
    assert len(list(nodes)) == 500


def check_parquet(path: Path) -> None:
    from pyarrow import parquet

    assert parquet.read_table(path).num_rows == 500


CHECKS = {
    ".png": check_png,
    ".html": check_html,
    ".gif": check_gif,
    ".json": check_json,
    ".graphml": check_graphml,
}


@pytest.mark.parametrize("scale", [1.25, 2.0])
def test_a_sharper_display(tmp_path: Path, scale: float) -> None:
    desk = Desk(tmp_path, "--position", "startpos", scale=scale, settings=UNHURRIED)
    try:
        state = desk.until("a growing tree", lambda s: s["simulations"] > 100 and s["tree_nodes"])
        assert state["window"][2:] == [round(scale * 1280), round(scale * 800)]
        for name, (left, top, width, height) in state["widgets"].items():
            assert left + width <= state["window"][2] + 1, name
            assert top + height <= state["window"][3] + 1, name
        desk.focus()
        desk.click(state["tree_nodes"]["1"])
        desk.until("the node that was clicked", lambda s: s["selected"] == 1)
        desk.drag(state["cells"][12], state["cells"][28])
        desk.until("the tree after e4", lambda s: s["moves"] == 1 and s["root_visits"] > 50)
        desk.press("ctrl+q")
        assert (desk.program.wait(60), desk.log()) == (0, "")
    finally:
        desk.close()
