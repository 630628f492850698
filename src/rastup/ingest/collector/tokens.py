"""JWTs of the app's user pool as a second way in. Keys come from a JWKS file or URL; only RS256 and ES256 are believed."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import jwt

from rastup.core.config import IngestConfig
from rastup.core.errors import ConfigError, Rejected
from rastup.ingest.keys import ENVIRONMENTS, WriteKey

ALGORITHMS = ["RS256", "ES256"]
REFRESH_S = 300.0
FETCH_TIMEOUT_S = 5.0


class TokenVerifier:
    """Verifies bearer JWTs.

    Claims: `env` (dev, stage or prod; prod when absent) and `source` (else `client_id`, else `app`).
    """

    def __init__(self, config: IngestConfig) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._keys: dict[str, Any] = {}
        self._read_at = 0.0
        self._load()

    def verify(self, token: str) -> WriteKey:
        """What a token stands for.

        Raises:
            Rejected: 401 `AUTH_INVALID`, without saying which key would have been right.
        """
        try:
            key = self._key_of(jwt.get_unverified_header(token))
            options: Any = {"require": ["exp"], "verify_aud": bool(self._config.jwt_audience)}
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self._config.jwt_audience or None,
                issuer=self._config.jwt_issuer or None,
                options=options,
            )
        except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
            raise Rejected(
                401, "AUTH_INVALID", f"Not authorised: the token is refused ({type(error).__name__})."
            ) from error
        env = str(claims.get("env", "prod"))
        if env not in ENVIRONMENTS:
            raise Rejected(
                401, "AUTH_INVALID", "Not authorised: the token's env is none of dev, stage, prod."
            )
        source = str(claims.get("source") or claims.get("client_id") or "app")[:64]
        return WriteKey("jwt", "", source, env, "publishable", ("*",), 0, "", None)

    def _key_of(self, header: dict[str, Any]) -> Any:
        if header.get("alg") not in ALGORITHMS:
            raise jwt.InvalidAlgorithmError("algorithm")
        wanted = str(header.get("kid", ""))
        if wanted not in self._keys and time.monotonic() - self._read_at > REFRESH_S / 10:
            self._load()
        key = self._keys[wanted]
        if key.algorithm_name != header["alg"]:  # an RSA key must not verify what claims to be something else
            raise jwt.InvalidAlgorithmError("algorithm")
        return key.key

    def _load(self) -> None:
        with self._lock:
            self._read_at = time.monotonic()
            try:
                document = json.loads(self._read())
                keys = {str(k.get("kid", "")): jwt.PyJWK(k) for k in document["keys"]}
            except (OSError, ValueError, KeyError, TypeError, jwt.PyJWTError) as error:
                if self._keys:
                    return  # the old ones stay valid while the publisher is away
                raise ConfigError(
                    f"ingest.jwks = {self._config.jwks!r}: not a readable JWKS: {error}"
                ) from error
            self._keys = keys

    def _read(self) -> bytes:
        place = self._config.jwks
        if place.startswith(("https://", "http://")):
            with urllib.request.urlopen(place, timeout=FETCH_TIMEOUT_S) as answer:  # noqa: S310  http(s) only, see above
                return bytes(answer.read(1_000_000))
        return Path(place).read_bytes()
