"""Which links were used: claimed once among all workers, remembered over restarts, in a database of its own.

A thread claims what came together in one transaction. On SQLite a commit is not synced to disk: it survives every crash of
ours; after a power cut the last ones may be claimed again, and then the click has the same event id.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from rastup.core.errors import ConfigError, StoreUnavailable
from rastup.core.logs import get_logger
from rastup.ingest.redirect.complaints import warn
from rastup.state.failures import opening

BUSY_WAIT_S = 2.0
RETRY_S = 0.0005
"""SQLite's own waiting for another worker's claim grows to a tenth of a second; a claim takes a thousandth."""
MOST_TOGETHER = 500
GATHER_S = 0.02
"""Lines of clicks are gathered for so long before they are kept: nobody waits for them, and each sync costs all of us."""
FORGET_EVERY_S = 60.0
KEPT_LONGER_S = 600
"""Beyond the end of a link, so that no clock that differs makes it new again."""
CHECKPOINT_PAGES = 10_000
"""SQLite syncs when its log has so many pages: rarely, because clicks wait meanwhile."""
MOST_WAITING = 50_000
"""Clicks that a store or a disk that does not answer may pile up in a worker's memory."""
log = get_logger()
metadata = MetaData()
table = Table(
    "used_click_tokens",
    metadata,
    # The time first: new ones lie together, and old ones go as one range.
    Column("made_s", BigInteger, primary_key=True, autoincrement=False),
    Column("nonce", String(40), primary_key=True),
    sqlite_with_rowid=False,
)


@dataclass(slots=True)
class Claim:
    """One click that wants to be the first with its nonce; `line` is its record, kept when it is."""

    made_s: int
    nonce: str
    line: bytes
    env: str
    future: asyncio.Future[bool] | None
    is_first: bool = True


Told = Callable[[list[Claim]], None]


def open_claims_store(url: str) -> Engine:
    """The store, with its table.

    Raises:
        ConfigError: neither SQLite nor PostgreSQL, or its driver is not installed.
        StoreUnavailable: it cannot be opened.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise ConfigError(f"redirect.store_url: {backend!r} is not allowed; give sqlite:// or postgresql://.")
    if backend == "sqlite" and parsed.database:
        _make_folder(Path(parsed.database).parent)
    with opening("redirect.store_url"):
        engine = create_engine(url, connect_args={"timeout": BUSY_WAIT_S} if backend == "sqlite" else {})
    if backend == "sqlite":
        event.listen(engine, "connect", _tune)
    try:
        _patiently(lambda: metadata.create_all(engine))
    except SQLAlchemyError as error:
        place = parsed.render_as_string(hide_password=True)
        raise StoreUnavailable(
            f"store of used links {place}: {error}. Check that it can be written."
        ) from error
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(f"the folder of the store of used links cannot be made: {error}") from error


def _tune(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode=wal")
    cursor.execute("pragma synchronous=normal")
    cursor.execute(f"pragma wal_autocheckpoint={CHECKPOINT_PAGES}")
    cursor.execute("pragma busy_timeout=0")  # see `_patiently`
    cursor.close()


def _patiently(work: Callable[[], None]) -> None:
    """Does it again while another worker holds SQLite's lock, for a time."""
    deadline = time.monotonic() + BUSY_WAIT_S
    while True:
        try:
            return work()
        except OperationalError as error:
            code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
            if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_S)


class Claims:
    """The claims of one worker.

    Args:
        engine: the store.
        valid_s: how long a link counts.
        tell: called by the thread with claims that are decided.
        keep: called by the thread with those that were first: it has their lines kept.
        clock_s: seconds since the epoch.

    Attributes:
        has_ended: its thread decides nothing more, and nothing is to be submitted.
    """

    def __init__(
        self,
        engine: Engine,
        valid_s: int,
        tell: Told,
        keep: Told,
        clock_s: Callable[[], float] = time.time,
    ) -> None:
        self._engine = engine
        self._tell = tell
        self._keep = keep
        self._clock_s = clock_s
        self._queue: queue.SimpleQueue[Claim | None] = queue.SimpleQueue()
        self._mine: dict[str, int] = {}
        self._kept_s = valid_s + KEPT_LONGER_S
        self._forgotten_at = 0.0
        self._undecided: list[Claim] = []
        self._won: list[Claim] = []
        self._won_at = 0.0
        self._keeping: list[Claim] = []
        self._is_closing = False
        self.has_ended = False
        dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
        self._insert = dialect.insert(table).on_conflict_do_nothing()
        self._thread = threading.Thread(target=self._run, name="click-claims", daemon=True)

    def start(self) -> None:
        """Claims from now on."""
        self._warm()
        self._thread.start()

    def is_mine(self, nonce: str) -> bool:
        """Whether this worker has claimed it already."""
        return nonce in self._mine

    def submit(self, claim: Claim) -> None:
        """Queues a claim; its future tells whether it was the first."""
        self._mine[claim.nonce] = claim.made_s
        self._queue.put(claim)

    @property
    def waiting(self) -> int:
        """How many are not decided yet."""
        return self._queue.qsize()

    def close(self) -> int:
        """Decides what was submitted, then ends. Returns how many clicks nobody knows to be kept."""
        self._is_closing = True
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(2 * BUSY_WAIT_S)
        unkept = self._unkept()
        if unkept:
            log.error("clicks may be lost: they were not kept in time", clicks=unkept)
        self._engine.dispose()
        return unkept

    def _unkept(self) -> int:
        # None, with which `close` wakes the thread, may be one of those that wait.
        here = len(self._undecided) + len(self._won) + len(self._keeping)
        return here + max(0, self._queue.qsize() - self._is_closing)

    def _warm(self) -> None:
        """Connects, compiles and writes now: SQLite syncs once when it begins its log, and no click is to wait for that."""
        self._forgotten_at = self._clock_s()
        try:
            _patiently(lambda: self._note([Claim(0, "", b"", "", None)]))
        except SQLAlchemyError as error:
            log.warning("used links cannot be noted yet", error=type(error).__name__)
        self._forget(int(self._forgotten_at) - self._kept_s)

    def _run(self) -> None:
        try:
            while not self._is_closing or self._queue.qsize():
                self._turn()
            self._keep_won()
        except Exception:  # a fault of ours: nobody may go on believing that clicks are recorded
            log.exception("click claims ended; links lead on, clicks are not recorded", clicks=self._unkept())
        finally:
            self.has_ended = True

    def _turn(self) -> None:
        self._undecided = self._next(GATHER_S if self._won else 1.0)
        is_idle = not self._undecided
        if self._undecided:
            self._decide(self._undecided)
        if self._won and (is_idle or time.monotonic() - self._won_at > GATHER_S):
            self._keep_won()
        now = self._clock_s()
        if now - self._forgotten_at > FORGET_EVERY_S:
            self._forgotten_at = now
            self._forget(int(now) - self._kept_s)

    def _keep_won(self) -> None:
        self._keeping, self._won = self._won, []
        if self._keeping:
            self._keep(self._keeping)
        self._keeping = []

    def _next(self, timeout_s: float) -> list[Claim]:
        found: list[Claim] = []
        try:
            first = self._queue.get(timeout=timeout_s)
            found += [first] if first else []
            while len(found) < MOST_TOGETHER:
                more = self._queue.get_nowait()
                found += [more] if more else []
        except queue.Empty:
            pass
        return found

    def _decide(self, claims: list[Claim]) -> None:
        try:
            _patiently(lambda: self._note(claims))
        except SQLAlchemyError as error:
            # Kept all the same: its event id is made of the nonce, and one event is one click however often it comes.
            warn("used links cannot be noted", len(claims), error=type(error).__name__)
            for claim in claims:
                claim.is_first = True
        self._tell(claims)
        won = [claim for claim in claims if claim.is_first]
        if won and not self._won:
            self._won_at = time.monotonic()
        self._undecided = []
        self._won += won

    def _note(self, claims: list[Claim]) -> None:
        with self._engine.begin() as connection:
            for claim in claims:
                row = {"made_s": claim.made_s, "nonce": claim.nonce}
                claim.is_first = connection.execute(self._insert, row).rowcount == 1

    def _forget(self, before_s: int) -> None:
        # One by one, and in place: the worker's loop adds to it meanwhile.
        for nonce in [nonce for nonce, made in list(self._mine.items()) if made < before_s]:
            self._mine.pop(nonce, None)
        try:
            _patiently(lambda: self._delete(before_s))
        except SQLAlchemyError as error:
            log.warning("old used links stay for now", error=type(error).__name__)

    def _delete(self, before_s: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.made_s < before_s))
