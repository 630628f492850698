"""JWTs: which signing keys are believed, against a publisher that changes its mind, hangs and talks nonsense."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from rastup.core.config import IngestConfig
from rastup.core.errors import ConfigError, Rejected
from rastup.ingest.collector import tokens
from rastup.ingest.collector.access import with_rate
from rastup.ingest.collector.limits import RateLimited, RateLimits
from rastup.ingest.collector.tokens import TokenVerifier

KEYS = {kid: rsa.generate_private_key(public_exponent=65537, key_size=2048) for kid in ("one", "two")}


def public(kid: str) -> dict[str, Any]:
    about = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEYS[kid].public_key()))
    return {**about, "kid": kid, "alg": "RS256", "use": "sig"}


def token(kid: str, *, named: str = "", **claims: Any) -> str:
    return jwt.encode({"exp": time.time() + 600, **claims}, KEYS[kid], "RS256", headers={"kid": named or kid})


class Publisher:
    """A JWKS endpoint; `document` is what it says, `open` whether it answers."""

    def __init__(self) -> None:
        self.document: Any = {"keys": [public("one")]}
        self.asked = 0
        self.open = threading.Event()
        self.open.set()
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.asked += 1
                publisher.open.wait(20)
                body = json.dumps(publisher.document).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    publisher = Publisher()
    yield publisher
    publisher.open.set()
    publisher.server.shutdown()
    publisher.server.server_close()


def is_believed(verifier: TokenVerifier, credential: str) -> bool:
    try:
        verifier.verify(credential)
    except Rejected as error:
        assert (error.status, error.code) == (401, "AUTH_INVALID")
        return False
    return True


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_withdrawn_key_is_believed_no_longer(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "REFRESH_S", 0.05)
    monkeypatch.setattr(tokens, "FETCH_AGAIN_S", 0.0)
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    verifier.start()
    assert is_believed(verifier, token("one"))
    publisher.document = {"keys": [{"kty": "what", "kid": "new kind"}, public("two")]}
    wait_until(lambda: not is_believed(verifier, token("one")))
    assert is_believed(verifier, token("two"))


@pytest.mark.parametrize("nonsense", [{}, [], {"keys": 1}, {"keys": None}, "away"])
def test_known_keys_stay_while_the_publisher_talks_nonsense(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, nonsense: Any
) -> None:
    monkeypatch.setattr(tokens, "REFRESH_S", 0.02)
    monkeypatch.setattr(tokens, "FETCH_AGAIN_S", 0.0)
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    verifier.start()
    publisher.document = nonsense
    told = publisher.asked
    wait_until(lambda: publisher.asked > told + 3)
    assert is_believed(verifier, token("one"))
    publisher.document = {"keys": [public("two")]}
    wait_until(lambda: is_believed(verifier, token("two")))


def test_a_token_of_an_unknown_key_is_answered_while_the_publisher_is_still_being_asked(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "FETCH_AGAIN_S", 0.0)
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    verifier.start()
    publisher.document = {"keys": [public("one"), public("two")]}
    publisher.open.clear()
    assert not is_believed(verifier, token("two"))
    wait_until(lambda: publisher.asked == 2)
    assert not is_believed(verifier, token("two"))  # it still hangs: this answer came from memory
    assert is_believed(verifier, token("one"))
    publisher.open.set()
    wait_until(lambda: is_believed(verifier, token("two")))


def test_guessed_key_ids_do_not_make_the_publisher_asked_each_time(publisher: Publisher) -> None:
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    verifier.start()
    for number in range(300):
        assert not is_believed(verifier, token("two", named=f"guess {number}"))
    assert publisher.asked <= 2


@pytest.mark.parametrize("source", ["../etc", "Web", "", "x" * 65, "a b", "ж", "a\x00b"])
def test_a_source_is_named_as_the_source_of_a_key_is(publisher: Publisher, source: str) -> None:
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    assert is_believed(verifier, token("one", source=source)) == (source == "")  # an empty one is none: `app`
    assert verifier.verify(token("one", client_id="ios-1.2_x")).source == "ios-1.2_x"


def test_each_source_has_a_rate_of_its_own(publisher: Publisher) -> None:
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    limits, limited = RateLimits(1), []
    for source in ("ios", "ios", "android"):
        key = with_rate(verifier.verify(token("one", source=source)), 10)
        try:
            limits.take(key, 20, now=0.0)
        except RateLimited:
            limited.append(source)
    assert limited == ["ios"]


def test_a_jwks_that_cannot_be_read_at_first_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match=r"ingest\.jwks = 'nowhere\.json'"):
        TokenVerifier(IngestConfig(jwks="nowhere.json"))


def test_no_token_speaks_as_the_collector_itself(publisher: Publisher) -> None:
    verifier = TokenVerifier(IngestConfig(jwks=publisher.url))
    assert is_believed(verifier, token("one", source="app"))
    assert not is_believed(verifier, token("one", source="redirect"))
    assert not is_believed(verifier, token("one", client_id="redirect"))
