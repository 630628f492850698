"""PostHog's events become the platform's, in both shapes of its wire, and the validator says whether they are good."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.contracts.calls import NothingToStore
from rastup.contracts.mapping import MappingError, Tables
from rastup.contracts.people import prefixed
from rastup.contracts.posthog import PosthogMapping
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator

REGISTRY = load_registry()
TABLES = Tables.load(REGISTRY.root)
POSTHOG = PosthogMapping(REGISTRY, TABLES, clock=lambda: datetime(2026, 11, 6, tzinfo=UTC))
VALIDATOR = Validator(REGISTRY)
VISITOR = "0192f0c4-7a1e-7c11-9d5f-1f6f3a1b2c3d"
KNOWN = {c.event for c in REGISTRY.contracts}


def captured(event: str = "search_query", **changes: Any) -> dict[str, Any]:
    """An event as `posthog` sends it."""
    message = {
        "event": event,
        "distinct_id": "u-1",
        "uuid": "6e2b7f8e-52f7-4c6e-9f57-0b3ef2f0a001",
        "timestamp": "2026-11-06T15:24:18.123456+00:00",
        "properties": {"query_hash": "0a1b2c3d", "results": 3, "$lib": "posthog-python", "$is_server": True},
    }
    return {**message, **changes}


def told(**properties: Any) -> dict[str, Any]:
    """A captured search with more properties."""
    message = captured()
    return {**message, "properties": {**message["properties"], **properties}}


def test_an_event_keeps_its_own_properties_and_loses_the_librarys() -> None:
    record = POSTHOG.from_posthog(told(**{"$os": "Linux", "$geoip_disable": True, "token": "rk_pub_x"}))
    assert record["payload"] == {"query_hash": "0a1b2c3d", "results": 3}
    assert record["occurred_at"] == "2026-11-06T15:24:18.123Z"
    assert record["user_id"] == prefixed("u-1", "usr_")
    assert "device" not in record, "the operating system is the server's"
    assert VALIDATOR.check(record) is None


def test_what_a_browser_tells_goes_where_the_envelope_has_it() -> None:
    browser = told(
        **{
            "$is_server": False,
            "$os": "iOS",
            "$raw_user_agent": "Mozilla/5.0",
            "$current_url": "https://rastup.example/search?email=jane@example.com#x",
            "$referrer": "https://search.example/",
            "$device_id": VISITOR,
            "$session_id": "0192-f0c4",
            "$geoip_country_code": "US",
            "$geoip_city_name": "New York",
            "utm_source": "newsletter",
            "$app_version": "v" * 100,
        }
    )
    record = POSTHOG.from_posthog(browser)
    assert VALIDATOR.check(record) is None
    assert (record["device"]["os"], len(record["device"]["ua_hash"])) == ("iOS", 32)
    assert record["page"] == {"path": "/search", "ref": "https://search.example/"}
    assert (record["city"], record["geo"]["country"]) == ("new_york", "US")
    assert (record["campaign"], record["app"]) == ({"utm_source": "newsletter"}, {"ver": "v" * 64})
    assert record["anon_id"] == prefixed(VISITOR, "an_")
    assert record["session_id"] == prefixed("0192-f0c4", "ses_")
    assert record["payload"] == {"query_hash": "0a1b2c3d", "results": 3}


@pytest.mark.parametrize(
    "nobody",
    [
        told(**{"$process_person_profile": False}),
        told(**{"$is_identified": False}),
        told(**{"$device_id": "u-1"}),
        captured(options={"process_person_profile": False}),
    ],
)
def test_who_is_not_identified_is_a_visitor(nobody: dict[str, Any]) -> None:
    record = POSTHOG.from_posthog(nobody)
    assert (record.get("user_id"), record["anon_id"]) == (None, prefixed("u-1", "an_"))


def test_both_shapes_of_the_wire_give_one_event() -> None:
    old = told(**{"$session_id": "s1", "$process_person_profile": False})
    new = captured(session_id="s1", options={"process_person_profile": False})
    del new["properties"]["$lib"]
    assert POSTHOG.from_posthog(old) == POSTHOG.from_posthog(new)


@pytest.mark.parametrize(
    ("event", "distinct_id", "properties"),
    [
        ("$identify", "u-1", {"$anon_distinct_id": VISITOR, "$set": {"email": "jane@example.com"}}),
        ("$create_alias", VISITOR, {"distinct_id": VISITOR, "alias": "u-1"}),
        ("$create_alias", "u-1", {"distinct_id": "u-1", "alias": VISITOR}),
        ("$merge_dangerously", "u-1", {"alias": VISITOR}),
    ],
)
def test_whichever_way_round_two_ids_come_the_link_is_the_same(
    event: str, distinct_id: str, properties: dict[str, Any]
) -> None:
    record = POSTHOG.from_posthog(captured(event, distinct_id=distinct_id, properties=properties))
    assert record["event"] == "identity.link"
    assert record["payload"] == {"user_id": prefixed("u-1", "usr_"), "anon_id": prefixed(VISITOR, "an_")}
    assert VALIDATOR.check(record) is None


@pytest.mark.parametrize(
    ("event", "properties", "becomes", "payload"),
    [
        ("$pageview", {"$pathname": "/x"}, "landing.view", {"city": "unknown"}),
        ("$screen", {"$geoip_city_name": "Houston"}, "landing.view", {"city": "houston"}),
        (
            "$feature_flag_called",
            {"$feature_flag": "rank_v2", "$feature_flag_response": True},
            "exp.view",
            {"exp_id": "rank_v2", "var": "true"},
        ),
        ("$web_vitals", {"$web_vitals_LCP_value": 812.5}, "web.vitals", {"lcp": 812.5}),
    ],
)
def test_posthogs_own_events_that_say_something_we_know(
    event: str, properties: dict[str, Any], becomes: str, payload: dict[str, Any]
) -> None:
    record = POSTHOG.from_posthog(captured(event, properties=properties))
    assert (record["event"], record["payload"]) == (becomes, payload)
    assert VALIDATOR.check(record) is None


@pytest.mark.parametrize("event", [*TABLES.posthog["ignored"], "$identify"])
def test_of_profiles_and_unnamed_clicks_nothing_is_kept_and_why_is_said(event: str) -> None:
    with pytest.raises(NothingToStore) as told_so:
        POSTHOG.from_posthog(captured(event, properties={"$set": {"email": "jane@example.com"}}))
    assert len(str(told_so.value)) > 20
    assert "jane" not in str(told_so.value)


def test_an_own_event_that_nobody_has_decided_on_is_unknown() -> None:
    with pytest.raises(MappingError) as error:
        POSTHOG.from_posthog(captured("$ai_generation"))
    assert (error.value.finding.code, error.value.finding.path) == ("EVENT_UNKNOWN", "$.event")


def test_every_event_of_the_table_is_one_that_a_contract_knows() -> None:
    assert set(TABLES.posthog["events"].values()) <= KNOWN


def test_a_resend_is_the_same_event_with_or_without_an_id() -> None:
    for message in (captured(), captured(uuid=None), {"event": "search_query", "distinct_id": "u-1"}):
        again = {**message, "sent_at": "2026-11-06T16:00:00Z"}
        assert POSTHOG.from_posthog(message)["event_id"] == POSTHOG.from_posthog(again)["event_id"]


@given(
    st.fixed_dictionaries(
        {
            "event": st.sampled_from(
                ["search_query", "$pageview", "$identify", "$set", "nonsense", "", 7, None]
            )
        },
        optional={
            name: st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
                lambda inner: (
                    st.lists(inner, max_size=3)
                    | st.dictionaries(
                        st.sampled_from(["$os", "$set", "$device_id", "alias", "city", "role", "token", "x"]),
                        inner,
                        max_size=4,
                    )
                ),
                max_leaves=6,
            )
            for name in ("properties", "distinct_id", "uuid", "timestamp", "options", "session_id", "sent_at")
        },
    )
)
def test_whatever_comes_is_a_record_or_a_finding(message: dict[str, Any]) -> None:
    try:
        VALIDATOR.check(POSTHOG.from_posthog(message))
    except MappingError as error:
        assert error.finding.path.startswith("$")
