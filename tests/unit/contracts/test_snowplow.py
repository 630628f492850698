"""Snowplow's name-value pairs become the platform's events, self-describing or not, packed or not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.contracts.calls import NothingToStore
from rastup.contracts.mapping import MappingError, Tables
from rastup.contracts.people import prefixed
from rastup.contracts.registry import load_registry
from rastup.contracts.snowplow import SnowplowMapping, decoded
from rastup.contracts.validation import Validator

REGISTRY = load_registry()
TABLES = Tables.load(REGISTRY.root)
SNOWPLOW = SnowplowMapping(REGISTRY, TABLES, clock=lambda: datetime(2026, 11, 6, tzinfo=UTC))
VALIDATOR = Validator(REGISTRY)
KNOWN = {c.event for c in REGISTRY.contracts}
SEARCH = {"query_hash": "0a1b2c3d", "results": 3}
EID = "6e2b7f8e-52f7-4c6e-9f57-0b3ef2f0a001"


def described(schema: str = "com.rastup/search_query/jsonschema/1-0-0", data: Any = SEARCH) -> str:
    """The JSON of a self-describing event."""
    event = {"schema": f"iglu:{schema}", "data": data}
    return json.dumps(
        {"schema": "iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0", "data": event}
    )


def pairs(**changes: Any) -> dict[str, Any]:
    """What a tracker sends of one event."""
    message = {
        "e": "ue",
        "ue_pr": described(),
        "eid": EID,
        "dtm": "1762442658123",
        "stm": "1762442660000",
        "uid": "u-1",
        "duid": "visitor-1",
        "sid": "7f-1",
        "aid": "shop",
        "url": "https://rastup.example/search?q=jane%40example.com",
        "refr": "https://search.example/",
        "ua": "Mozilla/5.0",
        "ip": "203.0.113.9",
        "lang": "en",
        "p": "web",
        "tv": "py-1.1.0",
        "tna": "ns",
    }
    return {**message, **changes}


def test_a_self_describing_event_and_its_circumstances() -> None:
    record = SNOWPLOW.from_snowplow(pairs())
    assert VALIDATOR.check(record) is None
    assert (record["event"], record["v"], record["payload"]) == ("search.query", 1, SEARCH)
    assert record["occurred_at"] == "2025-11-06T15:24:18.123Z"
    assert (record["user_id"], record["anon_id"]) == (prefixed("u-1", "usr_"), prefixed("visitor-1", "an_"))
    assert record["session_id"] == prefixed("7f-1", "ses_")
    assert record["page"] == {"path": "/search", "ref": "https://search.example/"}
    assert (record["app"]["name"], record["context"]["lang"]) == ("shop", "en")
    assert "203.0.113.9" not in json.dumps(record)
    assert "Mozilla" not in json.dumps(record)


@pytest.mark.parametrize("alphabet", ["standard", "url safe", "url safe, not padded"])
def test_base64_is_read_in_every_way_that_trackers_write_it(alphabet: str) -> None:
    text = described(data={**SEARCH, "q": "größe>?~ÿ¿"})
    standard = base64.b64encode(text.encode()).decode()
    safe = base64.urlsafe_b64encode(text.encode()).decode()
    packed = {"standard": standard, "url safe": safe, "url safe, not padded": safe.rstrip("=")}[alphabet]
    message = pairs(ue_px=packed)
    del message["ue_pr"]
    assert SNOWPLOW.from_snowplow(message)["payload"]["q"] == "größe>?~ÿ¿"


@given(st.text(st.characters(codec="utf-8")))
def test_what_was_packed_comes_out(text: str) -> None:
    assert decoded(base64.urlsafe_b64encode(text.encode()).decode()) == text


@pytest.mark.parametrize(
    ("schema", "event"),
    [
        ("com.acme/checkout_started/jsonschema/2-1-0", "checkout.start"),
        ("com.acme/checkout-start/jsonschema/1-0-0", "checkout.start"),
        ("com.snowplowanalytics.mobile/screen_view/jsonschema/1-0-0", "landing.view"),
        ("com.rastup/search.query/jsonschema/1-0-*", "search.query"),
    ],
)
def test_the_name_of_a_schema_is_looked_up_in_the_tables(schema: str, event: str) -> None:
    assert SNOWPLOW.from_snowplow(pairs(ue_pr=described(schema, {})))["event"] == event


def test_a_version_of_ours_is_meant_and_anothers_model_is_not() -> None:
    assert (
        SNOWPLOW.from_snowplow(pairs(ue_pr=described("com.rastup/search_query/jsonschema/9-0-0")))["v"] == 9
    )
    assert SNOWPLOW.from_snowplow(pairs(ue_pr=described("com.acme/search_query/jsonschema/9-0-0")))["v"] == 1


def test_a_schema_that_nobody_knows_is_told_the_nearest_event() -> None:
    with pytest.raises(MappingError) as error:
        SNOWPLOW.from_snowplow(pairs(ue_pr=described("com.acme/serch_query/jsonschema/1-0-0")))
    finding = error.value.finding
    assert (finding.code, finding.path) == ("EVENT_UNKNOWN", "$.ue_pr.data.schema")
    assert "search.query" in finding.message
    assert error.value.event == "serch_query"


def test_page_views_and_structured_events_are_events_too() -> None:
    view = SNOWPLOW.from_snowplow(pairs(e="pv"))
    assert (view["event"], view["payload"], view["page"]["path"]) == (
        "landing.view",
        {"city": "unknown"},
        "/search",
    )
    assert VALIDATOR.check(view) is None
    structured = SNOWPLOW.from_snowplow(pairs(e="se", se_ca="search", se_ac="save", se_la="x", se_va="2.5"))
    assert (structured["event"], structured["payload"]["label"]) == ("search.save", "x")


def test_entities_tell_who_where_and_of_what() -> None:
    entities = [
        ("com.rastup/ids", {"lbg_id": "lbg_7"}),
        ("com.rastup/actor", {"role": "buyer", "city": "New York"}),
        ("com.rastup/campaign", {"utm_source": "mail"}),
        ("com.snowplowanalytics.snowplow/client_session", {"userId": "dev-1", "sessionId": "s-9"}),
        ("com.snowplowanalytics.snowplow/geolocation_context", {"latitude": 29.7, "longitude": -95.3}),
    ]
    data = [{"schema": f"iglu:{name}/jsonschema/1-0-0", "data": data} for name, data in entities]
    message = pairs(co=json.dumps({"schema": "iglu:x/contexts/jsonschema/1-0-1", "data": data}))
    for name in ("duid", "sid"):
        del message[name]
    record = SNOWPLOW.from_snowplow(message)
    assert VALIDATOR.check(record) is None
    assert (record["ids"], record["context"]["role"], record["city"]) == (
        {"lbg_id": "lbg_7"},
        "buyer",
        "new_york",
    )
    assert (record["campaign"], record["anon_id"]) == ({"utm_source": "mail"}, prefixed("dev-1", "an_"))
    assert record["session_id"] == prefixed("s-9", "ses_")
    assert "29.7" not in json.dumps(record)


def test_the_more_telling_of_several_ids_is_taken_in_whatever_order_they_come() -> None:
    ids = {"nuid": "network", "tnuid": "third", "duid": "domain"}
    for order in (ids, dict(reversed(ids.items()))):
        message = {**order, **{k: v for k, v in pairs().items() if k != "duid"}}
        assert SNOWPLOW.from_snowplow(message)["anon_id"] == prefixed("domain", "an_")


def test_the_true_time_of_an_event_counts_and_the_time_of_sending_does_not() -> None:
    first = SNOWPLOW.from_snowplow(pairs(ttm="1762442000000"))
    assert first["occurred_at"] == "2025-11-06T15:13:20.000Z"
    assert first["event_id"] == SNOWPLOW.from_snowplow(pairs(ttm="1762442000000", stm="1"))["event_id"]


@pytest.mark.parametrize("kind", ["pp"])
def test_heartbeats_are_understood_and_not_kept(kind: str) -> None:
    with pytest.raises(NothingToStore):
        SNOWPLOW.from_snowplow(pairs(e=kind))


def test_every_event_of_the_tables_is_one_that_a_contract_knows() -> None:
    assert {*TABLES.snowplow["events"].values(), *TABLES.snowplow["schemas"].values()} <= KNOWN


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"e": None}, "$.e"),
        ({"e": ["ue"]}, "$.e"),
        ({"e": "se"}, "$.se_ac"),
        ({"ue_pr": "{"}, "$.ue_pr"),
        ({"ue_pr": 7}, "$.ue_pr"),
        ({"ue_pr": "[]"}, "$.ue_pr.data.schema"),
        ({"ue_pr": described(data=[])}, "$.ue_pr.data.data"),
        ({"ue_pr": described("../../etc/passwd")}, "$.ue_pr.data.schema"),
        ({"co": "{}"}, "$.co.data"),
        ({"cx": "%%%"}, "$.cx"),
        ({"dtm": "yesterday"}, "$.dtm"),
        ({"dtm": "9" * 19}, "$.dtm"),
        ({"dtm": True}, "$.dtm"),
        ({"ttm": {}}, "$.ttm"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_path(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(MappingError) as error:
        SNOWPLOW.from_snowplow(pairs(**changes))
    assert error.value.finding.path == path


VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=60)


@given(
    st.dictionaries(
        st.sampled_from([*pairs(), "co", "cx", "ue_px", "se_ca", "se_ac", "ttm"]), VALUES, max_size=12
    ),
    st.sampled_from(["ue", "pv", "se", "pp", "tr", "x"]),
)
def test_whatever_comes_is_a_record_or_a_finding(message: dict[str, Any], kind: str) -> None:
    try:
        VALIDATOR.check(SNOWPLOW.from_snowplow({**message, "e": kind}))
    except MappingError as error:
        assert error.finding.path.startswith("$")
