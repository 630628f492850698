"""Every contract: its examples, every kind of damage, and verdicts equal to a second implementation's (`jsonschema`)."""

import copy
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from rastup.contracts import generation, release_check
from rastup.contracts.registry import Contract, load_registry
from rastup.contracts.validation import Validator, merge
from rastup.core.paths import data_dir

REGISTRY = load_registry()
VALIDATOR = Validator(REGISTRY)
BY_NAME = {f"{c.event}.v{c.v}": c for c in REGISTRY.contracts}
FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER

Record = dict[str, Any]


@pytest.fixture(params=BY_NAME, name="contract")
def _contract(request: pytest.FixtureRequest) -> Contract:
    return BY_NAME[request.param]


def damages(contract: Contract) -> Iterator[tuple[str, str, str, Record]]:
    """Every kind of damage to a minimal valid record: what it is, the expected code and path, the damaged record."""

    def damaged(**changes: Any) -> Record:
        record = copy.deepcopy(contract.examples[-1])
        record["payload"].update(changes)
        return record

    schema_invalid = "EVENT_SCHEMA_INVALID"
    for field in contract.fields:
        path = f"$.payload.{field.name}"
        if field.is_required:
            record = damaged()
            del record["payload"][field.name]
            yield "missing required", schema_invalid, path, record
        wrong: Any = {
            "string": 7,
            "timestamp": 7,
            "integer": "7",
            "number": "x",
            "boolean": "yes",
            "object": [],
            "array": {},
        }
        yield "wrong type", schema_invalid, path, damaged(**{field.name: wrong[field.type]})
        if "minimum" in field.schema:
            yield "out of range", schema_invalid, path, damaged(**{field.name: field.schema["minimum"] - 1})
        if "pattern" in field.schema:
            yield "wrong pattern", schema_invalid, path, damaged(**{field.name: "../\x00 '"})
        if "enum" in field.schema:
            yield "bad enum", schema_invalid, path, damaged(**{field.name: "nothing_of_the_kind"})
        if field.type == "timestamp":
            yield "bad time", schema_invalid, path, damaged(**{field.name: "2026-13-40"})
        if field.is_open:
            yield (
                "forbidden key below",
                "EVENT_PII_FORBIDDEN",
                f"{path}.Phone",
                damaged(**{field.name: {"Phone": "x"}}),
            )
    for name, is_required in contract.ids.items():
        record = copy.deepcopy(contract.examples[0])
        record["ids"][name] = "?"
        yield "wrong id", schema_invalid, f"$.ids.{name}", record
        if is_required:
            record = copy.deepcopy(contract.examples[0])
            del record["ids"][name]
            yield "missing id", schema_invalid, f"$.ids.{name}", record
    yield "forbidden key", "EVENT_PII_FORBIDDEN", "$.payload.firstName", damaged(firstName="x")
    yield (
        "forbidden key in unknown",
        "EVENT_PII_FORBIDDEN",
        "$.payload.extra[0].e-mail",
        damaged(extra=[{"e-mail": "x"}]),
    )
    yield "unknown envelope field", "EVENT_ENVELOPE_INVALID", "$.surprise", {**damaged(), "surprise": 1}


def test_every_damage_is_answered_with_its_code_and_path(contract: Contract) -> None:
    wrong = []
    for kind, code, path, record in damages(contract):
        finding = VALIDATOR.check(record)
        if finding is None or (finding.code, finding.path) != (code, path):
            wrong.append((kind, code, path, finding))
    assert wrong == []


def test_verdicts_equal_those_of_a_second_implementation(contract: Contract) -> None:
    merged = merge(REGISTRY.envelopes["domain"], contract.schema)
    second = jsonschema.Draft202012Validator(merged, format_checker=FORMATS)
    has_rules = bool(contract.rules)
    for kind, code, _, record in damages(contract):
        if (
            code != "EVENT_PII_FORBIDDEN"
            and not (has_rules and kind == "out of range")
            and kind != "bad time"
        ):
            assert not second.is_valid(record), kind
    for example in contract.examples:
        assert second.is_valid(example)


def test_unknown_fields_are_flagged_and_not_refused(contract: Contract) -> None:
    record = copy.deepcopy(contract.examples[0])
    record["payload"]["brand_new"] = {"deep": [1]}
    assert VALIDATOR.check(record) is None
    assert VALIDATOR.unknown_fields(record) == ["payload.brand_new"]


def test_the_contracts_are_sound_and_compatible_with_the_released_set() -> None:
    assert list(release_check.check_soundness(REGISTRY)) == []
    old = release_check.released(REGISTRY.root / "released")
    assert list(release_check.check_compatibility(REGISTRY, old)) == []


def test_generated_files_are_up_to_date() -> None:
    assert generation.drift(REGISTRY, data_dir("contracts").parent) == []


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
