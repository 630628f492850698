"""Intake: what counts as the same refused event."""

from __future__ import annotations

import itertools

import orjson
import pytest

from rastup.contracts.mapping import Tables, WebMapping
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.ingest.admission import Admission, Stamp
from rastup.ingest.collector.bodies import parse
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.seen import SeenIds

REGISTRY = load_registry()
FROM_WEB = WebMapping(REGISTRY, Tables.load(REGISTRY.root)).from_web
BODY = orjson.dumps({"event": "no.such", "v": 1})
PLACES = list(itertools.product(("dev", "prod"), ("web", "ios"), ("domain", "web")))


@pytest.fixture
def seen() -> SeenIds:
    return SeenIds(1_000)


@pytest.fixture
def intake(seen: SeenIds) -> Intake:
    return Intake(Admission(Validator(REGISTRY)), seen)


def take(intake: Intake, seen: SeenIds, env: str, source: str, dialect: str) -> Taken:
    stamp, parsed = Stamp("2026-11-20T10:00:00.000Z", env, source), parse(BODY, is_ndjson=False, max_events=9)
    if dialect == "domain":
        taken = intake.take(parsed, stamp)
    else:
        taken = intake.take_mapped(
            parsed, stamp, dialect="web", mapper=FROM_WEB, enricher=lambda _: None, flags=None
        )
    seen.add(taken.ids)
    return taken


def test_the_same_bytes_are_kept_once_for_each_environment_source_and_dialect(
    intake: Intake, seen: SeenIds
) -> None:
    kept = []
    for place in PLACES * 2:
        taken = take(intake, seen, *place)
        assert taken.quarantined == 1
        kept += [orjson.loads(line)["_bad"] for line in taken.lines]
    assert [(bad["env"], bad["source"], bad["dialect"]) for bad in kept] == PLACES
    assert {bad["raw"].encode() for bad in kept} == {BODY}
