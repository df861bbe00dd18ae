"""The journal that is kept for saving: every byte comes back, memory and disk are bounded."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.viewmodels import kept_journal
from app.viewmodels.kept_journal import KeptJournal


def event(number: int, size: int) -> bytes:
    body = bytes([number % 256]) * size
    return len(body).to_bytes(4, "little") + body


@given(sizes=st.lists(st.integers(0, 3000), max_size=30), in_memory=st.sampled_from([0, 100, 10**6]))
def test_every_byte_comes_back_in_whole_events(sizes: list[int], in_memory: int) -> None:
    kept = KeptJournal(in_memory=in_memory)
    events = [event(number, size) for number, size in enumerate(sizes)]
    for each in events:
        kept.append(each)
    assert kept.stream() == b"".join(events)
    assert kept.size == sum(map(len, events))
    assert kept.is_whole


def test_pieces_are_whole_events_and_no_longer_than_they_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_journal, "_PIECE", 1000)
    kept = KeptJournal(in_memory=500)
    events = [event(number, size) for number, size in enumerate([400, 400, 400, 5000, 3])]
    kept.append(b"".join(events))
    assert list(kept.pieces()) == [events[0] + events[1], events[2], events[3], events[4]]


def test_a_long_one_leaves_memory(tmp_path: Path) -> None:
    kept = KeptJournal(in_memory=1000, folder=tmp_path / "made when needed")
    kept.append(event(1, 900))
    assert not (tmp_path / "made when needed").exists()
    kept.append(event(2, 900))
    assert (tmp_path / "made when needed").exists()
    assert kept.stream() == event(1, 900) + event(2, 900)


def test_what_is_too_long_is_kept_up_to_there_and_said() -> None:
    kept = KeptJournal(most=1000)
    for number in range(3):
        kept.append(event(number, 400))
    kept.append(event(9, 1))
    assert not kept.is_whole
    assert kept.stream() == event(0, 400) + event(1, 400), "no gap: what comes later is of no use"


def test_a_full_disk_is_no_disaster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptJournal(in_memory=1000, folder=tmp_path)
    kept.append(event(1, 900))
    monkeypatch.setattr(kept_journal, "_LEAST_FREE", 2**80)
    kept.append(event(2, 900))
    assert not kept.is_whole
    assert kept.stream() == event(1, 900)


def test_reading_goes_on_while_more_is_appended() -> None:
    kept = KeptJournal(in_memory=10_000)
    for number in range(200):
        kept.append(event(number, 100))
    before = kept.stream()
    pieces = kept.pieces()
    writer = threading.Thread(target=lambda: [kept.append(event(number, 100)) for number in range(500)])
    writer.start()
    read = b"".join(pieces)
    writer.join()
    assert read == before
    assert kept.size == 700 * 104
