"""A card's table as CSV: the same rows, with filters and release in the first line and in the file's name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rastup.console.cards.content import Content
from rastup.console.cards.definition import Card
from rastup.console.cards.scope import Scope

MOST_ROWS = 100_000
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r]")
_BATCH = 500


def file_name(card: Card, scope: Scope, ending: str) -> str:
    """`gmv_2026-11-01_2026-11-14_all-cities_USD_rel_….csv`, of plain characters only."""
    days = scope.view.range
    parts = [card.id]
    parts += [days.first.isoformat(), days.last.isoformat()] if "range" in card.uses else []
    parts += ["-".join(scope.view.cities) or "all-cities"] if "city" in card.uses else []
    parts += [scope.currency] if "currency" in card.uses else []
    parts.append(scope.release_of(card).release_id)
    return re.sub(r"[^A-Za-z0-9_.-]", "-", "_".join(parts))[:160] + ending


def header(card: Card, scope: Scope) -> str:
    """What the file is of, in one line."""
    days = scope.view.range
    parts = [f"RastUp {card.title} ({card.id})"]
    parts += [f"{days.first} to {days.last} UTC"] if "range" in card.uses else []
    parts += ["cities: " + (", ".join(scope.view.cities) or "all")] if "city" in card.uses else []
    parts += [f"currency: {scope.currency}"] if "currency" in card.uses else []
    release = scope.release_of(card)
    parts += [f"release: {release.release_id}", f"as of: {release.created_at}"]
    return "# " + " | ".join(re.sub(r"[\r\n]", " ", part) for part in parts)


def stream(card: Card, content: Content, scope: Scope, most: int = MOST_ROWS) -> Iterator[bytes]:
    """The file in pieces. A file that had to be cut says so in its last line. Amounts are in cents."""
    rows = content.table.rows
    yield _lines([[column.name for column in content.table.columns]], header(card, scope) + "\r\n")
    for start in range(0, min(len(rows), most), _BATCH):
        yield _lines([[cell(value) for value in row] for row in rows[start : min(start + _BATCH, most)]])
    if len(rows) > most:
        yield f"# cut after {most} of {len(rows)} rows\r\n".encode()


def cell(value: Any) -> Any:
    """A value as a spreadsheet may take it: text that it would run as a formula is quoted with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else repr(value)
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return value


def _lines(rows: list[list[Any]], head: str = "") -> bytes:
    buffer = io.StringIO()
    buffer.write(head)
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
