"""The pipeline: runs with their models and failed checks, releases with their tables, and what changed between two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rastup.console import formatting, rendering, services
from rastup.console.services import Services
from rastup.core.errors import UsageError
from rastup.lake import releases, runs
from rastup.lake.releases import Release, TableChange
from rastup.lake.runs import Run

SHOWN = 100
PILLS = {runs.PUBLISHED: "good", runs.RUNNING: "warn", runs.FAILED: "bad", runs.CRASHED: "bad"}


@dataclass(frozen=True)
class ReleasePage:
    """One release, what changed against `before`, and whether readers are served from it."""

    release: Release
    before: Release | None
    changes: tuple[TableChange, ...]
    is_current: bool
    held_reason: str | None


async def run_list(request: Request) -> Response:
    """The newest runs of the main channel."""
    of = services.of(request)
    found = await of.run(lambda: runs.list_runs(of.engine, limit=SHOWN))
    return rendering.page(request, "runs.html", title="Runs", runs=found, pills=PILLS, seconds_of=seconds_of)


async def one_run(request: Request) -> Response:
    """One run."""
    of = services.of(request)
    wanted = request.path_params["run_id"]
    found = await of.run(lambda: _run(of, wanted))
    if found is None:
        raise HTTPException(404)
    run, release_id = found
    return rendering.page(
        request,
        "run.html",
        title=run.run_id,
        run=run,
        release_id=release_id,
        pills=PILLS,
        seconds_of=seconds_of,
    )


async def release_list(request: Request) -> Response:
    """The newest releases."""
    of = services.of(request)

    def look() -> tuple[list[Release], Release | None, str | None]:
        engine = of.engine
        return (
            releases.list_releases(engine, limit=SHOWN),
            releases.current(engine),
            releases.held_reason(engine),
        )

    found, current, held = await of.run(look)
    return rendering.page(
        request, "releases.html", title="Releases", releases=found, current=current, held_reason=held
    )


async def one_release(request: Request) -> Response:
    """One release, compared with its parent or with the one that `against` names."""
    of = services.of(request)
    wanted, against = request.path_params["release_id"], request.query_params.get("against")
    try:
        found = await of.run(lambda: _release(of, wanted, against))
    except UsageError as error:
        raise HTTPException(404) from error
    return rendering.page(request, "release.html", title=wanted, found=found)


def seconds_of(run: Run) -> str:
    """How long it took."""
    if run.ended_at is None:
        return formatting.NONE
    began, ended = datetime.fromisoformat(run.started_at), datetime.fromisoformat(run.ended_at)
    return formatting.span((ended - began).total_seconds())


def _run(of: Services, run_id: str) -> tuple[Run, str | None] | None:
    run = runs.find(of.engine, run_id)
    if run is None:
        return None
    published = (
        r.release_id for r in releases.list_releases(of.engine, limit=10 * SHOWN) if r.run_id == run_id
    )
    return run, next(published, None)


def _release(of: Services, release_id: str, against: str | None) -> ReleasePage:
    release = releases.get(of.engine, release_id)
    parent = releases.find(of.engine, release.parent_id) if release.parent_id else None
    before = releases.get(of.engine, against) if against else parent
    changes = tuple(releases.diff(before, release)) if before else ()
    current = releases.current(of.engine, release.channel)
    is_current = current is not None and current.release_id == release_id
    return ReleasePage(release, before, changes, is_current, releases.held_reason(of.engine, release.channel))


ROUTES = [
    Route("/pipeline/runs", run_list),
    Route("/pipeline/runs/{run_id}", one_run),
    Route("/pipeline/releases", release_list),
    Route("/pipeline/releases/{release_id}", one_release),
]
