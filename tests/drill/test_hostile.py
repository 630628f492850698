"""200,000 hostile bodies: mutations, generated documents, naughty strings, parser torture: never a 5xx."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import shared_fixture
from tests.drill.marketplace import make_batch
from tests.drill.running import Running

pytestmark = pytest.mark.drill

BODIES = int(os.environ.get("DRILL_BODIES", "200000"))
PATHS = ("/collect", "/e", "/v1/batch", "/v1/track", "/v1/page", "/v1/identify")
TYPES = ("application/json", "text/plain", "application/x-ndjson", "text/plain;charset=UTF-8", "x/y", "")
ENCODINGS = (None, None, None, None, "gzip", "zstd", "deflate", "br", "gzip, gzip")
NASTY: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        0,
        10**400,
        1e308,
        "",
        "\x00",
        "../../etc/passwd",
        "' or 1=1 --",
        "x" * 10_000,
        "\ud83d\ude00",
    ),
    *(
        [],
        {},
        [[]],
        {"": ""},
        {"email": "a@b.c"},
        {"__proto__": {}},
        "evt_" + "0" * 26,
        "2026-13-45",
        "Robert'); drop table",
    ),
)


def _mutate_bytes(rng: random.Random, body: bytes) -> bytes:
    data = bytearray(body)
    for _ in range(rng.randint(1, 6)):
        match rng.randrange(4):
            case 0 if data:
                data[rng.randrange(len(data))] = rng.randrange(256)
            case 1 if data:
                del data[rng.randrange(len(data)) :]
            case 2:
                at = rng.randint(0, len(data))
                data[at:at] = rng.choice(
                    [b"\xff\xfe", b"{", b"[" * 40, b"NaN", b"\\ud800", b"\n", b"\x00", b'"', b"1e999"]
                )
            case _:
                at = rng.randint(0, len(data))
                data[at:at] = data[: rng.randint(0, 200)]
    return bytes(data)


def _mutate_document(rng: random.Random, value: Any, depth: int = 0) -> Any:
    if depth > 8 or rng.random() < 0.15:
        return rng.choice(NASTY)
    if isinstance(value, dict):
        out = {k: _mutate_document(rng, v, depth + 1) if rng.random() < 0.3 else v for k, v in value.items()}
        if rng.random() < 0.2:
            out[str(rng.choice(NASTY))[:200]] = rng.choice(NASTY)
        return out
    if isinstance(value, list):
        return [_mutate_document(rng, v, depth + 1) for v in value]
    return rng.choice(NASTY) if rng.random() < 0.5 else value


def _deep(rng: random.Random, levels: int) -> bytes:
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}")])
    return opening * levels + b"1" + closing * rng.choice([levels, 0])


def _bodies(rng: random.Random) -> Iterator[bytes]:
    torture = [
        json.loads(line) for line in shared_fixture("attacks", "json_torture.jsonl").read_text().splitlines()
    ]
    naughty = json.loads(shared_fixture("attacks", "blns.json").read_text())
    cases = [base64.b64decode(case["b64"]) for case in torture]
    makers: list[Callable[[], bytes]] = [
        lambda: _mutate_bytes(rng, json.dumps(make_batch(rng, rng.randint(1, 4))).encode()),
        lambda: json.dumps(_mutate_document(rng, make_batch(rng, rng.randint(1, 4)))).encode(
            "utf-8", "replace"
        ),
        lambda: rng.choice(cases),
        lambda: json.dumps(
            {**make_batch(rng, 1)[0], "payload": {"q": rng.choice(naughty), "query_hash": "9f8e7d6c"}}
        ).encode(),
        lambda: json.dumps(
            {**make_batch(rng, 1)[0], rng.choice(["event", "city", "anon_id"]): rng.choice(naughty)}
        ).encode(),
        lambda: rng.randbytes(rng.randint(0, 400)),
        lambda: _deep(rng, rng.choice([31, 33, 1000, 100_000])),
        lambda: b"\n".join(_mutate_bytes(rng, json.dumps(r).encode()) for r in make_batch(rng, 3)),
    ]
    while True:
        yield rng.choice(makers)()


def _encoded(rng: random.Random, body: bytes, encoding: str | None) -> bytes:
    if encoding == "gzip" and rng.random() < 0.8:
        return gzip.compress(body)
    if encoding == "deflate" and rng.random() < 0.8:
        return zlib.compress(body)
    return body


def test_no_hostile_body_is_answered_with_a_5xx(tmp_path: Path, record: Callable[..., None]) -> None:
    statuses: Counter[str] = Counter()
    wrong: list[str] = []
    with Running(tmp_path / "home") as platform:
        key = platform.key()

        def attack(seed: int) -> None:
            rng = random.Random(seed)
            bodies = _bodies(rng)
            with httpx.Client(base_url=platform.url, timeout=30) as client:
                for _ in range(BODIES // 4):
                    encoding, body = rng.choice(ENCODINGS), next(bodies)
                    headers = {"Authorization": f"Bearer {key}", "Content-Type": rng.choice(TYPES)}
                    if encoding:
                        headers["Content-Encoding"] = encoding
                    path = rng.choice(PATHS)
                    answer = client.post(path, content=_encoded(rng, body, encoding), headers=headers)
                    statuses[str(answer.status_code)] += 1
                    if answer.status_code >= 500:
                        wrong.append(f"{path} {encoding} {answer.status_code} {body[:200]!r}")
                    elif not isinstance(answer.json(), dict):
                        wrong.append(f"{path} answered without an object: {answer.text[:200]}")

        threads = [threading.Thread(target=attack, args=(seed,)) for seed in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
        # What was taken must pass through: a poisoned record would stop the pipeline for everyone.
        platform.settle(600)
        assert platform.sql("select count(*) as n from silver.events")[0]["n"] > 0
        assert platform.stop() == 0
    record("hostile", bodies=statuses.total(), answers=dict(sorted(statuses.items())), answers_5xx=len(wrong))
