"""A round as a person makes it: set up, begun, watched, paused, its lessons looked at, gone on with, judged."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.desk import Desk, missing

pytestmark = [
    pytest.mark.window,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not sys.platform.startswith("linux") or bool(missing()), reason=f"not installed: {missing()}"),
]

SIZE = """
like = "small"
games = 96
shard_games = 32
fuel_pairs = 4
match_pairs = 8
search_pairs = 4
[play]
simulations = 48
[learn]
batch = 64
reuse = 4.0
checks = 3
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("train")
    (folder / "tiny.toml").write_text(SIZE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARBORIST_DATA", str(folder / "data"))
        words = ["train-base", "--domain", "connect_four", "--arch", "nano", "--id", "c4-000"]
        subprocess.run([sys.executable, "-m", "engine.cli", *words], check=True, capture_output=True, timeout=300)
        made = Desk(folder / "desk", "--workspace", "train", settings={"motion": False})
    try:
        made.until("the rounds", lambda s: s["train"] and s["train"]["engine"] == "ready")
        made.focus()
        yield made
        made.focus()
        made.press("ctrl+q")
        assert (made.program.wait(60), made.log()) == (0, "")
    finally:
        made.close()


def made(state: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = state["train"]["round"]
    return shown


def choose(desk: Desk, chooser: str, *keys: str) -> None:
    """Open a list, and press keys in it."""
    desk.click(desk.until(f"the chooser {chooser!r}", lambda s: chooser in s["choosers"])["choosers"][chooser])
    desk.press(*keys, "Return")


def choose_size(desk: Desk, path: Path) -> None:
    choose(desk, "Size", "End")
    desk.focus_dialog("Size of a round")
    desk.press("ctrl+a")
    desk.write(str(path))
    desk.press("Return")
    time.sleep(0.5)
    if made(desk.state())["size"] != str(path):  # the first Return went to the list of files that begin like this
        desk.press("Return")
    desk.focus()
    desk.until("its size", lambda s: made(s)["size"] == str(path))


def test_a_round_is_begun_paused_looked_at_and_finished(desk: Desk) -> None:
    choose(desk, "Domain", "End")
    choose_size(desk, desk.folder.parent / "tiny.toml")
    box = desk.until("the box", lambda s: "Stop before it learns" in s["buttons"])["buttons"]["Stop before it learns"]
    desk.click([box[0] + 10, box[1] + box[3] // 2])
    desk.push("Distil")
    desk.until("live boards", lambda s: made(s)["plies"] > 0 and made(s)["boards"] > 3)
    desk.press("ctrl+Return")
    paused = made(desk.until("a pause", lambda s: not made(s)["busy"]))
    assert paused["stage"] == "play"
    assert paused["done"]["play"] < 96
    name = paused["selected"]
    desk.until("its place in the list", lambda s: made(s)["listed"] == [[name, "cut off"]])

    desk.push("Go on")
    desk.until("an end of learning", lambda s: not made(s)["busy"] and made(s)["listed"] == [[name, "done"]])
    over = desk.state()
    assert made(over)["selected"] == name
    assert made(over)["stage"] == "done"
    assert made(over)["step"] > 0
    (step, _), *_ = made(over)["pinned"]
    assert step == made(over)["step"]
    assert made(over)["error"] == ""
    desk.press("ctrl+Tab")
    desk.until("its lessons", lambda s: s["train"]["page"] == "lessons" and s["train"]["lessons"]["shown"] > 0)
    desk.press("ctrl+Tab")
    found = desk.until("the ratchet", lambda s: s["train"]["page"] == "ratchet" and s["train"]["ratchet"]["points"])
    assert [point[0] for point in found["train"]["ratchet"]["points"]] == ["c4-000", name]


def test_another_round_stops_before_it_learns_and_lessons_are_left_out(desk: Desk) -> None:
    desk.press("ctrl+Tab")
    desk.until("the page of rounds", lambda s: s["train"]["page"] == "round")
    desk.push("Distil")
    played = made(
        desk.until("its games", lambda s: not made(s)["busy"] and [n for n in made(s)["listed"] if n[1] == "played"])
    )
    name = played["selected"]
    desk.push("Lessons: Look at what search taught it, the most surprising first.")
    desk.until("its lessons", lambda s: s["train"]["lessons"]["round"] == name and s["train"]["lessons"]["shown"] > 3)
    boxes = [words for words in desk.state()["buttons"] if words.startswith("Learn this: ")]
    desk.push(boxes[0])
    desk.until("one left out", lambda s: len(s["train"]["lessons"]["excluded"]) == 1)
    desk.push("Go on and learn")
    desk.until("the end", lambda s: not made(s)["busy"] and [name, "done"] in made(s)["listed"])
