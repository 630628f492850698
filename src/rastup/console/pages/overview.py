"""The overview: the way of an event from collector to release, with what flows, what waits and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rastup.console import formatting, rendering, services
from rastup.console.services import Services
from rastup.core.errors import NoRelease
from rastup.ops import status as deployment
from rastup.ops.status import Published, Status

POLL_S = 3
LATE_S = 10.0
"""Where 95 of 100 events are seen later than this, the operations views are late."""
GOOD, WARN, BAD, STARTING = "good", "warn", "bad", "starting"
_STATES = {"ok": GOOD, "late": WARN, "starting": STARTING}
_RATES = """
    select minute, sum(accepted)::bigint, sum(quarantined)::bigint, max(p95_lag_s)
    from nrt.ops_ingest_health group by minute order by minute
"""


@dataclass(frozen=True)
class Stage:
    """One stage of the way: its figure, what stands under it, its state, and where more of it is."""

    name: str
    figure: str
    note: str
    state: str
    href: str


@dataclass(frozen=True)
class Minute:
    """What came in within one minute, and how late 95 of 100 of it could be seen."""

    at: datetime
    accepted: int
    quarantined: int
    lag_s: float | None

    @property
    def is_late(self) -> bool:
        """Whether people saw it later than they should."""
        return self.lag_s is not None and self.lag_s > LATE_S


@dataclass(frozen=True)
class Overview:
    """Everything on the page, read at one moment."""

    status: Status
    stages: tuple[Stage, ...]
    minutes: tuple[Minute, ...]


async def overview(request: Request) -> Response:
    """The page, or the part of it that refreshes itself."""
    of = services.of(request)
    found = await of.run(services.in_thread(of, _look))
    if rendering.is_fragment(request):
        return rendering.fragment(request, "overview_now.html", found=found, poll_s=POLL_S)
    return rendering.page(request, "overview.html", title="Overview", found=found, poll_s=POLL_S)


def _look(of: Services) -> Overview:
    status = deployment.collect(of.settings, engine=of.engine, clock=of.clock)
    minutes = _minutes(of)
    return Overview(status, tuple(_stages(status, _last_full(minutes, of.clock()))), minutes)


def _minutes(of: Services) -> tuple[Minute, ...]:
    try:
        snapshot = of.source.pin()
    except NoRelease:
        return ()
    if not snapshot.has("nrt.ops_ingest_health"):
        return ()
    return tuple(Minute(*row) for row in snapshot.query(_RATES).values)


def _last_full(minutes: tuple[Minute, ...], now: datetime) -> Minute | None:
    """The minute before this one, which is whole; None when nothing came in then."""
    wanted = now.replace(second=0, microsecond=0) - timedelta(minutes=1)
    return next((minute for minute in minutes if minute.at == wanted), None)


def _stages(status: Status, minute: Minute | None) -> list[Stage]:
    parts = {component.name: component for component in status.components}
    states = {name: _STATES.get(part.state, BAD) for name, part in parts.items()}
    not_yet = STARTING if states["pipeline"] == STARTING or status.is_first_build else WARN
    backlog = status.backlog
    is_release_late = backlog.is_release_late or bool(status.main and status.main.held_reason)
    are_views_late = bool((status.nrt and status.nrt.are_views_late) or (minute and minute.is_late))
    share = backlog.spool_bytes / backlog.spool_bound_bytes
    number = backlog.spool_segments
    waiting = f"{formatting.count(number)} segment{'' if number == 1 else 's'}"
    return [
        Stage(
            "Collector",
            f"{formatting.count(minute.accepted if minute else 0)} / min",
            parts["collector"].message,
            states["collector"],
            "/live/events",
        ),
        Stage(
            "Spool",
            formatting.size(backlog.spool_bytes),
            f"{waiting}, oldest {formatting.span(backlog.spool_oldest_s)}" if number else "nothing waits",
            BAD if share > 0.95 else WARN if share > 0.8 else states["lander"],
            "/live/events",
        ),
        Stage(
            "Bronze",
            formatting.count(status.events_landed),
            f"{formatting.count(backlog.pending_records)} in no release yet",
            states["lander"],
            "/pipeline/runs",
        ),
        Stage(
            "Silver and Gold",
            _run_figure(status),
            _run_note(status),
            BAD if status.last_run and status.last_run["state"] == "failed" else states["pipeline"],
            "/pipeline/runs",
        ),
        Stage(
            "Release",
            f"{formatting.span(status.main.age_s)} old" if status.main else "none",
            "held" if status.main and status.main.held_reason else "serving" if status.main else "not yet",
            _published_state(status.main, is_release_late, not_yet),
            f"/pipeline/releases/{status.main.release_id}" if status.main else "/pipeline/releases",
        ),
        Stage(
            "Operations views",
            f"{formatting.span(status.nrt.age_s)} old" if status.nrt else "none",
            f"95 of 100 seen in {formatting.span(minute.lag_s)}" if minute and minute.lag_s else "idle",
            _published_state(status.nrt, are_views_late, not_yet),
            "/dashboards/operations",
        ),
    ]


def _published_state(release: Published | None, is_late: bool, not_yet: str) -> str:
    return not_yet if release is None else WARN if is_late else GOOD


def _run_note(status: Status) -> str:
    if status.is_first_build:
        return "first build running"
    return f"last run {status.last_run['state']}" if status.last_run else "no run yet"


def _run_figure(status: Status) -> str:
    if status.last_run is None or not status.last_run["ended_at"]:
        return "building" if status.last_run else "–"
    began, ended = (datetime.fromisoformat(status.last_run[name]) for name in ("started_at", "ended_at"))
    return formatting.span((ended - began).total_seconds())


ROUTES = [Route("/", overview)]
