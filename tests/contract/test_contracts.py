"""Every contract: its examples, every kind of damage, and verdicts equal to a second implementation's (`jsonschema`)."""

import copy
import re
from collections import Counter
from typing import Any

import jsonschema
import orjson
import pytest
from tests.contract.damage import KINDS, PII, SECRETS, Damage, Kept, Refused, damages

from rastup.contracts import release_check
from rastup.contracts.explanation import Finding
from rastup.contracts.registry import Contract, load_registry
from rastup.contracts.validation import Validator, merge
from rastup.ingest.admission import Admission, Stamp

REGISTRY = load_registry()
VALIDATOR = Validator(REGISTRY)
BY_NAME = {f"{c.event}.v{c.v}": c for c in REGISTRY.contracts}
ADMISSION = Admission(VALIDATOR)
STAMP = Stamp("2026-11-06T15:24:18.000Z", "prod", "web")
UNITS = re.compile(
    r"in cents|in milliseconds|in hours|in characters|in (whole )?stars|without unit|[Nn]umber of|[Pp]osition"
    r"|[Ss]hare|status code"
)

Record = dict[str, Any]


@pytest.fixture(params=BY_NAME, name="contract")
def _contract(request: pytest.FixtureRequest) -> Contract:
    return BY_NAME[request.param]


def test_every_damage_is_answered_as_specified(contract: Contract) -> None:
    """Through the real admission: parsed from bytes, validated, redacted, stamped."""
    wrong = [
        (damage.kind, damage.answer, answer)
        for damage in damages(contract)
        if (answer := _answer(damage)) != damage.answer
    ]
    assert wrong == []


def _answer(damage: Damage) -> Refused | Kept:
    outcome = ADMISSION.admit(orjson.loads(orjson.dumps(damage.record)), STAMP)
    if isinstance(outcome, Finding):
        return Refused(outcome.code, outcome.path)
    flags = orjson.loads(outcome).get("schema_flags", {})
    leaked = [secret for secret in SECRETS if secret.encode() in outcome]
    assert leaked == [], damage.kind
    return Kept(tuple(flags.get("unknown", ())), flags.get("redacted", {}))


def test_every_kind_of_damage_is_done_to_some_contract_and_the_common_ones_to_all() -> None:
    by_contract = {name: {d.kind for d in damages(c)} for name, c in BY_NAME.items()}
    assert set.union(*by_contract.values()) == KINDS
    common = {"unknown field", "unknown envelope field", "forbidden key", "personal data in unknown"}
    assert [name for name, kinds in by_contract.items() if not common < kinds] == []


def test_verdicts_equal_those_of_a_second_implementation(contract: Contract) -> None:
    """Of the schemas alone: rules between fields, forbidden keys and calendars are no part of them."""
    second = jsonschema.Draft202012Validator(merge(REGISTRY.envelopes["domain"], contract.schema))
    for damage in damages(contract):
        is_schema = isinstance(damage.answer, Refused) and damage.answer.code != PII
        if damage.kind not in ("bad time", "amounts differ", "sum differs"):
            assert second.is_valid(damage.record) != is_schema, damage.kind
    for example in contract.examples:
        assert second.is_valid(example)


def test_no_contract_is_missing_and_none_is_added() -> None:
    """The catalogue's 188 events; what the specification's list counts by family."""
    events = Counter(c.family for c in REGISTRY.contracts)
    assert events == {
        "search": 11,
        "profile": 3,
        "studio": 12,
        "checkout": 3,
        "booking": 19,
        "payments": 35,
        "messaging": 11,
        "documents": 12,
        "trust": 10,
        "promotions": 13,
        "reviews": 5,
        "comms": 7,
        "growth": 15,
        "support": 11,
        "identity": 12,
        "experiments": 3,
        "infra": 6,
    }


def test_every_contract_says_what_it_means(contract: Contract) -> None:
    """A sentence for the event and for each field and id; a unit for each number; a class for each person's id."""
    assert contract.description.endswith(".")
    assert len(contract.description) > 40
    assert len(contract.examples) >= 1
    assert len(contract.invalid_examples) >= 2
    ids = contract.schema["properties"].get("ids", {}).get("properties", {})
    words = {f"ids.{name}": schema["description"] for name, schema in ids.items()}
    words |= {field.name: field.description for field in contract.fields}
    assert [name for name, text in words.items() if not (text.endswith(".") and len(text) > 20)] == []
    numbers = [f for f in contract.fields if f.type in ("integer", "number")]
    assert [f.name for f in numbers if not UNITS.search(f.description)] == []


def test_ids_of_people_are_pseudonyms_and_what_people_write_is_free_text(contract: Contract) -> None:
    for field in contract.fields:
        assert field.pii in ("none", "pseudonym", "free_text")
        if field.schema.get("pattern", "").startswith(("^usr_", "^an_")):
            assert field.pii == "pseudonym", field.name
        assert ("redacted at ingest" in field.description) == field.is_free_text, field.name


def test_the_contracts_are_sound_and_compatible_with_the_released_set() -> None:
    assert list(release_check.check_soundness(REGISTRY)) == []
    old = release_check.released(REGISTRY.root / "released")
    assert list(release_check.check_compatibility(REGISTRY, old)) == []


def test_money_and_payload_amounts_must_be_equal() -> None:
    record = copy.deepcopy(BY_NAME["payout.queued.v1"].examples[0])
    record["money"]["amount_cents"] += 1
    finding = VALIDATOR.check(record)
    assert finding is not None
    assert (finding.code, finding.path) == ("EVENT_SCHEMA_INVALID", "$.payload.amount_cents")


def test_a_legs_total_is_the_sum_of_its_parts() -> None:
    record = copy.deepcopy(BY_NAME["leg.confirmed.v1"].examples[0])
    record["payload"]["tax_cents"] += 1
    finding = VALIDATOR.check(record)
    assert finding is not None
    assert (finding.code, finding.path) == ("EVENT_SCHEMA_INVALID", "$.payload.total_cents")


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        7,
        "x",
        {},
        {"event": {}, "v": []},
        {"event": "x" * 10_000, "v": 1},
        {"event": "../../etc", "v": 1},
        {"event": "search.query", "v": True},
        {"event": "search.query", "v": 10**400},
        {"event": "search.query", "v": 1, "payload": [], "ids": "x", "context": 3, "occurred_at": 0},
        {"event": "\x00", "v": float("inf")},
    ],
)
def test_hostile_records_get_a_finding_and_never_an_exception(record: Any) -> None:
    finding = VALIDATOR.check(record)
    assert finding is not None
    assert finding.code in {"EVENT_ENVELOPE_INVALID", "EVENT_UNKNOWN"}
    assert len(finding.message) < 500
    assert len(finding.path) < 300


def test_an_unknown_event_is_told_the_nearest_name() -> None:
    record = {**BY_NAME["search.query.v1"].examples[0], "event": "serch.qery"}
    finding = VALIDATOR.check(record)
    assert finding is not None
    assert (finding.code, finding.path) == ("EVENT_UNKNOWN", "$.event")
    assert "search.query" in finding.message


def test_an_unknown_version_is_told_the_known_ones() -> None:
    finding = VALIDATOR.check({**BY_NAME["search.query.v1"].examples[0], "v": 9})
    assert finding is not None
    assert (finding.code, finding.path) == ("EVENT_UNKNOWN", "$.v")
    assert "1" in finding.message


def test_messages_never_repeat_what_a_person_wrote() -> None:
    record = copy.deepcopy(BY_NAME["search.query.v1"].examples[0])
    record["payload"]["sort"] = "call 555-0100 jane@example.com"
    finding = VALIDATOR.check(record)
    assert finding is not None
    assert "jane" not in finding.message
