"""The store of matches: nothing half-written, nothing played twice, whatever is damaged named."""

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from engine.arena.file_lock import FileLock, LockedError, is_locked
from engine.arena.openings import OpeningsError
from engine.arena.order import Adjudication, MatchOrder, OrderError, SprtOrder
from engine.arena.running import open_match
from engine.arena.store import BY_HAND, MatchStore, MatchStoreError, is_match_id
from engine.generations.card import GenerationError

ORDER = MatchOrder(domain="connect_four", a="uniform@8", b="random", pairs=4, seed=3)


def played(store: MatchStore, match_id: str, steps: int | None = None) -> str:
    """Go on with a match, to its end or for some steps; the state it is in then."""
    with store.playing(match_id) as stored, open_match(stored.order, stored.journal) as running:
        while (steps is None or steps > 0) and running.advance():
            steps = None if steps is None else steps - 1
        store.keep_report(match_id, running.report())
    return store.get(match_id).state


def test_a_match_is_kept_from_its_order_to_its_result(tmp_path: Path) -> None:
    store = MatchStore(tmp_path / "not yet" / "there")
    assert store.list() == []
    begun = store.begin(ORDER)
    assert (begun.order, begun.header, begun.report, begun.state) == (ORDER, None, None, "paused")
    assert played(store, begun.id, steps=3) == "paused"
    paused = store.get(begun.id)
    assert paused.report is not None
    assert paused.report["stopped"] == BY_HAND
    assert played(store, begun.id) == "over"
    over = store.get("last")
    assert over.id == begun.id
    assert over.report is not None
    assert over.report["pairs"] == 4
    assert over.header is not None
    assert over.header.a_facts is not None
    assert over.header.a_facts.simulations == 8


def test_a_result_says_what_the_players_are(tmp_path: Path) -> None:
    order = msgspec.structs.replace(ORDER, a="uniform@8:puct,c_puct=2.5", adjudication=Adjudication(resign_value=0.8))
    with open_match(order) as running:
        report = running.report()
    a, b = report["players"]
    assert (a["settings"]["c_puct"], a["settings"]["method"], a["simulations"]) == (2.5, "puct", 8)
    assert b["kind"] == "random"
    assert a["fingerprint"] == report["a_fingerprint"] != report["b_fingerprint"]
    assert {"seed", "book", "adjudication", "max_plies", "reproducible"} <= set(report)
    assert report["reproducible"]


def test_matches_are_listed_by_time_and_domain(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 24, 3, 12, 55, 417_900, tzinfo=UTC)
    store = MatchStore(tmp_path, now=lambda: moment)
    ids = [store.begin(ORDER).id for _ in range(3)]
    assert ids == ["20261124-031255-417", "20261124-031255-418", "20261124-031255-419"]
    chess = store.begin(msgspec.structs.replace(ORDER, domain="chess"))
    assert [stored.id for stored in store.list()] == [*ids, chess.id]
    assert [stored.id for stored in store.list("chess")] == [chess.id]
    assert store.get(ids[0]).date == "2026-11-24T03:12:55+00:00"
    assert is_match_id(ids[0])
    assert not is_match_id("match.jsonl")


@pytest.mark.parametrize(
    ("name", "content"),
    [("order.json", "{"), ("order.json", '{"domain": 5}'), ("journal.jsonl", "hello\n"), ("report.json", "[]")],
)
def test_what_is_damaged_is_passed_over_and_named(tmp_path: Path, name: str, content: str) -> None:
    store = MatchStore(tmp_path)
    good, bad = store.begin(ORDER), store.begin(ORDER)
    (bad.folder / name).write_text(content)
    assert [stored.id for stored in store.list()] == [good.id]
    with pytest.raises(MatchStoreError, match=bad.id):
        store.get(bad.id)
    store.remove(bad.id)
    assert not bad.folder.exists()


def test_the_match_that_was_removed_last_can_be_put_back(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    one, other = store.begin(ORDER), store.begin(ORDER)
    (one.folder / "report.json").write_text('{"pairs_wanted": 0}')
    before = store.get(one.id)
    store.remove(one.id)
    assert store.list() == [other]
    store.put_back(one.id)
    assert store.list() == [before, other]
    for removed in (one, other):
        store.remove(removed.id)
    for gone in (one.id, "20261124-031255-417", "..", ""):
        with pytest.raises(MatchStoreError, match="cannot be put back"):
            store.put_back(gone)
    store.put_back(other.id)
    assert store.list() == [other]


@pytest.mark.parametrize("match_id", ["20261124-031255-417", "..", "", "no", "last"])
def test_what_is_not_there_is_named(tmp_path: Path, match_id: str) -> None:
    (tmp_path / "outside").mkdir()
    store = MatchStore(tmp_path / "matches")
    for use in (store.get, store.remove):
        with pytest.raises(MatchStoreError, match="there is no match"):
            use(match_id)
    assert (tmp_path / "outside").is_dir()


def test_only_one_goes_on_with_a_match(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    stored = store.begin(ORDER)
    with store.playing(stored.id) as mine:
        assert mine.state == "running"
        with pytest.raises(MatchStoreError, match="is being played"), store.playing(stored.id):
            pass
        with pytest.raises(MatchStoreError, match="is being played"):
            store.remove(stored.id)
    assert store.get(stored.id).state == "paused"
    store.remove(stored.id)
    assert store.list() == []


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    imports = "from pathlib import Path\nfrom engine.arena.file_lock import FileLock"
    held = f"lock = FileLock(Path({str(path)!r}))\nprint('held', flush=True)\ninput()"
    command = [sys.executable, "-c", f"{imports}\n{held}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert is_locked(path)
        with pytest.raises(LockedError):
            FileLock(path)
        child.kill()
    assert not is_locked(path)
    FileLock(path).close()


def test_looking_at_a_lock_does_not_take_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    FileLock(path).close()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            is_locked(path)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for _ in range(100):
            FileLock(path).close()
    finally:
        over.set()
        looker.join()


def test_a_match_that_cannot_even_begin_leaves_nothing(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    for change, error in (
        ({"a": "no-such@0"}, GenerationError),
        ({"openings": str(tmp_path / "empty")}, OpeningsError),
    ):
        (tmp_path / "empty").write_text("\n")
        stored = store.begin(msgspec.structs.replace(ORDER, **change))
        with pytest.raises(error), store.playing(stored.id) as mine, open_match(mine.order, mine.journal):
            pass
    assert store.list() == []


def test_a_match_may_become_longer_but_not_another(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    stored = store.begin(ORDER)
    assert played(store, stored.id) == "over"
    store.change(stored.id, msgspec.structs.replace(ORDER, pairs=6, concurrency=2))
    assert store.get(stored.id).state == "paused", "two pairs are missing"
    assert played(store, stored.id) == "over"
    report = store.get(stored.id).report
    assert report is not None
    with open_match(msgspec.structs.replace(ORDER, pairs=6)) as whole:
        while whole.advance():
            pass
        assert whole.report()["pentanomial"] == report["pentanomial"]
    with pytest.raises(MatchStoreError, match="another one"):
        store.change(stored.id, msgspec.structs.replace(ORDER, seed=4))


def test_the_book_is_found_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stored = MatchStore(tmp_path).begin(msgspec.structs.replace(ORDER, openings="book.txt"))
    assert stored.order.openings == str(tmp_path / "book.txt")


@pytest.mark.parametrize(
    "change",
    [
        {"pairs": 0},
        {"seed": -1},
        {"concurrency": 0},
        {"max_plies": 0},
        {"sprt": SprtOrder(elo0=5, elo1=0)},
        {"sprt": SprtOrder(elo0=0, elo1=5, alpha=0.7)},
        {"adjudication": Adjudication(resign_value=1.5)},
        {"adjudication": Adjudication(audit_share=-0.1)},
    ],
)
def test_orders_that_make_no_sense_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(OrderError):
        MatchStore(tmp_path).begin(msgspec.structs.replace(ORDER, **change))
    assert list(tmp_path.iterdir()) == []


def test_orders_and_reports_are_plain_json(tmp_path: Path) -> None:
    store = MatchStore(tmp_path)
    stored = store.begin(msgspec.structs.replace(ORDER, sprt=SprtOrder(elo0=0, elo1=400)))
    played(store, stored.id)
    assert json.loads((stored.folder / "order.json").read_text())["sprt"]["elo1"] == 400
    assert json.loads((stored.folder / "report.json").read_text())["sprt"]["elo1"] == 400
