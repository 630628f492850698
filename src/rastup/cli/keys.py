"""`rastup keys`: create, list, revoke."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_record, emit_rows, output_option, say
from rastup.ingest.keys import (
    ENVIRONMENTS,
    KINDS,
    SECRET,
    WriteKey,
    create_key,
    find_key,
    list_keys,
    revoke_key,
)
from rastup.state.database import open_state

COLUMNS = [
    "key_id",
    "source",
    "env",
    "kind",
    "origins",
    "rate_limit_events_per_s",
    "created_at",
    "revoked_at",
]


@click.group()
def keys() -> None:
    """Create, list and revoke write keys."""


@keys.command()
@click.option("--source", required=True, help="Who sends with it, for example web, ios, billing.")
@click.option(
    "--env",
    type=click.Choice(ENVIRONMENTS),
    default="prod",
    show_default=True,
    help="Where its events belong.",
)
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default=SECRET,
    show_default=True,
    help="Secret: a server's, for every route, in a header or a body. "
    "Publishable: a page's, for /e and the paths of public SDKs but /v1/import, from its origins; also as /e?key=KEY "
    "for sendBeacon.",
)
@click.option(
    "--origin", "origins", multiple=True, help="An origin that may use it in a browser, or *. Repeatable."
)
@click.option(
    "--rate-limit",
    type=click.IntRange(min=0),
    default=0,
    help="Events a second; 0 for the deployment's limit.",
)
@home_option
@output_option
def create(
    source: str,
    env: str,
    kind: str,
    origins: tuple[str, ...],
    rate_limit: int,
    home: Path | None,
    output: str,
) -> None:
    """Create a key. It is printed once; only its hash is kept."""
    engine = open_state(settings_of(home).state_url)
    created = create_key(
        engine, source=source, env=env, kind=kind, origins=origins, rate_limit_events_per_s=rate_limit
    )
    emit_record({"key": created.key, **_row(created.record)}, output)
    if output == "table":
        say("Keep the key now: it is not shown again.")


@keys.command(name="list")
@home_option
@output_option
def list_(home: Path | None, output: str) -> None:
    """Every key, without the key itself."""
    rows = [_row(key) for key in list_keys(open_state(settings_of(home).state_url))]
    emit_rows(rows, COLUMNS, output)


@keys.command()
@click.argument("key_id")
@click.option("--dry-run", is_flag=True, help="Say which key that is, and change nothing.")
@home_option
@output_option
def revoke(key_id: str, dry_run: bool, home: Path | None, output: str) -> None:
    """Revoke a key: running collectors refuse it within two seconds."""
    engine = open_state(settings_of(home).state_url)
    key = find_key(engine, key_id) if dry_run else revoke_key(engine, key_id)
    title = "Revoked" if key.revoked_at else "Would be revoked"
    emit_record({**_row(key), "dry_run": dry_run}, output, title=title)


def _row(key: WriteKey) -> dict[str, object]:
    row = dataclasses.asdict(key)
    del row["key_hash"]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
