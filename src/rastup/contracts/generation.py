"""What is generated from the contracts: dbt staging models and the event reference. `contracts check` fails on drift."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from rastup.contracts.registry import Contract, Field, Registry

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
HEADER = "generated from contracts/{family}/{event}.v*.json by `rastup contracts generate`; edit the contract instead"


def generated_files(registry: Registry) -> dict[str, str]:
    """Every generated file: its path below the project's root, and its text."""
    files = {"docs/reference/events.md": reference(registry)}
    for event, contracts in _by_event(registry).items():
        name = staging_name(contracts[0].family, event)
        files[f"transform/models/staging/{name}.sql"] = staging_sql(event, contracts)
    files["transform/models/staging/_staging.yml"] = staging_yml(registry)
    return files


def write(registry: Registry, project: Path) -> list[str]:
    """Writes what differs and removes what is no longer generated; returns the changed paths."""
    files = generated_files(registry)
    changed = drift(registry, project)
    for path in changed:
        target = project / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path])
        else:
            target.unlink()
    return changed


def drift(registry: Registry, project: Path) -> list[str]:
    """Generated files that are missing, different, or no longer generated."""
    files = generated_files(registry)
    stale = [
        path
        for path, text in files.items()
        if not (project / path).is_file() or (project / path).read_text() != text
    ]
    present = (project / "transform/models/staging").glob("stg_*.sql")
    orphans = [str(p.relative_to(project)) for p in present if str(p.relative_to(project)) not in files]
    return sorted(stale) + sorted(orphans)


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
    for event, contracts in _by_event(registry).items():
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


def reference(registry: Registry) -> str:
    """The event reference in Markdown."""
    lines = [
        "# Events",
        "",
        "Generated from `contracts/` by `rastup contracts generate`. `*` marks required fields.",
    ]
    family = ""
    for contract in sorted(registry.contracts, key=lambda c: (c.family, c.event, c.v)):
        if contract.family != family:
            family = contract.family
            lines += ["", f"## {family}"]
        lines += ["", *_reference_of(contract)]
    return "\n".join(lines) + "\n"


def _reference_of(contract: Contract) -> Iterator[str]:
    yield f"### `{contract.event}` v{contract.v}"
    yield ""
    yield f"{contract.description} Emitted by {contract.emitted_by}, owned by {contract.owner}, since {contract.since}."
    yield ""
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    for name, required in contract.ids.items():
        meaning = contract.schema["properties"]["ids"]["properties"][name]["description"]
        yield f"| `ids.{name}`{'*' if required else ''} | id | {meaning} |"
    if "money" in contract.schema["required"]:
        yield "| `money`* | amount_cents, currency | The amount that the event is about. |"
    for field in contract.fields:
        yield f"| `payload.{field.name}`{'*' if field.is_required else ''} | {_kind(field)} | {field.description} |"


def _kind(field: Field) -> str:
    if "enum" in field.schema:
        return " or ".join(f"`{value}`" for value in field.schema["enum"])
    bounds = [
        f"{sign} {field.schema[k]}"
        for k, sign in (("minimum", "≥"),)
        if k in field.schema and field.schema[k] > -(2**53) + 1
    ]
    return " ".join([field.type, *bounds])


def _by_event(registry: Registry) -> dict[str, list[Contract]]:
    found: dict[str, list[Contract]] = {}
    for contract in registry.contracts:
        found.setdefault(contract.event, []).append(contract)
    return found


def _united(contracts: list[Contract]) -> list[Field]:
    """The fields of all versions; of a field in several, the newest version's."""
    return list({field.name: field for contract in contracts for field in contract.fields}.values())


def _alias(name: str, taken: Mapping[str, object] | set[str]) -> str:
    """The column of a payload field; one that a common column's or id's name hides gets the prefix `payload_`."""
    return f"payload_{name}" if name in taken else name


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
