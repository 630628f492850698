"""Which quarantined records a page is about, what is done with them, and whether the person said yes to it."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException

from rastup.console.chips import Filtering
from rastup.console.data.quarantined import ANY, Tried, carried_out, tried
from rastup.console.services import Services
from rastup.core.clock import rfc3339_ms
from rastup.core.errors import UsageError
from rastup.core.since import since_of
from rastup.ingest.quarantine import IDS, OPEN, Filters
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.history import Report
from rastup.ingest.repair.steps import Step

PATH = "/pipeline/quarantine"
FILTERS = ("code", "event", "path", "source", "since", "state")


@dataclass(frozen=True)
class Selection:
    """The filters of an address or form, or one record, and until when it came in: until now unless it was said."""

    filtering: Filtering
    bad_id: str | None
    until: str
    filters: Filters
    is_bounded: bool = False

    @classmethod
    def read(cls, of: Services, query: QueryParams | FormData) -> Selection:
        """What an address or a form chooses.

        Raises:
            HTTPException: what it names is no id.
            UsageError: a filter is none.
        """
        filtering = Filtering.read(PATH, Plain(query), FILTERS)
        bad_id = text_of(query, "id") or None
        if bad_id and not IDS.fullmatch(bad_id):
            raise HTTPException(404)
        until = since_of(text_of(query, "until")[:40] or None, of.clock)
        filters = filters_of(of, filtering)
        return cls(filtering, bad_id, until or rfc3339_ms(of.clock()), filters, is_bounded=until is not None)


def trial(of: Services, chosen: Selection, steps: tuple[Step, ...]) -> Tried:
    """What the steps would do.

    Raises:
        HTTPException: there is no such record.
    """
    try:
        return tried(of, Repair(steps, chosen.filters), chosen.bad_id, chosen.until)
    except UsageError as error:
        raise HTTPException(404) from error


def carried(of: Services, chosen: Selection, steps: tuple[Step, ...], title: str = "") -> Report:
    """Does it.

    Raises:
        HTTPException: there is no such record.
    """
    try:
        return carried_out(of, Repair(steps, chosen.filters, title), chosen.bad_id, chosen.until)
    except UsageError as error:
        raise HTTPException(404) from error


def is_confirmed(form: FormData, word: str) -> bool:
    """Whether the person typed the word and the number that the page had shown."""
    expected = text_of(form, "expected")
    return expected.isdigit() and text_of(form, "confirm").lower() == f"{word} {expected}"


class Plain:
    """The text fields of a form or an address."""

    def __init__(self, query: QueryParams | FormData) -> None:
        self._query = query

    def get(self, key: str, /) -> str | None:
        """The last value of that name."""
        return text_of(self._query, key)

    def getlist(self, key: str, /) -> list[str]:
        """All values of that name."""
        return [value for value in self._query.getlist(key) if isinstance(value, str)]


def text_of(query: QueryParams | FormData, name: str) -> str:
    """The field as text, empty when there is none."""
    value = query.get(name)
    return value.strip() if isinstance(value, str) else ""


def filters_of(of: Services, filters: Filtering) -> Filters:
    """The records that a page's filters mean."""
    state = filters.get("state") or OPEN
    return Filters(
        code=filters.get("code"),
        event=filters.get("event"),
        source=filters.get("source"),
        path=filters.get("path"),
        since=since_of(filters.get("since"), of.clock),
        state=None if state == ANY else state,
    )
