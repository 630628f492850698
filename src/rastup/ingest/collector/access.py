"""Who may send: write keys and JWTs, looked up by the credential as it came, so that a known one costs one dictionary."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import Engine

from rastup.core.errors import PUT_FAILED, Rejected
from rastup.core.logs import get_logger
from rastup.ingest.collector.tokens import TokenVerifier
from rastup.ingest.keys import PUBLISHABLE, SECRET_BEGINS, WriteKey, hash_key, list_keys
from rastup.ingest.looking import Looks

AUTH_INVALID = "AUTH_INVALID"
LOOK_AGAIN_AFTER_S = 0.01
LOOK_WAIT_S = 2.0
CACHE_ENTRIES = 10_000
LONGEST_REMEMBERED = 256
"""Characters of a header, which holds as much beside a good key as its sender likes: in Basic, any password."""
log = get_logger()


class Access:
    """The keys of a deployment, kept fresh by a thread; a key unknown so far is looked for at once."""

    def __init__(self, engine: Engine, tokens: TokenVerifier | None) -> None:
        self._engine = engine
        self._tokens = tokens
        self._by_hash: dict[str, WriteKey] = {}
        self._origins: frozenset[str] = frozenset()
        self._cache: dict[str, WriteKey] = {}
        self.is_readable = False
        self._looks = Looks(self._read, again_after_s=LOOK_AGAIN_AFTER_S, wait_s=LOOK_WAIT_S)
        self.refresh()

    def start(self) -> None:
        """Looks for new and revoked keys every second from now on."""
        if self._tokens is not None:
            self._tokens.start()
        self._looks.start("keys")

    def refresh(self) -> None:
        """Looks for new and revoked keys."""
        self._looks.now()

    async def of_header(self, header: str) -> WriteKey:
        """The key of an `Authorization` header: `Bearer KEY`, `Basic` with the key as user name, or a bearer JWT.

        Raises:
            Rejected: 401 `AUTH_INVALID`.
        """
        found = self._cache.get(header)
        if found is not None:
            return found
        scheme, _, rest = header.partition(" ")
        credential = rest.strip()
        if scheme.lower() == "basic":
            credential = _user_name(credential)
        elif scheme.lower() != "bearer":
            raise _refused("use `Authorization: Bearer KEY`, or Basic with the key as user name")
        if scheme.lower() == "bearer" and credential.count(".") == 2 and self._tokens is not None:
            return self._tokens.verify(credential)  # not cached: a token ends by itself
        cache = self._cache  # a key that is revoked meanwhile is not among those of the next cache
        return _remember(cache, header, await self.of_key(credential))

    def of_token(self, header: str | None) -> WriteKey:
        """What a JWT stands for where nothing else is taken: `Bearer JWT`, or the JWT alone as AppSync's clients send it.

        Raises:
            Rejected: 401 `AUTH_INVALID`.
        """
        scheme, _, rest = (header or "").strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else scheme if not rest else ""
        if not token:
            raise _refused("send the user pool's JWT as `Authorization: Bearer JWT`")
        if self._tokens is None:
            raise _refused("JWTs are not set up; `ingest.jwks` names the user pool's keys")
        return self._tokens.verify(token)

    async def of_key(self, key: str) -> WriteKey:
        """The record of a key.

        Raises:
            Rejected: 401 `AUTH_INVALID`; 503 where nobody can say.
        """
        if not key:
            raise _refused("no key was sent; use `Authorization: Bearer KEY`")
        wanted = hash_key(key)
        is_current = wanted in self._by_hash or await self._looks.soon()
        found = self._by_hash.get(wanted)
        if found is None and not is_current:
            raise Rejected(
                503, PUT_FAILED, "The keys cannot be read now, and this one is not known yet. Send it again."
            )
        if found is None:
            raise _refused("no such write key, or it was revoked; `rastup keys create` makes one")
        return found

    async def allows_origin(self, origin: str, general: tuple[str, ...]) -> bool:
        """Whether any key, or the configuration, names this origin: all that a preflight can know."""
        if not self._is_allowed(origin, general):
            await self._looks.soon()
        return self._is_allowed(origin, general)

    def _is_allowed(self, origin: str, general: tuple[str, ...]) -> bool:
        return any(named in self._origins or named in general for named in ("*", origin.rstrip("/")))

    def _read(self) -> bool:
        try:
            keys = {key.key_hash: key for key in list_keys(self._engine) if key.revoked_at is None}
        except Exception as error:  # the state is away: those who were known stay known
            if self.is_readable:
                log.warning("keys cannot be read; known ones stay valid", error=str(error))
            self.is_readable = bool(self._by_hash)
            return False
        self.is_readable = True
        if keys != self._by_hash:
            self._by_hash = keys
            self._origins = frozenset(origin for key in keys.values() for origin in key.origins)
            self._cache = {}
        return True


def _remember(cache: dict[str, WriteKey], header: str, key: WriteKey) -> WriteKey:
    if len(cache) < CACHE_ENTRIES and len(header) <= LONGEST_REMEMBERED:
        cache[header] = key
    return key


def check_address(key: str | None) -> None:
    """Refuses a secret key in an address, which logs, histories and proxies keep; also beside another key elsewhere.

    Raises:
        Rejected: 401 `AUTH_INVALID`.
    """
    if key is not None and key.startswith(SECRET_BEGINS):
        raise _refused(
            "a secret key travels in a header or a body, never in an address; "
            "`rastup keys create --kind publishable` makes one for pages"
        )


def check_route(key: WriteKey, path: str, browser_routes: Collection[str]) -> None:
    """Refuses a publishable key, which anybody may have read, where only servers send.

    Raises:
        Rejected: 403 `AUTH_INVALID`.
    """
    if key.kind == PUBLISHABLE and path not in browser_routes:
        opened = ", ".join(sorted({route.rstrip("/") for route in browser_routes}))
        raise Rejected(
            403, AUTH_INVALID, f"{path} takes secret keys; a publishable one may send to {opened}."
        )


def check_origin(key: WriteKey, origin: str | None, general: tuple[str, ...]) -> None:
    """Refuses a browser on a page that may not use this key.

    Raises:
        Rejected: 403 `AUTH_INVALID`.
    """
    if origin is None:
        return
    allowed = (*key.origins, *general)
    if "*" not in allowed and origin.rstrip("/") not in allowed:
        raise Rejected(
            403,
            AUTH_INVALID,
            f"Origin {origin[:100]!r} is not on this key's list; `rastup keys create --origin`.",
        )


def with_rate(key: WriteKey, default_events_per_s: int) -> WriteKey:
    """The key with the deployment's rate where it has none of its own."""
    if key.rate_limit_events_per_s or not default_events_per_s:
        return key
    return replace(key, rate_limit_events_per_s=default_events_per_s)


def _refused(why: str) -> Rejected:
    return Rejected(401, AUTH_INVALID, f"Not authorised: {why}.")


def _user_name(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _refused("the Basic credentials are not base64") from error
