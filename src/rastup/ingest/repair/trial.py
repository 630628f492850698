"""Trying a repair: what would pass, what would not, and what would change, with nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from rastup.core.clock import Clock, system_clock
from rastup.core.config import Settings
from rastup.ingest.quarantine import REPLAYED, BadRecord
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.history import Counting, Verdict
from rastup.ingest.repair.judging import Judge, Outcome
from rastup.ingest.repair.paths import text_of
from rastup.ingest.repair.steps import repaired

MOST_DIFFS = 10
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Change:
    """One difference: where, what it was and what it becomes, as JSON; None where there is nothing."""

    kind: str
    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Sampled:
    """One record, what the steps change in it, and what would become of it."""

    bad: BadRecord
    changes: tuple[Change, ...]
    outcome: Outcome


@dataclass(frozen=True)
class Trial:
    """What a repair would do. `untouched`: records in which no step found anything to change."""

    passed: int
    refused: int
    untouched: int
    verdicts: tuple[Verdict, ...]
    samples: tuple[Sampled, ...]


def try_out(
    settings: Settings,
    repair: Repair,
    records: Iterable[BadRecord],
    *,
    diffs: int = MOST_DIFFS,
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    clock: Clock = system_clock,
) -> Trial:
    """Tries every record that has not been replayed; keeps the diffs of a few, of each kind of outcome first."""
    judge, counting = Judge(settings.ingest, repair.steps, clock), Counting()
    first: dict[tuple[str, str | None, str | None], Sampled] = {}
    more: list[Sampled] = []
    untouched = 0
    seen: set[str] = set()
    for bad in records:
        if bad.state == REPLAYED or bad.id in seen:
            continue
        seen.add(bad.id)
        outcome = judge.judge(bad).outcome
        counting.add(outcome)
        on_outcome(outcome)
        changes = changes_of(bad, repair)
        untouched += not changes
        kind = (outcome.state, outcome.code, outcome.path)
        if kind not in first and len(first) < diffs:
            first[kind] = Sampled(bad, changes, outcome)
        elif len(more) < diffs:
            more.append(Sampled(bad, changes, outcome))
    samples = (*first.values(), *more)[:diffs]
    return Trial(counting.passed, counting.refused, untouched, counting.verdicts, samples)


def changes_of(bad: BadRecord, repair: Repair) -> tuple[Change, ...]:
    """What the steps change in a record's message; nothing where it cannot be read."""
    try:
        before = orjson.loads(bad.original)
    except orjson.JSONDecodeError:
        return ()
    try:
        return tuple(differences(before, repaired(before, repair.steps)))
    except RecursionError:
        return ()


def differences(before: Any, after: Any, place: tuple[str | int, ...] = ()) -> list[Change]:
    """Where two values differ, in the order of the first, then of what is new."""
    if before is after:
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        found = []
        for key in (*before, *(k for k in after if k not in before)):
            if key not in after:
                found.append(Change(REMOVED, text_of((*place, key)), _json(before[key]), None))
            elif key not in before:
                found.append(Change(ADDED, text_of((*place, key)), None, _json(after[key])))
            else:
                found += differences(before[key], after[key], (*place, key))
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [
            change
            for index, (one, other) in enumerate(zip(before, after, strict=True))
            for change in differences(one, other, (*place, index))
        ]
    if type(before) is type(after) and before == after:
        return []
    return [Change(CHANGED, text_of(place), _json(before), _json(after))]


def _json(value: Any) -> str:
    try:
        text = orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        return "nested too deep to be shown"
    return text if len(text) <= 400 else text[:400] + " …"
