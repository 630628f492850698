"""The keys that sign click tokens: one signs, those before it still verify what they signed in their time."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.logs import get_logger
from rastup.state.schema import click_keys

REFRESH_S = 1.0
MISS_REFRESH_S = 0.05
"""Who guesses key ids makes a worker read the state twenty times a second at most."""
LOOK_WAIT_S = 0.5
log = get_logger()


@dataclass(frozen=True, slots=True)
class ClickKey:
    """A signing key. Times are seconds since the epoch; `secret` is shown nowhere."""

    key_id: str
    secret: bytes = field(repr=False)
    created_at: str
    retired_at: str | None = None
    revoked_at: str | None = None

    @property
    def retired_s(self) -> float:
        """When it ceased to sign; infinity while it signs."""
        return datetime.fromisoformat(self.retired_at).timestamp() if self.retired_at else float("inf")


def rotate(engine: Engine, *, revoke: bool = False, clock: Clock = system_clock) -> ClickKey:
    """Makes a new key, which signs from now on. The older ones retire; with `revoke` they are believed in nothing more."""
    now = rfc3339_ms(clock())
    key = ClickKey("k" + secrets.token_hex(4), secrets.token_bytes(32), now)
    table = click_keys
    with engine.begin() as connection:
        connection.execute(update(table).where(table.c.retired_at.is_(None)).values(retired_at=now))
        if revoke:
            connection.execute(update(table).where(table.c.revoked_at.is_(None)).values(revoked_at=now))
        row = {"key_id": key.key_id, "secret": key.secret.hex(), "created_at": now}
        connection.execute(insert(table).values(**row))
    return key


def list_keys(engine: Engine) -> list[ClickKey]:
    """Every key, the newest first."""
    with engine.connect() as connection:
        rows = connection.execute(select(click_keys).order_by(click_keys.c.created_at.desc())).mappings()
        return [ClickKey(**{**row, "secret": bytes.fromhex(row["secret"])}) for row in rows]


def signing_key(engine: Engine, clock: Clock = system_clock) -> ClickKey:
    """The key that signs now; the first one is made when it is asked for."""
    return next((key for key in list_keys(engine) if key.retired_at is None), None) or rotate(
        engine, clock=clock
    )


def believed(engine: Engine) -> dict[str, ClickKey]:
    """The keys that are not revoked, by their ids."""
    return {key.key_id: key for key in list_keys(engine) if key.revoked_at is None}


class Keyring:
    """The keys of a deployment as a worker knows them, kept fresh by a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._closed = threading.Event()
        self._looked_at = 0.0
        self._look: asyncio.Future[None] | None = None
        self.keys: Mapping[str, ClickKey] = {}
        self._refresh()

    def start(self) -> None:
        """Looks for new and revoked keys every second from now on."""
        threading.Thread(target=self._keep_fresh, name="click-keys", daemon=True).start()

    async def look_again(self) -> None:
        """Returns when the state was read after this call began: for a key that was made a moment ago."""
        asked = time.monotonic()
        while self._looked_at <= asked and time.monotonic() < asked + LOOK_WAIT_S:
            if self._look is None or self._look.done():
                self._look = asyncio.ensure_future(self._look_soon())
            await asyncio.wait([self._look], timeout=LOOK_WAIT_S)

    async def _look_soon(self) -> None:
        await asyncio.sleep(self._looked_at + MISS_REFRESH_S - time.monotonic())
        await asyncio.get_running_loop().run_in_executor(None, self._refresh)

    def close(self) -> None:
        """Stops looking."""
        self._closed.set()

    def _keep_fresh(self) -> None:
        while not self._closed.wait(REFRESH_S):
            self._refresh()

    def _refresh(self) -> None:
        began = time.monotonic()
        try:
            self.keys = believed(self._engine)
        except Exception as error:  # the state is away: those that were known stay known
            log.warning("click keys cannot be read; known ones stay valid", error=str(error))
        self._looked_at = began
