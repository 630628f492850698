"""Requests for the load generator: whole HTTP requests of valid events, each event with an id of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isal import igzip

from rastup.core.ids import ulid

SLOT = "T0000000000000"
"""Where `load.lua` writes a thread's letter and a counter: the last 14 characters of an event id."""

PACKED_WARM_UP = 1_500
"""Packed requests a thread that only the warm-up sends: sent again they would be duplicates."""


@dataclass(frozen=True)
class Shape:
    """What one request holds: how many events, and whether gzipped."""

    name: str
    events: int
    is_packed: bool = False


BATCH = Shape("batch_100", 100)
BATCH_GZIP = Shape("batch_100_gzip", 100, is_packed=True)
SINGLE = Shape("single", 1)


def event(number: int, tail: str) -> str:
    """One search.card_impression of about 490 bytes."""
    return (
        f'{{"event_id":"evt_{ulid(time.time_ns() // 1_000_000)[:12]}{tail}","event":"search.card_impression","v":1,'
        f'"occurred_at":"2026-11-06T15:24:18Z","user_id":"usr_01HXK{number * 499 % 50_000}",'
        f'"anon_id":"an_8f3b2c","session_id":"ses_71c2a9","city":"houston",'
        f'"device":{{"ua_hash":"5f2c9a1b7e","os":"iOS","app_ver":"1.0.3"}},"context":{{"role":"buyer"}},'
        f'"ids":{{"impression_id":"imp_{number * 7919 % 1_000_000}"}},"payload":{{"query_hash":"9f8e7d6c",'
        f'"result_pos":{number % 40 + 1},"target_type":"service_profile","target_id":"srv_{number * 97 % 9_000}",'
        '"filters":{"role":"photographer","max_price":25000}}}'
    )


def body(events: int) -> bytes:
    """One event, or an array of several, with slots for their ids."""
    texts = [event(number, SLOT) for number in range(events)]
    return (texts[0] if events == 1 else f"[{','.join(texts)}]").encode()


def write_requests(folder: Path, shape: Shape, key: str, *, threads: int, packed: int) -> None:
    """Writes what `load.lua` reads.

    Args:
        folder: gets `plain`, or `packed.<thread>` and its sizes.
        shape: of the requests.
        key: write key.
        threads: of the load generator.
        packed: how many packed requests to make a thread; each is sent once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    template = body(shape.events)
    if not shape.is_packed:
        (folder / "plain").write_bytes(_request(template, key))
        return
    for thread in range(threads):
        with (
            (folder / f"packed.{thread}").open("wb") as file,
            (folder / f"packed.{thread}.sizes").open("w") as sizes,
        ):
            for plain in _numbered(template, chr(65 + thread), packed):
                sizes.write(f"{file.write(_request(igzip.compress(plain, 1), key, 'gzip'))}\n")


def _numbered(template: bytes, letter: str, count: int) -> Iterator[bytes]:
    """Copies of a body with other ids in each."""
    parts = template.split(SLOT.encode())
    for copy in range(count):
        first = copy * (len(parts) - 1)
        filled = [part + b"%s%013d" % (letter.encode(), first + at) for at, part in enumerate(parts[:-1])]
        yield b"".join([*filled, parts[-1]])


def _request(content: bytes, key: str, encoding: str = "") -> bytes:
    head = (
        "POST /collect HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {key}\r\nContent-Length: {len(content)}\r\n"
    )
    return (head + (f"Content-Encoding: {encoding}\r\n" if encoding else "") + "\r\n").encode() + content
