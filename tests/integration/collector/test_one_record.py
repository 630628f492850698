"""A batch with one bad event gives one record of that event alone, and everything else goes on."""

from __future__ import annotations

import json

import pytest
from tests.integration.collector.conftest import Collector
from tests.unit.console.inlet import example

from rastup.ingest.quarantine import Filters, Quarantine


@pytest.mark.parametrize("form", ["array", "lines"])
@pytest.mark.parametrize("place", [0, 3, 6])
def test_a_batch_with_one_bad_event_gives_one_record(collector: Collector, form: str, place: int) -> None:
    before = {bad.id for bad in Quarantine(collector.settings).records(Filters())}
    seen = {item.event_id for item in collector.tail(status="accepted")}
    batch = [example("search.query", 1_000 * place + 100 * (form == "lines") + n) for n in range(7)]
    wrong = {**batch[place], "payload": {"results": -1, "form": form}}
    batch[place] = wrong
    lines = [json.dumps(record).encode() for record in batch]
    body = b"\n".join(lines) if form == "lines" else b"[" + b", ".join(lines) + b"]"
    answer = collector.post("/collect", body).json()
    assert (answer["accepted"], answer["quarantined"]) == (6, 1)
    assert [result["index"] for result in answer["results"]] == [place]
    new = [bad for bad in Quarantine(collector.settings).records(Filters()) if bad.id not in before]
    assert [json.loads(bad.original) for bad in new] == [wrong]
    stored = {item.event_id for item in collector.tail(status="accepted")} - seen
    assert stored == {record["event_id"] for record in batch} - {wrong["event_id"]}
