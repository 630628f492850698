"""Carrying a repair out: records are claimed, their events spooled, and the claims confirmed, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from itertools import islice
from typing import Any

from sqlalchemy import Engine

from rastup.core.clock import Clock, now_ms, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.ids import ulid
from rastup.ingest.feed import Feed
from rastup.ingest.landing import Steps, no_steps
from rastup.ingest.quarantine import LEASE, REPLAYED, BadRecord
from rastup.ingest.repair import claims, history
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.history import Counting, Report
from rastup.ingest.repair.judging import Judge, Outcome
from rastup.lake.storage import ObjectStore, open_store
from rastup.state.leases import Lease

_BATCH = 1_000
_PATIENCE_S = 10.0


def carry_out(
    settings: Settings,
    engine: Engine,
    repair: Repair,
    records: Iterable[BadRecord],
    *,
    who: str,
    chosen: Mapping[str, Any] | None = None,
    store: ObjectStore | None = None,
    on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    clock: Clock = system_clock,
    steps: Steps = no_steps,
) -> Report:
    """Repairs and replays the records that nothing has replayed yet, each once, whatever else happens.

    Args:
        settings: of the deployment.
        engine: of its state.
        repair: what to change.
        records: which; those that were replayed meanwhile are passed over.
        who: does it.
        chosen: how the records were chosen, for the report; by default the repair's filters.
        store: of Bronze.
        on_outcome: told of each record.
        clock: the time of receipt.
        steps: called after `claimed`, `spooled` and `confirmed`, so that a test can end the process between any two.

    Raises:
        LeaseHeld: another repair is at work.
        SpoolFull: the spool is full; what was not replayed stays open.
    """
    store = store or open_store(settings.bronze_url, settings.bronze)
    with Lease(settings.home.run / LEASE, purpose="quarantine repair"):
        claims.settle(settings, engine, store)
        history.end_killed(engine, at=rfc3339_ms(clock()))
        work = _Work(settings, engine, repair, who, clock, steps)
        with work.noted(chosen if chosen is not None else _named(repair), store):
            work.run(records, on_outcome)
    return history.get(engine, work.repair_id)


class _Work:
    """One repair at work."""

    def __init__(
        self, settings: Settings, engine: Engine, repair: Repair, who: str, clock: Clock, steps: Steps
    ) -> None:
        self.repair_id = f"rep_{ulid(now_ms())}"
        self.counting = Counting()
        self._settings = settings
        self._engine = engine
        self._repair = repair
        self._judge = Judge(settings.ingest, repair.steps, clock)
        self._who = who
        self._clock = clock
        self._steps = steps
        self._feed: Feed | None = None

    @contextmanager
    def noted(self, chosen: Mapping[str, Any], store: ObjectStore) -> Iterator[None]:
        """Notes that it runs and how it ended, also when it could not go on."""
        reason = self._repair.title or ("repair" if self._repair.steps else "replay")
        at, steps = rfc3339_ms(self._clock()), self._repair.documents
        history.begin(
            self._engine, self.repair_id, at=at, who=self._who, reason=reason, steps=steps, chosen=chosen
        )
        state = history.INTERRUPTED
        try:
            yield
            state = history.DONE
        finally:
            if state != history.DONE:
                claims.settle(self._settings, self._engine, store)
            at = rfc3339_ms(self._clock())
            history.end(self._engine, self.repair_id, at=at, counting=self.counting, state=state)

    def run(self, records: Iterable[BadRecord], on_outcome: Callable[[Outcome], None]) -> None:
        """All of them."""
        with ExitStack() as stack:
            for batch in batches(bad for bad in records if bad.state != REPLAYED):
                for outcome in self._batch(batch, stack):
                    self.counting.add(outcome)
                    on_outcome(outcome)

    def _batch(self, batch: list[BadRecord], stack: ExitStack) -> list[Outcome]:
        judged = [self._judge.judge(bad) for bad in claims.waiting(self._engine, batch)]
        lines = [one.line for one in judged if one.line is not None]
        if lines and self._feed is None:
            # All of a repair is in one stream, and so in Bronze files of its own: that is what can be undone.
            feed = Feed(self._settings.home.spool, "repair", self._settings.spool, patience_s=_PATIENCE_S)
            self._feed = stack.enter_context(feed)
            history.note_stream(self._engine, self.repair_id, feed.stream)
        at = rfc3339_ms(self._clock())
        claims.claim(self._engine, judged, repair_id=self.repair_id, who=self._who, at=at)
        self._steps("claimed")
        if lines and self._feed is not None:
            self._feed.put(b"".join(lines))
            self._feed.flush()
            self._steps("spooled")
            claims.confirm(self._engine, self.repair_id)
            self._steps("confirmed")
        return [one.outcome for one in judged]


def batches(records: Iterator[BadRecord]) -> Iterator[list[BadRecord]]:
    """The records a thousand at a time."""
    while batch := list(islice(records, _BATCH)):
        yield batch


def _named(repair: Repair) -> dict[str, Any]:
    return {name: value for name, value in asdict(repair.filters).items() if value is not None}
