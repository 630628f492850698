"""The table of docs/sdks.md, read literally: one fact, said as each SDK says it, is the record that the table promises.

What the mappers remember of earlier messages must change nothing, nor must the short way of plain records through admission.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.contracts.mapping import Tables
from rastup.contracts.posthog import PosthogMapping
from rastup.contracts.registry import load_registry
from rastup.contracts.segment import SegmentMapping
from rastup.contracts.snowplow import SnowplowMapping
from rastup.contracts.validation import Validator
from rastup.core.ids import ulid_time_ms
from rastup.ingest.admission import Admission, Stamp, is_plain_text

Facts = Mapping[str, Any]
REGISTRY = load_registry()
TABLES = Tables.load(REGISTRY.root)
ADMISSION = Admission(Validator(REGISTRY))
STAMP = Stamp("2026-11-06T15:24:20.000Z", "prod", "table")
ROLES = ("buyer", "seller", "studio_owner", "admin", "guest")
CITIES = {"New York": "new_york", " NYC ": "new_york", "houston": "houston", "Baton Rouge": "baton_rouge"}
WAYS_TO_WRITE: dict[str, Callable[[datetime], str]] = {
    "microseconds": lambda at: at.isoformat(timespec="microseconds"),
    "milliseconds": lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "elsewhere": lambda at: at.astimezone(timezone(timedelta(hours=5, minutes=30))).isoformat(),
    "no zone": lambda at: at.replace(tzinfo=None).isoformat(timespec="milliseconds"),
    "no separators": lambda at: at.strftime("%Y%m%dT%H%M%S.%fZ"),
}

words = st.text("abcXYZ019 .@é-", min_size=1, max_size=80).filter(str.strip)
known_ids = st.text("abcXYZ019", min_size=1, max_size=20)
FACTS = st.fixed_dictionaries(
    {
        "at": st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
        "written": st.sampled_from(sorted(WAYS_TO_WRITE)),
        "message_id": st.uuids().map(str),
        "properties": st.fixed_dictionaries(
            {
                "query_hash": st.text("abc019", min_size=8, max_size=12),
                "target_type": st.just("studio"),
                "filters": st.just({"role": "dj"}),
            },
            optional={"role": st.sampled_from([*ROLES, "pirate"]), "surprise": st.integers(0, 9) | words},
        ),
        "names": st.sampled_from([("result_pos", "target_id"), ("position", "product_id")]),
        "result_pos": st.integers(1, 99),
        "impression_id": known_ids.map("imp_".__add__),
    },
    optional={
        "user_id": words | known_ids.map("usr_".__add__),
        "anon_id": words | known_ids.map("an_".__add__),
        "session_id": words | known_ids.map("ses_".__add__),
        "city": st.sampled_from(sorted(CITIES)),
        "app": st.fixed_dictionaries({"name": words, "ver": words}),
        "page": st.fixed_dictionaries({"path": known_ids.map("/".__add__), "ref": words}),
        "campaign": st.fixed_dictionaries(
            {
                "utm_source": words,
                "utm_medium": words,
                "utm_campaign": st.text("ab", min_size=1, max_size=300),
            }
        ),
        "lang": st.sampled_from(["en-US", "de"]),
    },
).filter(lambda facts: "user_id" not in facts or facts["user_id"] != facts.get("anon_id"))


def promised(facts: Facts, *, has_session: bool = True) -> dict[str, Any]:
    """The record, without its id."""
    properties, city = facts["properties"], facts.get("city")
    payload = {**properties, "result_pos": facts["result_pos"], "target_id": "std_1"}
    role = properties.get("role")
    record: dict[str, Any] = {
        "event": "search.card_impression",
        "v": 1,
        "occurred_at": facts["at"].isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": {"role": role if role in ROLES else "guest"},
        "ids": {"impression_id": facts["impression_id"]},
        "payload": payload | ({"city": city} if city else {}),
    }
    for name, prefix in (("user_id", "usr_"), ("anon_id", "an_"), ("session_id", "ses_")):
        if name in facts and (has_session or name != "session_id"):
            record[name] = ours(facts[name], prefix)
    if city:
        record["city"] = CITIES[city]
    if "lang" in facts:
        record["context"]["lang"] = facts["lang"]
    for part, longest in (("app", 64), ("page", 2048), ("campaign", 256)):
        if part in facts:
            record[part] = {name: text[:longest] for name, text in facts[part].items()}
    return record


def ours(text: str, prefix: str) -> str:
    rest = text.removeprefix(prefix)
    is_ours = rest != text and rest.isascii() and rest.isalnum()
    return text if is_ours else prefix + sha256(text.encode()).hexdigest()[:32]


def said(facts: Facts) -> dict[str, Any]:
    """Properties as a sender names them."""
    position, target = facts["names"]
    given_ = {position: facts["result_pos"], target: "std_1", "impression_id": facts["impression_id"]}
    return {**facts["properties"], **given_, **({"city": facts["city"]} if "city" in facts else {})}


def present(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


def segment(facts: Facts) -> dict[str, Any]:
    app, campaign, page = (facts.get(part, {}) for part in ("app", "campaign", "page"))
    context = {
        "library": {"name": "analytics-python"},
        "app": present(name=app.get("name"), version=app.get("ver")),
        "page": present(path=page.get("path"), referrer=page.get("ref")),
        "campaign": present(
            **{name.removeprefix("utm_").replace("campaign", "name"): text for name, text in campaign.items()}
        ),
        **present(locale=facts.get("lang")),
    }
    return {
        "type": "track",
        "event": "Search Card Impression",
        "messageId": facts["message_id"],
        "timestamp": WAYS_TO_WRITE[facts["written"]](facts["at"]),
        "properties": said(facts),
        "context": context,
        **present(userId=facts.get("user_id"), anonymousId=facts.get("anon_id")),
    }


def posthog(facts: Facts) -> dict[str, Any]:
    app, page = facts.get("app", {}), facts.get("page", {})
    user, visitor = facts.get("user_id"), facts.get("anon_id")
    own = {
        "$app_name": app.get("name"),
        "$app_version": app.get("ver"),
        "$pathname": page.get("path"),
        "$referrer": page.get("ref"),
        "$locale": facts.get("lang"),
        "$session_id": facts.get("session_id"),
        "$device_id": visitor if user else None,
        "$process_person_profile": None if user else False,
        "$lib": "posthog-python",
    }
    return {
        "event": "search_card_impression",
        "uuid": facts["message_id"],
        "timestamp": WAYS_TO_WRITE[facts["written"]](facts["at"]),
        "properties": {**said(facts), **present(**own), **facts.get("campaign", {})},
        **present(distinct_id=user or visitor),
    }


def snowplow(facts: Facts) -> dict[str, Any]:
    app, page = facts.get("app", {}), facts.get("page", {})
    entities = [
        {
            "schema": "iglu:com.snowplowanalytics.mobile/application/jsonschema/1-0-0",
            "data": present(version=app.get("ver")),
        },
        {"schema": "iglu:com.rastup/campaign/jsonschema/1-0-0", "data": facts.get("campaign", {})},
    ]
    event = {"schema": "iglu:com.rastup/search_card_impression/jsonschema/1-0-0", "data": said(facts)}
    path = page.get("path")
    return {
        "e": "ue",
        "ue_pr": json.dumps({"schema": "iglu:u", "data": event}),
        "co": json.dumps({"schema": "iglu:c", "data": entities}),
        "eid": facts["message_id"],
        "dtm": str(ms_of(facts["at"])),
        **present(uid=facts.get("user_id"), duid=facts.get("anon_id"), sid=facts.get("session_id")),
        **present(aid=app.get("name"), refr=page.get("ref"), lang=facts.get("lang")),
        **present(url=f"https://rastup.example{path}?q=1" if path else None),
    }


def ms_of(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


Mapper = Callable[[Any], dict[str, Any]]
SDKS: dict[str, tuple[Callable[[Facts], dict[str, Any]], Callable[[], Mapper]]] = {
    "segment": (segment, lambda: SegmentMapping(REGISTRY, TABLES).from_segment),
    "posthog": (posthog, lambda: PosthogMapping(REGISTRY, TABLES).from_posthog),
    "snowplow": (snowplow, lambda: SnowplowMapping(REGISTRY, TABLES).from_snowplow),
}
WARM = {name: mapper() for name, (_, mapper) in SDKS.items()}


@pytest.mark.parametrize("sdk", SDKS)
@given(facts=FACTS)
def test_a_fact_is_the_record_that_the_table_promises(sdk: str, facts: dict[str, Any]) -> None:
    say, new_mapper = SDKS[sdk]
    message = say(facts)
    before = json.dumps(message)
    record = WARM[sdk](message)
    assert json.dumps(message) == before
    assert record == WARM[sdk](say(facts)) == new_mapper()(say(facts))
    assert ulid_time_ms(record.pop("event_id").removeprefix("evt_")) == ms_of(facts["at"])
    assert record == promised(facts, has_session=sdk != "segment")


@pytest.mark.parametrize("sdk", SDKS)
@given(facts=FACTS)
def test_the_short_way_of_plain_records_writes_what_the_long_one_does(
    sdk: str, facts: dict[str, Any]
) -> None:
    message = SDKS[sdk][0](facts)
    if not is_plain_text(json.dumps(promised(facts), ensure_ascii=False).encode()):
        return
    short = ADMISSION.admit_plain(WARM[sdk](message), STAMP)
    long = ADMISSION.admit(WARM[sdk](message), STAMP)
    assert isinstance(short, bytes)
    assert short == long
