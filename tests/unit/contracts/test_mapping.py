"""Mapping of dialects: round trips as properties, and mapped messages judged by the validator."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.contracts.calls import NothingToStore
from rastup.contracts.mapping import MappingError, Tables, WebMapping, city_code
from rastup.contracts.people import prefixed
from rastup.contracts.registry import load_registry
from rastup.contracts.segment import CALLS, SegmentMapping
from rastup.contracts.validation import Validator
from rastup.core.ids import ulid_time_ms

REGISTRY = load_registry()
TABLES = Tables.load(REGISTRY.root)
WEB = WebMapping(REGISTRY, TABLES)
SEGMENT = SegmentMapping(REGISTRY, TABLES, clock=lambda: datetime(2026, 11, 6, tzinfo=UTC))
VALIDATOR = Validator(REGISTRY)

alnum = st.text("abcXYZ019", min_size=1, max_size=12)
text = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=40)
WEB_MESSAGES = st.fixed_dictionaries(
    {
        "event_id": st.just("evt_01HXKQ4M7T5Z8V2R6N9P3C1WDY"),
        "ts": st.just("2026-11-06T15:24:18.250Z"),
        "name": st.just("search.card_impression"),
        "v": st.just(1),
        "user": st.fixed_dictionaries(
            {"role": st.sampled_from(["buyer", "provider", None])},
            optional={"anon_id": alnum.map("a_".__add__), "user_id": alnum.map("usr_".__add__)},
        ),
        "payload": st.just(
            {
                "query_hash": "9f8e7d6c",
                "result_pos": 2,
                "target_type": "studio",
                "target_id": "std_1",
                "filters": {},
                "impression_id": "imp_9",
            }
        ),
    },
    optional={
        "session_id": alnum.map("s_".__add__),
        "app": st.fixed_dictionaries({"name": text, "ver": text}),
        "device": st.fixed_dictionaries({"os": text, "model": text, "lang": text}),
        "geo": st.fixed_dictionaries({"country": text, "city": text}),
        "page": st.fixed_dictionaries({"path": text, "ref": text}),
        "campaign": st.fixed_dictionaries({"utm_source": text, "click_token": text}),
    },
)


@given(WEB_MESSAGES)
def test_a_web_message_comes_back_as_it_was(message: dict[str, Any]) -> None:
    assert WEB.to_web(WEB.from_web(message)) == message


@given(WEB_MESSAGES)
def test_a_mapped_web_message_is_a_valid_domain_record(message: dict[str, Any]) -> None:
    assert VALIDATOR.check(WEB.from_web(message)) is None


CONTRACTS = {c.event: c for c in REGISTRY.contracts}
FROM_CLIENTS = [name for name, contract in CONTRACTS.items() if contract.emitted_by == "client"]


@pytest.mark.parametrize("event", FROM_CLIENTS)
def test_what_clients_emit_survives_the_way_through_the_web_dialect(event: str) -> None:
    for record in CONTRACTS[event].examples:
        there = WEB.to_web(record)
        back = WEB.from_web(there)
        assert back.pop("geo") == {"city": record["city"]}
        assert back == record
        assert VALIDATOR.check(back) is None
        assert "context" not in there
        assert "ids" not in there


def test_no_event_that_clients_emit_needs_what_the_web_dialect_cannot_say() -> None:
    assert [name for name in FROM_CLIENTS if "money" in CONTRACTS[name].schema["required"]] == []


@pytest.mark.parametrize(
    ("event", "web", "domain"),
    [
        ("identity.link", {"user_id": "usr_1", "anon_id": "a_2"}, {"user_id": "usr_1", "anon_id": "an_2"}),
        (
            "thread.open",
            {"thread_id": "thr_1", "counterpart_role": "provider"},
            {"thread_id": "thr_1", "counterpart_role": "seller"},
        ),
        ("user.signup", {"role": "provider"}, {"role": "seller"}),
        ("landing.view", {"city": "new_york", "role": "model"}, {"city": "new_york", "role": "model"}),
    ],
)
def test_payload_fields_that_repeat_the_envelope_are_spelled_like_it_both_ways(
    event: str, web: dict[str, Any], domain: dict[str, Any]
) -> None:
    base = {"event_id": "evt_01HXKQ4M7T5Z8V2R6N9P3C1WDY", "ts": "2026-11-06T15:24:18.250Z", "name": event}
    record = WEB.from_web({**base, "payload": web})
    assert record["payload"] == domain
    assert VALIDATOR.check(record) is None
    assert WEB.to_web(record)["payload"] == web
    assert WEB.from_web({**base, "payload": domain})["payload"] == domain


def test_a_landing_pages_city_becomes_its_code_and_the_message_stays_as_it_was() -> None:
    message = {
        "event_id": "evt_01HXKQ4M7T5Z8V2R6N9P3C1WDY",
        "ts": "2026-11-06T15:24:18.250Z",
        "name": "landing.view",
        "payload": {"city": "NYC"},
    }
    assert WEB.from_web(message)["payload"] == {"city": "new_york"}
    assert message["payload"] == {"city": "NYC"}


def test_the_raw_user_agent_does_not_survive() -> None:
    record = WEB.from_web(
        {
            "event_id": "evt_01HXKQ4M7T5Z8V2R6N9P3C1WDY",
            "ts": "2026-11-06T15:24:18.250Z",
            "name": "x.y",
            "device": {"ua": "Mozilla/5.0 (secret)"},
        }
    )
    assert "secret" not in repr(record)
    assert len(record["device"]["ua_hash"]) == 32


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (7, "$"),
        ({}, "$.event_id"),
        ({"event_id": "evt_1", "ts": "x", "name": "X"}, "$.event_id"),
        (
            {
                "event_id": "evt_01HXKQ4M7T5Z8V2R6N9P3C1WDY",
                "ts": "2026-11-06T15:24:18Z",
                "name": "x.y",
                "who": 1,
            },
            "$.who",
        ),
    ],
)
def test_a_wrong_web_message_is_told_its_own_path(message: Any, path: str) -> None:
    with pytest.raises(MappingError) as error:
        WEB.from_web(message)
    assert error.value.finding.path == path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Houston", "houston"),
        (" New York ", "new_york"),
        ("NYC", "new_york"),
        ("São Paulo", "s_o_paulo"),
        ("東京", "東京"),
    ],
)
def test_city_names_become_codes(name: str, code: str) -> None:
    assert city_code(name, TABLES.cities) == code


@pytest.mark.parametrize(
    "name", ["checkout.start", "Checkout Start", "checkout_start", "CHECKOUT-START", "Checkout Started"]
)
def test_a_track_calls_event_is_found_however_it_is_written(name: str) -> None:
    record = SEGMENT.from_segment(
        {
            "type": "track",
            "event": name,
            "userId": "usr_1",
            "messageId": "m-1",
            "timestamp": "2026-11-06T15:24:18+00:00",
            "properties": {"order_id": "lbg_1", "context": "person", "subtotal_cents": 100},
        }
    )
    assert record["event"] == "checkout.start"
    assert VALIDATOR.check(record) is None


@pytest.mark.parametrize(
    ("name", "event", "properties", "payload"),
    [
        (
            "Product Viewed",
            "profile.view",
            {"product_id": "srv_1", "role": "model"},
            {"profile_id": "srv_1", "role": "model"},
        ),
        (
            "Product Shared",
            "sharecard.create",
            {"share_id": "shr_1", "product_id": "srv_1"},
            {"share_id": "shr_1", "target_id": "srv_1"},
        ),
        (
            "Promotion Viewed",
            "promo.impression",
            {"promotion_id": "pcmp_1", "impression_id": "imp_1", "position": 2},
            {"campaign_id": "pcmp_1", "impression_id": "imp_1", "slot": 2},
        ),
        (
            "Promotion Clicked",
            "promo.click",
            {"promotion_id": "pcmp_1", "impression_id": "imp_1", "valid": True},
            {"campaign_id": "pcmp_1", "impression_id": "imp_1", "valid": True},
        ),
        (
            "Product Reviewed",
            "review.create",
            {
                "review_id": "rev_1",
                "rating": 5,
                "target_type": "studio",
                "product_id": "std_1",
                "leg_id": "leg_1",
            },
            {"review_id": "rev_1", "rating": 5, "target_type": "studio", "target_id": "std_1"},
        ),
        (
            "Experiment Viewed",
            "exp.view",
            {"experiment_id": "rank_v2", "variation_id": "control"},
            {"exp_id": "rank_v2", "var": "control"},
        ),
        (
            "Product List Filtered",
            "search.query",
            {"query_hash": "9f8e7d6c", "query": "x"},
            {"query_hash": "9f8e7d6c", "q": "x"},
        ),
        ("Application Installed", "app.install", {"cold": True}, {"cold": True}),
        ("Application Opened", "app.start", {}, {}),
        ("Application Backgrounded", "app.end", {}, {}),
        (
            "Signed Up",
            "user.signup",
            {"role": "seller", "method": "google"},
            {"role": "seller", "method": "google"},
        ),
        (
            "Invite Sent",
            "referral.invite",
            {"referral_id": "ref_1", "referrer_user_id": "usr_1"},
            {"referral_id": "ref_1", "referrer_user_id": "usr_1"},
        ),
    ],
)
def test_events_of_segments_own_spec_become_ours(
    name: str, event: str, properties: dict[str, Any], payload: dict[str, Any]
) -> None:
    record = SEGMENT.from_segment(
        {"type": "track", "event": name, "userId": "usr_1", "properties": properties}
    )
    assert (record["event"], record["payload"]) == (event, payload)
    assert VALIDATOR.check(record) is None


def test_every_event_of_the_segment_table_is_one_that_a_contract_knows() -> None:
    assert [e for e in TABLES.segment["events"].values() if e not in CONTRACTS] == []


@pytest.mark.parametrize(
    ("context", "city"),
    [({}, "unknown"), ({"location": {"city": "New York"}}, "new_york")],
)
def test_page_and_screen_calls_are_landing_views_of_a_city_known_or_not(
    context: dict[str, Any], city: str
) -> None:
    for call in ("page", "screen"):
        record = SEGMENT.from_segment(
            {"type": call, "anonymousId": "x", "context": context, "properties": {}}
        )
        assert (record["event"], record["payload"]) == ("landing.view", {"city": city})
        assert VALIDATOR.check(record) is None


def test_identify_keeps_the_link_and_drops_the_traits() -> None:
    record = SEGMENT.from_segment(
        {
            "type": "identify",
            "userId": "usr_1",
            "anonymousId": "an_2",
            "messageId": "m",
            "timestamp": "2026-11-06T00:00:00Z",
            "traits": {"email": "jane@example.com", "name": "Jane"},
        }
    )
    assert record["event"] == "identity.link"
    assert record["payload"] == {"user_id": "usr_1", "anon_id": "an_2"}
    assert VALIDATOR.check(record) is None


def test_a_group_call_is_ignored_and_says_why() -> None:
    with pytest.raises(NothingToStore) as error:
        SEGMENT.from_segment(
            {"type": "group", "userId": "usr_1", "groupId": "g", "traits": {"email": "a@example.com"}}
        )
    assert error.value.finding.path == "$.type"
    assert "not kept" in error.value.finding.message


def test_every_other_call_becomes_an_event_that_a_contract_knows_or_says_why_not() -> None:
    told = {**TABLES.segment["calls"], **TABLES.segment["ignored"]}
    assert told.keys() | {"track"} == set(CALLS)
    assert set(TABLES.segment["calls"].values()) <= CONTRACTS.keys()


@given(st.text(min_size=1), st.text(min_size=1))
def test_foreign_ids_stay_equal_exactly_when_they_were(one: str, other: str) -> None:
    assert (prefixed(one, "usr_") == prefixed(other, "usr_")) == (one == other)
    assert prefixed(one, "usr_").removeprefix("usr_").isalnum()


def test_a_resent_call_is_the_same_event_and_its_id_holds_its_time() -> None:
    call = {
        "type": "track",
        "event": "search.save",
        "messageId": "3f2c-77",
        "timestamp": "2026-11-06T15:24:18Z",
        "sentAt": "2026-11-06T15:24:19Z",
    }
    moment = datetime(2026, 11, 6, 15, 24, 18, tzinfo=UTC)
    first = SEGMENT.from_segment(call)["event_id"]
    assert first == SEGMENT.from_segment({**call, "sentAt": "2026-11-06T16:00:00Z"})["event_id"]
    assert ulid_time_ms(first.removeprefix("evt_")) == int(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    "message",
    [
        None,
        [],
        {},
        {"type": "steal"},
        {"type": "track"},
        {"type": "track", "event": 7},
        {"type": "track", "event": "x", "timestamp": "yesterday"},
        {"type": "track", "event": "x", "properties": "x"},
    ],
)
def test_hostile_calls_are_refused_with_a_path(message: Any) -> None:
    with pytest.raises(MappingError) as error:
        SEGMENT.from_segment(message)
    assert error.value.finding.path.startswith("$")
