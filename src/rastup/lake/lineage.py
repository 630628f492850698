"""Who uses an event and its fields downstream, read from the compiled project as a run left it.

The compiled SQL has every macro resolved: an event is named as a text (`'leg.confirmed'`), a field as `payload['x']`, with
the column that it becomes behind it. From there on a field goes where its column's name goes. So a column that a later model
gives another name is lost from sight there; what is said to use a field does name it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from rastup.lake.project import EVENTS, Project
from rastup.lake.spec import ModelSpec

TAIL = '"live"."tail_events"'
"""Where the operations views read events that no release holds."""
_STAGING = re.compile(r"__dbt__cte__stg_\w+ as \((?P<body>.*?\n)\)", re.DOTALL)
_FIELD = re.compile(r"\b(?P<part>payload|ids)\['(?P<name>\w+)'\]")
_ALIAS = re.compile(r"\bas (\w+)\s*$")
_TEXT = re.compile(r"'([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)'")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Usage:
    """Tables that an event feeds, each after those it reads, and those that name a field (`payload.x`, `ids.x`)."""

    tables: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    by_field: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def column(self, path: str, table: str) -> str | None:
        """What the field is called in a table that names it."""
        return self.columns.get(path, {}).get(table)


@dataclass(frozen=True)
class _Read:
    """One place where a model takes a field: into which column, of which events (None: of all that it reads)."""

    path: str
    column: str
    events: frozenset[str] | None


@dataclass(frozen=True)
class _Model:
    spec: ModelSpec
    names: frozenset[str]
    reads: tuple[_Read, ...]
    words: frozenset[str]
    is_direct: bool


class Lineage:
    """The uses of every event by one project."""

    def __init__(self, project: Project) -> None:
        self._models = [_model(spec) for spec in project.models if spec.table != EVENTS]

    def of(self, event: str) -> Usage:
        """Who uses the event."""
        fed: dict[str, dict[str, str]] = {}
        direct: list[str] = []
        mixed: set[str] = set()
        for model in self._models:
            columns: dict[str, str] = {}
            if model.is_direct and event in model.names:
                direct.append(model.spec.table)
                columns = {
                    read.path: read.column
                    for read in model.reads
                    if read.events is None or event in read.events
                }
                if len(model.names) > 1:
                    mixed.add(model.spec.table)
            inputs = self._feeding(model, event, fed.keys(), mixed)
            if not inputs and model.spec.table not in direct:
                continue
            for table in inputs:
                columns |= {path: name for path, name in fed[table].items() if name in model.words}
            fed[model.spec.table] = columns
        paths = sorted({path for columns in fed.values() for path in columns})
        return Usage(
            tables=tuple(fed),
            direct=tuple(direct),
            by_field={path: tuple(table for table in fed if path in fed[table]) for path in paths},
            columns={path: {t: found[path] for t, found in fed.items() if path in found} for path in paths},
        )

    @staticmethod
    def _feeding(model: _Model, event: str, fed: Collection[str], mixed: Collection[str]) -> list[str]:
        """The model's inputs through which the event reaches it.

        A table that holds many events feeds with each of them only those that ask for it, or for none by name.
        """
        asks = not model.names or event in model.names
        return [table for table in sorted(model.spec.inputs) if table in fed and (asks or table not in mixed)]


def words_of(sql: str) -> frozenset[str]:
    """The names in a query."""
    return frozenset(_WORD.findall(sql))


def _model(spec: ModelSpec) -> _Model:
    staged = list(_STAGING.finditer(spec.query))
    own = _STAGING.sub("", spec.query)
    words = words_of(own)
    reads = [*_reads(own)]
    for found in staged:
        events = frozenset(_TEXT.findall(found["body"].rpartition("where")[2]))
        reads += [
            _Read(read.path, read.column, events) for read in _reads(found["body"]) if read.column in words
        ]
    return _Model(
        spec,
        names=frozenset(_TEXT.findall(spec.query)) - {spec.table},
        reads=tuple(reads),
        words=words,
        is_direct=EVENTS in spec.inputs or TAIL in spec.query,
    )


def _reads(sql: str) -> Iterable[_Read]:
    for found in _FIELD.finditer(sql):
        alias = _ALIAS.search(_rest(sql, found.end())) or _ALIAS.search(_line_after(sql, found.end()))
        guard = _guard(sql, found.start())
        yield _Read(f"{found['part']}.{found['name']}", alias[1] if alias else found["name"], guard)


def _rest(sql: str, position: int) -> str:
    """What follows a place in its line up to the comma that ends its column, without what is in brackets."""
    start = sql.rfind("\n", 0, position) + 1
    depth = sql.count("(", start, position) - sql.count(")", start, position)
    kept = []
    for char in sql[position:].partition("\n")[0]:
        depth += (char == "(") - (char == ")")
        if depth <= 0 and char == ",":
            break
        if depth <= 0 and char != ")":
            kept.append(char)
    return "".join(kept)


def _line_after(sql: str, position: int) -> str:
    """The end of a `case` that goes over several lines."""
    following = sql[position:].partition("\n")[2].partition("\n")[0].strip()
    return following.rstrip(",") if following.startswith("end") else ""


def _guard(sql: str, position: int) -> frozenset[str] | None:
    """The events to which a `case when event_name in (…)` around that place confines it."""
    before = sql[max(0, position - 600) : position]
    start = before.rfind("case")
    if start < 0 or re.search(r"\bend\b", before[start:]) or "event_name" not in before[start:]:
        return None
    return frozenset(_TEXT.findall(before[start:])) or None
