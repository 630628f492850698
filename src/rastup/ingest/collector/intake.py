"""Intake: the records of one request become spool lines and an answer for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, cast

import orjson

from rastup.contracts.calls import NothingToStore
from rastup.contracts.explanation import Finding
from rastup.contracts.mapping import MappingError
from rastup.ingest.admission import ENVELOPE_INVALID, Admission, Stamp, quarantine_line
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.enrichment import Enricher
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.dialects import Mapper

Outcome = bytes | Finding | NothingToStore
"""Of one record: its line, why it is refused, or why nothing of it is kept."""
PLAIN_ANSWER = b'{"accepted":%d,"duplicates":%d,"quarantined":0,"results":[]}'


@dataclass(slots=True)
class Taken:
    """What one request came to. `lines` go to the spool; `ids` count as seen once they are there.

    `kept_aside` are the lines of quarantined records; a record that was quarantined before is counted, but not kept again.
    `ignored` are calls of SDKs of which, by rule, nothing is kept.
    """

    lines: list[bytes] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    accepted: int = 0
    duplicates: int = 0
    quarantined: int = 0
    kept_aside: int = 0
    ignored: int = 0
    results: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, **more: Any) -> bytes:
        """The body of the answer."""
        if not self.results and not more:
            return PLAIN_ANSWER % (self.accepted, self.duplicates)
        counts = {"accepted": self.accepted, "duplicates": self.duplicates, "quarantined": self.quarantined}
        if self.ignored:
            counts["ignored"] = self.ignored
        return orjson.dumps({**more, **counts, "results": sorted(self.results, key=lambda r: r["index"])})


class Intake:
    """Takes requests of one worker."""

    def __init__(self, admission: Admission, seen: SeenIds) -> None:
        self._admission = admission
        self._seen = seen

    def take(
        self, parsed: Parsed, stamp: Stamp, *, is_plain: bool = False, all_results: bool = False
    ) -> Taken:
        """Records in the domain dialect: the hot path. `is_plain`: `is_plain_text` holds for the body."""
        admit = self._admission.admit_plain if is_plain else self._admission.admit
        outcomes = [admit(record, stamp) for record in parsed.records]
        if Finding not in map(type, outcomes):
            ids = [record["event_id"] for record in parsed.records]
        else:
            ids = [
                record["event_id"] if isinstance(outcome, bytes) else ""
                for record, outcome in zip(parsed.records, outcomes, strict=True)
            ]
        return self._settled(parsed, stamp, "domain", outcomes, ids, all_results=all_results)

    def take_mapped(
        self,
        parsed: Parsed,
        stamp: Stamp,
        *,
        dialect: str,
        mapper: Mapper,
        enricher: Enricher | None = None,
        flags: Mapping[str, Any] | None = None,
        is_plain: bool = False,
        all_results: bool = False,
    ) -> Taken:
        """Records in another dialect: mapped and enriched first, then as any.

        Args:
            parsed: the messages.
            stamp: of their request.
            dialect: of the messages, for those that are quarantined.
            mapper: makes a domain record of a message.
            enricher: adds to a record what its message and the request tell.
            flags: for `schema_flags`, where the enricher gives none.
            is_plain: `is_plain_text` holds for all that the mapper reads.
            all_results: whether to tell of accepted events too.
        """
        admit, admit_plain = self._admission.admit, self._admission.admit_plain
        outcomes: list[Outcome] = []
        ids: list[str] = []
        names: dict[int, str | None] = {}
        for index, message in enumerate(parsed.records):
            event_id = ""
            outcome: Outcome
            try:
                record = mapper(message)
                told = (enricher(record, message) if enricher is not None else None) or flags
                outcome = admit_plain(record, stamp) if is_plain and not told else admit(record, stamp, told)
                if isinstance(outcome, bytes):
                    event_id = record["event_id"]
                else:
                    names[index] = record["event"]
            except NothingToStore as error:
                outcome = error
            except MappingError as error:
                outcome, names[index] = error.finding, error.event
            except RecursionError:
                outcome = self._admission.too_deep()
            outcomes.append(outcome)
            ids.append(event_id)
        return self._settled(parsed, stamp, dialect, outcomes, ids, names, all_results=all_results)

    def _settled(
        self,
        parsed: Parsed,
        stamp: Stamp,
        dialect: str,
        outcomes: Sequence[Outcome],
        ids: list[str],
        names: Mapping[int, str | None] = MappingProxyType({}),
        *,
        all_results: bool,
    ) -> Taken:
        """What the outcomes of a request's records come to; `ids` are those of the lines, `names` of what was mapped."""
        unique, seen = set(ids), self._seen
        if (
            len(unique) == len(outcomes)
            and not (parsed.broken or all_results or "" in unique)
            and unique.isdisjoint(seen.current)
            and unique.isdisjoint(seen.previous)
        ):
            return Taken(cast("list[bytes]", outcomes), unique, len(outcomes))
        taken = Taken()
        for index, (outcome, event_id) in enumerate(zip(outcomes, ids, strict=True)):
            if isinstance(outcome, bytes):
                self._take_line(taken, index, outcome, event_id, all_results=all_results)
            elif isinstance(outcome, NothingToStore):
                taken.ignored += 1
                told = {"status": "ignored", "message": outcome.finding.message}
                taken.results.append({"index": index, "event_id": None, **told})
            else:
                raw, message = parsed.raw_of(index), parsed.records[index]
                self._quarantine(taken, index, raw, outcome, stamp, dialect, message, names.get(index))
        taken.accepted = len(taken.lines) - taken.kept_aside
        if parsed.places is not None:
            for result in taken.results:
                result["index"] = parsed.places[result["index"]]
        for index, line, why in parsed.broken:
            finding = Finding(ENVELOPE_INVALID, "$", why)
            self._quarantine(taken, index, line, finding, stamp, dialect, None)
        return taken

    def _take_line(self, taken: Taken, index: int, line: bytes, event_id: str, *, all_results: bool) -> None:
        is_new = self._is_new(taken, event_id)
        if is_new:
            taken.lines.append(line)
        else:
            taken.duplicates += 1
        if all_results or not is_new:
            status = "accepted" if is_new else "duplicate"
            taken.results.append({"index": index, "event_id": event_id, "status": status})

    def _quarantine(
        self,
        taken: Taken,
        index: int,
        raw: bytes,
        finding: Finding,
        stamp: Stamp,
        dialect: str,
        record: Any,
        name: str | None = None,
    ) -> None:
        told = record if isinstance(record, dict) else {}
        event, event_id = told.get("event", told.get("name", name)), told.get("event_id")
        result = {
            "index": index,
            "event_id": event_id if isinstance(event_id, str) else None,
            "status": "quarantined",
        }
        result |= {"code": finding.code, "path": finding.path, "message": finding.message}
        taken.quarantined += 1
        taken.results.append(result)
        # A batch that is sent again must not fill the quarantine again.
        if self._is_new(taken, _bad_mark(raw, stamp, dialect)):
            taken.kept_aside += 1
            taken.lines.append(quarantine_line(raw, finding, stamp, dialect=dialect, event=event))

    def _is_new(self, taken: Taken, event_id: str) -> bool:
        if event_id in taken.ids or event_id in self._seen.current or event_id in self._seen.previous:
            return False
        taken.ids.add(event_id)
        return True


def _bad_mark(raw: bytes, stamp: Stamp, dialect: str) -> str:
    """What a refused event is known again by: its bytes, in the environment, of the source, in the dialect."""
    place = f"{stamp.env}\0{stamp.source}\0{dialect}\0".encode()
    return "bad " + blake2b(place + raw, digest_size=16).hexdigest()
