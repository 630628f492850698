"""What runs, what is fresh, what lags: one look at a deployment, cheap enough to take every few seconds.

Reads the state database, the spool's folder and the collector's readiness; never the lake's data.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import psutil
from sqlalchemy import Engine, func, select

from rastup.core.clock import Clock, rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.ingest.collector.meters import has_workers
from rastup.lake.ledger import count_open
from rastup.state import heartbeats, leases
from rastup.state.database import open_state
from rastup.state.schema import bronze_files, channels, pipeline_runs, quarantine, releases

COMPONENTS = ("collector", "reader", "lander", "pipeline", "console")
STALE_AFTER_S = 180.0
"""A heartbeat older than this means that its component hangs. The pipeline's comes from beside its builds: of a build that
hangs, events that wait for their release tell."""
RELEASE_LATE_S = 600.0
"""Landed events that have waited longer than this for a release are late. Builds of large lakes take minutes."""
VIEWS_LATE_S = 60.0
"""Operations views older than this are late: they are refreshed every ten seconds when nothing comes in."""


@dataclass(frozen=True)
class Component:
    """One part: `state` is ok, late (alive, but silent, or failing at what it does), starting, or down."""

    name: str
    state: str
    pid: int | None
    restarts: int
    lag_s: float | None
    message: str


@dataclass(frozen=True)
class Backlog:
    """What waits: un-landed bytes, segments and the age of the oldest; landed files and records of events in no release,
    and since when the first of them waits.
    """

    spool_bytes: int
    spool_bound_bytes: int
    spool_segments: int
    spool_oldest_s: float | None
    pending_files: int
    pending_records: int
    pending_oldest_s: float | None

    @property
    def is_release_late(self) -> bool:
        """Whether landed events have waited too long for a release."""
        return (self.pending_oldest_s or 0.0) > RELEASE_LATE_S


@dataclass(frozen=True)
class Published:
    """The current release of a channel."""

    release_id: str
    created_at: str
    age_s: float
    data_until: str | None
    held_reason: str | None

    @property
    def are_views_late(self) -> bool:
        """Whether operations views of this age should have been refreshed since."""
        return self.age_s > VIEWS_LATE_S


@dataclass(frozen=True)
class Status:
    """One look. `problems` is empty when everything is well; each says what is wrong and what to do.

    `is_first_build` while the first release is being built.
    """

    at: str
    is_running: bool
    components: tuple[Component, ...]
    backlog: Backlog
    main: Published | None
    nrt: Published | None
    last_run: Mapping[str, Any] | None
    quarantined_open: int
    events_landed: int
    problems: tuple[str, ...] = field(default=())
    is_first_build: bool = False


def collect(settings: Settings, *, engine: Engine | None = None, clock: Clock = system_clock) -> Status:
    """Looks at a deployment.

    Args:
        settings: of the deployment.
        engine: its state database when the caller has it open.
        clock: the time that ages are measured against.
    """
    engine = engine or open_state(settings.state_url)
    now = clock()
    backlog = _backlog(settings, engine, now)
    main, nrt = _published(engine, "main", now), _published(engine, "nrt", now)
    last_run = _last_run(engine)
    is_first_build = main is None and leases.holder_of(settings.home.run / "lake.lease") is not None
    up = leases.holder_of(settings.home.run / "up.lease")
    is_new = up is not None and bool(up.since) and _age_s(up.since, now) < STALE_AFTER_S
    components = tuple(
        _unless_starting(part, is_new=is_new, is_first_build=is_first_build)
        for part in _components(settings, engine, now)
    )
    return Status(
        at=rfc3339_ms(now),
        is_running=up is not None,
        components=components,
        backlog=backlog,
        main=main,
        nrt=nrt,
        last_run=last_run,
        quarantined_open=_quarantined_open(engine),
        events_landed=_records(engine, bronze_files.c.kind == "events"),
        problems=(
            *_problems(components, backlog, main, last_run),
            *(() if is_new else _lateness(components, backlog, main, nrt)),
        ),
        is_first_build=is_first_build,
    )


def _probe(url: str, timeout_s: float) -> int | None:
    try:
        with urllib.request.urlopen(url, timeout=timeout_s) as answer:  # noqa: S310  our own address
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def _components(settings: Settings, engine: Engine, now: datetime) -> tuple[Component, ...]:
    beats = heartbeats.read_all(engine)
    supervised = supervised_processes(settings)
    return tuple(
        _component(name, beats.get(name), supervised.get(name, {}), settings, now)
        for name in COMPONENTS
        if name != "reader" or settings.bus.kind != "spool"
    )


def _component(
    name: str, beat: heartbeats.Heartbeat | None, child: Mapping[str, Any], settings: Settings, now: datetime
) -> Component:
    pid, restarts = child.get("pid"), int(child.get("restarts", 0))
    if name in ("collector", "console"):
        return _server(name, str(child.get("address", "")), settings, pid, restarts)
    alive = beat is not None and psutil.pid_exists(beat.pid)
    if beat is None or not alive:
        return Component(
            name, "down", pid, restarts, None, "no such process" if beat else "has never run here"
        )
    silent_s = _age_s(beat.at, now)
    failing = [f"{step} fails: {_first_line(error)}" for step, error in beat.detail.get("errors", {}).items()]
    state = "ok" if silent_s < STALE_AFTER_S and not failing else "late"
    lag_s = None if beat.lag_s is None else round(beat.lag_s, 2)
    left_out = beat.detail.get("left_out", [])
    parts = (
        [f"the operations views lack old {', '.join(left_out)}, which wait for a release"] if left_out else []
    )
    message = "; ".join([*failing, *parts, f"last word {silent_s:.0f} s ago"])
    return Component(name, state, beat.pid, restarts, lag_s, message)


def _server(name: str, address: str, settings: Settings, pid: int | None, restarts: int) -> Component:
    """A component that answers requests; `address` where the supervisor has put it, empty where it is not supervised."""
    part = settings.ingest if name == "collector" else settings.console
    address = address or part.netloc
    answer = _probe(f"http://{address}/health/{'ready' if name == 'collector' else 'live'}", 1.0)
    if answer == 200 and not _is_of_this_home(name, address, settings):
        key = "ingest.port" if name == "collector" else "console.port"
        message = f"{address} answers, but not from this home; choose another port with {key}"
        return Component(name, "down", pid, restarts, None, message)
    state = "ok" if answer == 200 else "down" if answer is None else "late"
    message = address + ("" if answer == 200 else f" answers {answer}" if answer else " is closed")
    return Component(name, state, pid, restarts, None, message)


def _is_of_this_home(name: str, address: str, settings: Settings) -> bool:
    if name == "collector":
        return has_workers(settings.home.meters)
    return leases.holder_of(settings.home.console_lease(int(address.rpartition(":")[2]))) is not None


def _first_line(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _unless_starting(part: Component, *, is_new: bool, is_first_build: bool) -> Component:
    """What is not there yet because everything has only just begun is no fault; what was started again is."""
    if part.state != "down" or part.restarts:
        return part
    if part.name == "pipeline" and is_first_build:
        return replace(part, state="starting", message="first build running")
    return replace(part, state="starting", message="starts") if is_new else part


def supervised_processes(settings: Settings) -> dict[str, Mapping[str, Any]]:
    """What `rastup up` of this home has noted of its processes, by name; nothing while it does not run."""
    try:
        note = json.loads((settings.home.run / "up.json").read_text())
        return {child["name"]: child for child in note["processes"]}
    except (OSError, ValueError, KeyError):
        return {}


def _backlog(settings: Settings, engine: Engine, now: datetime) -> Backlog:
    sizes, oldest = [], None
    for path in settings.home.spool.glob("*/*.ndjson"):
        try:
            stat = path.stat()
        except FileNotFoundError:  # landed while we looked
            continue
        sizes.append(stat.st_size)
        oldest = min(oldest or stat.st_mtime, stat.st_mtime)
    pending = (bronze_files.c.kind == "events") & bronze_files.c.release_id.is_(None)
    return Backlog(
        spool_bytes=sum(sizes),
        spool_bound_bytes=settings.spool.max_bytes,
        spool_segments=len(sizes),
        spool_oldest_s=None if oldest is None else max(0.0, now.timestamp() - oldest),
        pending_files=count_open(engine, "events"),
        pending_records=_records(engine, pending),
        pending_oldest_s=_oldest_s(engine, pending, now),
    )


def _oldest_s(engine: Engine, condition: Any, now: datetime) -> float | None:
    """How long ago the first of these files landed."""
    with engine.connect() as connection:
        landed_at = connection.execute(select(func.min(bronze_files.c.landed_at)).where(condition)).scalar()
    return _age_s(landed_at, now) if landed_at else None


def _records(engine: Engine, condition: Any) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(
                select(func.coalesce(func.sum(bronze_files.c.records), 0)).where(condition)
            ).scalar_one()
        )


def _quarantined_open(engine: Engine) -> int:
    with engine.connect() as connection:
        marked = connection.execute(
            select(func.count())
            .select_from(quarantine)
            .where(quarantine.c.state.in_(["replayed", "refused"]))
        ).scalar_one()
    return max(0, _records(engine, bronze_files.c.kind == "bad") - int(marked))


def _published(engine: Engine, channel: str, now: datetime) -> Published | None:
    query = (
        select(releases.c.release_id, releases.c.created_at, releases.c.data_until, channels.c.held_reason)
        .join(channels, channels.c.release_id == releases.c.release_id)
        .where(channels.c.channel == channel)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    return Published(
        row.release_id, row.created_at, _age_s(row.created_at, now), row.data_until, row.held_reason
    )


def _last_run(engine: Engine) -> Mapping[str, Any] | None:
    query = (
        select(pipeline_runs)
        .where(pipeline_runs.c.channel == "main")
        .order_by(pipeline_runs.c.started_at.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def _age_s(moment: str, now: datetime) -> float:
    return max(0.0, (now - datetime.fromisoformat(moment)).total_seconds())


def _problems(
    components: tuple[Component, ...],
    backlog: Backlog,
    main: Published | None,
    last_run: Mapping[str, Any] | None,
) -> list[str]:
    found = [f"{c.name}: {c.message}" for c in components if c.state in ("late", "down")]
    if backlog.spool_bytes > 0.8 * backlog.spool_bound_bytes:
        found.append("the spool is nearly full: is the lander running and the store reachable?")
    if last_run and last_run["state"] == "failed":
        reason = _first_line(last_run["message"])
        # The loop that ran it may have said so itself.
        if not reason or not any(reason in problem for problem in found):
            found.append(f"run {last_run['run_id']} failed: {reason}")
    if main and main.held_reason:
        found.append(f"publishing is held: {main.held_reason}. `rastup pipeline run` publishes again.")
    return found


def _lateness(
    components: tuple[Component, ...], backlog: Backlog, main: Published | None, nrt: Published | None
) -> list[str]:
    """What a pipeline that is there has not published, though it should have."""
    state = next(part.state for part in components if part.name == "pipeline")
    if state in ("down", "starting"):
        return []
    found = []
    if backlog.is_release_late and not (main and main.held_reason):
        found.append(
            f"{backlog.pending_records:,} records wait for a release, the first for {backlog.pending_oldest_s:.0f} s: "
            "see the pipeline's log, or what `rastup pipeline run` says."
        )
    if nrt and nrt.are_views_late:
        found.append(f"the operations views are {nrt.age_s:.0f} s old: see the pipeline's log.")
    return found
