"""Every event keeps its contract, except the deliberate share of broken ones. The oracle is the platform's own contracts."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.unit.sim.conftest import SEED, UNTIL_MS, Record, records_of

from rastup.contracts.mapping import Tables, WebMapping
from rastup.contracts.registry import Registry, load_registry
from rastup.contracts.validation import Validator
from rastup_sim.flaws import _MALFORMED
from rastup_sim.market import Market, Scale, window_of
from rastup_sim.shares import Shares


class Judge:
    """What the platform would say of a record."""

    def __init__(self, registry: Registry) -> None:
        self._validator = Validator(registry)
        self._web = WebMapping(registry, Tables.load(registry.root))

    def code(self, record: Record) -> str | None:
        finding = self._validator.check(self._web.from_web(record) if "name" in record else record)
        return finding.code if finding else None


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="module")
def judge(registry: Registry) -> Judge:
    return Judge(registry)


def test_without_a_share_of_broken_ones_every_event_is_valid(judge: Judge) -> None:
    market = Market(SEED, Scale(20_000, 20, UNTIL_MS), Shares(malformed=0.0, unknown=0.05, pii=0.2, web=0.5))
    found = [
        (record.get("event", record.get("name")), code)
        for record in records_of(market, window_of(UNTIL_MS, 20))
        if (code := judge.code(record))
    ]
    assert found == []


def test_the_broken_share_is_as_set_and_refused_in_many_ways(judge: Judge) -> None:
    market = Market(SEED, Scale(20_000, 20, UNTIL_MS), Shares(malformed=0.02))
    records = records_of(market, window_of(UNTIL_MS, 20))
    codes = Counter(code for record in records if (code := judge.code(record)))
    assert 0.01 < codes.total() / len(records) < 0.03
    assert {"EVENT_SCHEMA_INVALID", "EVENT_ENVELOPE_INVALID", "EVENT_UNKNOWN", "EVENT_PII_FORBIDDEN"} <= set(
        codes
    )


def test_every_kind_of_broken_event_is_refused(judge: Judge) -> None:
    market = Market(SEED, Scale(20_000, 20, UNTIL_MS), Shares(malformed=0.05))
    broken = [r for r in records_of(market, window_of(UNTIL_MS, 20)) if judge.code(r)]
    # Told apart by what is wrong: the same event's name may be broken in two ways.
    kinds = {(r["event"], str(sorted(r["payload"].items())), tuple(sorted(r))) for r in broken}
    assert len(kinds) == len(_MALFORMED)


def test_all_families_and_most_of_their_events_appear(registry: Registry, records: list[Record]) -> None:
    names = {record.get("event", record.get("name")) for record in records}
    of_family: dict[str, set[str]] = {}
    for contract in registry.contracts:
        of_family.setdefault(contract.family, set()).add(contract.event)
    for family in ("search", "profile", "studio", "checkout", "booking", "payments"):
        assert len(of_family[family] & names) >= 0.75 * len(of_family[family]), of_family[family] - names


def test_late_repeated_unknown_and_web_events_come_at_their_shares(records: list[Record]) -> None:
    ids = Counter(record["event_id"] for record in records)
    repeated = sum(count - 1 for count in ids.values()) / len(records)
    assert 0.001 < repeated < 0.02
    web = sum("name" in record for record in records) / len(records)
    assert 0.1 < web < 0.25
    surprising = sum(
        bool({"ab_bucket", "scroll_depth", "client_seq"} & record["payload"].keys()) for record in records
    )
    assert 0.001 < surprising / len(records) < 0.01
