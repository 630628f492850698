"""Landing: each acknowledged record is in Bronze once, whoever is killed when; Python's gzip and json read it back."""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from rastup.core.config import BronzeConfig, Settings, SpoolConfig
from rastup.core.errors import DamageFound, LeaseHeld, StoreUnavailable
from rastup.core.ids import ulid
from rastup.ingest import lander
from rastup.ingest.landing import Landed
from rastup.ingest.spool import SpoolWriter, list_segments
from rastup.ingest.spool.damage import read_reports
from rastup.ingest.spool.segments import try_lock
from rastup.lake.ledger import forget
from rastup.lake.relisting import Relisted, relist
from rastup.state.database import open_state
from rastup.state.heartbeats import read_all
from rastup.state.leases import Lease
from rastup.state.schema import bronze_files

STEPS = ("sealed", "packed", "stored", "noted", "removed", "closed")


def event(n: int, hour: int = 15, name: str = "leg.confirmed") -> bytes:
    record = {
        "event_id": "evt_" + ulid(n, n.to_bytes(10, "big")),
        "event": name,
        "v": 1,
        "received_at": f"2026-11-06T{hour:02d}:00:00.{n % 1000:03d}Z",
        "context": {"env": "prod", "source": "web", "role": "buyer"},
        "payload": {"n": n},
    }
    return json.dumps(record).encode() + b"\n"


def bad(n: int) -> bytes:
    record = {
        "id": "bad_" + ulid(n, n.to_bytes(10, "big")),
        "received_at": "2026-11-06T15:00:00.000Z",
        "n": n,
    }
    return json.dumps({"_bad": record}).encode() + b"\n"


def spool(settings: Settings, lines: list[bytes], *, group: int = 7, **config: int) -> str:
    """Writes the lines as one stream and closes it."""
    made = SpoolConfig(min_free_disk_bytes=0, **config)
    answered = threading.Semaphore(0)
    writer: SpoolWriter[int] = SpoolWriter(settings.home.spool, "c0", made, lambda _t, _e: answered.release())
    for start in range(0, len(lines), group):
        some = lines[start : start + group]
        writer.submit(b"".join(some), start)
        answered.acquire()
    writer.close()
    return writer.stream


def spool_and_die(settings: Settings, lines: list[bytes]) -> None:
    """Writes the lines in a child that is gone before it could seal."""
    pid = os.fork()
    if pid == 0:
        answered = threading.Semaphore(0)
        writer: SpoolWriter[int] = SpoolWriter(
            settings.home.spool, "c1", SpoolConfig(min_free_disk_bytes=0), lambda _t, _e: answered.release()
        )
        for n, line in enumerate(lines):
            writer.submit(line, n)
            answered.acquire()
        os._exit(0)
    os.waitpid(pid, 0)


def land(settings: Settings) -> Landed:
    return lander.run(settings, threading.Event(), once=True)


def bronze(settings: Settings) -> dict[str, bytes]:
    root = settings.home.bronze
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.json.gz")}


def landed_lines(settings: Settings) -> list[bytes]:
    return [
        line for data in bronze(settings).values() for line in gzip.decompress(data).splitlines(keepends=True)
    ]


def ledger(settings: Settings) -> dict[str, int]:
    with open_state(settings.state_url).connect() as connection:
        rows = connection.execute(select(bronze_files.c.path, bronze_files.c.records)).all()
    return dict(rows)  # type: ignore[arg-type]


def assert_exactly_once(settings: Settings, lines: list[bytes]) -> None:
    assert Counter(landed_lines(settings)) == Counter(lines)
    counted = {path: len(gzip.decompress(data).splitlines()) for path, data in bronze(settings).items()}
    assert ledger(settings) == counted
    assert list_segments(settings.home.spool) == []


LINES = [event(n, hour=n % 3, name=("a.b", "c.d")[n % 2]) for n in range(40)] + [bad(n) for n in range(5)]


def test_lands_each_record_once_in_its_partition(settings: Settings) -> None:
    stream = spool(settings, LINES, segment_max_bytes=4_000)
    landed = land(settings)
    assert landed.records == len(LINES) and landed.files == len(bronze(settings)) and landed.damaged == 0
    assert_exactly_once(settings, LINES)
    for path, data in bronze(settings).items():
        for line in gzip.decompress(data).splitlines():
            record = json.loads(line)
            if "_bad" in record:
                assert path.startswith("_bad/dt=2026-11-06/hour=15/part-")
            else:
                hour = record["received_at"][11:13]
                assert path.startswith(
                    f"events/dt=2026-11-06/hour={hour}/env=prod/event={record['event']}/part-{stream}"
                )
    assert list(settings.home.spool.iterdir()) == []
    assert read_all(open_state(settings.state_url))["lander"].lag_s == 0


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("occurrence", [1, 2])
def test_killed_after_any_step_the_next_lander_finishes(
    settings: Settings, step: str, occurrence: int
) -> None:
    open_state(settings.state_url).dispose()
    dead = [event(n) for n in range(1_000, 1_010)]
    spool(settings, LINES, segment_max_bytes=4_000)
    spool_and_die(settings, dead[:5])
    spool_and_die(settings, dead[5:])
    pid = os.fork()
    if pid == 0:
        left = [occurrence]

        def die(name: str) -> None:
            left[0] -= name == step
            if left[0] == 0:
                os._exit(9)

        lander.run(settings, threading.Event(), once=True, steps=die)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9, "the step was never reached"
    before = bronze(settings)
    land(settings)
    assert before.items() <= bronze(settings).items(), "a landed file changed"
    assert_exactly_once(settings, LINES + dead)


def test_killed_while_files_are_stored_the_same_files_come_again(settings: Settings) -> None:
    spool(settings, LINES)
    pid = os.fork()
    if pid == 0:
        real, left = os.link, [3]

        def link(source: str, target: str) -> None:
            if left[0] == 0:
                os._exit(9)
            real(source, target)
            left[0] -= 1

        os.link = link  # type: ignore[assignment]
        land(settings)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    before = bronze(settings)
    assert len(before) == 3
    land(settings)
    assert before.items() <= bronze(settings).items()
    assert_exactly_once(settings, LINES)


def test_a_living_writers_open_segment_is_left_alone(settings: Settings) -> None:
    stored = threading.Event()
    writer: SpoolWriter[int] = SpoolWriter(
        settings.home.spool, "c0", settings.spool, lambda _t, _e: stored.set()
    )
    writer.submit(event(1), 1)
    assert stored.wait(10)
    assert land(settings) == Landed()
    assert [segment.sealed for segment in list_segments(settings.home.spool)] == [False]
    writer.close()
    land(settings)
    assert_exactly_once(settings, [event(1)])


def test_a_dead_writers_torn_tail_is_cut_aside_and_reported(settings: Settings) -> None:
    spool_and_die(settings, [event(n) for n in range(3)])
    (segment,) = list_segments(settings.home.spool)
    torn = b'{"_frame":{"offset":3,"records":1,"bytes":500,"crc":"00000000"}}\n{"event_id":"ev'
    with segment.path.open("ab") as file:
        file.write(torn)
    landed = land(settings)
    assert landed.damaged == 0
    assert_exactly_once(settings, [event(n) for n in range(3)])
    (report,) = read_reports(settings.home.spool)
    assert (report["kind"], report["bytes"]) == ("torn", len(torn))
    assert (settings.home.spool / "_damaged" / report["kept"]).read_bytes() == torn


def test_a_damaged_frame_is_kept_aside_and_its_neighbours_land(settings: Settings) -> None:
    spool(settings, [event(n) for n in range(9)], group=3)
    (segment,) = list_segments(settings.home.spool)
    data = segment.path.read_bytes()
    at = data.index(b'"n": 4')
    segment.path.write_bytes(data[:at] + b'"n": 7' + data[at + 6 :])
    assert land(settings).damaged == 1
    assert_exactly_once(settings, [event(n) for n in (0, 1, 2, 6, 7, 8)])
    (report,) = read_reports(settings.home.spool)
    assert report["kind"] == "damage" and "checksum" in report["reason"]
    kept = (settings.home.spool / "_damaged" / report["kept"]).read_bytes()
    assert kept.count(b"evt_") == 3 and kept.startswith(b'{"_frame":{"offset":3,')


def test_a_wholly_damaged_segment_is_kept_aside_and_lands_nothing(settings: Settings) -> None:
    spool(settings, [event(1)])
    (segment,) = list_segments(settings.home.spool)
    segment.path.write_bytes(b"\0" * 1_000)
    assert land(settings) == Landed(damaged=1)
    assert_exactly_once(settings, [])
    assert [report["bytes"] for report in read_reports(settings.home.spool)] == [1_000]


def test_a_line_that_is_no_record_lands_in_bad_with_its_bytes(settings: Settings) -> None:
    spool(settings, [event(1), b"[1,2]\n", b'{"event":"x"}\n', b"not json\n", event(2)])
    assert land(settings).records == 5
    found = {path: gzip.decompress(data).splitlines() for path, data in bronze(settings).items()}
    refused = [
        json.loads(line)["_bad"]
        for path, lines in found.items()
        if path.startswith("_bad/")
        for line in lines
    ]
    assert len(refused) == 3 and {one["encoding"] for one in refused} == {"base64"}
    assert len({one["id"] for one in refused}) == 3


def test_a_file_that_differs_from_its_segment_is_never_overwritten_and_nothing_is_lost(
    settings: Settings,
) -> None:
    stream = spool(settings, [event(1)])
    key = f"events/dt=2026-11-06/hour=15/env=prod/event=leg.confirmed/part-{stream}-0-1.json.gz"
    path = settings.home.bronze / key
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(b"something else\n"))
    land(settings)
    assert gzip.decompress(path.read_bytes()) == b"something else\n"
    (beside,) = [name for name in bronze(settings) if name != key]
    assert gzip.decompress(bronze(settings)[beside]) == event(1)
    assert list(ledger(settings)) == [beside]


def test_a_lost_ledger_is_made_again_from_the_names_that_landing_gave(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small = dataclasses.replace(settings, bronze=BronzeConfig(file_max_bytes=1_000))
    lines = [event(n, name="a.b") for n in range(20_000)] + [bad(1)]
    spool(small, lines, group=20_000)
    shutil.copytree(small.home.spool, tmp_path / "spool")
    land(small)
    for name in bronze(small):  # other records have all their names by now
        (small.home.bronze / name).write_bytes(gzip.compress(b"something else\n"))
    engine = open_state(small.state_url)
    forget(engine, bronze(small))
    shutil.copytree(tmp_path / "spool", small.home.spool, dirs_exist_ok=True)
    land(small)
    before = _rows(engine)
    assert all("-x" in name for name in before) and any("-1-x" in name for name in before)
    forget(engine, before)
    (small.home.bronze / "events" / "copy.json.gz").write_bytes(b"")
    assert relist(small, engine) == Relisted(2 * len(before), 0)
    after = _rows(engine)
    assert {name: after[name] for name in before} == before
    assert "events/copy.json.gz" in "".join(capsys.readouterr())


def _rows(engine: Engine) -> dict[str, dict[str, object]]:
    """The ledger, but for when each file was noted."""
    with engine.connect() as connection:
        rows = connection.execute(select(bronze_files)).mappings().all()
    return {row["path"]: {**row, "landed_at": None} for row in rows}


def test_a_file_of_the_same_records_by_another_compressor_is_the_same_file(settings: Settings) -> None:
    stream = spool(settings, [event(1)])
    key = f"events/dt=2026-11-06/hour=15/env=prod/event=leg.confirmed/part-{stream}-0-1.json.gz"
    path = settings.home.bronze / key
    path.parent.mkdir(parents=True)
    path.write_bytes(gzip.compress(event(1), compresslevel=9))
    land(settings)
    assert list(bronze(settings)) == [key] == list(ledger(settings))


def test_hostile_names_stay_below_bronze(settings: Settings) -> None:
    names = [
        "../../../../etc/passwd",
        "a/../../b",
        "",
        "x" * 10_000,
        "\u0430",
        "a\0b",
        "..",
        ".",
        "-rf",
        "A B",
    ]
    lines = [event(n, name=name) for n, name in enumerate(names)]
    spool(settings, lines)
    land(settings)
    assert_exactly_once(settings, lines)
    assert {name.split("/")[4] for name in bronze(settings)} == {"event=_other"}
    outside = [p for p in settings.home.root.rglob("*.gz") if not p.is_relative_to(settings.home.bronze)]
    assert outside == []


def test_a_second_lander_is_refused_and_says_who_is_at_work(settings: Settings) -> None:
    with (
        Lease(settings.home.run / lander.LEASE, purpose="landing"),
        pytest.raises(LeaseHeld, match=f"process {os.getpid()}"),
    ):
        land(settings)


def test_a_waiting_lander_takes_over_when_the_first_is_gone(settings: Settings) -> None:
    stop = threading.Event()
    with Lease(settings.home.run / lander.LEASE, purpose="landing"):
        second = threading.Thread(target=lander.run, args=(settings, stop))
        second.start()
        spool(settings, LINES)
    wait_until(lambda: not list_segments(settings.home.spool))
    stop.set()
    second.join()
    assert_exactly_once(settings, LINES)


def test_a_store_that_is_away_loses_nothing_and_is_waited_out(settings: Settings, tmp_path: Path) -> None:
    root = tmp_path / "mount" / "bronze"
    away = dataclasses.replace(settings, bronze=BronzeConfig(url=root.as_uri()))
    (tmp_path / "mount").write_text("nothing is mounted here")
    spool(settings, LINES)
    with pytest.raises(StoreUnavailable):
        land(away)
    assert len(list_segments(settings.home.spool)) == 1 and ledger(settings) == {}
    stop = threading.Event()
    running = threading.Thread(target=lander.run, args=(away, stop))
    running.start()
    (tmp_path / "mount").unlink()
    wait_until(lambda: not list_segments(settings.home.spool))
    stop.set()
    running.join()
    lines = [gzip.decompress(path.read_bytes()) for path in root.rglob("*.gz")]
    assert Counter(b"".join(lines).splitlines(keepends=True)) == Counter(LINES)


def test_landing_stops_when_asked_having_landed_what_was_sealed(settings: Settings) -> None:
    stop = threading.Event()
    spool(settings, LINES)
    stop.set()
    lander.run(settings, stop)
    assert_exactly_once(settings, LINES)


def test_a_stream_that_died_while_it_was_made_is_cleared_only_when_old(settings: Settings) -> None:
    young, old = settings.home.spool / ".new-c0-young", settings.home.spool / ".new-c0-old"
    for folder in (young, old):
        folder.mkdir(parents=True)
        (folder / "lock").touch()
    os.utime(old, (0, 0))
    land(settings)
    assert young.exists() and not old.exists()


def test_the_same_records_in_other_groups_give_the_same_bytes(tmp_path: Path) -> None:
    from rastup.core.config import load

    contents = []
    for group in (1, 9):
        one = load(tmp_path / str(group), environ={})
        spool(one, LINES, group=group)
        land(one)
        contents.append(sorted(bronze(one).values()))
    assert contents[0] == contents[1]


def wait_until(condition: Callable[[], bool]) -> None:
    waiter = threading.Event()
    for _ in range(400):
        if condition():
            return
        waiter.wait(0.05)
    raise AssertionError("waited in vain")


def test_the_lock_of_a_stream_is_free_again_after_a_failed_landing(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    away = dataclasses.replace(settings, bronze=BronzeConfig(url=(tmp_path / "file" / "x").as_uri()))
    stream = spool(settings, LINES)
    with pytest.raises(StoreUnavailable):
        land(away)
    lock = try_lock(settings.home.spool / stream)
    assert lock is not None
    os.close(lock)


def test_a_locked_state_is_waited_out(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rastup.state.database.BUSY_WAIT_S", 0.05)
    open_state(settings.state_url).dispose()
    lines = [event(n) for n in range(20)]
    spool(settings, lines)
    waited, stop = threading.Event(), threading.Event()
    monkeypatch.setattr(lander._log, "warning", lambda *_args, **_told: waited.set())
    landing = lander.Lander(settings)
    other = sqlite3.connect(settings.home.state / "rastup.db")
    other.execute("begin exclusive")
    working = threading.Thread(target=landing.loop, args=(stop,))
    working.start()
    try:
        assert waited.wait(30)
        assert working.is_alive()
        other.close()
        deadline = time.monotonic() + 30
        while list_segments(settings.home.spool):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        other.close()
        stop.set()
        working.join()
    assert_exactly_once(settings, lines)
    assert len(ledger(settings)) == len(bronze(settings))


def test_files_that_are_gone_are_forgotten_only_when_that_is_asked(
    settings: Settings, tmp_path: Path
) -> None:
    spool(settings, [event(n, name=f"a.b{n % 3}") for n in range(9)])
    land(settings)
    engine = open_state(settings.state_url)
    first, *others = bronze(settings)
    (settings.home.bronze / first).unlink()
    with pytest.raises(DamageFound, match=f"{Path(first).name} is gone from "):
        relist(settings, engine)
    assert relist(settings, engine, accept_loss=True) == Relisted(0, 1)
    assert sorted(_rows(engine)) == sorted(others)
    (settings.home.bronze / "_meter/dt=2026-11-01/hour=00").mkdir(parents=True)
    (settings.home.bronze / "_meter/dt=2026-11-01/hour=00/part-c0-0-1.json.gz").write_bytes(
        gzip.compress(b"{}\n")
    )
    (settings.home.bronze / "events").rename(tmp_path / "elsewhere")
    with pytest.raises(DamageFound, match=r"events/.* is gone from "):
        relist(settings, engine)
    assert sorted(_rows(engine)) == sorted(others)
