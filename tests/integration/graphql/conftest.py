"""A collector that believes one user pool, spoken to with the public client `gql`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from gql import Client
from gql.transport.httpx import HTTPXTransport
from tests.integration.collector.conftest import Collector

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def token(key: Any = KEY, alg: str = "RS256", kid: str = "one", **claims: Any) -> str:
    """A JWT as the app's user pool signs it."""
    said = {"exp": time.time() + 600, "aud": "app", "iss": "pool", "client_id": "ios", **claims}
    return jwt.encode(said, key, alg, headers={"kid": kid})


class App:
    """The app, with its token."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.url = f"{collector.url}/graphql"
        self._http = httpx.Client(timeout=20)

    def client(self, **options: Any) -> Client:
        headers = {"Authorization": f"Bearer {token()}"}
        return Client(transport=HTTPXTransport(url=self.url, headers=headers, timeout=20), **options)

    def post(self, body: Any, *, authorization: str | None = None, **headers: str) -> httpx.Response:
        """Posts what no client would."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"authorization": f"Bearer {token()}" if authorization is None else authorization, **headers}
        return self._http.post(self.url, content=content, headers=sent)

    def query(self, text: str, variables: Any = None) -> dict[str, Any]:
        """The answer to a document that is executed or refused with status 200."""
        answer = self.post({"query": text, "variables": variables})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def close(self) -> None:
        self._http.close()

    def stored(self, anon_id: str) -> list[dict[str, Any]]:
        return [record for record in self.collector.spooled() if record.get("anon_id") == anon_id]


def settings(folder: Path) -> dict[str, str]:
    """The user pool's keys as a file, and what its tokens must name."""
    about = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
    folder.mkdir(exist_ok=True)
    jwks = folder / "jwks.json"
    jwks.write_text(json.dumps({"keys": [{**about, "kid": "one", "alg": "RS256", "use": "sig"}]}))
    return {
        "RASTUP_INGEST__JWKS": str(jwks),
        "RASTUP_INGEST__JWT_AUDIENCE": "app",
        "RASTUP_INGEST__JWT_ISSUER": "pool",
        "RASTUP_INGEST__WORKERS": "1",
        "RASTUP_INGEST__CORS_ORIGINS": "https://app.rastup.com",
    }


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One collector for all tests of a module that only send."""
    folder = tmp_path_factory.mktemp("graphql")
    collector = Collector(folder / "home", **settings(folder))
    running = App(collector)
    yield running
    running.close()
    assert collector.stop() == 0
    assert "Traceback" not in (folder / "home.log").read_text()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., App]]:
    """Starts one with settings of its own; it is ended after the test."""
    started: list[App] = []

    def start_one(**environ: str) -> App:
        started.append(App(Collector(tmp_path / "home", **{**settings(tmp_path), **environ})))
        return started[-1]

    yield start_one
    for one in started:
        one.close()
        one.collector.stop()
