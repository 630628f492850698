"""Who may send, how much, and from where: keys, tokens, rates, origins."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.integration.collector.conftest import Collector
from tests.integration.collector.events import search

from rastup.ingest.keys import list_keys, revoke_key
from rastup.state.database import open_state


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer rk_sec_wrong"},
        {"Authorization": "Basic ???"},
        {"Authorization": "Digest x"},
        {"Authorization": "Bearer a.b.c"},
    ],
)
def test_without_a_good_key_nothing_is_stored(collector: Collector, credential: dict[str, str]) -> None:
    before = len(collector.spooled())
    answer = httpx.post(f"{collector.url}/collect", json=search(), headers=credential)
    assert (answer.status_code, answer.json()["code"]) == (401, "AUTH_INVALID")
    assert len(collector.spooled()) == before


def test_a_key_travels_in_three_ways(collector: Collector) -> None:
    basic = base64.b64encode(f"{collector.key}:".encode()).decode()
    assert collector.post("/collect", search(), key="", authorization=f"Basic {basic}").status_code == 200
    assert collector.post("/collect", search()).status_code == 200
    call = {"writeKey": collector.key, "event": "search.query", "anonymousId": "x", "properties": {}}
    assert collector.post("/v1/track", call, key="").status_code == 200


def test_a_new_key_works_at_once_and_a_revoked_one_soon_does_not(collector: Collector) -> None:
    key = collector.new_key(source="billing")
    assert collector.post("/collect", search(), key=key).status_code == 200
    engine = open_state(collector.settings.state_url)
    revoke_key(engine, next(k.key_id for k in list_keys(engine) if k.source == "billing"))
    deadline = time.monotonic() + 10
    while collector.post("/collect", search(), key=key).status_code == 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_keys_are_stored_as_hashes_only(collector: Collector) -> None:
    files = [p for p in collector.home.rglob("*") if p.is_file()]
    assert files
    assert not [p for p in files if collector.key.encode() in p.read_bytes()]


def test_a_rate_is_kept_and_says_when_to_come_back(start: Callable[..., Collector]) -> None:
    collector = start(RASTUP_INGEST__WORKERS="1")
    key = collector.new_key(rate_limit_events_per_s=1)
    answers = [collector.post("/collect", search(), key=key) for _ in range(40)]
    refused = [a for a in answers if a.status_code == 429]
    assert refused
    assert all(int(a.headers["retry-after"]) >= 1 for a in refused)
    accepted = sum(a.json()["accepted"] for a in answers if a.status_code == 200)
    assert accepted == len(collector.spooled())
    assert collector.post("/collect", search()).status_code == 200  # another key is another budget


def test_tokens_of_the_user_pool_are_believed_when_they_are_signed_and_fresh(
    start: Callable[..., Collector], tmp_path: Path
) -> None:
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key.public_key()))
    jwks = tmp_path / "jwks.json"
    jwks.write_text(json.dumps({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}))
    collector = start(RASTUP_INGEST__JWKS=str(jwks), RASTUP_INGEST__JWT_AUDIENCE="rastup")
    claims = {"exp": time.time() + 60, "aud": "rastup", "source": "app", "env": "stage"}

    def status(token: str) -> int:
        return collector.post("/collect", search(), key=token).status_code

    good = jwt.encode(claims, rsa_key, algorithm="RS256", headers={"kid": "one"})
    assert status(good) == 200
    assert collector.tail()[0].env == "stage"
    other = ec.generate_private_key(ec.SECP256R1())
    for token in (
        jwt.encode({**claims, "exp": time.time() - 60}, rsa_key, algorithm="RS256", headers={"kid": "one"}),
        jwt.encode({**claims, "aud": "else"}, rsa_key, algorithm="RS256", headers={"kid": "one"}),
        jwt.encode({"aud": "rastup"}, rsa_key, algorithm="RS256", headers={"kid": "one"}),
        jwt.encode({**claims, "env": "moon"}, rsa_key, algorithm="RS256", headers={"kid": "one"}),
        jwt.encode(claims, other, algorithm="ES256", headers={"kid": "one"}),
        jwt.encode(claims, rsa_key, algorithm="RS256", headers={"kid": "two"}),
        _signed_with_what_is_public(claims, jwks.read_bytes()),
        jwt.encode(claims, "", algorithm="none", headers={"kid": "one"}),
        good[:-6] + "AAAAAA",
    ):
        assert status(token) == 401
    assert len(collector.spooled()) == 1


def _signed_with_what_is_public(claims: dict[str, object], public: bytes) -> str:
    """The confusion of algorithms of RFC 8725, 2.1: an HMAC whose secret is the published key."""

    def part(data: bytes) -> bytes:
        return base64.urlsafe_b64encode(data).rstrip(b"=")

    signed = part(b'{"alg":"HS256","kid":"one"}') + b"." + part(json.dumps(claims).encode())
    return (signed + b"." + part(hmac.digest(public, signed, "sha256"))).decode()


def test_a_preflight_names_the_page_and_nobody_else(collector: Collector) -> None:
    collector.new_key(kind="publishable", origins=("https://shop.example",))
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    ours = httpx.options(f"{collector.url}/e", headers={**asks, "Origin": "https://shop.example"})
    assert ours.status_code == 204
    assert ours.headers["access-control-allow-origin"] == "https://shop.example"
    assert "POST" in ours.headers["access-control-allow-methods"]
    assert "content-type" in ours.headers["access-control-allow-headers"]
    theirs = httpx.options(f"{collector.url}/e", headers={**asks, "Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in theirs.headers


WEB = {
    "ts": "2026-11-20T10:00:00.000Z",
    "name": "search.query",
    "user": {"anon_id": "a_1"},
    "payload": {"query_hash": "0a1b2c3d", "results": 1},
}


@pytest.mark.parametrize(
    ("kind", "route", "way", "status"),
    [
        ("secret", "/collect", "bearer", 200),
        ("secret", "/e", "bearer", 200),
        ("secret", "/v1/track", "basic", 200),
        ("secret", "/v1/track", "body", 200),
        ("secret", "/v1/import", "basic", 200),
        ("secret", "/collect", "address", 401),
        ("secret", "/e", "address", 401),
        ("publishable", "/e", "address", 200),
        ("publishable", "/e", "bearer", 200),
        ("publishable", "/v1/track", "basic", 200),
        ("publishable", "/v1/batch", "body", 200),
        ("publishable", "/collect", "bearer", 403),
        ("publishable", "/collect", "address", 403),
        ("publishable", "/v1/import", "basic", 403),
    ],
)
def test_what_a_kind_of_key_opens_and_how_it_may_travel(
    collector: Collector, kind: str, route: str, way: str, status: int
) -> None:
    key = collector.new_key(kind=kind)
    number = hashlib.sha256(f"{kind}{route}{way}".encode()).hexdigest()[:25].upper().rjust(26, "0")
    call = {"type": "track", "event": "search.query", "anonymousId": "x", "properties": WEB["payload"]}
    body: dict[str, object] = {
        "/collect": search(),
        "/e": {**WEB, "event_id": f"evt_{number}"},
        "/v1/track": {**call, "messageId": number},
    }.get(route, {"batch": [{**call, "messageId": number}]})
    before = len(collector.spooled())
    headers = {
        "bearer": {"authorization": f"Bearer {key}"},
        "basic": {"authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()},
    }.get(way, {})
    sent = {**body, "writeKey": key} if way == "body" else body
    answer = collector.post(f"{route}?key={key}" if way == "address" else route, sent, key="", **headers)
    assert answer.status_code == status, answer.text
    assert (len(collector.spooled()) > before) == (status == 200)
    if status != 200:
        assert answer.json()["code"] == "AUTH_INVALID"
        assert key not in answer.text


def test_a_page_may_use_segments_calls_from_its_own_origin_only(collector: Collector) -> None:
    key = collector.new_key(kind="publishable", origins=("https://shop.example",))
    call = {
        "writeKey": key,
        "event": "search.query",
        "anonymousId": "page",
        "properties": {"query_hash": "0a1b2c3d"},
    }
    ours = collector.post("/v1/track", call, key="", origin="https://shop.example")
    assert (ours.status_code, ours.headers["access-control-allow-origin"]) == (200, "https://shop.example")
    theirs = collector.post("/v1/track", call, key="", origin="https://evil.example")
    assert (theirs.status_code, theirs.json()["code"]) == (403, "AUTH_INVALID")
    asks = {"Access-Control-Request-Method": "POST", "Origin": "https://shop.example"}
    preflight = httpx.options(f"{collector.url}/v1/batch", headers=asks)
    assert preflight.headers["access-control-allow-origin"] == "https://shop.example"
