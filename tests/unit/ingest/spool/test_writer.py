"""The writer: acknowledged means on disk, refused means not there, whatever the disk does."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rastup.core.config import SpoolConfig
from rastup.core.errors import SpoolFull
from rastup.ingest.feed import Feed
from rastup.ingest.spool import SpoolWriter, list_segments
from rastup.ingest.spool.frames import Frame, read_frames
from rastup.ingest.spool.segments import try_lock


class Answers:
    """What the writer said about each token."""

    def __init__(self) -> None:
        self.stored: list[int] = []
        self.refused: list[int] = []
        self.errors: list[Exception] = []

    def __call__(self, tokens: list[int], error: Exception | None) -> None:
        (self.stored if error is None else self.refused).extend(tokens)
        if error:
            self.errors.append(error)

    def wait_for(self, count: int) -> None:
        wait_until(lambda: len(self.stored) + len(self.refused) >= count)


def wait_until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def records_of(root: Path) -> list[int]:
    """The records of all segments, read by Python's own json, with frames checked."""
    found = []
    for segment in list_segments(root):
        for item in read_frames(segment.path.read_bytes(), segment.first_offset):
            assert isinstance(item, Frame), item
            found += [json.loads(line)["n"] for line in item.body.splitlines()]
    return found


def line(n: int, size: int = 0) -> bytes:
    return json.dumps({"n": n, "x": "x" * size}).encode() + b"\n"


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def open_writer(tmp_path: Path, answers: Answers) -> Iterator[Callable[..., SpoolWriter[int]]]:
    writers = []

    def open_(**config: float) -> SpoolWriter[int]:
        made: SpoolWriter[int] = SpoolWriter(
            tmp_path / "spool",
            "c0",
            SpoolConfig(**{"min_free_disk_bytes": 0, **config}),  # type: ignore[arg-type]
            answers,
        )
        writers.append(made)
        return made

    yield open_
    for made in writers:
        made.close()


def test_what_is_answered_can_be_read_from_the_file_at_that_moment(tmp_path: Path) -> None:
    seen_on_disk = []

    def on_commit(tokens: list[int], error: Exception | None) -> None:
        assert error is None
        seen_on_disk.append(set(tokens) <= set(records_of(tmp_path)))

    writer: SpoolWriter[int] = SpoolWriter(tmp_path, "c0", SpoolConfig(min_free_disk_bytes=0), on_commit)
    for n in range(300):
        writer.submit(line(n), n)
    writer.close()
    assert seen_on_disk and all(seen_on_disk)
    assert records_of(tmp_path) == list(range(300))


def test_many_threads_each_record_once_and_in_each_threads_order(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer(segment_max_bytes=20_000)

    def submit(start: int) -> None:
        for n in range(start, start + 500):
            writer.submit(line(n), n)

    threads = [threading.Thread(target=submit, args=(start,)) for start in (0, 1_000, 2_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    written = records_of(tmp_path / "spool")
    assert (
        sorted(written) == sorted(answers.stored) == [n for s in (0, 1_000, 2_000) for n in range(s, s + 500)]
    )
    for start in (0, 1_000, 2_000):
        assert [n for n in written if start <= n < start + 500] == list(range(start, start + 500))


def test_segments_are_sealed_by_size_named_by_offset_and_continuous(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer(segment_max_bytes=2_000)
    for n in range(30):
        writer.submit(line(n, 400), n)
        answers.wait_for(n + 1)
    writer.close()
    segments = list_segments(tmp_path / "spool")
    assert len(segments) > 3 and all(segment.sealed for segment in segments)
    offset = 0
    for segment in segments:
        assert segment.first_offset == offset and segment.path.name == f"{offset:016d}.ndjson"
        offset += sum(1 for text in segment.path.read_text().splitlines() if "_frame" not in text)
    assert offset == 30


def test_an_idle_open_segment_is_sealed_by_age(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer(segment_max_age_s=0.1)
    writer.submit(line(1), 1)
    wait_until(lambda: any(segment.sealed for segment in list_segments(tmp_path / "spool")))
    writer.submit(line(2), 2)
    answers.wait_for(2)
    assert records_of(tmp_path / "spool") == [1, 2]


def test_the_stream_is_locked_while_its_writer_lives(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]]
) -> None:
    writer = open_writer()
    stream = tmp_path / "spool" / writer.stream
    assert try_lock(stream) is None
    writer.close()
    lock = try_lock(stream)
    assert lock is not None
    os.close(lock)


def test_after_close_a_submission_is_refused_not_forgotten(
    open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer()
    writer.close()
    writer.submit(line(1), 1)
    assert answers.refused == [1] and isinstance(answers.errors[0], SpoolFull)


def test_data_that_is_not_lines_is_refused_at_once(open_writer: Callable[..., SpoolWriter[int]]) -> None:
    with pytest.raises(ValueError, match="newline"):
        open_writer().submit(b'{"n":1}', 1)


def test_over_its_bound_it_says_so_and_recovers_when_the_lander_has_made_room(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer(max_bytes=5_000)
    assert writer.full_reason is None
    writer.submit(line(1, 6_000), 1)
    answers.wait_for(1)
    reason = writer.full_reason
    assert reason is not None and "spool.max_bytes" in reason
    for segment in list_segments(tmp_path / "spool"):
        os.truncate(segment.path, 0)
    wait_until(lambda: writer.full_reason is None)


def test_the_bound_covers_other_streams_too(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer(max_bytes=5_000)
    other = open_writer()
    other.submit(line(1, 6_000), 1)
    wait_until(lambda: writer.full_reason is not None)


def test_too_little_free_disk_is_full(open_writer: Callable[..., SpoolWriter[int]]) -> None:
    writer = open_writer(min_free_disk_bytes=1 << 60)
    assert writer.full_reason is not None and "min_free_disk_bytes" in writer.full_reason


class FailingDisk:
    """A disk that takes `room` more bytes, then says ENOSPC; what it took before it keeps, as a real one does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        self._write, self._writev = os.write, os.writev
        monkeypatch.setattr(os, "write", self.write)
        monkeypatch.setattr(os, "writev", self.writev)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        if threading.current_thread().name.startswith("spool-"):
            if self.room <= 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            data = bytes(data)[: self.room]
            self.room -= len(data)
        return self._write(fd, data)

    def writev(self, fd: int, parts: list[bytes]) -> int:
        return self.write(fd, b"".join(parts))


@pytest.mark.parametrize("room", [0, 10, 100, 500, 4_000])
def test_a_full_disk_refuses_whole_groups_loses_nothing_and_recovers(
    tmp_path: Path,
    open_writer: Callable[..., SpoolWriter[int]],
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
) -> None:
    writer = open_writer()
    disk = FailingDisk(monkeypatch, room)
    for n in range(40):
        writer.submit(line(n, 100), n)
        answers.wait_for(n + 1)
    assert answers.refused and all(isinstance(error, SpoolFull) for error in answers.errors)
    assert writer.full_reason is not None
    assert records_of(tmp_path / "spool") == answers.stored
    disk.room = 10**9
    wait_until(lambda: writer.full_reason is None)
    writer.submit(line(100), 100)
    writer.close()
    assert answers.stored[-1] == 100
    assert records_of(tmp_path / "spool") == answers.stored


def test_a_failed_sync_is_a_refusal_and_the_file_is_not_written_on(
    tmp_path: Path,
    open_writer: Callable[..., SpoolWriter[int]],
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writer = open_writer()
    writer.submit(line(1), 1)
    answers.wait_for(1)
    real = os.fdatasync

    def failing(fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fdatasync", failing)
    writer.submit(line(2), 2)
    answers.wait_for(2)
    monkeypatch.setattr(os, "fdatasync", real)
    writer.submit(line(3), 3)
    answers.wait_for(3)
    assert (answers.stored, answers.refused) == ([1, 3], [2])
    assert records_of(tmp_path / "spool") == [1, 3]
    assert [segment.first_offset for segment in list_segments(tmp_path / "spool")] == [0, 1]


class Refusing:
    """A call of the system that fails from now on until it is told to work again; counts how often it has failed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        self._real, self.is_broken, self.failed = getattr(os, name), True, 0
        monkeypatch.setattr(os, name, self)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        if self.is_broken and threading.current_thread().name.startswith("spool-"):
            self.failed += 1
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return self._real(*arguments, **options)


def test_what_was_answered_is_sealed_once_the_disk_lets_it(
    tmp_path: Path,
    open_writer: Callable[..., SpoolWriter[int]],
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rename = Refusing(monkeypatch, "rename")
    rename.is_broken = False
    writer = open_writer(segment_max_bytes=1)
    rename.is_broken = True
    for n in (1, 2):
        writer.submit(line(n), n)
        answers.wait_for(n)
    wait_until(lambda: rename.failed > 2)
    assert "cannot be written" in str(writer.full_reason)
    rename.is_broken = False
    wait_until(lambda: all(segment.sealed for segment in list_segments(tmp_path / "spool")))
    assert records_of(tmp_path / "spool") == answers.stored == [1, 2]
    wait_until(lambda: writer.full_reason is None)


@pytest.mark.parametrize("also", ["ftruncate", "fsync", "rename"])
def test_a_torn_segment_is_sealed_once_the_disk_lets_it_and_nothing_is_written_on(
    tmp_path: Path,
    open_writer: Callable[..., SpoolWriter[int]],
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    also: str,
) -> None:
    writer = open_writer()
    writer.submit(line(1), 1)
    answers.wait_for(1)
    sync, second = Refusing(monkeypatch, "fdatasync"), Refusing(monkeypatch, also)
    writer.submit(line(2), 2)
    answers.wait_for(2)
    sync.is_broken = False
    writer.submit(line(3), 3)
    answers.wait_for(3)
    assert (answers.stored, answers.refused) == ([1], [2, 3])
    second.is_broken = False
    wait_until(lambda: [segment.sealed for segment in list_segments(tmp_path / "spool")] == [True])
    assert records_of(tmp_path / "spool") == [1]
    writer.submit(line(4), 4)
    answers.wait_for(4)
    assert records_of(tmp_path / "spool") == answers.stored == [1, 4]


def test_a_segment_that_somebody_removed_does_not_end_the_writing(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    writer = open_writer(segment_max_bytes=200)
    writer.submit(line(1), 1)
    answers.wait_for(1)
    (segment,) = list_segments(tmp_path / "spool")
    segment.path.unlink()
    writer.submit(line(2, 200), 2)
    answers.wait_for(2)
    writer.submit(line(3), 3)
    writer.close()
    assert answers.stored == [1, 2, 3] and records_of(tmp_path / "spool") == [3]


def test_a_listener_that_fails_does_not_stop_the_writer(tmp_path: Path) -> None:
    heard: list[int] = []

    def on_commit(tokens: list[int], error: Exception | None) -> None:
        heard.extend(tokens)
        raise RuntimeError("listener")

    writer: SpoolWriter[int] = SpoolWriter(tmp_path, "c0", SpoolConfig(min_free_disk_bytes=0), on_commit)
    writer.submit(line(1), 1)
    wait_until(lambda: heard == [1])
    writer.submit(line(2), 2)
    writer.close()
    assert heard == [1, 2] and records_of(tmp_path) == [1, 2]


def test_killed_at_any_moment_what_was_answered_is_there(tmp_path: Path) -> None:
    """A child is killed while it writes; it tells each answered record through a pipe."""
    reader, teller = os.pipe()
    pid = os.fork()
    if pid == 0:  # the child never returns into pytest

        def tell(tokens: list[int], error: Exception | None) -> None:
            os.write(teller, b"".join(b"%d\n" % token for token in tokens))

        child: SpoolWriter[int] = SpoolWriter(tmp_path, "c0", SpoolConfig(segment_max_bytes=50_000), tell)
        n = 0
        while True:
            child.submit(line(n, 200), n)
            n += 1
            if n % 64 == 0:
                time.sleep(0.001)
    os.close(teller)
    told = b""
    while told.count(b"\n") < 2_000:
        told += os.read(reader, 65_536)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    while chunk := os.read(reader, 65_536):
        told += chunk
    os.close(reader)
    answered = [int(text) for text in told.split(b"\n")[:-1]]
    stored = []
    for segment in list_segments(tmp_path):
        for item in read_frames(segment.path.read_bytes(), segment.first_offset):
            if isinstance(item, Frame):
                stored += [json.loads(text)["n"] for text in item.body.splitlines()]
            else:
                assert item.at_end
    assert stored[: len(answered)] == answered == list(range(len(answered)))


@pytest.mark.parametrize("fault", [MemoryError("no room"), ValueError("a fault of ours")])
def test_a_writer_that_ended_says_so_and_leaves_nobody_without_an_answer(
    open_writer: Callable[..., SpoolWriter[int]],
    answers: Answers,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    writer = open_writer()
    writer.submit(line(1), 1)
    answers.wait_for(1)

    def broken(*_: object) -> bytes:
        raise fault

    monkeypatch.setattr("rastup.ingest.spool.stream.frame_header", broken)
    writer.submit(line(2), 2)
    answers.wait_for(2)
    wait_until(lambda: writer.full_reason is not None)
    monkeypatch.undo()
    writer.submit(line(3), 3)
    answers.wait_for(3)
    assert (answers.stored, answers.refused) == ([1], [2, 3])
    assert "Restart the collector" in str(writer.full_reason)
    assert all(isinstance(error, SpoolFull) for error in answers.errors)
    assert records_of(tmp_path / "spool") == [1]


def test_a_fault_between_two_groups_is_told_as_well(
    open_writer: Callable[..., SpoolWriter[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("rastup.ingest.spool.bound.measure", broken)
    with pytest.raises(RuntimeError):
        open_writer()
    monkeypatch.undo()
    writer = open_writer()
    monkeypatch.setattr("rastup.ingest.spool.bound.measure", broken)
    wait_until(lambda: writer.full_reason is not None)
    assert "ended (RuntimeError)" in str(writer.full_reason)


@pytest.mark.parametrize("call", ["mkdir", "rename", "open", "fsync"])
def test_a_disk_that_refuses_at_the_start_is_full_until_the_stream_can_be_made(
    tmp_path: Path,
    open_writer: Callable[..., SpoolWriter[int]],
    answers: Answers,
    monkeypatch: pytest.MonkeyPatch,
    call: str,
) -> None:
    real, refusing = getattr(os, call), True

    def below_the_spool(target: object) -> str:
        return str(Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else target)

    def refuse(target: Any, *arguments: Any, **options: Any) -> Any:
        is_write = call != "open" or arguments[0] & os.O_CREAT
        if refusing and is_write and below_the_spool(target).startswith(str(tmp_path / "spool")):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return real(target, *arguments, **options)

    monkeypatch.setattr(os, call, refuse)
    writer = open_writer()
    for n in (1, 2):  # asked in spite of what the writer says
        assert "Read-only file system" in str(writer.full_reason)
        writer.submit(line(n), n)
        answers.wait_for(n)
    assert answers.refused == [1, 2] and all(isinstance(error, SpoolFull) for error in answers.errors)
    refusing = False
    wait_until(lambda: writer.full_reason is None)
    # Nothing is left of what failed, and no lander takes this stream for a dead writer's.
    assert [path.name for path in (tmp_path / "spool").iterdir()] == [writer.stream]
    assert try_lock(tmp_path / "spool" / writer.stream) is None
    writer.submit(line(3), 3)
    answers.wait_for(3)
    assert records_of(tmp_path / "spool") == answers.stored == [3]


def test_a_file_where_the_spool_should_be_is_full_until_it_is_gone(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    (tmp_path / "spool").touch()
    writer = open_writer()
    assert "cannot be written" in str(writer.full_reason)
    (tmp_path / "spool").unlink()
    wait_until(lambda: writer.full_reason is None)
    writer.submit(line(1), 1)
    answers.wait_for(1)
    assert records_of(tmp_path / "spool") == answers.stored == [1]


def test_a_writer_whose_stream_was_never_made_can_be_closed(
    tmp_path: Path, open_writer: Callable[..., SpoolWriter[int]], answers: Answers
) -> None:
    (tmp_path / "spool").touch()
    writer = open_writer()
    writer.submit(line(1), 1)
    writer.close()
    assert answers.refused == [1]


def test_a_feed_says_why_it_waits_and_gives_up_on_a_spool_that_stays_unwritable(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    told: list[str] = []
    config = SpoolConfig(min_free_disk_bytes=0)
    with (
        pytest.raises(SpoolFull, match="cannot be written"),
        Feed(tmp_path / "spool", "import", config, patience_s=0, on_wait=told.append) as feed,
    ):
        feed.put(line(1))
    assert len(told) == 1


def test_a_feed_goes_on_once_the_spool_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "spool").touch()
    config = SpoolConfig(min_free_disk_bytes=0)
    mend = (tmp_path / "spool").unlink
    with Feed(tmp_path / "spool", "import", config, on_wait=lambda _reason: mend()) as feed:
        feed.put(line(1))
    assert records_of(tmp_path / "spool") == [1]
