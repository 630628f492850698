"""What one request may cost when its messages are refused, and what is kept of each."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.config import IngestConfig
from rastup.core.errors import Rejected
from rastup.ingest.admission import Admission
from rastup.ingest.collector import intake as intake_module
from rastup.ingest.collector import originals as originals_module
from rastup.ingest.collector.endpoints.calls import CallsEndpoint
from rastup.ingest.collector.endpoints.shared import WayIn
from rastup.ingest.collector.enrichment import Enrichment
from rastup.ingest.collector.exchange import Answer, Exchange
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.originals import DEEP_KEPT_BYTES, MOST_BYTES, Originals
from rastup.ingest.collector.sdks import WIRES
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.dialects import SEGMENT, Dialects
from rastup.ingest.keys import WriteKey
from rastup.ingest.user_agents import AgentFields

REGISTRY = load_registry()
DIALECTS = Dialects(REGISTRY)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
)


def nested(levels: int, within: Any = 1) -> Any:
    for _ in range(levels):
        within = {"a": within}
    return within


class Batches:
    """`/v1/batch` with nothing around it: what it stores, and how many bytes it hashes."""

    def __init__(self, hashed: list[int]) -> None:
        self.stored: list[Taken] = []
        self._hashed = hashed
        config = IngestConfig()
        enrichment = Enrichment(
            AgentFields(REGISTRY.root), config.geo_database, config.trusted_proxies, DIALECTS.tables.cities
        )
        intake = Intake(Admission(Validator(REGISTRY)), SeenIds(10_000))
        way_in: Any = WayIn(config, self, self, intake, self)  # type: ignore[arg-type]  # it stands for the steps around
        self._endpoint = CallsEndpoint(way_in, WIRES["/v1/batch"], enrichment, DIALECTS.mapper(SEGMENT))

    def require_room(self) -> None: ...

    def limit(self, *_: Any) -> None: ...

    async def key(self, *_: Any, **_named: Any) -> WriteKey:
        place: Any = SimpleNamespace(source="web", env="prod")
        return place  # type: ignore[no-any-return]

    async def plain(self, _headers: Any, body: bytes, _limit: int) -> bytes:
        return body

    async def store(self, taken: Taken, _place: Any) -> None:
        self.stored.append(taken)

    def post(self, document: Any) -> tuple[Answer, int]:
        """The answer, and the size of the body."""
        # The standard library has no bound of its own below a thousand levels.
        body = json.dumps(document).encode()
        scope = SimpleNamespace(headers={"authorization": "x"}, query_string="", path="/v1/batch")
        return asyncio.run(self._endpoint.answer(Exchange(scope, body))), len(body)

    @property
    def hashed(self) -> int:
        return sum(self._hashed)

    def kept(self) -> list[dict[str, Any]]:
        return [orjson.loads(line)["_bad"] for taken in self.stored for line in taken.lines]


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Iterator[Batches]:
    hashed: list[int] = []
    real = hashlib.blake2b

    def counting(data: bytes, **options: Any) -> Any:
        hashed.append(len(data))
        return real(data, **options)

    monkeypatch.setattr(intake_module, "blake2b", counting)
    yield Batches(hashed)


def call(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "x", "messageId": f"m{number}", "anonymousId": "an", **more}


def test_deep_messages_are_hashed_and_kept_each_by_itself(batches: Batches) -> None:
    calls = [call(number, properties=nested(600)) for number in range(20)]
    neighbour = call(99, properties={"neighbour": "n" * 500_000})
    answer, size = batches.post({"batch": [*calls, neighbour]})
    assert answer.status == 200
    assert batches.hashed < 2 * size
    kept = batches.kept()
    deep = [bad["raw"] for bad in kept if "neighbour" not in bad["raw"]]
    assert len(set(deep)) == 20 and all(len(raw) <= DEEP_KEPT_BYTES for raw in deep)
    assert [orjson.loads(b["raw"])["messageId"] for b in kept if "neighbour" in b["raw"]] == ["m99"]


@pytest.mark.parametrize("context", [{"big": "x" * 1_000_000}, {"big": "x" * 1_000_000, "deep": nested(500)}])
def test_what_messages_share_is_not_hashed_without_end(batches: Batches, context: Any) -> None:
    with pytest.raises(Rejected) as refusal:
        batches.post({"batch": [call(number) for number in range(1000)], "context": context})
    assert refusal.value.status == 413
    assert batches.hashed < MOST_BYTES + 3_000_000 and not batches.stored


@given(JSON, st.integers(254, 300))
def test_the_start_that_is_kept_of_a_deep_message_is_its_json(inner: Any, levels: int) -> None:
    message = nested(levels, inner)
    written = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    kept = Originals(0).of(message)
    assert len(kept) <= DEEP_KEPT_BYTES
    # Escapes differ in case and kind between the two writers, and so only what both write alike is compared as text.
    if len(kept) < DEEP_KEPT_BYTES - 4:
        assert json.loads(kept) == message
    elif written.isprintable():
        assert written.encode().startswith(kept)


def test_a_long_text_in_a_deep_message_is_cut_between_characters() -> None:
    kept = Originals(0).of([nested(400), "ä" * 10_000, [nested(400)] * 3])
    assert DEEP_KEPT_BYTES - 4 < len(kept) <= DEEP_KEPT_BYTES
    assert kept.decode().endswith("ä")


def test_a_wide_message_is_not_walked_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    real = originals_module._elements

    def counting(value: list[Any]) -> Iterator[tuple[bytes, Any]]:
        for one in real(value):
            written.append(1)
            yield one

    monkeypatch.setattr(originals_module, "_elements", counting)
    Originals(0).of([[] for _ in range(100_000)] + [nested(400)])
    assert 0 < len(written) < DEEP_KEPT_BYTES


def test_a_request_of_usual_size_whose_every_call_is_refused_is_kept_whole(batches: Batches) -> None:
    context = {"library": {"name": "analytics.js"}, "traits": "t" * 2_000}
    answer, _ = batches.post({"batch": [call(number) for number in range(1000)], "context": context})
    assert answer.status == 200 and len(batches.kept()) == 1000
    assert all(orjson.loads(bad["raw"])["context"] == context for bad in batches.kept())
