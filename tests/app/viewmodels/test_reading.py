"""Lines being read: what is held, what is shown of it, and when it is no longer what search thinks."""

import pytest

from app.viewmodels.phrases import Phrases
from app.viewmodels.reading import Reading, has_changed, line_record, numbered_words
from engine.domains.registry import notation

CHESS = notation("chess")
START = CHESS.parse_line("startpos")


def moves(*texts: str) -> tuple[int, ...]:
    line = START
    for text in texts:
        line = line.then(CHESS.parse_action(line, text))
    return line.actions


def test_words_have_numbers_where_people_write_them() -> None:
    line = START.then(*moves("e4"))
    assert numbered_words(START, moves("e4", "e5", "Nf3"), Phrases(CHESS)) == ("1. e4", "e5", "2. Nf3")
    after = moves("e4", "e5", "Nf3")[1:]
    assert numbered_words(line, after, Phrases(CHESS)) == ("1… e5", "2. Nf3")


@pytest.mark.parametrize(("shown", "expected"), [(-1, 0), (2, 2), (9, 3)])
def test_no_farther_than_the_line_goes(shown: int, expected: int) -> None:
    reading = Reading(START, moves("e4", "e5", "Nf3")).at(shown)
    assert reading.shown == expected
    assert reading.here == START.then(*reading.moves[:expected])


def test_seeing_farther_is_no_change_and_another_move_is() -> None:
    assert not has_changed((1, 2), (1, 2, 3))
    assert not has_changed((1, 2, 3), (1,))
    assert has_changed((1, 2, 3), (1, 4))


def test_without_a_search_nothing_is_said_to_have_changed() -> None:
    record = line_record(Reading(START, moves("e4", "e5")), None, Phrases(CHESS))
    assert (record.words, record.notice) == (("1. e4", "e5"), "")
    assert line_record(None, None, Phrases(CHESS)).words == ()
