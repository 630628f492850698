"""dbt staging models: one ephemeral model an event, with typed columns, and the descriptions of all of them."""

from __future__ import annotations

from collections.abc import Mapping

from rastup.contracts.registry import Contract, Field, Registry

FOLDER = "transform/models/staging"
COMMON_COLUMNS = (
    *(
        "event_id",
        "dt",
        "occurred_at",
        "received_at",
        "user_id",
        "anon_id",
        "actor_key",
        "identity_id",
        "session_id",
    ),
    *("city", "role", "env", "source", "is_bot", "amount_cents", "currency", "_run_id"),
)
SQL_TYPES = {
    "string": "varchar",
    "timestamp": "timestamptz",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "object": "varchar",
    "array": "varchar",
}
_DUCKDB_WORDS = (
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default "
    "deferrable desc describe distinct do else end except false fetch for foreign from group having in initially "
    "intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify "
    "references returning select show some summarize symmetric table then to trailing true union unique unpivot using "
    "variadic when where window with"
)
RESERVED = frozenset(_DUCKDB_WORDS.split())
"""What `duckdb_keywords()` calls reserved: no name of a column."""
HEADER = "generated from contracts/{family}/{event}.v*.json by `rastup contracts generate`; edit the contract instead"


def staging_files(registry: Registry) -> dict[str, str]:
    """Every staging model and their descriptions: path below the project's root, and text."""
    files = {
        f"{FOLDER}/{staging_name(contracts[0].family, event)}.sql": staging_sql(event, contracts)
        for event, contracts in registry.by_event().items()
    }
    return {**files, f"{FOLDER}/_staging.yml": staging_yml(registry)}


def staging_name(family: str, event: str) -> str:
    """`stg_<family>__<event>`; a family's name at the start of the event is not said twice."""
    return f"stg_{family}__{event.removeprefix(family + '.').replace('.', '_')}"


def staging_sql(event: str, contracts: list[Contract]) -> str:
    """The staging model of one event: the common columns, then ids and payload typed as its contracts say."""
    ids = {name: None for contract in contracts for name in contract.ids}
    fields = _united(contracts)
    taken = {*COMMON_COLUMNS, *ids}
    columns = [
        *COMMON_COLUMNS,
        *(f"{{{{ id_field('{name}') }}}} as {name}" for name in ids),
        *(
            f"{{{{ payload_field('{f.name}', '{SQL_TYPES[f.type]}') }}}} as {_alias(f.name, taken)}"
            for f in fields
        ),
    ]
    header = HEADER.format(family=contracts[0].family, event=event)
    listed = ",\n    ".join(columns)
    return f"-- {header}\nselect\n    {listed}\nfrom {{{{ ref('events') }}}}\nwhere event_name = '{event}'\n"


def staging_yml(registry: Registry) -> str:
    """The descriptions of all staging models."""
    lines = ["# generated from contracts/ by `rastup contracts generate`", "version: 2", "models:"]
    for event, contracts in registry.by_event().items():
        newest = contracts[-1]
        lines += [
            f"  - name: {staging_name(newest.family, event)}",
            f"    description: {_quoted(newest.description + ' One row per event.')}",
            f"    meta: {{event: {event}, owner: {newest.owner}, emitted_by: {newest.emitted_by}}}",
        ]
        ids = {name: None for contract in contracts for name in contract.ids}
        fields = _united(contracts)
        if fields:
            lines.append("    columns:")
        taken = {*COMMON_COLUMNS, *ids}
        for field in fields:
            lines.append(f"      - name: {_alias(field.name, taken)}")
            lines.append(f"        description: {_quoted(field.description)}")
    return "\n".join(lines) + "\n"


def _united(contracts: list[Contract]) -> list[Field]:
    """The fields of all versions; of a field in several, the newest version's."""
    return list({field.name: field for contract in contracts for field in contract.fields}.values())


def _alias(name: str, taken: Mapping[str, object] | set[str]) -> str:
    """The column of a payload field; one that another column or a word of SQL hides gets the prefix `payload_`."""
    return f"payload_{name}" if name in taken or name in RESERVED else name


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
