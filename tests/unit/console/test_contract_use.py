"""What contract pages say beside the contract: what was sent, the clients themselves, SQL read by hand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import shared_fixture
from tests.unit.client.collector import running
from tests.unit.console.inlet import HOSTILE, Inlet, Page, example, rows

from rastup.console.data import contract_use
from rastup.console.data.admitting import DIALECTS, judgement
from rastup.console.pages import contracts
from rastup.console.snippets import snippets
from rastup.contracts.registry import load_registry
from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.config import IngestConfig
from rastup.core.paths import data_dir
from rastup.ingest.admission import Stamp
from rastup.ingest.quarantine import Filters, Quarantine
from rastup.ingest.readmission import Readmission
from rastup.ingest.tail import latest
from rastup.lake.lineage import Lineage
from rastup.lake.project import Project
from rastup.lake.spec import ModelSpec

PATH = "/data/contracts"
REGISTRY = load_registry()
STAMP = Stamp("2026-11-21T12:00:00.000Z", "prod", "test")


@pytest.fixture
def inlet(tmp_path: Path) -> Inlet:
    return Inlet(tmp_path)


@pytest.fixture(scope="module")
def readmission() -> Readmission:
    return Readmission(IngestConfig())


# Snippets: what they send is admitted.


def test_the_python_snippets_send_events_that_are_admitted(
    readmission: Readmission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEY", "rk_1")
    with running() as collector:
        port = int(collector.url.rpartition(":")[2])
        for contract in REGISTRY.contracts:
            newest = REGISTRY.versions(contract.event)[-1]
            python = snippets(contract, newest, IngestConfig(port=port))[1].text
            exec(compile(python, contract.event, "exec"), {})
    assert sorted(record["event"] for record in collector.events.values()) == [
        contract.event for contract in REGISTRY.contracts
    ]
    assert collector.keys == {"Bearer rk_1"}
    for record in collector.events.values():
        assert isinstance(readmission.admit(record, "domain", STAMP), bytes)


def test_the_curl_snippets_send_events_that_are_admitted_and_happen_now(readmission: Readmission) -> None:
    """A shell reads the command, with a `curl` that shows what it was given."""
    chosen = REGISTRY.contracts[::9]
    script = 'KEY=rk_1; curl() { printf "%s\\0" "${@: -1}"; };\n' + "".join(
        snippets(c, c.v, IngestConfig())[0].text for c in chosen
    )
    shown = subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout
    bodies = [json.loads(body) for body in shown.split(b"\0")[:-1]]
    assert [body["event"] for body in bodies] == [c.event for c in chosen]
    now = rfc3339_ms(system_clock())
    for body in bodies:
        assert body["occurred_at"][:10] in (now[:10], rfc3339_ms(system_clock())[:10])
        assert isinstance(readmission.admit(body, "domain", STAMP), bytes)


def test_the_typescript_snippets_hold_the_same_event(readmission: Readmission) -> None:
    for contract in REGISTRY.contracts:
        text = snippets(contract, contract.v, IngestConfig())[2].text
        body = re.search(r"RastupEvent = (.*?);\n", text, re.DOTALL)
        assert body is not None
        record = json.loads(body[1].replace("new Date().toISOString()", '"2026-11-21T12:00:00Z"'))
        assert isinstance(readmission.admit(record, "domain", STAMP), bytes)


# Search, volumes, refusals.


def test_a_search_names_the_fields_it_found(inlet: Inlet) -> None:
    with inlet.console() as console:
        page = Page(console.get(f"{PATH}?q=query_hash").text)
        by_words = Page(console.get(f"{PATH}?q=typed+box").text)
    assert f"{PATH}/search.query#payload.query_hash" in page.attributes("a", "href")
    assert f"{PATH}/search.query#payload.q" in by_words.attributes("a", "href")


def test_the_list_and_the_event_say_how_much_came_in_and_what_was_refused(inlet: Inlet) -> None:
    now = rfc3339_ms(system_clock())
    fresh = {"received_at": now, "occurred_at": now}
    inlet.bring(*(example("search.query", n, **fresh) for n in range(3)), source="app")
    inlet.bring(example("search.query", 4, **fresh), {**example("search.query", 5, **fresh), "payload": {}})
    inlet.bring(example("search.query", 6, received_at="2020-01-01T00:00:00.000Z"))
    inlet.land()
    with inlet.console() as console:
        listed = Page(console.get(f"{PATH}?q=search.query").text)
        part = Page(console.get(f"{PATH}/search.query/traffic", headers={"HX-Request": "true"}).text)
        none = Page(console.get(f"{PATH}/leg.failed/traffic", headers={"HX-Request": "true"}).text)
        assert console.get(f"{PATH}/no.such/traffic").status_code == 404
    assert "4" in listed.cells("num volume")
    assert "4 records landed" in part.text and "required, but missing" in part.text
    assert "By source after the first release" in part.text
    assert "None came in within 30 days" in none.text


# Who reads it.

STAGED = """
with __dbt__cte__stg_search__query as (
select event_id, payload['q'] as q, coalesce(ids['one'], payload['other']) as either,
    try_cast(payload['results'] as bigint) as results, ids['a_id'] as a_id
from "memory"."silver"."events"
where event_name = 'search.query'
), final as (select event_id, results, a_id as renamed, either from __dbt__cte__stg_search__query)
select * from final
"""
MIXED = """
select event_id, event_name,
    payload['reason'] as cancelled_by,
    case when event_name in ('leg.failed', 'leg.cancelled') then payload['subtotal_cents'] end as lost_cents,
    payload['type'] as leg_type
from silver.events where event_name in ('leg.failed', 'leg.cancelled', 'leg.create')
"""


def model(table: str, query: str, *inputs: str) -> ModelSpec:
    return ModelSpec(table, "whole", (), (), False, frozenset(inputs), "", (), (), (), query)


LINEAGE = Lineage(
    Project(
        "x",
        (
            model("silver.events", "select 1"),
            model("silver.queries", STAGED, "silver.events"),
            model("silver.legs", MIXED, "silver.events"),
            model("gold.results", "select sum(results) as n from silver.queries", "silver.queries"),
            model(
                "gold.lost",
                "select lost_cents from silver.legs where event_name = 'leg.failed'",
                "silver.legs",
            ),
            model("gold.types", "select leg_type from silver.legs", "silver.legs"),
        ),
        (),
    )
)


@pytest.mark.parametrize(
    ("event", "tables", "fields"),
    [
        (
            "search.query",
            ("silver.queries", "gold.results"),
            {
                "payload.results": ("silver.queries", "gold.results"),
                "ids.a_id": ("silver.queries",),
                "ids.one": ("silver.queries",),
                "payload.other": ("silver.queries",),
            },
        ),
        (
            "leg.failed",
            ("silver.legs", "gold.lost", "gold.types"),
            {
                "payload.reason": ("silver.legs",),
                "payload.subtotal_cents": ("silver.legs", "gold.lost"),
                "payload.type": ("silver.legs", "gold.types"),
            },
        ),
        (
            "leg.create",
            ("silver.legs", "gold.types"),
            {"payload.reason": ("silver.legs",), "payload.type": ("silver.legs", "gold.types")},
        ),
        ("no.such", (), {}),
    ],
)
def test_who_uses_a_field_is_what_the_sql_says(event: str, tables: Any, fields: Any) -> None:
    usage = LINEAGE.of(event)
    assert usage.tables == tables
    assert dict(usage.by_field) == fields
    if event == "leg.failed":
        assert usage.column("payload.reason", "silver.legs") == "cancelled_by"


def test_a_page_names_tables_and_cards_from_what_a_run_left(inlet: Inlet) -> None:
    kept = inlet.settings.home.run / "dbt" / "abc" / "project.json"
    with inlet.console() as console:
        assert "after the models were first compiled" in console.get(f"{PATH}/leg.failed").text
        kept.parent.mkdir(parents=True)
        spec = model("gold.kpi_gmv_daily", MIXED.replace("lost_cents", "gmv_cents"), "silver.events")
        content = {**vars(spec), "inputs": sorted(spec.inputs)}
        kept.write_text(json.dumps({"models": [content], "checks": []}))
        page = Page(console.get(f"{PATH}/leg.failed").text)
        kept.write_text("{ broken")
        assert console.get(f"{PATH}/leg.failed").status_code == 200
    assert "gold.kpi_gmv_daily" in page.text and "/cards/gmv" in page.attributes("a", "href")
    assert "Used by 1 table" in page.text


def test_a_compilation_that_cannot_be_read_is_tried_again_and_an_older_one_serves(
    inlet: Inlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = model("gold.kpi_gmv_daily", MIXED.replace("lost_cents", "gmv_cents"), "silver.events")
    kept, gone = inlet.settings.home.run / "kept", inlet.settings.home.run / "gone"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("{}")
    answers = iter([None, Project("abc", (spec,), ())])
    monkeypatch.setattr(contract_use, "compiled_files", lambda _settings: [gone, kept])
    monkeypatch.setattr(contract_use, "compiled", lambda _path: next(answers))
    with inlet.console() as console:
        first = console.get(f"{PATH}/leg.failed")
        second = Page(console.get(f"{PATH}/leg.failed").text)
    assert first.status_code == 200 and "after the models were first compiled" in first.text
    assert "Used by 1 table" in second.text


def test_a_second_version_is_shown_against_the_first(
    inlet: Inlet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "contracts"
    shutil.copytree(data_dir("contracts"), root)
    schema = json.loads((root / "booking" / "leg.failed.v1.json").read_text())
    schema["x-rastup"]["v"] = 2
    schema["properties"]["payload"]["properties"]["tip"] = {"type": "integer", "description": "A tip."}
    schema["properties"]["payload"]["required"] = ["tip"]
    (root / "booking" / "leg.failed.v2.json").write_text(json.dumps(schema))
    monkeypatch.setattr(contracts, "load_registry", lambda: load_registry(root))
    with inlet.console() as console:
        page = Page(console.get(f"{PATH}/leg.failed").text)
        first = Page(console.get(f"{PATH}/leg.failed?v=1").text)
    assert "v2 against v1" in page.text and "tip is required" in page.text
    assert "against v0" not in first.text and "v1 against" not in first.text


# The box.


def tried(inlet: Inlet, text: str, dialect: str = "") -> Page:
    with inlet.console() as console:
        parts = {"text": (None, text), "dialect": (None, dialect)}  # as the page's form sends them
        answer = console.post(f"{PATH}/try", files=parts)
        assert answer.status_code == 200
        page = Page(answer.text)
    assert not page.runs_something()
    assert latest(inlet.settings, limit=1) == [] and not list(Quarantine(inlet.settings).records(Filters()))
    return page


@pytest.mark.parametrize("contract", REGISTRY.contracts[::12], ids=lambda c: c.event)
def test_the_box_says_of_each_example_what_its_contract_says(inlet: Inlet, contract: Any) -> None:
    for instance in contract.examples:
        assert "accepted" in tried(inlet, json.dumps(instance)).text
    for wrong in contract.invalid_examples:
        page = tried(inlet, json.dumps(wrong["instance"]))
        assert "quarantined" in page.text and wrong["code"] in page.text and wrong["path"] in page.text


def test_the_box_says_what_is_changed_redacted_and_unknown(inlet: Inlet) -> None:
    record = example("search.query", 1)
    record["payload"] = {**record["payload"], "q": "write to anna@example.com", "odd_one": 1}
    page = tried(inlet, json.dumps(record))
    assert "Personal data is taken out: 1 × email" in page.text
    assert "payload.odd_one" in page.text and "[email]" in page.text


def deep(levels: int) -> str:
    """An event with a forbidden key that many levels down, which is deeper than a repair's path may be."""
    record = example("search.query", 1)
    inner: object = {"passport_number": "X1"}
    for _ in range(levels):
        inner = {"a": inner}
    record["payload"] = {**record["payload"], "extra": inner}
    return json.dumps(record)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The body is empty"),
        ("{", "Not JSON"),
        ("7", "expected an object"),
        ("[" * 9_000, "refused"),
        ('{"a":' * 200 + "1" + "}" * 200, "quarantined"),
        (json.dumps([{}] * 21), "413"),
        ('{"event": "search.qwery", "v": 1}\n{"event": "x"', "quarantined"),
        (json.dumps({"event": HOSTILE, HOSTILE: HOSTILE}), "quarantined"),
        ('{"type": "track", "event": "Search Qwery", "anonymousId": "a", "messageId": "m"}', "segment"),
        ('{"event": "$pageview", "distinct_id": "a", "properties": 7}', "posthog"),
        ('{"name": "search.query", "ts": 1}', "web"),
        ("\x00\ud83d", "refused"),
        ('{"properties": 5}', "quarantined"),
        ('{"properties": true, "type": []}', "quarantined"),
        ('{"properties": "distinct_id"}', "quarantined"),
        ('{"type": ["track"]}', "quarantined"),
        ('{"type": {"a": 1}}', "quarantined"),
        ('{"name": "a.b", "payload": ' + '{"a":' * 300 + "1" + "}" * 301, "levels of nesting"),
        (deep(18), "EVENT_PII_FORBIDDEN"),
    ],
)
def test_the_box_answers_anything(inlet: Inlet, text: str, said: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    assert said.lower() in tried(inlet, text).text.lower()


@pytest.mark.parametrize("dialect", list(DIALECTS))
def test_the_box_has_a_verdict_or_a_refusal_for_every_torture(inlet: Inlet, dialect: str) -> None:
    with inlet.console() as console:
        services = console.app.state.services  # type: ignore[attr-defined]
        for line in shared_fixture("attacks", "json_torture.jsonl").read_text().splitlines():
            text = b64decode(json.loads(line)["b64"]).decode("utf-8", "replace")
            found = judgement(services, text, dialect)
            assert found.refusal or found.verdicts or text.strip() == "[]", text[:100]


def test_the_box_offers_an_event_s_example(inlet: Inlet) -> None:
    with inlet.console() as console:
        page = console.get(f"{PATH}/try?event=search.query").text
        empty = console.get(f"{PATH}/try?event={HOSTILE}")
        foreign = console.post(f"{PATH}/try", data={"text": "{}"}, headers={"Origin": "http://evil.example"})
    assert REGISTRY.newest("search.query").examples[0]["event_id"] in page  # type: ignore[union-attr]
    assert empty.status_code == 200 and foreign.status_code == 403
    assert not list(rows(Page(empty.text)))
