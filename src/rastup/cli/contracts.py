"""`rastup contracts`: check, release, list, show, diff, compat, generate."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path

import click
import orjson

from rastup.cli.options import home_option
from rastup.cli.render import emit_record, emit_rows, output_option, say
from rastup.contracts import generation, release_check
from rastup.contracts.compatibility import BREAKING, Change, Document, Mode, compare_all, verdict
from rastup.contracts.registry import Contract, Registry, load_registry
from rastup.core.errors import CheckFailed, ConfigError, UsageError
from rastup.core.paths import data_dir

MOST_REMARKS = 20

against_option = click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="The released set to compare with [contracts/released].",
)


@click.group()
def contracts() -> None:
    """Check, list, show and compare event contracts."""


@contracts.command()
@against_option
@home_option
@output_option
def check(against: Path | None, home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """Check examples, compatibility with the released set, and generated files. Exit code 1 when something is refused."""
    registry = load_registry()
    root = against or _released(registry)
    problems = _problems(registry, root, release_check.released(root))
    _show_problems(problems, output)
    say(f"{len(registry.contracts)} contracts, {len(problems)} problems")
    sys.exit(1 if problems else 0)


@contracts.command()
@click.option(
    "--to", type=click.Path(path_type=Path), help="Where the released set is kept [contracts/released]."
)
@click.option("--dry-run", is_flag=True, help="Check, and say what would be released.")
@home_option
@output_option
def release(to: Path | None, dry_run: bool, home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """Make the contracts the released set that later ones are checked against. Refused when `check` refuses them."""
    registry = load_registry()
    target = to or _released(registry)
    old = release_check.released(target) if target.is_dir() else {}
    if problems := _problems(registry, target, old):
        _show_problems(problems, output)
        raise CheckFailed(f"nothing was released: {len(problems)} problems; mend them first.")
    rows = [
        {"contract": name, "kind": verdict(changes), "changes": len(changes)}
        for name, changes in release_check.changes_since(registry, old).items()
    ]
    written = [] if dry_run else release_check.release(registry, target)
    emit_rows(
        rows, ["contract", "kind", "changes"], output, title="Would be released" if dry_run else "Released"
    )
    say(f"{len(registry.contracts)} contracts, {len(rows)} differ, {len(written)} files written")


@contracts.command(name="list")
@home_option
@output_option
def list_(home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """Every event and version."""
    rows = [_row(c) for c in load_registry().contracts]
    emit_rows(rows, ["event", "v", "family", "owner", "emitted_by", "fields", "description"], output)


@contracts.command()
@click.argument("event")
@click.option("--v", type=int, help="The version [the newest].")
@home_option
@output_option
def show(event: str, v: int | None, home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """One contract: fields, rules and an example; with --output json, the schema."""
    contract = _find(load_registry(), event, v)
    if output == "json":
        print(json.dumps(contract.schema, indent=2, ensure_ascii=False))
        return
    if output == "table":
        record = {k: v for k, v in _row(contract).items() if k != "fields"}
        emit_record(record, "table", title=f"{contract.event} v{contract.v}")
    fields = [
        {"field": f"ids.{name}", "type": "id", "required": required, "description": ""}
        for name, required in contract.ids.items()
    ] + [
        {
            "field": f"payload.{f.name}",
            "type": f.type,
            "required": f.is_required,
            "description": f.description,
        }
        for f in contract.fields
    ]
    emit_rows(fields, ["field", "type", "required", "description"], output, title="Fields")
    if output == "table":
        click.echo("Example\n" + json.dumps(contract.examples[0], indent=2))


@contracts.command()
@click.argument("event", required=False)
@against_option
@home_option
@output_option
def diff(event: str | None, against: Path | None, home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """What differs from the released set."""
    registry = load_registry()
    if event:
        _find(registry, event, None)
    found = release_check.changes_since(registry, release_check.released(against or _released(registry)))
    rows = [
        {"contract": name, "kind": change.kind, "path": change.path, "reason": change.reason}
        for name, changes in found.items()
        for change in changes
        if event is None or name.split(" ")[0] == event
    ]
    if rows or output != "table":
        emit_rows(rows, ["contract", "kind", "path", "reason"], output)
    else:
        say(f"{event or f'{len(registry.contracts)} contracts'}: as released")


@contracts.command()
@click.argument("old", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.BACKWARD.value,
    show_default=True,
    help="Who must get on: NEW with what OLD's senders send, OLD with NEW's, or both; with every OLD or the last one.",
)
@home_option
@output_option
def compat(old: tuple[Path, ...], new: Path, mode: str, home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """Compare schema files, oldest first: exit code 0 when NEW is compatible, 1 when it breaks, 2 when one is no schema."""
    chosen = Mode(mode)
    earlier = old if chosen.is_transitive else old[-1:]
    found = compare_all([_document(path) for path in earlier], _document(new), chosen)
    changes = [change for each in found for change in each]
    rows = [
        {"against": str(path), **dataclasses.asdict(change)}
        for path, each in zip(earlier, found, strict=True)
        for change in each
    ]
    _show_changes(chosen, changes, rows, output)
    sys.exit(1 if verdict(changes) == BREAKING else 0)


def _show_changes(mode: Mode, changes: list[Change], rows: list[dict[str, object]], output: str) -> None:
    decided = verdict(changes)
    if output == "json":
        answer = {
            "mode": mode.value,
            "verdict": decided,
            "compatible": decided != BREAKING,
            "reasons": [row for row in rows if row["kind"] == BREAKING],
            "changes": rows,
        }
        print(json.dumps(answer, indent=2))
        return
    columns = ["kind", "path", "reason", "advice"]
    if mode.is_transitive:
        columns.insert(0, "against")
    emit_rows(rows, columns, output, title=f"{mode.value}: {decided}")


@contracts.command()
@home_option
@output_option
def generate(home: Path | None, output: str) -> None:  # noqa: ARG001  every command takes --home
    """Write what is generated from the contracts: dbt staging models and the event reference."""
    changed = generation.write(load_registry(), _project())
    emit_rows([{"file": path} for path in changed], ["file"], output)


def _project() -> Path:
    return data_dir("contracts").parent


def _released(registry: Registry) -> Path:
    return registry.root / "released"


def _drift(registry: Registry) -> list[release_check.Problem]:
    advice = "run `rastup contracts generate` and commit what it writes"
    return [
        release_check.Problem("generated", path, "differs from the contracts", advice)
        for path in generation.drift(registry, _project())
    ]


def _problems(
    registry: Registry, root: Path, old: dict[tuple[str, int], Contract]
) -> list[release_check.Problem]:
    return [
        *release_check.check_soundness(registry),
        *release_check.check_compatibility(registry, old),
        *release_check.check_envelopes(registry, root),
        *_drift(registry),
    ]


def _show_problems(problems: list[release_check.Problem], output: str) -> None:
    if problems or output != "table":
        rows = [dataclasses.asdict(p) for p in problems]
        emit_rows(rows, ["contract", "path", "reason", "advice"], output, title="Refused")


def _row(contract: Contract) -> dict[str, object]:
    return {
        "event": contract.event,
        "v": contract.v,
        "family": contract.family,
        "owner": contract.owner,
        "emitted_by": contract.emitted_by,
        "fields": len(contract.fields),
        "description": contract.description,
    }


def _find(registry: Registry, event: str, v: int | None) -> Contract:
    contract = registry.get(event, v) if v else registry.newest(event)
    if contract is None:
        near = registry.nearest(event)
        known = (
            f"known versions: {registry.versions(event)}"
            if registry.versions(event)
            else f"nearest: {near}"
            if near
            else "see `rastup contracts list`"
        )
        raise UsageError(f"no contract {event}{f' v{v}' if v else ''}; {known}.")
    return contract


def _document(path: Path) -> Document:
    try:
        content = path.read_bytes()
        schema = orjson.loads(content)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from error
    except orjson.JSONDecodeError as error:
        raise ConfigError(f"{path}: not JSON: {error}.") from error
    document = Document(schema, str(path))
    for pointer in document.unknown[:MOST_REMARKS]:
        say(f"{path}: `{pointer}` is no keyword of JSON Schema 2020-12 and is not compared")
    return document
