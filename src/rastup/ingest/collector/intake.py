"""Intake: the records of one request become spool lines and an answer for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from rastup.contracts.calls import NothingToStore
from rastup.contracts.explanation import Finding
from rastup.contracts.mapping import MappingError
from rastup.contracts.validation import Record
from rastup.ingest.admission import ENVELOPE_INVALID, Admission, Stamp, quarantine_line
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.enrichment import Enricher
from rastup.ingest.collector.seen import SeenIds

Mapper = Callable[[Any], Record]
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
        self._admit = admission.admit
        self._too_deep = admission.too_deep
        self._seen = seen

    def take(
        self, parsed: Parsed, stamp: Stamp, *, is_plain: bool = False, all_results: bool = False
    ) -> Taken:
        """Records in the domain dialect: the hot path. `is_plain` as for `Admission.admit`."""
        taken = Taken()
        admit, lines, ids = self._admit, taken.lines, taken.ids
        current, previous = self._seen.current, self._seen.previous
        for index, record in enumerate(parsed.records):
            outcome = admit(record, stamp, is_plain=is_plain)
            if isinstance(outcome, Finding):
                self._quarantine(taken, index, parsed.raw_of(index), outcome, stamp, "domain", record)
                continue
            event_id = record["event_id"]
            if event_id in ids or event_id in current or event_id in previous:
                taken.duplicates += 1
                taken.results.append({"index": index, "event_id": event_id, "status": "duplicate"})
                continue
            ids.add(event_id)
            lines.append(outcome)
            if all_results:
                taken.results.append({"index": index, "event_id": event_id, "status": "accepted"})
        taken.accepted = len(lines) - taken.kept_aside
        self._quarantine_broken(taken, parsed, stamp, "domain")
        return taken

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
            is_plain: as for `Admission.admit`, of all that the mapper reads.
            all_results: whether to tell of accepted events too.
        """
        taken = Taken()
        admit, lines, ids = self._admit, taken.lines, taken.ids
        current, previous = self._seen.current, self._seen.previous
        for index, message in enumerate(parsed.records):
            name = None
            try:
                record = mapper(message)
                told = enricher(record, message) if enricher is not None else None
                name = record["event"]
                outcome = admit(record, stamp, told or flags, is_plain=is_plain)
            except NothingToStore as error:
                taken.ignored += 1
                taken.results.append(
                    {"index": index, "event_id": None, "status": "ignored", "message": error.finding.message}
                )
                continue
            except MappingError as error:
                name, outcome = error.event, error.finding
            except RecursionError:
                outcome = self._too_deep()
            if isinstance(outcome, Finding):
                self._quarantine(taken, index, parsed.raw_of(index), outcome, stamp, dialect, message, name)
                continue
            event_id = record["event_id"]
            if event_id in ids or event_id in current or event_id in previous:
                taken.duplicates += 1
                taken.results.append({"index": index, "event_id": event_id, "status": "duplicate"})
                continue
            ids.add(event_id)
            lines.append(outcome)
            if all_results:
                taken.results.append({"index": index, "event_id": event_id, "status": "accepted"})
        taken.accepted = len(lines) - taken.kept_aside
        self._quarantine_broken(taken, parsed, stamp, dialect)
        return taken

    def _quarantine_broken(self, taken: Taken, parsed: Parsed, stamp: Stamp, dialect: str) -> None:
        if parsed.places is not None:
            for result in taken.results:
                result["index"] = parsed.places[result["index"]]
        for index, line, why in parsed.broken:
            self._quarantine(taken, index, line, Finding(ENVELOPE_INVALID, "$", why), stamp, dialect, None)

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
