"""dbt staging models: one ephemeral model an event, with typed columns, and the descriptions of all of them."""

from __future__ import annotations

from collections.abc import Mapping

from rastup.contracts.registry import Contract, Field, Registry, replaced_fields

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
    common = _common(contracts)
    taken = {*common, *ids}
    columns = [
        *common,
        *(f"{{{{ id_field('{name}') }}}} as {name}" for name in ids),
        *(f"{value} as {_alias(name, taken)}" for name, value in _values(contracts).items()),
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
        columns = _described(contracts)
        lines += ["    columns:"] if columns else []
        for name, description in columns.items():
            lines += [f"      - name: {name}", f"        description: {_quoted(description)}"]
    return "\n".join(lines) + "\n"


def _described(contracts: list[Contract]) -> dict[str, str]:
    """The columns of an event's own, ids first, and what they mean."""
    ids = {name: text for contract in contracts for name, text in contract.id_descriptions.items()}
    taken = {*_common(contracts), *ids}
    return ids | {_alias(field.name, taken): field.description for field in _united(contracts)}


def _common(contracts: list[Contract]) -> tuple[str, ...]:
    """The columns of every staging model; where there are several versions, the version too."""
    return COMMON_COLUMNS if len(contracts) == 1 else (*COMMON_COLUMNS, "event_v")


def _values(contracts: list[Contract]) -> dict[str, str]:
    """The fields of all versions as SQL. One that replaces another has its value, whichever of the two was sent."""
    types: dict[str, set[str]] = {}
    for contract in contracts:
        for field in contract.fields:
            types.setdefault(field.name, set()).add(SQL_TYPES[field.type])
    replaced = {new: old for contract in contracts for new, old in replaced_fields(contract).items()}
    together = {name: {name} for name in types}
    for new, old in replaced.items():
        one = together[new] | together[old]
        together.update(dict.fromkeys(one, one))
    return {name: _value(name, sorted(together[name] - {name}), types) for name in types}


def _value(name: str, others: list[str], types: Mapping[str, set[str]]) -> str:
    kind = _kind_of_all({kind for one in (name, *others) for kind in types[one]})
    values = [f"{{{{ payload_field('{one}', '{kind}') }}}}" for one in (name, *others)]
    return values[0] if len(values) == 1 else f"coalesce({', '.join(values)})"


def _kind_of_all(kinds: set[str]) -> str:
    """The SQL type that holds the values of all versions."""
    if len(kinds) == 1:
        return next(iter(kinds))
    return "double" if kinds == {"bigint", "double"} else "varchar"


def _united(contracts: list[Contract]) -> list[Field]:
    """The fields of all versions; of a field in several, the newest version's."""
    return list({field.name: field for contract in contracts for field in contract.fields}.values())


def _alias(name: str, taken: Mapping[str, object] | set[str]) -> str:
    """The column of a payload field; one that another column or a word of SQL hides gets the prefix `payload_`."""
    return f"payload_{name}" if name in taken or name in RESERVED else name


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
