"""A search that was killed goes on from its recording, wherever that was cut off."""

from itertools import accumulate
from pathlib import Path

import pytest

from engine.search.evaluator import UniformEvaluator
from engine.search.hash_evaluator import HashEvaluator
from engine.tree.columns import ROOT
from engine.tree.events import Bounds, Simulations, decode
from engine.tree.explain import node_value
from engine.tree.fold import empty_tree, fold_stream
from engine.tree.recording import RecordingError, RecordingWriter, read_recording
from tests.engine.search.stand_ins import (
    CHESS,
    FOUR,
    SUMS,
    Run,
    assert_in_range,
    assert_journal_tells_all,
    assert_same,
    begin,
    done,
)

REPEATING = "startpos moves g1f3 g8f6 f3g1 f6g8 g1f3"


def taken_up(run: Run, events: int, **options: object) -> Run:
    """A new search that begins where the first `events` of a journal end."""
    where = SUMS if run.search.header.domain == "sum" else run.search.header.domain
    again = begin(where, run.tree.line, HashEvaluator(3.0, 0.9), **options)  # type: ignore[arg-type]
    again.search.take_up(decode(b"".join(run.journal[:events])))
    again.journal.extend(run.journal[:events])
    return again


@pytest.mark.parametrize(("where", "line"), [(FOUR, "startpos moves 4 4"), (CHESS, REPEATING)])
@pytest.mark.parametrize("cut", [0, 1, 40, 99])
def test_a_search_of_single_simulations_goes_on_as_if_it_had_never_stopped(where: str, line: str, cut: int) -> None:
    options = {"batch": 1, "prune_out_of_reach": False}
    whole = done(120, where, line, HashEvaluator(3.0, 0.9), **options)
    batches = [i for i, event in enumerate(whole.journal) if isinstance(next(decode(event)), Simulations)]
    again = taken_up(whole, batches[cut], **options)
    assert again.tree.simulations == cut
    again.go(120 - cut)
    assert again.journal == whole.journal
    assert_same(again.tree, whole.tree)


@pytest.mark.parametrize("method", ["puct", "gumbel", "uct", "beam", "best-of-n"])
@pytest.mark.parametrize("where", [FOUR, CHESS, SUMS], ids=["four", "chess", "sum"])
def test_cut_off_after_any_event_it_goes_on(method: str, where: str) -> None:
    options = {"method": method, "batch": 6}
    whole = done(90, where, "1 5" if where is SUMS else "startpos", HashEvaluator(3.0, 0.9), **options)
    for events in range(0, len(whole.journal) + 1, 3):
        again = taken_up(whole, events, **options)
        again.go(60)
        assert_journal_tells_all(again)
        assert_in_range(again.tree)
        if again.tree.stats["lower"][ROOT] != again.tree.stats["upper"][ROOT] and method != "beam":
            assert again.tree.stats["visits"][ROOT] == again.tree.simulations


def test_a_proof_that_was_cut_off_between_two_events_is_made_good() -> None:
    whole = done(30, FOUR, "startpos moves 4 1 4 1 4 1", UniformEvaluator(), batch=1)
    proof = next(i for i, event in enumerate(whole.journal) if isinstance(next(decode(event)), Bounds))
    again = taken_up(whole, proof, batch=1)
    assert again.tree.stats["lower"][ROOT] != again.tree.stats["upper"][ROOT]
    assert again.go(30).name == "solved"
    assert again.tree.simulations == whole.tree.simulations
    assert node_value(again.tree) == 1.0
    assert again.tree.facts["distance"][ROOT] == 1


def test_a_recording_cut_anywhere_folds_to_a_prefix_that_can_be_taken_up(tmp_path: Path) -> None:
    run = done(400, FOUR, "startpos", HashEvaluator(3.0, 0.9), batch=4)
    path = tmp_path / "search.arborist"
    with RecordingWriter(path, run.search.header) as writer:
        for event in run.journal:
            writer.append(event)
            writer.flush()
    data, whole = path.read_bytes(), b"".join(run.journal)
    borders = {0, *accumulate(len(event) for event in run.journal)}
    lengths = set()
    for size in range(0, len(data), len(data) // 23):
        cut = tmp_path / f"cut-{size}.arborist"
        cut.write_bytes(data[:size])
        try:
            recording = read_recording(cut)
        except RecordingError:
            continue
        assert recording.damage
        assert whole.startswith(recording.stream)
        assert len(recording.stream) in borders
        lengths.add(len(recording.stream))
        tree = empty_tree(recording.header)
        fold_stream(tree, recording.stream)
        again = begin(FOUR, "startpos", HashEvaluator(3.0, 0.9), batch=4)
        again.search.take_up(decode(recording.stream))
        assert_same(again.tree, tree)
        again.journal.append(recording.stream)
        if len(lengths) < 4:
            again.go(100)
            assert_journal_tells_all(again)
    assert len(lengths) > 3


def test_steering_in_a_recording_is_taken_up_too() -> None:
    run = done(150, FOUR, "startpos", HashEvaluator(3.0, 0.9), batch=4)
    run.search.cut((3,))
    run.search.boost((2,), 40)
    run.search.play((2,))
    run.go(100)
    run.search.set_prior((4,), 0.5)
    run.search.boost((4,), 25)
    again = begin(FOUR, "startpos", HashEvaluator(3.0, 0.9), batch=4)
    again.search.take_up(decode(b"".join(run.journal)))
    assert_same(again.tree, run.tree)
    for each in (run, again):
        each.go(100)
    assert_same(again.tree, run.tree)
