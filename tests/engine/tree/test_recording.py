"""Recordings: what was committed survives anything; what is damaged is noticed, said, and cut off there."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tree import recording
from engine.tree.events import JOURNAL_VERSION, Header, Prune, Simulations, decode, encode, pack
from engine.tree.recording import RecordingError, RecordingWriter, read_recording, write_recording

HEADER = Header(JOURNAL_VERSION, "chess", 2, "startpos", (12, 34), "gen-000", "ab" * 32, "puct", 7, {"batch": 32})
REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = 4096


def events(count: int, seed: int = 0) -> list[bytes]:
    """Encoded events whose columns hardly compress, like those of a search."""
    random = np.random.default_rng(seed)
    made = []
    for index in range(count):
        if index % 7 == 6:
            made.append(encode(Prune(index, pack(np.array([index]), "<i4"), b"\x01", pack(np.array([0.5]), "<f4"))))
            continue
        n = int(random.integers(1, 40))
        made.append(
            encode(
                Simulations(
                    pack(random.integers(-1, 1000, n), "<i4"),
                    pack(random.integers(-1, 30000, n), "<i4"),
                    pack(random.uniform(-1, 1, n), "<f4"),
                    pack(random.uniform(0, 1, n), "<f4"),
                    pack(np.zeros(n), "u1"),
                    pack(np.full(n, 30), "<u2"),
                    pack(random.integers(0, 1858, 30 * n), "<u2"),
                    pack(random.uniform(0, 0.1, 30 * n), "<f2"),
                )
            )
        )
    return made


class Sample(NamedTuple):
    """A recording as bytes, and the stream it holds in many chunks."""

    saved: bytes
    stream: bytes

    def __repr__(self) -> str:
        return "the sample"  # hypothesis prints arguments; megabytes help nobody


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    path = tmp_path_factory.mktemp("saved") / "a.arborist"
    stream = b"".join(events(300))
    write_recording(path, HEADER, stream)
    return Sample(path.read_bytes(), stream)


@pytest.fixture
def stream(sample: Sample) -> bytes:
    return sample.stream


@pytest.fixture
def saved(sample: Sample) -> bytes:
    return sample.saved


@contextlib.contextmanager
def as_another_user() -> Iterator[None]:
    """Root may write anywhere, so a test of refusals runs as nobody."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_is_written_is_read(tmp_path: Path, stream: bytes) -> None:
    path = tmp_path / "game ü #1%20.arborist"
    write_recording(path, HEADER, stream)
    found = read_recording(path)
    assert found.header == HEADER
    assert found.stream == stream
    assert found.damage is None
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_size < 1.1 * len(stream), "even though random columns can hardly be compressed"


def test_a_recording_without_events_is_whole(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.arborist", HEADER, b"")
    assert read_recording(tmp_path / "a.arborist") == recording.Recording(HEADER, b"", None)


def test_appended_events_are_read_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "COMMIT_BYTES", 5_000)
    made = events(100)
    with RecordingWriter(tmp_path / "a.arborist", HEADER) as writer:
        for event in made:
            writer.append(event)
    found = read_recording(tmp_path / "a.arborist")
    assert (found.stream, found.damage) == (b"".join(made), None)


def test_events_are_committed_by_size_by_age_and_by_flush(tmp_path: Path) -> None:
    now = 0.0
    path = tmp_path / "a.arborist"
    writer = RecordingWriter(path, HEADER, clock=lambda: now)
    first, second, third, *rest = events(2000)
    writer.append(first)
    assert read_recording(path).stream == b"", "young and few: gathered"
    now = recording.COMMIT_EVERY_S
    writer.append(second)
    assert read_recording(path).stream == first + second, "old: committed"
    writer.append(third)
    assert read_recording(path).stream == first + second
    writer.flush()
    assert read_recording(path).stream == first + second + third
    for event in rest:
        writer.append(event)
    gathered = len(b"".join((first, second, third, *rest))) - len(read_recording(path).stream)
    assert 0 <= gathered < recording.COMMIT_BYTES, "many: committed though the clock stands still"
    writer.close()
    writer.close()
    with pytest.raises(RecordingError, match="closed"):
        writer.flush()


def test_only_whole_events_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    (event,) = events(1)
    with RecordingWriter(path, HEADER) as writer:
        writer.append(event)
        for cut in (1, 3, 5, len(event) - 1):
            with pytest.raises(RecordingError, match="whole events"):
                writer.append(event + event[:cut])
    assert read_recording(path).stream == event
    with pytest.raises(RecordingError, match="whole events"):
        write_recording(path, HEADER, event[:-1])
    assert read_recording(path).stream == event


WRITER = """
import sys
sys.path[:0] = [{tests!r}, {repository!r}]
import test_recording as t
from engine.tree import recording
recording.COMMIT_BYTES = 3_000
with t.RecordingWriter(sys.argv[1], t.HEADER) as writer:
    for event in t.events(100_000, seed=3):
        writer.append(event)
        print(writer._packer.totals.bytes if not writer._frames else 0, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9")
@pytest.mark.parametrize("lines", [1, 40, 97, 250])
def test_a_killed_writer_leaves_everything_committed(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "a.arborist"
    code = WRITER.format(tests=str(Path(__file__).parent), repository=str(REPOSITORY)).replace("100_000", "600")
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        committed = 0
        for _ in range(lines):
            committed = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        assert process.wait(20) == -signal.SIGKILL
        written = process.stdout.read().split()
    # The last line may be cut off itself; what it says is then on disk all the same.
    committed = max([committed, *map(int, written[:-1])])
    found = read_recording(path)
    assert found.damage is None
    assert len(found.stream) >= committed
    assert b"".join(events(600, seed=3)).startswith(found.stream)


def readable(data: bytes, stream: bytes) -> int | None:
    """Bytes read from a damaged file, after checking that nothing is wrong and nothing is silent; None = refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.arborist"
        path.write_bytes(data)
        try:
            found = read_recording(path)
        except RecordingError as error:
            refusal = str(error)
        else:
            refusal = None
        assert path.read_bytes() == data, "reading changes nothing"
    if refusal is not None:
        assert str(path) in refusal
        return None
    assert found.header == HEADER
    assert stream.startswith(found.stream)
    assert found.stream == stream or found.damage is not None
    list(decode(found.stream))
    return len(found.stream)


WHERE = st.floats(0, 1, exclude_max=True)
"""A place in a file, as a share of its length."""


@settings(max_examples=150, deadline=None)
@given(where=WHERE)
def test_a_file_cut_off_anywhere_is_read_up_to_there(sample: Sample, where: float) -> None:
    saved, stream = sample
    cut = int(where * len(saved))
    count = readable(saved[:cut], stream)
    if cut >= 3 * PAGE:
        assert count is not None
        # Chunks lie in the file one after another: all but the page cut through is read.
        assert count / len(stream) >= (cut - 6 * PAGE) / len(saved)


@settings(max_examples=250, deadline=None)
@given(where=WHERE, flips=st.binary(min_size=1, max_size=3), repeats=st.sampled_from([1, 1, 30, 3000]))
def test_changed_bytes_are_noticed(sample: Sample, where: float, flips: bytes, repeats: int) -> None:
    saved, stream = sample
    changed = bytearray(saved)
    start = int(where * len(saved))
    for offset, flip in enumerate((flips * repeats)[: len(saved) - start]):
        changed[start + offset] ^= flip
    readable(bytes(changed), stream)


@pytest.mark.parametrize("bit", [0x01, 0x80])
def test_changed_bytes_where_the_file_is_described_are_noticed(saved: bytes, stream: bytes, bit: int) -> None:
    """The file's first page and the roots of its tables: here a flip does most harm, so many are tried."""
    for where in [*range(120), *range(120, 4 * PAGE, 157)]:
        changed = bytearray(saved)
        changed[where] ^= bit
        readable(bytes(changed), stream)


def test_a_lost_page_costs_only_what_follows(saved: bytes, stream: bytes) -> None:
    """A page in the middle: about half must still be there, and the damage said."""
    middle = len(saved) // 2 // PAGE * PAGE
    count = readable(saved[:middle] + bytes(PAGE) + saved[middle + PAGE :], stream)
    assert count is not None
    assert 0.4 < count / len(stream) < 0.55


@pytest.mark.parametrize("page", [0, 1, 2])
def test_without_its_index_a_recording_is_still_found(saved: bytes, stream: bytes, page: int, tmp_path: Path) -> None:
    """The pages of the schema, of the totals (and header), and of the chunks' root."""
    data = saved[: page * PAGE] + bytes(PAGE) + saved[(page + 1) * PAGE :]
    if page == 1:
        path = tmp_path / "a.arborist"
        path.write_bytes(data)
        with pytest.raises(RecordingError, match=r"a\.arborist.*header is lost"):
            read_recording(path)
    else:
        assert readable(data, stream) == len(stream)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM chunk WHERE number = (SELECT max(number) FROM chunk)",
        "DELETE FROM chunk WHERE number = 200",
        "UPDATE chunk SET data = (SELECT data FROM chunk WHERE number = 100) WHERE number = 300",
        "UPDATE chunk SET data = 'text' WHERE number = 300",
        "UPDATE chunk SET data = x'00' WHERE number = 300",
        "UPDATE recording SET bytes = bytes + 1",
        "UPDATE recording SET chunks = chunks - 1",
    ],
)
def test_missing_swapped_and_foreign_chunks_are_noticed(
    saved: bytes, stream: bytes, tmp_path: Path, change: str
) -> None:
    path = tmp_path / "a.arborist"
    path.write_bytes(saved)
    connection = sqlite3.connect(path)
    connection.execute(change)
    connection.commit()
    connection.close()
    found = read_recording(path)
    assert found.damage is not None
    assert found.damage.startswith("a.arborist is damaged: ")
    assert stream.startswith(found.stream)
    assert len(found.stream) > 130_000, "what stands before the damage is read"


def test_a_file_made_to_fill_the_memory_does_not(tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    write_recording(path, HEADER, b"")
    bomb = recording._framed(0, zstandard.compress(bytes(200_000_000)))
    assert len(bomb) < 20_000
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO chunk VALUES (0, ?)", (bomb,))
    connection.execute("UPDATE recording SET chunks = 1, bytes = 200000000")
    connection.commit()
    connection.close()
    found = read_recording(path)
    assert len(found.stream) <= 1300
    assert found.damage is not None


def test_a_journal_like_a_real_one_becomes_small(tmp_path: Path) -> None:
    """The same few moves are legal again and again; chunks must not lose what they have in common."""
    path = tmp_path / "a.arborist"
    stream = b"".join(events(40) * 20)
    write_recording(path, HEADER, stream)
    assert path.stat().st_size < len(stream) / 8
    assert read_recording(path).stream == stream


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b'[Event "x"]\n\n1. e4 e5 *\n', "not an Arborist recording"),
        (b"SQLite format 3\0" + bytes(60), "cut off after 76 bytes"),
        (b"SQLite format 3\0" + bytes(5000), "not an Arborist recording"),
    ],
)
def test_what_is_no_recording_is_said_so(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.arborist"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=sentence) as caught:
        read_recording(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_a_folder_and_another_version_are_said_so(tmp_path: Path, saved: bytes) -> None:
    with pytest.raises(RecordingError, match=r"nowhere\.arborist.*No such file"):
        read_recording(tmp_path / "nowhere.arborist")
    with pytest.raises(RecordingError, match="is a folder"):
        read_recording(tmp_path)
    path = tmp_path / "a.arborist"
    path.write_bytes(saved)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(RecordingError, match="version 99; this program reads version 1"):
        read_recording(path)


def test_a_writer_never_writes_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    path.write_text("mine")
    with pytest.raises(RecordingError, match="already"):
        RecordingWriter(path, HEADER)
    assert path.read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"nowhere/a\.arborist"):
        write_recording(tmp_path / "nowhere" / "a.arborist", HEADER, b"")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        with as_another_user():
            for make in (RecordingWriter, lambda path, header: write_recording(path, header, b"")):
                with pytest.raises(RecordingError, match=r"a\.arborist.*Permission denied"):
                    make(folder / "a.arborist", HEADER)
        assert list(folder.iterdir()) == []


def test_a_recording_that_may_only_be_read_is_read(saved: bytes, stream: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.arborist"
        path.write_bytes(saved)
        path.chmod(0o444)
        Path(name).chmod(0o555)
        with as_another_user():
            assert read_recording(path) == recording.Recording(HEADER, stream, None)


FULL_DISK = """
import resource, sys
sys.path[:0] = [{tests!r}, {repository!r}]
import test_recording as t
made = t.events(400, seed=5)
path = sys.argv[1]
t.write_recording(path, t.HEADER, made[0])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))  # as if the disk were full beyond that
try:
    t.write_recording(path, t.HEADER, b"".join(made))
except t.RecordingError as error:
    print(error)
assert t.read_recording(path).stream == made[0], "the file that was there is unchanged"

writer = t.RecordingWriter(path + ".2", t.HEADER)
refused = 0
for event in made:
    try:
        writer.append(event)
        writer.flush()
    except t.RecordingError:
        refused += 1
assert refused > 100
kept = t.read_recording(path + ".2")
assert kept.damage is None and 50_000 < len(kept.stream) < 400_000, "what was committed is there"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
writer.close()  # room again: nothing was lost
assert t.read_recording(path + ".2") == t.recording.Recording(t.HEADER, b"".join(made), None)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    code = FULL_DISK.format(tests=str(Path(__file__).parent), repository=str(REPOSITORY))
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert str(path) in done.stdout
    assert "cannot be written" in done.stdout
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.arborist", "a.arborist.2"]


def test_a_recording_is_read_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.arborist"
    made = events(30)
    with RecordingWriter(path, HEADER) as writer:
        for count, event in enumerate(made, 1):
            writer.append(event)
            writer.flush()
            assert read_recording(path) == recording.Recording(HEADER, b"".join(made[:count]), None)
