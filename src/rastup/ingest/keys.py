"""Write keys: who may send, as which source, into which environment. Only a key's SHA-256 is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine, insert, select, update

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.errors import UsageError
from rastup.state.schema import write_keys

ENVIRONMENTS = ("dev", "stage", "prod")
SECRET, PUBLISHABLE, TOKEN = "secret", "publishable", "token"
KINDS = (SECRET, PUBLISHABLE)
SECRET_BEGINS = "rk_sec_"  # noqa: S105  how each begins
REDIRECT = "redirect"
"""The source of clicks that the collector records itself. Proofs of clicks rest on it, so no sender may have it."""
SOURCE_RULE = f"1 to 64 of a-z 0-9 _ - . and not {REDIRECT!r}, which is the collector's own"
_SOURCE_CHARACTERS = set("abcdefghijklmnopqrstuvwxyz0123456789_-.")


@dataclass(frozen=True, slots=True)
class WriteKey:
    """What a key stands for.

    A secret key is a server's: it opens every route and travels in a header or a body, never in an address. A publishable
    key is a page's and may be seen by anyone: it opens what browsers send to, from its origins, and may stand in an
    address, because `sendBeacon` has no headers. A token is a JWT's.
    """

    key_id: str
    key_hash: str
    source: str
    env: str
    kind: str
    origins: tuple[str, ...]
    rate_limit_events_per_s: int
    created_at: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key; `key` is shown this once."""

    key: str
    record: WriteKey


def create_key(
    engine: Engine,
    *,
    source: str,
    env: str,
    kind: str = SECRET,
    origins: tuple[str, ...] = (),
    rate_limit_events_per_s: int = 0,
    clock: Clock = system_clock,
) -> CreatedKey:
    """Makes a key.

    Raises:
        UsageError: names the value that is not allowed.
    """
    if env not in ENVIRONMENTS:
        raise UsageError(f"env {env!r} is not allowed; give one of {', '.join(ENVIRONMENTS)}.")
    if kind not in KINDS:
        raise UsageError(f"kind {kind!r} is not allowed; give one of {', '.join(KINDS)}.")
    if not is_source(source):
        raise UsageError(f"source {source[:64]!r} is not allowed; give {SOURCE_RULE}.")
    for origin in origins:
        if origin != "*" and not _is_origin(origin):
            raise UsageError(
                f"origin {origin!r} is not allowed; give a scheme and a host, and nothing after them, for example "
                "https://rastup.com."
            )
    key = ("rk_pub_" if kind == PUBLISHABLE else SECRET_BEGINS) + secrets.token_urlsafe(24)
    record = WriteKey(
        key_id="key_" + secrets.token_hex(6),
        key_hash=hash_key(key),
        source=source,
        env=env,
        kind=kind,
        origins=tuple(origin.rstrip("/").lower() for origin in origins),
        rate_limit_events_per_s=rate_limit_events_per_s,
        created_at=rfc3339_ms(clock()),
        revoked_at=None,
    )
    with engine.begin() as connection:
        connection.execute(insert(write_keys).values(**_row(record)))
    return CreatedKey(key, record)


def list_keys(engine: Engine) -> list[WriteKey]:
    """Every key, the newest first; revoked ones too."""
    with engine.connect() as connection:
        rows = connection.execute(select(write_keys).order_by(write_keys.c.created_at.desc())).mappings()
        return [WriteKey(**{**row, "origins": tuple(row["origins"])}) for row in rows]


def revoke_key(engine: Engine, key_id: str, *, clock: Clock = system_clock) -> WriteKey:
    """Revokes a key; running collectors refuse it within two seconds. Revoking again changes nothing.

    Raises:
        UsageError: no such key.
    """
    with engine.begin() as connection:
        is_open = (write_keys.c.key_id == key_id) & write_keys.c.revoked_at.is_(None)
        connection.execute(update(write_keys).where(is_open).values(revoked_at=rfc3339_ms(clock())))
    return find_key(engine, key_id)


def find_key(engine: Engine, key_id: str) -> WriteKey:
    """The key of that id, revoked or not.

    Raises:
        UsageError: no such key.
    """
    found = next((key for key in list_keys(engine) if key.key_id == key_id), None)
    if found is None:
        raise UsageError(f"no key {key_id!r}; `rastup keys list` shows them.")
    return found


def is_source(name: str) -> bool:
    """Whether a sender may have this name."""
    return name != REDIRECT and 0 < len(name) <= 64 and set(name) <= _SOURCE_CHARACTERS


def _is_origin(text: str) -> bool:
    """Whether a browser may say it of a page: it says no path."""
    try:
        parts = urlsplit(text.rstrip("/"))
        parts.port  # noqa: B018  raises where it is none
    except ValueError:
        return False
    return (
        parts.scheme.lower() in ("http", "https")
        and bool(parts.hostname)
        and not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    )


def hash_key(key: str) -> str:
    """What is kept of a key. A key has 192 random bits, so that a plain hash cannot be reversed."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def _row(key: WriteKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in write_keys.c.keys()} | {"origins": list(key.origins)}  # noqa: SIM118
