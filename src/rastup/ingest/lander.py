"""The lander: drains the spool into Bronze, one sealed segment after the other, and remembers nothing."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Engine

from rastup.core.config import Settings
from rastup.core.errors import LeaseHeld, StoreUnavailable, Unavailable
from rastup.core.logs import get_logger
from rastup.ingest.landing import Landed, Steps, land_segment, no_steps, seal_dead
from rastup.ingest.repair.expiry import purge
from rastup.ingest.spool.segments import Segment, list_segments, list_streams, stream_segments, try_lock
from rastup.lake.storage import ObjectStore, open_store
from rastup.state.database import open_state
from rastup.state.heartbeats import beat
from rastup.state.leases import Lease, holder_of

LEASE = "lander.lease"
COMPONENT = "lander"
LOOK_EVERY_S = 0.5
BEAT_EVERY_S = 5.0
PURGE_EVERY_S = 3_600.0
PURGE_FILES_AT_ONCE = 50
PURGE_AGAIN_S = 30.0
LONGEST_BACK_OFF_S = 30.0
_NEW_STREAM_GRACE_S = 60.0
_WAITING_LOOK_EVERY_S = 0.1
_log = get_logger(__name__)


def run(settings: Settings, stop: threading.Event, once: bool = False, *, steps: Steps = no_steps) -> Landed:
    """Lands until `stop` is set, then lands once more what is sealed; with `once`, one pass over the spool.

    Raises:
        LeaseHeld: with `once`, another process lands this spool.
        Unavailable: with `once`, the store or the state database is away.
    """
    lease = _take_lease(settings, stop, once)
    if lease is None:
        return Landed()
    try:
        lander = Lander(settings, steps=steps)
        return lander.land_all() if once else lander.loop(stop)
    finally:
        lease.__exit__(None, None, None)


class Lander:
    """Whoever holds the lander's lease on one spool.

    Args:
        settings: of the deployment.
        store: where Bronze lies, by default as the settings say.
        steps: called after each step of a landing, so that a drill can kill between any two.
    """

    def __init__(
        self, settings: Settings, *, store: ObjectStore | None = None, steps: Steps = no_steps
    ) -> None:
        self._settings = settings
        self._root = settings.home.spool
        self._store = store or open_store(settings.bronze_url, settings.bronze)
        self._engine: Engine = open_state(settings.state_url)
        self._steps = steps
        self._beat_due = self._purge_due = 0.0
        self._clear_leftovers()

    def land_all(self) -> Landed:
        """Lands every segment that is sealed or whose writer is dead, and removes the streams that are done."""
        total = Landed()
        for stream in list_streams(self._root):
            total += self._land_stream(stream)
            self._beat()
        return total

    def loop(self, stop: threading.Event) -> Landed:
        """Lands until `stop` is set; waits out a store that is away."""
        total, back_off_s = Landed(), LOOK_EVERY_S
        _log.info("lander started", spool=str(self._root), bronze=self._store.url)
        while True:
            stopping = stop.is_set()
            try:
                total += self.land_all()
                self._beat()
                self._purge()
                back_off_s = LOOK_EVERY_S
            except (Unavailable, OSError) as error:
                back_off_s = min(max(1.0, back_off_s * 2), LONGEST_BACK_OFF_S)
                _log.warning("landing waits", reason=str(error), again_in_s=back_off_s)
            if stopping:
                break
            stop.wait(back_off_s)
        _log.info("lander stopped", files=total.files, records=total.records)
        return total

    def _land_stream(self, stream: Path) -> Landed:
        lock = try_lock(stream)
        segments = stream_segments(stream)
        try:
            total = Landed()
            for segment in segments:
                if not segment.sealed:
                    if lock is None:  # its writer lives
                        continue
                    segment = seal_dead(self._root, segment, self._steps)
                total += self._land(segment)
            if lock is not None:
                self._remove(stream)
            return total
        finally:
            if lock is not None:
                os.close(lock)

    def _land(self, segment: Segment) -> Landed:
        started = time.monotonic()
        landed = land_segment(
            self._root,
            segment,
            self._store,
            self._engine,
            file_max_bytes=self._settings.bronze.file_max_bytes,
            steps=self._steps,
        )
        _log.info(
            "segment landed",
            stream=segment.stream,
            offset=segment.first_offset,
            records=landed.records,
            files=landed.files,
            seconds=round(time.monotonic() - started, 3),
        )
        return landed

    def _remove(self, stream: Path) -> None:
        """Removes the folder of a dead writer once it is empty."""
        if stream_segments(stream):
            return
        for path in stream.iterdir():
            path.unlink()
        stream.rmdir()
        self._steps("closed")

    def _beat(self) -> None:
        if time.monotonic() >= self._beat_due:
            self._beat_due = time.monotonic() + BEAT_EVERY_S
            waiting = list_segments(self._root)
            lag_s = lag_of(waiting, self._settings.spool.segment_max_age_s)
            beat(self._engine, COMPONENT, lag_s=lag_s, detail={"segments": len(waiting)})

    def _purge(self) -> None:
        """Removes what the quarantine has kept long enough, a few files a look. Nothing that fails here stops landing."""
        if time.monotonic() < self._purge_due:
            return
        self._purge_due = time.monotonic() + PURGE_EVERY_S
        try:
            gone = purge(self._settings, self._engine, store=self._store, most_files=PURGE_FILES_AT_ONCE)
        except LeaseHeld:
            self._purge_due = time.monotonic() + PURGE_AGAIN_S  # a repair is at work
        except Exception:
            _log.exception("old refused events could not be removed", again_in_s=PURGE_EVERY_S)
        else:
            self._purge_due = 0.0 if gone.left else self._purge_due
            if gone.files:
                _log.info("old refused events removed", files=gone.files, records=gone.records)
            for path in gone.damaged:
                _log.error("a file of the quarantine cannot be read; it stays where it is", path=path)

    def _clear_leftovers(self) -> None:
        """Removes what killed writers left behind: half-made streams, half-written files."""
        self._store.sweep()
        for folder in self._root.glob(".new-*"):
            try:
                age_s = time.time() - folder.stat().st_mtime
            except FileNotFoundError:
                continue  # its writer has just given it its name
            if age_s < _NEW_STREAM_GRACE_S:
                continue
            lock = try_lock(folder)
            if lock is not None:
                for path in folder.iterdir():
                    path.unlink()
                folder.rmdir()
                os.close(lock)


def lag_of(segments: list[Segment], segment_max_age_s: float) -> float:
    """Seconds since the oldest record in these segments was written; 0 when there is none.

    A record's `received_at` says it, save for imported history, which says when the event once came in. Hence no
    record counts as older than a segment may become.
    """
    now, oldest = time.time(), time.time()
    for segment in segments:
        try:
            written = segment.path.stat().st_mtime
            oldest = min(oldest, max(_first_received(segment.path), written - segment_max_age_s))
        except FileNotFoundError:
            continue
    return max(0.0, now - oldest)


def _first_received(path: Path) -> float:
    with path.open("rb") as file:
        file.readline(256)
        line = file.readline(1_000_000)
    try:
        record = orjson.loads(line)
        record = record.get("_bad") or record.get("_meter") or record
        return datetime.fromisoformat(record["received_at"]).timestamp()
    except (ValueError, KeyError, TypeError, AttributeError):
        return 0.0


def _take_lease(settings: Settings, stop: threading.Event, once: bool) -> Lease | None:
    path = settings.home.run / LEASE
    lease = Lease(path, purpose="landing")
    told = False
    while True:
        try:
            return lease.__enter__()
        except LeaseHeld:
            if once:
                raise
            if not told:
                holder = holder_of(path)
                _log.warning("another lander is at work; waiting for it", pid=holder.pid if holder else None)
                told = True
        if stop.wait(1.0):
            return None


class Landing:
    """`with Landing(settings) as landing: …; landing.wait_for(stream)`: lands when nobody else does, else looks on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="landing", daemon=True)

    def __enter__(self) -> Landing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait_for(self, stream: str, on_look: Callable[[], None] = lambda: None) -> None:
        """Returns when every segment of the stream has landed.

        Raises:
            StoreUnavailable: landing here has ended with an error; what was spooled is safe and lands later.
        """
        folder = self._settings.home.spool / stream
        while folder.exists():
            if self._error is not None:
                raise StoreUnavailable(
                    f"landing failed: {self._error}. What was spooled is safe in the spool and lands with the "
                    "next `rastup ingest land`."
                ) from self._error
            on_look()
            time.sleep(_WAITING_LOOK_EVERY_S)

    def _run(self) -> None:
        try:
            run(self._settings, self._stop)
        except Exception as error:
            self._error = error
