"""`rastup release list | show | diff | rollback`."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_record, emit_rows, output_option, say
from rastup.core.config import Settings
from rastup.core.errors import CheckFailed, UsageError
from rastup.core.operators import operator_name
from rastup.lake import releases
from rastup.lake.releases import Release
from rastup.state.database import open_state

channel_option = click.option(
    "--channel", type=click.Choice([releases.MAIN, releases.NRT]), default=releases.MAIN, show_default=True
)


@click.group()
def release() -> None:
    """List, show, compare and roll back releases."""


@release.command(name="list")
@channel_option
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@home_option
@output_option
def list_(channel: str, limit: int, home: Path | None, output: str) -> None:
    """Releases, the newest first; `*` marks the one that readers see."""
    engine = open_state(settings_of(home).state_url)
    current = releases.current(engine, channel)
    rows = [
        {
            "current": "*" if current and found.release_id == current.release_id else "",
            "release_id": found.release_id,
            "created_at": found.created_at,
            "who": found.who,
            "data_until": found.data_until,
            "tables": len(found.tables),
            "rows": sum(table.rows for table in found.tables),
            "expired": found.expired,
        }
        for found in releases.list_releases(engine, channel, limit)
    ]
    emit_rows(rows, list(rows[0]) if rows else ["release_id"], output)
    if reason := releases.held_reason(engine, channel):
        say(f"The loop publishes nothing: {reason}. `rastup pipeline run` goes on.")


@release.command()
@click.argument("release_id", required=False)
@home_option
@output_option
def show(release_id: str | None, home: Path | None, output: str) -> None:
    """One release (the current one by default): its tables, snapshots and rows."""
    found = _release(settings_of(home), release_id)
    about = {k: v for k, v in vars(found).items() if k != "tables"}
    tables = [dataclasses.asdict(table) for table in found.tables]
    if output == "json":
        emit_record({**about, "tables": tables}, output)
        return
    if output == "table":
        emit_record(about, output, title=found.release_id)
    emit_rows(tables, ["name", "rows", "snapshot_id", "metadata_location"], output)


@release.command()
@click.argument("before")
@click.argument("after", required=False)
@click.option("--all", "shows_all", is_flag=True, help="Show unchanged tables too.")
@home_option
@output_option
def diff(before: str, after: str | None, shows_all: bool, home: Path | None, output: str) -> None:
    """What changed between two releases (AFTER is the current one by default)."""
    settings = settings_of(home)
    changes = releases.diff(_release(settings, before), _release(settings, after))
    rows = [
        {**dataclasses.asdict(change), "rows_added": (change.rows_after or 0) - (change.rows_before or 0)}
        for change in changes
        if shows_all or change.change != "same"
    ]
    emit_rows(rows, ["name", "change", "rows_before", "rows_after", "rows_added"], output)


@release.command()
@click.argument("release_id")
@click.option("--dry-run", is_flag=True, help="Say what would happen.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
@output_option
def rollback(release_id: str, dry_run: bool, yes: bool, home: Path | None, output: str) -> None:
    """Let readers see an earlier release again, and hold the loop until `rastup pipeline run` is asked for."""
    settings = settings_of(home)
    engine = open_state(settings.state_url)
    who = operator_name()
    plan = releases.rollback(engine, release_id, who=who, dry_run=True)
    _require_readable(settings, release_id)
    if not dry_run and not yes:
        if not sys.stdin.isatty():
            raise UsageError(
                "there is no terminal to ask on; add --yes, or --dry-run to see what would happen."
            )
        question = f"Undo {len(plan.undone)} releases ({plan.files_freed} Bronze files wait again) and hold the loop?"
        if not click.confirm(question, err=True):
            raise CheckFailed("nothing was rolled back.")
    if not dry_run:
        plan = releases.rollback(engine, release_id, who=who)
    emit_record(
        {
            "release_id": plan.target.release_id,
            "undone": list(plan.undone),
            "files_freed": plan.files_freed,
            "dry_run": dry_run,
        },
        output,
        title="Rollback",
    )


def _require_readable(settings: Settings, release_id: str) -> None:
    """Refuses a release whose files are gone, as after the folder `lake` was removed: readers would find nothing.

    Raises:
        StoreUnavailable: says what cannot be read.
    """
    from rastup.lake.reader import ReaderPool

    pool = ReaderPool(settings)
    try:
        pool.pin(release_id, with_nrt=False)
    finally:
        pool.close()


def _release(settings: Settings, release_id: str | None) -> Release:
    engine = open_state(settings.state_url)
    return releases.get(engine, release_id) if release_id else releases.require(engine, None)
