"""Ids of ours that providers' objects carried: a dispute names its charge, and only the charge's webhook named the order.

A help, not a truth: what was told is written within a second, not before the answer. Where it is missing, the event waits in
the quarantine.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Engine, delete, insert, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.errors import RastupError
from rastup.core.logs import get_logger
from rastup.state.schema import webhook_references as table

WRITE_EVERY_S = 0.5
AGAIN_AFTER_S = 2.0
"""While the state takes nothing: each try says so in the log."""
KEPT_IN_MEMORY = 50_000
"""Those that are known, and those that wait to be written."""
KEPT_FOR = timedelta(days=540)
"""Card networks take disputes for up to 18 months."""
TROUBLE = (SQLAlchemyError, RastupError)
"""Of the state: what its library raises, and what that becomes where it is locked, full, away or damaged."""
log = get_logger()

Ids = dict[str, str]
Key = tuple[str, str]


class References:
    """The references of a deployment, as one worker sees them."""

    def __init__(self, engine: Engine, clock: Clock = system_clock) -> None:
        self._engine = engine
        self._clock = clock
        self._known: dict[Key, Ids] = {}
        self._fresh: dict[Key, Ids] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._keep_writing, name="references", daemon=True)

    def start(self) -> None:
        """Writes what is told from now on; forgets what is too old for any dispute."""
        self._thread.start()

    def tell(self, provider: str, refs: Sequence[str], ids: Ids) -> None:
        """Notes that these objects belong to these ids."""
        for ref in refs:
            key = (provider, ref)
            if self._known.get(key) != ids:
                with self._lock:
                    _remember(self._known, key, ids)
                    _remember(self._fresh, key, ids)
                self._wake.set()

    def known(self, provider: str, refs: Sequence[str]) -> Ids:
        """The ids that one of these objects belongs to, the first that is known; empty when none is."""
        for ref in refs:
            if (found := self._known.get((provider, ref))) is not None:
                return found
        try:
            found_in_state = self._read(provider, refs)
        except TROUBLE as error:
            log.warning("webhook references cannot be read", error=type(error).__name__)
            return {}
        return next((found_in_state[ref] for ref in refs if ref in found_in_state), {})

    def close(self) -> None:
        """Writes what is left, once."""
        self._closed.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        if not self._write():
            log.error("webhook references are lost: the state did not take them", references=len(self._fresh))

    def _read(self, provider: str, refs: Sequence[str]) -> dict[str, Ids]:
        wanted = select(table.c.ref, table.c.ids).where(table.c.provider == provider, table.c.ref.in_(refs))
        with self._engine.connect() as connection:
            return {row.ref: dict(row.ids) for row in connection.execute(wanted)}

    def _keep_writing(self) -> None:
        self._forget()
        while not self._closed.is_set():
            self._wake.wait()
            self._wake.clear()
            is_written = self._write()
            self._closed.wait(WRITE_EVERY_S if is_written else AGAIN_AFTER_S)

    def _write(self) -> bool:
        """Whether nothing is left to be written."""
        with self._lock:
            fresh, self._fresh = self._fresh, {}
        if not fresh:
            return True
        at = rfc3339_ms(self._clock())
        rows = [{"provider": p, "ref": r, "ids": ids, "told_at": at} for (p, r), ids in fresh.items()]
        try:
            with self._engine.begin() as connection:
                for start in range(0, len(rows), 200):
                    keys = [(row["provider"], row["ref"]) for row in rows[start : start + 200]]
                    connection.execute(delete(table).where(tuple_(table.c.provider, table.c.ref).in_(keys)))
                connection.execute(insert(table), rows)
        except TROUBLE as error:  # two workers told the same at once, or the state is away
            log.warning("webhook references not written yet", error=type(error).__name__)
            with self._lock:
                told_meanwhile, self._fresh = self._fresh, fresh
                for key, ids in told_meanwhile.items():
                    _remember(self._fresh, key, ids)
            self._wake.set()
            return False
        return True

    def _forget(self) -> None:
        try:
            with self._engine.begin() as connection:
                before = rfc3339_ms(self._clock() - KEPT_FOR)
                connection.execute(delete(table).where(table.c.told_at < before))
        except TROUBLE as error:
            log.warning("old webhook references stay for now", error=type(error).__name__)


def _remember(kept: dict[Key, Ids], key: Key, ids: Ids) -> None:
    """Puts one with the others; beyond the bound the oldest goes."""
    if key not in kept and len(kept) >= KEPT_IN_MEMORY:
        del kept[next(iter(kept))]
    kept[key] = ids
