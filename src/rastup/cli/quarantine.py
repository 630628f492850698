"""`rastup quarantine list | show | replay | repair | repairs | undo | purge`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.quarantine_filters import filter_options, filters_of
from rastup.cli.quarantine_repair import purge, repair, repairs, undo
from rastup.cli.render import emit_record, emit_rows, output_option, say
from rastup.core.errors import CheckFailed, UsageError
from rastup.core.operators import operator_name
from rastup.ingest.quarantine import STATES, Filters, Group, Quarantine
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair
from rastup.ingest.repair.history import Report
from rastup.ingest.repair.judging import Outcome
from rastup.ingest.repair.trial import Trial, try_out

COLUMNS = ["id", "received_at", "source", "env", "event", "code", "path", "message", "state"]
GROUP_COLUMNS = [
    "records",
    "code",
    "event",
    "path",
    "source",
    "open",
    "refused",
    "replayed",
    "first",
    "last",
    "examples",
]
TABLE_COLUMNS = ["id", "received_at", "source", "env", "event", "code", "path", "state", "message"]
GROUP_TABLE_COLUMNS = ["records", "states", "code", "event", "path", "source", "last", "newest"]
WHOLE = ("id", "event_id", "received_at", "code", "state", "last", "newest")
CUT = ("states", "event", "path", "source")


@click.group()
def quarantine() -> None:
    """Inspect, repair and replay what was refused."""


@quarantine.command(name="list")
@filter_options
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@click.option("--group", "grouped", is_flag=True, help="Count by code, event, path and source.")
@home_option
@output_option
def list_(limit: int, grouped: bool, home: Path | None, output: str, **chosen: str | None) -> None:
    """What was refused and why, the newest first."""
    found = Quarantine(settings_of(home))
    filters = filters_of(**chosen)
    if grouped:
        _show_groups(found.groups(filters)[:limit], output)
        _say_damaged(found)
        return
    rows = [dataclasses.asdict(bad) for bad in found.records(filters, limit)]
    if output == "table":
        rows = [{**row, "received_at": _second(row["received_at"])} for row in rows]
    emit_rows(rows, TABLE_COLUMNS if output == "table" else COLUMNS, output, whole=WHOLE, cut=("event",))
    _say_damaged(found)


def _say_damaged(found: Quarantine) -> None:
    for why in found.damaged:
        say(f"Not among these: what is in a damaged file. {why}")


def _show_groups(groups: list[Group], output: str) -> None:
    """One line a group in a table, with its newest record; all of it for programs."""
    rows = [{**vars(g), **dict.fromkeys(STATES, 0), **g.states, "records": g.records} for g in groups]
    if output != "table":
        emit_rows([{**row, "examples": list(row["examples"])} for row in rows], GROUP_COLUMNS, output)
        return
    short = [
        {
            **row,
            "states": ", ".join(f"{row[state]} {state}" for state in STATES if row[state]),
            "last": _second(group.last),
            "newest": group.examples[0],
        }
        for row, group in zip(rows, groups, strict=True)
    ]
    emit_rows(short, GROUP_TABLE_COLUMNS, output, whole=WHOLE, cut=CUT)


def _second(moment: str) -> str:
    return moment[:19] + "Z" if moment.endswith("Z") else moment


@quarantine.command()
@click.argument("bad_id")
@home_option
@output_option
def show(bad_id: str, home: Path | None, output: str) -> None:
    """One record: its original bytes, the path that was wrong, and what was expected."""
    emit_record(dataclasses.asdict(Quarantine(settings_of(home)).get(bad_id)), output, title=bad_id)


@quarantine.command()
@click.argument("bad_ids", nargs=-1)
@filter_options
@click.option("--all", "takes_all", is_flag=True, help="Replay everything that is open.")
@click.option("--dry-run", is_flag=True, help="Say what would pass; change nothing.")
@home_option
@output_option
def replay(
    bad_ids: tuple[str, ...],
    takes_all: bool,
    dry_run: bool,
    home: Path | None,
    output: str,
    **chosen: str | None,
) -> None:
    """Admit refused events again, under the contracts as they are now.

    What passes goes on as if it had just come in, once: what was replayed is not replayed again.
    """
    settings = settings_of(home)
    filters = filters_of(**chosen)
    if not bad_ids and filters == Filters() and not takes_all:
        raise UsageError("say which: give ids, a filter such as --code, or --all.")
    found = Quarantine(settings)
    records = [found.get(bad_id) for bad_id in bad_ids] if bad_ids else found.records(filters)
    as_they_are, outcomes = Repair(filters=filters), list[Outcome]()
    done: Trial | Report
    if dry_run:
        done = try_out(settings, as_they_are, records, on_outcome=outcomes.append)
    else:
        chosen_ids = {"ids": list(bad_ids)} if bad_ids else None
        done = carry_out(
            settings,
            found.engine,
            as_they_are,
            records,
            who=operator_name(),
            chosen=chosen_ids,
            on_outcome=outcomes.append,
        )
    columns = ["id", "state", "event", "event_id", "code", "path", "message"]
    emit_rows([dataclasses.asdict(outcome) for outcome in outcomes], columns, output, whole=WHOLE)
    say(f"{'would pass' if dry_run else 'replayed'}: {done.passed:,}; refused again: {done.refused:,}")
    if done.refused:
        raise CheckFailed(f"{done.refused:,} records are still not valid.")


for command in (repair, repairs, undo, purge):
    quarantine.add_command(command)
