"""Disagreements in words: whom the judge sides with, by how much, and how often in all."""

import pytest

from app.presenter import phrases
from app.viewmodels.arena_disagreements import match_title, summary_of, tile_of, verdict_of, widest_first
from engine.domains.base import Line
from engine.service.arena_messages import Disagreement, Disagreements, Opinion
from tests.app.arena.engines import match

WORDS = phrases("chess")
START = WORDS.notation.parse_line("startpos")
NAMES = {choice.text: action for action, choice in WORDS.choices(START).items()}
TEXTS = {action: text for text, action in NAMES.items()}


def found(a, b, judge=None, losses=(None, None), gap=0.5, line=START):
    return Disagreement(
        start=line.start,
        actions=line.actions,
        a=Opinion(action=a, value=0.25),
        b=Opinion(action=b, value=None),
        gap=gap,
        judge=None if judge is None else Opinion(action=judge, value=0.3),
        a_loss=losses[0],
        b_loss=losses[1],
    )


E4, D4, NF3 = NAMES["e4"], NAMES["d4"], NAMES["Nf3"]


@pytest.mark.parametrize(
    ("losses", "right", "words"),
    [
        ((0.0, 0.42), "A", "A was right: d4 gives away 0.42."),
        ((0.42, 0.0), "B", "B was right: e4 gives away 0.42."),
        ((0.10, 0.42), "A", "A was closer: e4 is 0.32 better than d4; best is Nf3."),
        ((0.01, 0.02), "both", "Neither is better."),
        ((0.30, 0.31), "both", "Neither is better, and both lose 0.31 against Nf3."),
        ((None, None), "", "Not judged yet."),
    ],
)
def test_the_smaller_loss_is_right(losses, right, words):
    assert verdict_of(found(E4, D4, NF3, losses), TEXTS, "Nf3") == (right, words)


def test_a_tile_shows_both_actions_in_their_colours_from_the_movers_side():
    tile = tile_of(found(E4, D4, NF3, (0.1, 0.42)), WORDS)
    assert [(arrow.kind, arrow.label) for arrow in tile.board.arrows] == [("judge", "J"), ("a", "A"), ("b", "B")]
    assert (tile.board.arrows[1].source, tile.board.arrows[1].target) == (12, 28), "e2 to e4"
    assert (tile.a_text, tile.b_text) == ("e4  +0.25", "d4  –")
    assert tile.title == "White to move, 1."
    assert not tile.board.flipped
    assert tile.line == Line(START.start, START.actions)


def test_the_second_player_sits_at_the_bottom_when_it_moves():
    line = START.then(E4)
    reply = {choice.text: action for action, choice in WORDS.choices(line).items()}
    tile = tile_of(found(reply["e5"], reply["c5"], line=line), WORDS)
    assert tile.board.flipped
    assert tile.title == "Black to move, 1…"
    assert "Not judged yet" in tile.sentence


def test_one_arrow_where_only_the_values_differ():
    tile = tile_of(found(E4, E4, E4, (0.0, 0.0)), WORDS)
    assert [(arrow.kind, arrow.label) for arrow in tile.board.arrows] == [("a", "AB")]
    assert tile.verdict == "Both play e4; their values differ."


def test_the_summary_counts_who_was_right():
    judged = (
        found(E4, D4, E4, (0.0, 0.4)),
        found(E4, NF3, E4, (0.0, 0.4)),
        found(D4, E4, E4, (0.4, 0.0)),
        found(D4, NF3, E4, (0.4, 0.4)),
    )
    answer = Disagreements(id=1, found=judged, positions=2000, differing=412, judge="gen-000@640")
    assert summary_of(judged, answer) == (
        "They differ on 412 of 2,000 positions; of the 4 judged by gen-000, 640 simulations, A was right twice, "
        "B once, once neither was better."
    )
    assert summary_of(judged, None) == "4 positions judged so far."
    assert summary_of(judged[:1], None) == "1 position judged so far."
    assert summary_of((), None) == ""
    none = Disagreements(id=1, found=(), positions=10, differing=0, judge="", stopped="by hand")
    assert summary_of((), none) == "They differ on 0 of 10 positions; none was judged."


def test_the_widest_comes_first():
    one, two = found(E4, D4, gap=0.1), found(E4, NF3, gap=0.9)
    assert widest_first((one, two)) == (two, one)


def test_a_stored_match_has_a_title():
    title = match_title(match("gen-000@0", "random", 1))
    assert title == "gen-000, intuition against Random moves · 100 games, 2026-11-24"
