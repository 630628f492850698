"""A deployment that events came in to, its console, and what a browser would make of an answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from rastup.console.app import create_app
from rastup.contracts.explanation import Finding
from rastup.contracts.registry import load_registry
from rastup.core.config import Settings, load
from rastup.ingest.admission import Stamp
from rastup.ingest.feed import Feed
from rastup.ingest.importer import Importer, Origin
from rastup.ingest.lander import Landing
from rastup.ingest.readmission import DOMAIN, Refused, refused_line
from rastup.ingest.spool.segments import list_segments

Record = dict[str, Any]
ORIGIN = "http://127.0.0.1:8701"
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


class Inlet:
    """Brings events in by the ways that real ones take."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = load(folder / "home", environ={"RASTUP_SPOOL__MIN_FREE_DISK_BYTES": "0"})
        self._file = folder / "events.ndjson"

    def console(self) -> TestClient:
        """A browser at the console. What the console did not expect becomes its error page, as in production."""
        headers = {"Origin": ORIGIN}
        app = create_app(self.settings)
        return TestClient(app, base_url=ORIGIN, headers=headers, raise_server_exceptions=False)

    def bring(self, *records: Record, source: str = "web") -> None:
        """Imports events; they stay in the spool."""
        self.bring_bytes(*(json.dumps(record).encode() for record in records), source=source)

    def bring_bytes(self, *lines: bytes, source: str = "web") -> None:
        """Imports lines as they are."""
        self._file.write_bytes(b"".join(line + b"\n" for line in lines))
        Importer(self.settings, Origin("prod", source)).run([self._file])

    def bring_refused(
        self, record: Record, path: str, message: str, at: str = "2026-11-06T15:30:00.000Z"
    ) -> str:
        """An event that was refused when its contract was another one; says its id."""
        finding = Finding("EVENT_SCHEMA_INVALID", path, message)
        refused = Refused(finding, DOMAIN, record["event"])
        line = refused_line(json.dumps(record).encode(), refused, Stamp(at, "prod", "web"))
        with Feed(self.settings.home.spool, "c0", self.settings.spool) as feed:
            feed.put(line)
        return str(json.loads(line)["_bad"]["id"])

    def land(self) -> None:
        """Lands all that is in the spool."""
        with Landing(self.settings) as landing:
            for segment in list_segments(self.settings.home.spool):
                landing.wait_for(segment.stream)


def example(event: str, number: int = 1, **changes: Any) -> Record:
    """A valid event, with an id of its own."""
    contract = load_registry().newest(event)
    assert contract is not None
    return {**contract.examples[0], "event_id": f"evt_01HXKQ4M7T5Z8V2R6N9P3C{number:04d}", **changes}


class Page(HTMLParser):
    """An answer as a browser reads it: the elements it has, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._text: list[str] = []
        self._cells: list[tuple[str, list[str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the element."""
        self.elements.append((tag, dict(attrs)))
        if tag in ("td", "th"):
            self._cells.append((dict(attrs).get("class") or "", []))

    def handle_data(self, data: str) -> None:
        """Keeps the text."""
        self._text.append(data)
        if self._cells:
            self._cells[-1][1].append(data)

    def cells(self, kind: str) -> list[str]:
        """The texts of the cells of that class, and of what follows them up to the next cell."""
        return [" ".join("".join(text).split()) for found, text in self._cells if found == kind]

    @property
    def text(self) -> str:
        """All text, with single spaces."""
        return " ".join("".join(self._text).split())

    def attributes(self, tag: str, name: str) -> list[str]:
        """The values of an attribute of all elements of a kind."""
        return [attrs[name] or "" for found, attrs in self.elements if found == tag and name in attrs]

    def fields(self) -> dict[str, str]:
        """What the page's only form sends when nothing is typed."""
        return {
            a["name"] or "": a.get("value") or "" for t, a in self.elements if t == "input" and "name" in a
        }

    def runs_something(self) -> bool:
        """Whether anything but the console's own script files would run, or be styled in place."""
        return any(
            (tag == "script" and not (attrs.get("src") or "").startswith("/static/"))
            or tag in ("img", "iframe", "style")
            or any(name.startswith("on") or name == "style" for name in attrs)
            for tag, attrs in self.elements
        )


def rows(page: Page) -> Iterable[str]:
    """Where the rows of a list lead."""
    return [a["href"] or "" for t, a in page.elements if t == "a" and a.get("class") == "row-link"]
