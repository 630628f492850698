"""The keys that sign click tokens: one signs, those before it still verify what they signed in their time."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.logs import get_logger
from rastup.ingest.looking import Looks
from rastup.state.schema import click_keys

LOOK_AGAIN_AFTER_S = 0.05
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
        self.keys: Mapping[str, ClickKey] = {}
        self._looks = Looks(self._read, again_after_s=LOOK_AGAIN_AFTER_S, wait_s=LOOK_WAIT_S)
        self._looks.now()

    def start(self) -> None:
        """Looks for new and revoked keys every second from now on."""
        self._looks.start("click-keys")

    async def look_again(self) -> None:
        """Returns when the state was read after this call began: for a key that was made a moment ago."""
        await self._looks.soon()

    def close(self) -> None:
        """Stops looking."""
        self._looks.close()

    def _read(self) -> bool:
        try:
            self.keys = believed(self._engine)
            return True
        except Exception as error:  # the state is away: those that were known stay known
            log.warning("click keys cannot be read; known ones stay valid", error=str(error))
            return False
