"""Repairs: steps tried with a diff, carried out when it was typed, each with a report, and undone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from rastup.console import rendering, services
from rastup.console.data.deployment import store_of
from rastup.console.data.quarantined import ANY
from rastup.console.pages.selection import (
    FILTERS,
    PATH,
    Plain,
    Selection,
    carried,
    is_confirmed,
    text_of,
    trial,
)
from rastup.console.services import Services
from rastup.core.errors import UsageError
from rastup.core.operators import operator_name
from rastup.ingest.quarantine import OPEN
from rastup.ingest.repair import claims, history
from rastup.ingest.repair.casts import KINDS
from rastup.ingest.repair.document import Repair, step_of, value_of
from rastup.ingest.repair.history import Report
from rastup.ingest.repair.steps import Step
from rastup.ingest.repair.undo import Undone, undo
from rastup.lake import releases, withdrawals

MOST_ROWS = 12
SPARE_ROWS = 2
VERBS = {
    "rename": "Rename",
    "cast": "Cast",
    "set": "Set",
    "default": "Set if missing",
    "drop": "Drop",
    "event": "Name the event",
}
_ID = re.compile(r"rep_[0-9A-Z]{26}")


@dataclass(frozen=True)
class StepRow:
    """One line of the form: what to do, where, and to what."""

    do: str = "rename"
    at: str = ""
    to: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written into it."""
        return not self.at and not self.to

    @property
    def step(self) -> Step:
        """The step it means.

        Raises:
            UsageError: it is none.
        """
        if self.do == "drop":
            return step_of("drop", self.at)
        if self.do == "event":
            return step_of("event", {"from": self.at, "to": self.to} if self.at else {"to": self.to})
        if self.do in ("set", "default"):
            return step_of(self.do, {"path": self.at, "value": value_of(self.to)})
        return step_of(self.do, {("from" if self.do == "rename" else "path"): self.at, "to": self.to})

    @classmethod
    def of(cls, step: Step) -> StepRow:
        """The line that means a step."""
        ((do, content),) = step.document.items()
        if isinstance(content, str):
            return cls(do, content)
        at = content.get("path") or content.get("from") or ""
        to = content["to"] if "to" in content else rendering.one_line_json(content["value"])
        return cls(do, at, to)


async def plan(request: Request) -> Response:
    """The form, and what its steps would do. Changes nothing."""
    return await _planned(request, request.query_params)


async def carry_out(request: Request) -> Response:
    """Repairs what was tried, when the confirmation was typed."""
    of = services.of(request)
    async with request.form(max_files=0, max_fields=60) as form:
        rows = _rows(form)
        if not rows or not is_confirmed(form, "repair"):
            return await _planned(request, form, is_mistyped=True)
        chosen = Selection.read(of, form)
        reason = text_of(form, "reason")[:200]
    steps = tuple(row.step for row in rows)
    done = await of.run(services.in_thread(of, carried, chosen, steps, reason))
    return RedirectResponse(f"{PATH}/repairs/{done.repair_id}", 303)


async def index(request: Request) -> Response:
    """The repairs and replays so far."""
    of = services.of(request)
    found = await of.run(lambda: history.reports(of.engine))
    return rendering.page(request, "quarantine_repairs.html", title="Repairs", reports=found)


async def report(request: Request) -> Response:
    """One of them: what was asked, what it did, and its undo."""
    return await _reported(request)


async def take_back(request: Request) -> Response:
    """Undoes it, when the confirmation was typed."""
    of = services.of(request)
    async with request.form(max_files=0, max_fields=10) as form:
        if not is_confirmed(form, "undo"):
            return await _reported(request, is_mistyped=True)
    repair_id = _wanted(request)
    await of.run(services.in_thread(of, _undone, repair_id))
    return RedirectResponse(f"{PATH}/repairs/{repair_id}", 303)


async def _planned(request: Request, query: QueryParams | FormData, *, is_mistyped: bool = False) -> Response:
    of = services.of(request)
    chosen = Selection.read(of, query)
    rows, error = _rows(query), ""
    steps: tuple[Step, ...] = ()
    try:
        steps = tuple(row.step for row in rows)
    except UsageError as wrong:
        error = str(wrong)
    found = await of.run(services.in_thread(of, trial, chosen, steps))
    is_suggested = not rows and found.suggestion is not None
    if is_suggested and found.suggestion:
        rows = [StepRow.of(found.suggestion)]
    return rendering.page(
        request,
        "quarantine_repair.html",
        status=422 if is_mistyped or error else 200,
        title="Repair",
        chosen=chosen,
        filters=chosen.filtering,
        rows=rows + [StepRow()] * min(SPARE_ROWS, MOST_ROWS - len(rows)),
        steps=steps,
        tried=found,
        error=error,
        is_suggested=is_suggested,
        is_mistyped=is_mistyped,
        reason=text_of(query, "reason")[:200],
        verbs=VERBS,
        kinds=tuple(KINDS),
        document=Repair(steps, chosen.filters, text_of(query, "reason")[:200]).text,
    )


async def _reported(request: Request, *, is_mistyped: bool = False) -> Response:
    of = services.of(request)
    repair_id = _wanted(request)
    try:
        found, held, marked = await of.run(services.in_thread(of, _report, repair_id))
    except UsageError as error:
        raise HTTPException(404) from error
    return rendering.page(
        request,
        "quarantine_report.html",
        status=422 if is_mistyped else 200,
        title=found.reason,
        report=found,
        released_since=held,
        marked=marked,
        is_mistyped=is_mistyped,
        again=_again(found),
    )


def _report(of: Services, repair_id: str) -> tuple[Report, object, int]:
    """The report, since when the release holds withdrawn events, and how many of its records are still there."""
    held = withdrawals.first_day(of.engine, releases.current(of.engine))
    return history.get(of.engine, repair_id), held, sum(claims.counts_of(of.engine, repair_id))


def _undone(of: Services, repair_id: str) -> Undone | None:
    try:
        return undo(
            of.settings, of.engine, repair_id, who=operator_name(), store=store_of(of), clock=of.clock
        )
    except UsageError:  # there is none, or somebody has just undone it: the report says which
        return None


def _again(found: Report) -> str | None:
    """The address of the form with the same steps for the same records; None when they were several named ones."""
    ids: list[str] = found.chosen.get("ids") or []
    if len(ids) > 1:
        return None
    chosen = {"id": ids[0]} if ids else _filters_again(found)
    fields = [(name, str(value)) for name, value in chosen.items() if value is not None]
    for row in (StepRow.of(step_of(*next(iter(content.items())))) for content in found.steps):
        fields += [("do", row.do), ("at", row.at), ("to", row.to)]
    return f"{PATH}/repair?{urlencode(fields)}"


def _filters_again(found: Report) -> dict[str, object]:
    """The filters that mean its records now: an undo has opened all of them, and what came in after it is not meant."""
    state = OPEN if found.state == history.UNDONE else found.chosen.get("state") or ANY
    named = {name: found.chosen.get(name) for name in FILTERS}
    return {**named, "state": state, "until": found.chosen.get("until") or found.at}


def _wanted(request: Request) -> str:
    repair_id: str = request.path_params["repair_id"]
    if not _ID.fullmatch(repair_id):
        raise HTTPException(404)
    return repair_id


def _rows(query: QueryParams | FormData) -> list[StepRow]:
    """The lines somebody has written into. Each line sends all of its three fields, so they belong together by place."""
    fields = Plain(query)
    lines = zip(fields.getlist("do"), fields.getlist("at"), fields.getlist("to"), strict=False)
    rows = [StepRow(do, at.strip(), to.strip()) for do, at, to in lines]
    return [row for row in rows if not row.is_blank][:MOST_ROWS]


ROUTES = [
    Route(f"{PATH}/repair", plan),
    Route(f"{PATH}/repair", carry_out, methods=["POST"]),
    Route(f"{PATH}/repairs", index),
    Route(f"{PATH}/repairs/{{repair_id}}", report),
    Route(f"{PATH}/repairs/{{repair_id}}/undo", take_back, methods=["POST"]),
]
