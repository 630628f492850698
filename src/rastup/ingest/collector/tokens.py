"""JWTs of the app's user pool as a second way in. Keys come from a JWKS file or URL; only RS256 and ES256 are believed."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jwt

from rastup.core.config import IngestConfig
from rastup.core.errors import ConfigError, Rejected
from rastup.core.logs import get_logger
from rastup.ingest.keys import ENVIRONMENTS, SOURCE_RULE, TOKEN, WriteKey, is_source

ALGORITHMS = ["RS256", "ES256"]
REFRESH_S = 300.0
"""How long a key that its publisher withdrew is believed at most, while the publisher can be reached."""
FETCH_AGAIN_S = 10.0
"""Who sends tokens of unknown keys makes a worker ask the publisher this often at most."""
FETCH_TIMEOUT_S = 5.0
log = get_logger()


class TokenVerifier:
    """Verifies bearer JWTs by keys in memory, which a thread keeps fresh; a request never waits for the publisher.

    Claims: `env` (dev, stage or prod; prod when absent) and `source` (else `client_id`, else `app`).

    Raises:
        ConfigError: the JWKS cannot be read at first.
    """

    def __init__(self, config: IngestConfig) -> None:
        self._config = config
        self._asked = threading.Event()
        try:
            self._keys = self._published()
        except Exception as error:
            raise ConfigError(f"ingest.jwks = {config.jwks!r}: not a readable JWKS: {error}") from error

    def start(self) -> None:
        """Looks for new and withdrawn keys from now on."""
        threading.Thread(target=self._keep_fresh, name="jwks", daemon=True).start()

    def verify(self, token: str) -> WriteKey:
        """What a token stands for.

        Raises:
            Rejected: 401 `AUTH_INVALID`, without saying which key would have been right.
        """
        try:
            claims = self._claims(token)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise _refused(f"the token is refused ({type(error).__name__})") from error
        env = str(claims.get("env", "prod"))
        if env not in ENVIRONMENTS:
            raise _refused("the token's env is none of dev, stage, prod")
        source = str(claims.get("source") or claims.get("client_id") or "app")
        if not is_source(source):
            raise _refused(f"the token's source (or client_id) is not {SOURCE_RULE}")
        return WriteKey(f"jwt {env} {source}", "", source, env, TOKEN, ("*",), 0, "", None)

    def _claims(self, token: str) -> dict[str, Any]:
        options: Any = {"require": ["exp"], "verify_aud": bool(self._config.jwt_audience)}
        return jwt.decode(
            token,
            self._key_of(jwt.get_unverified_header(token)),
            algorithms=ALGORITHMS,
            audience=self._config.jwt_audience or None,
            issuer=self._config.jwt_issuer or None,
            options=options,
        )

    def _key_of(self, header: dict[str, Any]) -> Any:
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError("algorithm")
        key = self._keys.get(str(header.get("kid", "")))
        if key is None:
            self._asked.set()
            raise KeyError("kid")
        if key.algorithm_name != header["alg"]:  # an RSA key must not verify what claims to be something else
            raise jwt.InvalidAlgorithmError("algorithm")
        return key.key

    def _keep_fresh(self) -> None:
        while True:
            self._asked.wait(REFRESH_S)
            self._asked.clear()
            try:
                self._keys = self._published()
            except Exception as error:  # whatever a publisher does, this thread goes on asking
                log.warning(
                    "JWKS cannot be read; known keys stay valid", jwks=self._config.jwks, error=str(error)
                )
            time.sleep(FETCH_AGAIN_S)

    def _published(self) -> dict[str, jwt.PyJWK]:
        document = json.loads(self._read())
        return {str(key.key_id or ""): key for key in _usable(document["keys"])}

    def _read(self) -> bytes:
        place = self._config.jwks
        if place.startswith(("https://", "http://")):
            with urllib.request.urlopen(place, timeout=FETCH_TIMEOUT_S) as answer:  # noqa: S310  http(s) only, see above
                return bytes(answer.read(1_000_000))
        return Path(place).read_bytes()


def _usable(published: Iterable[Any]) -> Iterable[jwt.PyJWK]:
    """The keys that sign by an algorithm that is believed; a key of another kind must not hide that one was withdrawn."""
    for about in published:
        try:
            key = jwt.PyJWK(about)
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
            continue
        if key.algorithm_name in ALGORITHMS and about.get("use", "sig") == "sig":
            yield key


def _refused(why: str) -> Rejected:
    return Rejected(401, "AUTH_INVALID", f"Not authorised: {why}.")
