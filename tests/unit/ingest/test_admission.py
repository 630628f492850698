"""Admission: no personal data that the policy names reaches a stored line, wherever a sender puts it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import orjson
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from rastup.contracts.explanation import Finding
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.ingest.admission import Admission, Stamp, is_plain_text

REGISTRY = load_registry()
ADMISSION = Admission(Validator(REGISTRY))
STAMP = Stamp("2026-11-20T10:00:00.000Z", "prod", "web")
CANONICAL = json.loads((REGISTRY.root / "envelope" / "canonical.v1.json").read_text())
FORBIDDEN = yaml.safe_load((REGISTRY.root / "pii_keys.yaml").read_text())["forbidden"]
Record = dict[str, Any]

# Published values: Stripe's and PayPal's test cards, the IBAN registry's examples, Ofcom's numbers for drama, the
# numbers in Twilio's documentation, and the social security number that was printed on a wallet's sample card.
PERSONAL = {
    "email": st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}@[a-z]{1,8}\.(com|org|co\.uk)", fullmatch=True),
    "card": st.sampled_from(
        ["4242424242424242", "4111-1111-1111-1111", "5555 5555 5555 4444", "378282246310005"]
    ),
    "iban": st.sampled_from(["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000"]),
    "phone": st.sampled_from(["+1 415 555 2671", "(415) 555-2671", "+44 20 7946 0018", "415-555-2671"]),
    "ssn": st.sampled_from(["219-09-9999", "219 09 9999"]),
}
ANY_PERSONAL = st.one_of(*PERSONAL.values())
AROUND = st.sampled_from(["{}", "write to {}", "{} is mine", "it is {}, I think"])

PLACES: dict[str, Callable[[Record, str], object]] = {
    "context": lambda r, text: r["context"].update(contact=text),
    "context, nested": lambda r, text: r["context"].update(library={"by": [{"who": text}]}),
    "a key of context": lambda r, text: r["context"].update({text: 1}),
    "an open field": lambda r, text: r["payload"].update(filters={"note": text}),
    "a key of an open field": lambda r, text: r["payload"].update(filters={text: True}),
    "an unknown field": lambda r, text: r["payload"].update(surprise=text),
    "an unknown field, nested": lambda r, text: r["payload"].update(extra={"notes": [text, {"more": text}]}),
    "the name of an unknown field": lambda r, text: r["payload"].update({text: 1}),
    "the name of an id": lambda r, text: r["ids"].update({text: "1", "a": "2"}),
    "free text": lambda r, text: r["payload"].update(q=text),
    "city": lambda r, text: r.update(city=text),
    "campaign": lambda r, text: r.update(campaign={"utm_campaign": text}),
    "click token": lambda r, text: r.update(campaign={"click_token": text}),
    "device": lambda r, text: r.update(device={"os": text}),
    "app": lambda r, text: r.update(app={"name": text}),
    "geo": lambda r, text: r.update(geo={"region": text}),
    "page": lambda r, text: r.update(page={"path": text}),
}


def record() -> Record:
    """A plain search, which the fast path takes."""
    return {
        "event": "search.query",
        "v": 1,
        "occurred_at": "2026-11-20T10:00:00Z",
        "anon_id": "an_1",
        "city": "houston",
        "context": {"role": "guest"},
        "ids": {},
        "payload": {"query_hash": "9f8e7d6c", "results": 1},
    }


def impression() -> Record:
    """A card that came into view: the fast path takes it, and its `filters` are open."""
    contract = REGISTRY.get("search.card_impression", 1)
    assert contract is not None
    return json.loads(json.dumps(contract.examples[0]))


def admitted(sent: Record) -> bytes | Finding:
    raw = orjson.dumps(sent)
    admit = ADMISSION.admit_plain if is_plain_text(raw) else ADMISSION.admit
    return admit(orjson.loads(raw), STAMP)


@pytest.mark.parametrize("make", [record, impression])
@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=40)
@given(personal=ANY_PERSONAL, around=AROUND)
def test_nothing_personal_is_stored_from_any_open_place(
    place: str, make: Callable[[], Record], personal: str, around: str
) -> None:
    sent = make()
    PLACES[place](sent, around.format(personal))
    line = admitted(sent)
    assert isinstance(line, bytes)
    assert personal.encode() not in line
    stored = orjson.loads(line)
    jsonschema.validate(stored, CANONICAL)
    assert sum(stored["schema_flags"]["redacted"].values()) >= 1


@given(personal=ANY_PERSONAL)
def test_an_id_that_is_personal_data_is_not_stored_and_leaves_an_id(personal: str) -> None:
    sent = record()
    sent["ids"]["customer"] = personal
    line = admitted(sent)
    if isinstance(line, bytes):
        assert personal.encode() not in line
        jsonschema.validate(orjson.loads(line), CANONICAL)
    else:
        assert line.path == "$.ids.customer"


def test_ids_with_personal_names_stay_as_many_with_values_of_their_own() -> None:
    sent = record()
    sent["ids"] |= {"Jo@example.com": "1", "[email]": "2", "ann@example.com": "3", "order": "4"}
    stored = orjson.loads(bytes(admitted(sent)))["ids"]  # type: ignore[arg-type]
    assert sorted(stored.values()) == ["1", "2", "3", "4"]
    assert stored["order"] == "4"


@pytest.mark.parametrize("number", [4242424242424242, 378282246310005, 5555555555554444])
@pytest.mark.parametrize("part", ["context", "filters", "unknown"])
def test_a_card_written_as_a_number_is_not_stored_either(part: str, number: int) -> None:
    sent = record()
    target = {"context": sent["context"], "unknown": sent["payload"]}.get(part)
    if target is None:
        target = sent["payload"]["filters"] = {}
    target["n"] = number
    line = admitted(sent)
    assert isinstance(line, bytes)
    assert str(number).encode() not in line


@pytest.mark.parametrize("key", FORBIDDEN)
@pytest.mark.parametrize(
    ("path", "put"),
    [
        ("$.context.{}", lambda r, k: r["context"].update({k: "x"})),
        ("$.context.library.{}", lambda r, k: r["context"].update(library={k: "x"})),
        ("$.ids.{}", lambda r, k: r["ids"].update({k: "x"})),
        ("$.payload.{}", lambda r, k: r["payload"].update({k: "x"})),
        ("$.payload.filters.{}", lambda r, k: r["payload"].update(filters={k: "x"})),
        ("$.payload.extra.deep[0].{}", lambda r, k: r["payload"].update(extra={"deep": [{k: "x"}]})),
    ],
)
def test_a_key_of_the_deny_list_is_refused_where_it_stands(
    path: str, put: Callable[[Record, str], object], key: str
) -> None:
    sent = record()
    put(sent, key)
    finding = admitted(sent)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.path) == ("EVENT_PII_FORBIDDEN", path.format(key))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("ids", {"order": "4155552671", "trace": "53033190-7660-45b1-99e1-7b552e94525c"}),
        ("campaign", {"utm_campaign": "20412345678", "click_token": "120208765432100123"}),
        ("device", {"ua_hash": "0123456789abcdef0123456789abcdef", "os": "iOS", "app_ver": "1.0.3"}),
        ("app", {"name": "web", "ver": "10.2.3", "build": "2025012011"}),
    ],
)
def test_what_machines_number_is_no_phone_number(part: str, value: dict[str, str]) -> None:
    sent = record()
    sent[part] = value
    line = admitted(sent)
    assert isinstance(line, bytes)
    assert orjson.loads(line)[part] == value
    assert "schema_flags" not in orjson.loads(line)


def test_a_text_that_was_clean_as_a_code_is_looked_at_again_as_prose() -> None:
    coded = {**record(), "campaign": {"utm_campaign": "4155552671"}}
    said = {**record(), "context": {"role": "guest", "note": "4155552671"}}
    assert b"4155552671" in bytes(admitted(coded))  # type: ignore[arg-type]
    assert b"4155552671" not in bytes(admitted(said))  # type: ignore[arg-type]


def test_two_addresses_as_keys_stay_two_entries() -> None:
    sent = record()
    sent["context"]["seats"] = {"jo@example.com": 1, "al@example.com": 2}
    line = admitted(sent)
    assert isinstance(line, bytes)
    assert sorted(orjson.loads(line)["context"]["seats"].values()) == [1, 2]


def test_the_same_record_comes_out_the_same_on_both_ways() -> None:
    fast = ADMISSION.admit_plain(impression(), STAMP)
    slow = ADMISSION.admit(impression(), STAMP)
    assert fast == slow


ADDRESS = "123 Main Street, Houston TX"
TOKEN_AS_NAME = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.abcdef"


def test_what_stood_beside_too_much_to_read_is_not_taken_for_clean_ever_after() -> None:
    much = {**record(), "context": {"role": "guest", "log": "2026-01-02 03:04:05 " * 80, "note": ADDRESS}}
    assert isinstance(admitted(much), bytes)
    for way in (ADMISSION.admit, ADMISSION.admit_plain):
        line = way({**record(), "context": {"role": "guest", "note": ADDRESS}}, STAMP)
        assert b"[address]" in bytes(line) and b"Main Street" not in bytes(line)  # type: ignore[arg-type]


@pytest.mark.parametrize("part", ["context", "filters"])
def test_a_token_that_is_the_name_of_an_entry_is_redacted_however_often_it_comes(part: str) -> None:
    for _ in range(3):
        sent = impression()
        (sent["context"] if part == "context" else sent["payload"]["filters"])[TOKEN_AS_NAME] = 1
        assert TOKEN_AS_NAME.encode() not in bytes(admitted(sent))  # type: ignore[arg-type]


def test_what_is_too_large_is_refused_alike_on_both_ways() -> None:
    many = {"role": "guest", **{f"k{number}": "x" * 600 for number in range(63)}}
    found = [
        way({**record(), "context": dict(many)}, STAMP) for way in (ADMISSION.admit_plain, ADMISSION.admit)
    ]
    assert isinstance(found[0], Finding) and found[0] == found[1]


@given(text=st.one_of(st.text(max_size=60), st.builds("{} {}".format, ANY_PERSONAL, st.text(max_size=20))))
def test_what_people_wrote_comes_out_the_same_on_both_ways(text: str) -> None:
    raw = orjson.dumps({**record(), "payload": {**record()["payload"], "q": text}})
    assert admitted(orjson.loads(raw)) == ADMISSION.admit(orjson.loads(raw), STAMP)


def test_the_same_bytes_without_an_id_are_another_event_in_another_environment() -> None:
    lines = [
        ADMISSION.admit(record(), Stamp(STAMP.received_at, env, "web")) for env in ("stage", "prod", "prod")
    ]
    stage, prod, again = (orjson.loads(bytes(line))["event_id"] for line in lines)  # type: ignore[arg-type]
    assert stage != prod == again


@pytest.mark.parametrize("part", ["payload", "context"])
@pytest.mark.parametrize("levels", [31, 200, 252, 256, 300, 500, 1_000])
def test_a_valid_event_nested_too_deep_is_refused_however_deep(part: str, levels: int) -> None:
    contract = REGISTRY.newest("search.query")
    assert contract is not None
    nested: object = 1
    for _ in range(levels):
        nested = {"a": nested}
    record = {**contract.examples[0], part: {**contract.examples[0][part], "odd": nested}}
    found = ADMISSION.admit(record, STAMP)
    assert isinstance(found, Finding) and found.message == "expected at most 32 levels of nesting"
