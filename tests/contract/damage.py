"""The damage generator: of one contract's valid example every kind of damage, each with the answer that is specified.

What is damaged is read from the contract, how it must be answered is said here: refused with a code and a path, or taken
with unknown fields flagged and personal data redacted.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from rastup.contracts.registry import Contract, Field

Record = dict[str, Any]

SCHEMA, ENVELOPE, PII = "EVENT_SCHEMA_INVALID", "EVENT_ENVELOPE_INVALID", "EVENT_PII_FORBIDDEN"
WIDEST = 2**53 - 1
WRONG_TYPE: dict[str, Any] = {
    "string": 7,
    "timestamp": 7,
    "integer": "7",
    "number": "x",
    "boolean": "yes",
    "object": [],
    "array": {},
}
PERSONAL = {
    "email": "write to jo.smith@example.com today",
    "card": "paid with 4111 1111 1111 1111 before",
    "phone": "call +1 713-555-0142 first",
    "iban": "to DE89 3704 0044 0532 0130 00 please",
    "ssn": "it is 536-90-4399 as said",
}
"""Text with one piece of personal data, by the kind that redaction must call it."""
SECRETS = ("jo.smith", "4111", "555-0142", "0532 0130", "90-4399")


@dataclass(frozen=True)
class Refused:
    """The event must be refused."""

    code: str
    path: str


@dataclass(frozen=True)
class Kept:
    """The event must be taken, with these unknown fields flagged and these kinds of personal data redacted."""

    unknown: tuple[str, ...] = ()
    redacted: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Damage:
    """One damaged record, the kind of its damage, and the answer that it must get."""

    kind: str
    record: Record
    answer: Refused | Kept


KINDS = {
    *("missing required", "wrong type", "out of range", "wrong pattern", "bad enum", "bad time", "too long"),
    *("too short", "missing by condition", "missing id", "wrong id", "missing money", "wrong money"),
    *("amounts differ", "sum differs", "unknown field", "unknown envelope field", "forbidden key"),
    *("forbidden key below", "forbidden key in unknown", "personal data in text", "personal data in unknown"),
    *("missing payload", "wrong entry"),
}


def damages(contract: Contract) -> Iterator[Damage]:
    """Every damage to the contract's smallest valid example."""
    for payload_field in contract.fields:
        yield from _of_field(contract, payload_field)
    yield from _of_conditions(contract)
    yield from _of_ids(contract)
    yield from _of_money(contract)
    yield from _of_rules(contract)
    yield from _of_names(contract)
    yield from _of_text(contract)


def _damaged(contract: Contract, change: Callable[[Record], object]) -> Record:
    record = copy.deepcopy(contract.examples[-1])
    change(record)
    return record


def _with(contract: Contract, **values: Any) -> Record:
    return _damaged(contract, lambda record: record["payload"].update(values))


def _of_field(contract: Contract, damaged: Field) -> Iterator[Damage]:
    name, schema = damaged.name, damaged.schema
    refused = Refused(SCHEMA, f"$.payload.{name}")

    def becomes(kind: str, value: Any, answer: Refused = refused) -> Damage:
        return Damage(kind, _with(contract, **{name: value}), answer)

    if damaged.is_required:
        yield Damage("missing required", _damaged(contract, lambda r: r["payload"].pop(name)), refused)
    yield becomes("wrong type", WRONG_TYPE[damaged.type])
    yield becomes("wrong type", None)
    if "minimum" in schema:
        yield becomes("out of range", schema["minimum"] - 1)
    if "maximum" in schema:
        yield becomes("out of range", schema["maximum"] + 1)
    if "pattern" in schema:
        yield becomes("wrong pattern", "../\x00 '")
        yield becomes("wrong pattern", "")
    if "enum" in schema:
        yield becomes("bad enum", "nothing_of_the_kind")
        yield becomes("bad enum", schema["enum"][0].upper())
    if damaged.type == "timestamp":
        yield becomes("bad time", "2026-13-40")
        yield becomes("bad time", "yesterday")
    if "maxLength" in schema and damaged.type == "string":
        yield becomes("too long", _longer(schema))
    if schema.get("minLength"):
        yield becomes("too short", "")
    if damaged.type == "array":
        yield becomes("wrong entry", [7], Refused(SCHEMA, f"$.payload.{name}[0]"))
        yield becomes("too long", ["x"] * (schema["maxItems"] + 1))
    if damaged.is_flat:
        yield becomes("wrong entry", {"a": {"b": 1}}, Refused(SCHEMA, f"$.payload.{name}.a"))
        yield becomes("too long", {f"k{i}": 1 for i in range(schema["maxProperties"] + 1)})
    if damaged.is_open:
        yield becomes("forbidden key below", {"Phone": "x"}, Refused(PII, f"$.payload.{name}.Phone"))


def _longer(schema: Any) -> str:
    """Text that is one character too long and else as it should be."""
    prefix = schema.get("pattern", "").removeprefix("^").partition("[")[0]
    return str(prefix + "a" * (schema["maxLength"] + 1 - len(prefix)))


def _of_conditions(contract: Contract) -> Iterator[Damage]:
    """What the contract requires only when another field has a certain value."""
    for condition in contract.payload.get("allOf", []):
        given = {name: schema["const"] for name, schema in condition["if"]["properties"].items()}
        for name in condition["then"]["required"]:
            record = _with(contract, **given)
            record["payload"].pop(name, None)
            yield Damage("missing by condition", record, Refused(SCHEMA, f"$.payload.{name}"))


def _of_ids(contract: Contract) -> Iterator[Damage]:
    for name, is_required in contract.ids.items():
        refused = Refused(SCHEMA, f"$.ids.{name}")
        for value in ("?", "usr_1", 7):
            yield Damage("wrong id", _damaged(contract, _setting("ids", name, value)), refused)
        if is_required:
            yield Damage("missing id", _damaged(contract, _dropping("ids", name)), refused)


def _of_money(contract: Contract) -> Iterator[Damage]:
    if "money" not in contract.schema["required"]:
        return
    yield Damage("missing money", _damaged(contract, lambda r: r.pop("money")), Refused(SCHEMA, "$.money"))
    for name in ("amount_cents", "currency"):
        refused = Refused(SCHEMA, f"$.money.{name}")
        yield Damage("missing money", _damaged(contract, _dropping("money", name)), refused)
    for name, value in (("amount_cents", -1), ("amount_cents", 1.5), ("currency", "US$"), ("currency", "")):
        refused = Refused(SCHEMA, f"$.money.{name}")
        yield Damage("wrong money", _damaged(contract, _setting("money", name, value)), refused)


def _of_rules(contract: Contract) -> Iterator[Damage]:
    for rule in contract.rules:
        if "sum" in rule:
            _, part, name = rule["sum"][0].split(".")
            more = contract.examples[-1][part][name] + 1
            record = _damaged(contract, _setting(part, name, more))
            yield Damage("sum differs", record, Refused(SCHEMA, rule["total"]))
        else:
            _, right = rule["equal"]
            amount = contract.examples[-1]["payload"]["amount_cents"]
            money = {"amount_cents": amount + 1, "currency": "USD"}
            record = _damaged(contract, lambda r: r.update(money=money))  # noqa: B023 -- called at once
            yield Damage("amounts differ", record, Refused(SCHEMA, right))


def _of_names(contract: Contract) -> Iterator[Damage]:
    """Fields that no contract names: flagged and kept in a payload, refused around it or when personal by name."""
    new = _with(contract, brand_new={"deep": [1]}, also_new="x")
    yield Damage("unknown field", new, Kept(unknown=("payload.also_new", "payload.brand_new")))
    around = _damaged(contract, lambda r: r.update(surprise=1))
    yield Damage("unknown envelope field", around, Refused(ENVELOPE, "$.surprise"))
    bare = _damaged(contract, lambda r: r.pop("payload"))
    yield Damage("missing payload", bare, Refused(ENVELOPE, "$.payload"))
    for key in ("email", "firstName", "PHONE-NUMBER", "ip_address"):
        yield Damage("forbidden key", _with(contract, **{key: "x"}), Refused(PII, f"$.payload.{key}"))
    below = _with(contract, extra=[{"e-mail": "x"}])
    yield Damage("forbidden key in unknown", below, Refused(PII, "$.payload.extra[0].e-mail"))


def _of_text(contract: Contract) -> Iterator[Damage]:
    for name in contract.free_text_fields:
        for kind, text in PERSONAL.items():
            kept = Kept(redacted={kind: 1})
            yield Damage("personal data in text", _with(contract, **{name: text}), kept)
    both = _with(contract, note=f"{PERSONAL['email']}, {PERSONAL['card']}")
    kept = Kept(unknown=("payload.note",), redacted={"email": 1, "card": 1})
    yield Damage("personal data in unknown", both, kept)


def _setting(part: str, name: str, value: Any) -> Callable[[Record], object]:
    return lambda record: record[part].update({name: value})


def _dropping(part: str, name: str) -> Callable[[Record], object]:
    return lambda record: record[part].pop(name)
