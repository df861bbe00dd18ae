"""The matches of this machine on disk: each a folder with its order, every move, and its result once it stood still.

A match survives a kill at any moment: the order is written before it begins, the journal is only appended to, and the
result, which follows from both, is replaced as a whole. Only one process at a time goes on with a match; the lock is
the system's, which releases it however the process ends.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from engine.arena.file_lock import FileLock, LockedError, is_locked
from engine.arena.journal import Header, MatchJournalError, read_header
from engine.arena.openings import BUILT_IN
from engine.arena.order import MatchOrder, checked
from engine.generations.registry import data_folder
from engine.tree.whole_file import ExportError, whole_file

ORDER_FILE, JOURNAL_FILE, REPORT_FILE, LOCK_FILE = "order.json", "journal.jsonl", "report.json", "lock"
REMOVED = "removed"
"""Folder beside the matches, of the one that was removed last."""
BY_HAND = "by hand"
"""What a report says of a match that was stopped and can go on (`stopped`)."""

State = Literal["running", "paused", "over"]

LAST = "last"
"""Stands for the match that was begun last, where an id is asked for."""

_ID = re.compile(r"\d{8}-\d{6}-\d{3}")


def is_match_id(text: str) -> bool:
    """Whether `text` is an id of a stored match, or `LAST`; else it may be the path of a file."""
    return text == LAST or _ID.fullmatch(text) is not None


class MatchStoreError(ValueError):
    """A stored match that is missing, damaged or busy; the message names it."""


@dataclass(frozen=True, slots=True)
class StoredMatch:
    """A match of the store, as it was found.

    Attributes:
        id: sorts by the time at which the match was begun, e.g. "20261124-031255-417" (UTC).
        order: what it is to be.
        header: what it is: fingerprints, hash of the openings; None before its players were there for the first time.
        report: the result when it last stood still, or None.
        date: when it was begun, UTC, ISO 8601.
        state: "running" in some process, "paused", or "over".
    """

    id: str
    folder: Path
    order: MatchOrder
    header: Header | None
    report: dict[str, Any] | None
    date: str
    state: State

    @property
    def journal(self) -> Path:
        """File of its moves."""
        return self.folder / JOURNAL_FILE


def found_from_anywhere(order: MatchOrder) -> MatchOrder:
    """The order with the path of an openings file absolute, so that it means the same in every folder."""
    if order.openings == BUILT_IN:
        return order
    return msgspec.structs.replace(order, openings=str(Path(order.openings).resolve()))


class MatchStore:
    """The matches in a folder, which need not exist yet.

    Args:
        folder: None = "matches" among the user's data.
    """

    def __init__(self, folder: Path | None = None, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = folder or data_folder() / "matches"
        self._now = now

    def begin(self, order: MatchOrder) -> StoredMatch:
        """Keep a new match. The path of an openings file becomes absolute.

        Raises:
            OrderError: a number is out of its bounds.
            MatchStoreError: the folder cannot be written.
        """
        order = found_from_anywhere(checked(order))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            folder = self._new_folder()
        except OSError as error:
            raise MatchStoreError(f"no match can be kept in {self.folder}: {error.strerror}") from error
        _write(folder / ORDER_FILE, order)
        return self.get(folder.name)

    def list(self, domain: str | None = None) -> list[StoredMatch]:
        """Every readable match (of `domain`), the oldest first. `get` says what is wrong with others."""
        if not self.folder.is_dir():
            return []
        found = []
        for name in sorted(path.name for path in self.folder.iterdir() if _ID.fullmatch(path.name)):
            try:
                stored = self.get(name)
            except MatchStoreError:
                continue
            if domain in (None, stored.order.domain):
                found.append(stored)
        return found

    def get(self, match_id: str) -> StoredMatch:
        """The match of this id, or the `LAST` one.

        Raises:
            MatchStoreError: there is none, or it is damaged.
        """
        if match_id == LAST:
            stored = self.list()
            if not stored:
                raise MatchStoreError(f"there is no match in {self.folder} yet")
            return stored[-1]
        folder = self._folder(match_id)
        order = _read(folder / ORDER_FILE, MatchOrder)
        if order is None:
            raise MatchStoreError(f"match {match_id} is damaged: it has no {ORDER_FILE}")
        try:
            header = read_header(folder / JOURNAL_FILE)
        except MatchJournalError as error:
            raise MatchStoreError(f"match {match_id} is damaged: {error}") from error
        report = _read(folder / REPORT_FILE, dict[str, Any])
        is_over = report is not None and _is_over(order, report)
        state: State = "running" if is_locked(folder / LOCK_FILE) else "over" if is_over else "paused"
        return StoredMatch(match_id, folder, order, header, report, _date(match_id), state)

    def remove(self, match_id: str) -> None:
        """Take away a match that no process is playing; until the next one is removed it can be put back.

        Raises:
            MatchStoreError: there is none, it is being played, or it cannot be moved.
        """
        folder, removed = self._folder(match_id), self.folder / REMOVED
        try:
            with self._locked(match_id):
                pass
            shutil.rmtree(removed, ignore_errors=True)
            removed.mkdir(exist_ok=True)
            folder.rename(removed / match_id)
        except OSError as error:
            raise MatchStoreError(f"match {match_id} cannot be removed: {error.strerror}") from error

    def put_back(self, match_id: str) -> None:
        """Undo `remove`.

        Raises:
            MatchStoreError: it is not the match that was removed last, or it cannot be moved.
        """
        removed = self.folder / REMOVED / match_id
        if not _ID.fullmatch(match_id) or not removed.is_dir():
            raise MatchStoreError(f"match {match_id!r} cannot be put back: another was removed since, or none was")
        try:
            removed.rename(self.folder / match_id)
        except OSError as error:
            raise MatchStoreError(f"match {match_id} cannot be put back: {error.strerror}") from error

    @contextmanager
    def playing(self, match_id: str) -> Iterator[StoredMatch]:
        """Within this block nobody else goes on with the match.

        A match that fails before it has a journal, as its players do not exist here, leaves nothing behind.

        Raises:
            MatchStoreError: there is none, it is damaged, or it is being played.
        """
        match_id = self.get(match_id).id
        has_failed = True
        try:
            with self._locked(match_id):
                yield self.get(match_id)
            has_failed = False
        finally:
            if has_failed and self.get(match_id).header is None:
                with self._locked(match_id):
                    (self.folder / match_id / ORDER_FILE).unlink()  # without it there is no match, whatever happens now
                shutil.rmtree(self.folder / match_id, ignore_errors=True)

    def keep_report(self, match_id: str, report: dict[str, Any]) -> None:
        """Keep the result of a match that is over or stands still.

        Raises:
            MatchStoreError: it cannot be written.
        """
        _write(self.folder / match_id / REPORT_FILE, report)

    def change(self, match_id: str, order: MatchOrder) -> None:
        """Keep another order of a match: one that leaves its games as they are (`pairs`, `concurrency`, `device`).

        Raises:
            MatchStoreError: it would be another match; it cannot be written.
        """
        before = self.get(match_id).order
        kept = {name: getattr(before, name) for name in ("pairs", "concurrency", "device")}
        if msgspec.structs.replace(order, **kept) != before:
            raise MatchStoreError(f"match {match_id} would be another one: only its length and pace may change")
        _write(self.folder / match_id / ORDER_FILE, checked(order))

    def _folder(self, match_id: str) -> Path:
        folder = self.folder / match_id
        if not _ID.fullmatch(match_id) or not folder.is_dir():
            raise MatchStoreError(f"there is no match {match_id!r} in {self.folder}")
        return folder

    def _new_folder(self) -> Path:
        """An empty folder whose name is the time; a millisecond later where there is one already."""
        begun = self._now()
        while True:
            folder = self.folder / begun.strftime("%Y%m%d-%H%M%S-%f")[:-3]
            try:
                folder.mkdir()
            except FileExistsError:
                begun += timedelta(milliseconds=1)
            else:
                return folder

    @contextmanager
    def _locked(self, match_id: str) -> Iterator[None]:
        try:
            lock = FileLock(self.folder / match_id / LOCK_FILE)
        except LockedError as error:
            raise MatchStoreError(f"match {match_id} is being played by another process") from error
        with lock:
            yield


def _is_over(order: MatchOrder, report: dict[str, Any]) -> bool:
    """Whether nothing is left to be played; an order may have become longer since."""
    if report.get("stopped") == BY_HAND:
        return False
    return report.get("stopped") == "sprt" or int(report.get("pairs_wanted", 0)) >= order.pairs


def _read(path: Path, kind: Any) -> Any:
    """The JSON file at `path`, or None where there is none.

    Raises:
        MatchStoreError: it cannot be read.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise MatchStoreError(f"match {path.parent.name} is damaged: {path.name}: {error}") from error


def _write(path: Path, record: MatchOrder | dict[str, Any]) -> None:
    """Write a JSON file whole or not at all.

    Raises:
        MatchStoreError: the disk refuses.
    """
    try:
        with whole_file(path) as unfinished:
            unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n")
    except ExportError as error:
        raise MatchStoreError(f"match {path.parent.name} cannot be kept: {error}") from error


def _date(match_id: str) -> str:
    begun = datetime.strptime(match_id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    return begun.isoformat()
