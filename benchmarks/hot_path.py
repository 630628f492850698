"""Guards the collector's budget from inside: microseconds of each step that an event takes, one thread, no network.

Budget: what every plain event costs, parse to spool, at most 6 µs; with 9 CPU-seconds a million in all, the rest is HTTP.
Run: `python -m benchmarks hot_path`.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from isal import igzip

from benchmarks.collector import bodies
from benchmarks.deployment import WORK
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result
from benchmarks.sdks.requests import ROUTES
from rastup.contracts.mapping import Tables, WebMapping
from rastup.contracts.registry import Registry, load_registry
from rastup.contracts.validation import Validator
from rastup.ingest.admission import Admission, Stamp, is_plain_text
from rastup.ingest.collector.bodies import Parsed, inflate, parse
from rastup.ingest.collector.enrichment import Enricher, Enrichment
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.sdks import WIRES, Limits, Wire
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.dialects import Dialects, Mapper
from rastup.ingest.redaction import Redaction, redact
from rastup.ingest.spool.frames import frame_header
from rastup.ingest.user_agents import AgentFields, read

EVENTS = 100
REPEATS = 200
LIMIT = 1_000_000
PLAIN_PATH_US = 6.0
REDACTING_US = 2.0
DATED = (
    "We booked 3 hours for 250 EUR and got 45 photos on 12.05.2026 at 14:30. "
    + "The crew was on time and very kind. " * 9
)
"""What looks like a number has to be read closely: no budget, but worth knowing."""
HOSTILE_BYTES = 32_768
CLEAN = {
    "a search": ("wedding photographer",),
    "a page view": (
        "/leg/leg_01HZX3J5K6M7N8P9Q0R1S2T3V4",
        "https://www.google.com/search?q=dj+houston&page=2",
    ),
    "a review of 420 characters": (
        "We had a wonderful time and the whole crew was on time, kind and very professional. " * 5,
    ),
}
HOSTILE = (
    "call 1234567 ",
    "4156667777 ",
    "+44 20 7946 0018 ",
    "4242 4242 4242 4242 ",
    "a@a.",
    "1 A ",
    "%25",
    "?token=",
)
AGENT = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0.0.%d Mobile Safari/537.36"
STAMP = Stamp("2026-11-06T15:24:18.000Z", "prod", "bench")


def run(options: Options, say: Say) -> Result:
    """Times each step; the fastest of many repeats, because what disturbs only adds."""
    repeats = 20 if options.is_quick else REPEATS
    say(f"{EVENTS} events a repeat, the fastest of {repeats} repeats")
    plain, other = Steps(repeats).plain(), Steps(repeats).other()
    syncs = _syncs(64 if options.is_quick else 256)
    total = sum(plain.values())
    figures = [Figure(f"every event: {name}", value, "µs") for name, value in plain.items()]
    figures.append(Figure("every event: all of it", total, "µs", at_most=PLAIN_PATH_US))
    figures += [Figure(f"instead of parse to spool: {name}", value, "µs") for name, value in other.items()]
    sdks = Steps(repeats).of_sdks()
    figures += [Figure(f"body to answer, {name}", value, "µs") for name, value in sdks.items()]
    figures += _redacting(repeats)
    figures.append(Figure("group commit of 50 kB: write and fdatasync, median", syncs, "ms"))
    return Result(tuple(figures), {"event_bytes": len(bodies.body(1))})


class Steps:
    """The collector's own functions, one after the other, on a body of 100 events."""

    def __init__(self, repeats: int) -> None:
        self._repeats = repeats
        self._registry: Registry = load_registry()
        self._validator = Validator(self._registry)
        self._validator.compile_all()
        self._admission = Admission(self._validator)
        self._body = _with_ids(bodies.body(EVENTS))

    def plain(self) -> dict[str, float]:
        """What each event costs that holds nothing suspicious."""
        body, packed = self._body, igzip.compress(self._body, 1)
        is_valid = self._validator.compiled["search.card_impression", 1].is_plain
        assert is_valid is not None
        admit = self._admission.admit_plain
        lines = [admit(record, STAMP) for record in orjson.loads(body)]
        assert all(isinstance(line, bytes) for line in lines)
        frame = b"".join(line for line in lines if isinstance(line, bytes))
        validating = self._us(lambda records: [is_valid(record) for record in records], self._records)
        serialising = self._us(lambda records: [orjson.dumps(record) for record in records], self._records)
        admitting = self._us(lambda records: [admit(record, STAMP) for record in records], self._records)
        taking = self._us(lambda parsed: self._take(parsed).answer(), self._parsed)
        return {
            "inflate gzip": self._us(lambda _: inflate(packed, "gzip", LIMIT)),
            "parse": self._us(lambda _: parse(body, is_ndjson=False, max_events=1_000)),
            "look for anything suspicious": self._us(lambda _: is_plain_text(body)),
            "validate against envelope and contract": validating,
            "names, time, stamp": max(0.0, admitting - validating - serialising),
            "serialise": serialising,
            "de-duplicate, count, answer": max(0.0, taking - admitting),
            "frame and checksum": self._us(lambda _: frame_header(0, EVENTS, frame) + frame),
        }

    def other(self) -> dict[str, float]:
        """What an event costs instead when there is more to do."""
        validator, registry = self._validator, self._registry
        web = WebMapping(registry, Tables.load(registry.root))
        query = _example(registry, "search.query")
        texts = {
            "free text, clean": "wedding photographer",
            "free text with an address": "write to jo@example.com",
        }
        kinds = {
            name: [{**query, "payload": {**query["payload"], "q": text}}] * EVENTS
            for name, text in texts.items()
        }
        card = orjson.loads(self._body)[0]
        kinds["an unknown field"] = [{**card, "payload": {**card["payload"], "surprise": 1}}] * EVENTS
        kinds["refused, explained, kept in quarantine"] = [{**card, "payload": {}}] * EVENTS
        found = {name: self._whole(orjson.dumps(_numbered(records))) for name, records in kinds.items()}
        message = orjson.dumps(_numbered([_example_web(registry)] * EVENTS))
        admission = Admission(validator)

        def take_web(parsed: Parsed) -> Taken:
            return Intake(admission, SeenIds(1)).take_mapped(
                parsed, STAMP, dialect="web", mapper=web.from_web, is_plain=True
            )

        assert take_web(parse(message, is_ndjson=False, max_events=EVENTS)).accepted == EVENTS
        found["web dialect, mapped"] = self._us(
            lambda _: take_web(parse(message, is_ndjson=False, max_events=EVENTS)).answer()
        )
        return found

    def of_sdks(self) -> dict[str, float]:
        """What the same event costs from body to answer, as each public SDK says it; beside them `/collect`."""
        dialects = Dialects(self._registry)
        cities = dialects.tables.cities
        enrichment = Enrichment(AgentFields(self._registry.root), "", (), cities)
        found = {"/collect": self._whole(self._body)}
        for route in ROUTES:
            wire = WIRES[route.path]
            reading = partial(
                self._take_sdk, wire, dialects.mapper(wire.dialect), enrichment.of_sdk(wire.dialect)
            )
            content = _with_ids(route.request(EVENTS, "").partition(b"\r\n\r\n")[2])
            assert reading(content).accepted == EVENTS
            found[route.name] = self._us(reading, partial(bytes, content))
        return found

    def _take_sdk(self, wire: Wire, mapper: Mapper, enricher: Enricher, content: bytes) -> Taken:
        sent = wire.read(content, {}, Limits(LIMIT, EVENTS))
        taken = Intake(self._admission, SeenIds(500_000)).take_mapped(
            Parsed(sent.messages, [], lambda _: content),
            STAMP,
            dialect=wire.dialect,
            mapper=mapper,
            enricher=enricher,
            is_plain=sent.is_plain,
        )
        wire.answer(sent, taken)
        return taken

    def _whole(self, body: bytes) -> float:
        def work(_: object) -> Taken:
            return self._take(parse(body, is_ndjson=False, max_events=EVENTS), is_plain=is_plain_text(body))

        taken = work(None)
        assert EVENTS in (
            taken.accepted,
            taken.quarantined,
        )  # a duplicate or a mixture would be something else
        return self._us(lambda _: work(None).answer())

    def _take(self, parsed: Parsed, *, is_plain: bool = True) -> Taken:
        return Intake(self._admission, SeenIds(500_000)).take(parsed, STAMP, is_plain=is_plain)

    def _records(self) -> list[Any]:
        records: list[Any] = orjson.loads(self._body)
        return records

    def _parsed(self) -> Parsed:
        return parse(self._body, is_ndjson=False, max_events=1_000)

    def _us(self, work: Callable[[Any], object], prepare: Callable[[], Any] = lambda: None) -> float:
        fastest = float("inf")
        for _ in range(self._repeats):
            given = prepare()
            started = time.perf_counter()
            work(given)
            fastest = min(fastest, time.perf_counter() - started)
        return fastest * 1e6 / EVENTS


def _redacting(repeats: int) -> list[Figure]:
    """Redaction of events without personal data, of the worst texts of one event, and the reading of user agents."""
    figures = []
    for name, texts in CLEAN.items():
        assert all(redact(text) == (text, {}) for text in texts)
        us = _fastest(partial(_redacted, texts), repeats) * 1e6
        figures.append(Figure(f"redaction: {name}, clean", us, "µs", at_most=REDACTING_US))
    assert redact(DATED) == (DATED, {})
    dated_us = _fastest(partial(_redacted, (DATED,)), repeats) * 1e6
    figures.append(Figure("redaction: a review of 400 characters with a date and a price", dated_us, "µs"))
    slowest = max(_cpu_s(partial(redact, piece * (HOSTILE_BYTES // len(piece)))) for piece in HOSTILE)
    figures.append(Figure("redaction: CPU of 32 kB of the worst text tried", slowest * 1e3, "ms"))
    read(AGENT % 0)
    figures.append(Figure("user agent: known", _fastest(lambda: read(AGENT % 0), repeats) * 1e6, "µs"))
    numbers = iter(range(1, 1_000_000))
    figures.append(
        Figure("user agent: new", _fastest(lambda: read(AGENT % next(numbers)), repeats) * 1e6, "µs")
    )
    return figures


def _redacted(texts: tuple[str, ...]) -> list[str]:
    """The texts of one event, as admission redacts them."""
    redaction = Redaction()
    return [redaction.text(text) for text in texts]


def _fastest(work: Callable[[], object], repeats: int) -> float:
    """Seconds of the fastest of many repeats, each of ten calls where one is too short to be timed."""
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        for _ in range(10):
            work()
        best = min(best, (time.perf_counter() - started) / 10)
    return best


def _cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of the fastest of some calls: each takes longer than a scheduler lets it run in one piece."""
    best = float("inf")
    for _ in range(10):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def _with_ids(body: bytes) -> bytes:
    """A body of events each of which has an id of its own."""
    for number in range(EVENTS):
        body = body.replace(bodies.SLOT.encode(), b"A%013d" % number, 1)
    return body


def _numbered(records: list[Any]) -> list[Any]:
    return [{**record, "event_id": f"evt_01HXKQ4M7T5Z{number:014d}"} for number, record in enumerate(records)]


def _example(registry: Registry, event: str) -> dict[str, Any]:
    contract = registry.get(event, 1)
    assert contract is not None
    return dict(contract.examples[0])


def _example_web(registry: Registry) -> dict[str, Any]:
    """The card's click as a browser sends it."""
    return WebMapping(registry, Tables.load(registry.root)).to_web(_example(registry, "search.card_click"))


def _syncs(groups: int) -> float:
    """Median milliseconds of a group commit on the disk of the checkout."""
    WORK.mkdir(parents=True, exist_ok=True)
    data = bodies.body(EVENTS)
    times = []
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        fd = os.open(Path(folder) / "segment", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        for _ in range(groups):
            started = time.perf_counter()
            os.write(fd, data)
            os.fdatasync(fd)
            times.append(time.perf_counter() - started)
        os.close(fd)
    return sorted(times)[len(times) // 2] * 1e3
