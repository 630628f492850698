"""`rastup quarantine repair | repairs | undo | purge`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.quarantine_filters import filter_options, filters_of
from rastup.cli.render import emit_record, emit_rows, output_option, say
from rastup.core import logs
from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.errors import CheckFailed, UsageError
from rastup.core.operators import operator_name
from rastup.ingest.quarantine import REPLAYED, BadRecord, Filters, Quarantine
from rastup.ingest.repair import expiry, history
from rastup.ingest.repair.application import carry_out
from rastup.ingest.repair.document import Repair, read, short_step, title_of
from rastup.ingest.repair.loading import MOST_BYTES
from rastup.ingest.repair.trial import Trial, try_out
from rastup.ingest.repair.undo import foreseen
from rastup.ingest.repair.undo import undo as undo_repair

REPORT_COLUMNS = ["repair_id", "state", "at", "who", "reason", "passed", "refused", "undone_at"]
VERDICT_COLUMNS = ["records", "state", "event", "code", "path", "message"]
IN_ORDER = ("event", "rename", "cast", "set", "default", "drop")


@click.command()
@click.argument("document", required=False, type=click.File("rb"))
@click.option(
    "--event-name", "event_", multiple=True, metavar="[OLD=]NEW", help="Give the event another name."
)
@click.option("--rename", multiple=True, metavar="OLD=NEW", help="Move a value to another path.")
@click.option(
    "--cast", multiple=True, metavar="PATH=TYPE", help="integer, number, boolean, string, timestamp, array."
)
@click.option(
    "--set", "set_", multiple=True, metavar="PATH=VALUE", help="Put a value (JSON or text) at a path."
)
@click.option("--default", multiple=True, metavar="PATH=VALUE", help="The same, only where nothing is.")
@click.option("--drop", multiple=True, metavar="PATH", help="Remove what is at a path.")
@click.option("--id", "bad_ids", multiple=True, help="Only these records.")
@filter_options
@click.option("--limit", type=click.IntRange(min=1), help="At most so many records, the newest first.")
@click.option(
    "--sample", type=click.IntRange(1, 100_000), default=1_000, show_default=True, help="Try so many."
)
@click.option(
    "--diffs", type=click.IntRange(0, 100), default=5, show_default=True, help="Show so many diffs."
)
@click.option("--yes", is_flag=True, help="Carry it out; without this it is only tried.")
@click.option("--reason", default="", help="Why, for the report.")
@home_option
@output_option
def repair(
    document: Any,
    bad_ids: tuple[str, ...],
    limit: int | None,
    sample: int,
    diffs: int,
    yes: bool,
    reason: str,
    home: Path | None,
    output: str,
    **options: Any,
) -> None:
    """Change what was refused so that it passes, and replay it once.

    Without --yes it is tried on a sample and shows what would change. The steps are those of DOCUMENT (YAML or JSON, `-` for
    standard input), then those of the flags, in this order: event-name, rename, cast, set, default, drop.
    """
    settings = settings_of(home)
    wanted = _repair(document, options, reason)
    found = Quarantine(settings)
    if not bad_ids and wanted.filters == Filters():
        raise UsageError("say which records: --id, a filter such as --code, or `where` in the document.")
    records = _records(found, wanted.filters, bad_ids)
    if not yes:
        tried = try_out(settings, wanted, islice(records, min(sample, limit or sample)), diffs=diffs)
        _show_trial(tried, output)
        if tried.refused:
            raise CheckFailed(
                f"{tried.refused:,} of {tried.passed + tried.refused:,} records would still be refused."
            )
        return
    chosen = {"ids": list(bad_ids)} if bad_ids else None
    done = carry_out(
        settings, found.engine, wanted, islice(records, limit), who=operator_name(), chosen=chosen
    )
    _show_report(done, output)
    if done.refused:
        raise CheckFailed(f"{done.refused:,} records are still not valid; they stay in the quarantine.")


@click.command()
@click.argument("repair_id", required=False)
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@home_option
@output_option
def repairs(repair_id: str | None, limit: int, home: Path | None, output: str) -> None:
    """The repairs and replays so far, or the report of one."""
    engine = Quarantine(settings_of(home)).engine
    if repair_id:
        _show_report(history.get(engine, repair_id), output)
        return
    rows = [vars(report) for report in history.reports(engine, limit)]
    emit_rows(rows, REPORT_COLUMNS, output)


@click.command()
@click.argument("repair_id")
@click.option("--dry-run", is_flag=True, help="Say what it would do; change nothing.")
@home_option
@output_option
def undo(repair_id: str, dry_run: bool, home: Path | None, output: str) -> None:
    """Take back what a repair or replay let go on.

    The log keeps its events, but they no longer count: the next run takes them out of every table, and the records are open
    in the quarantine again.
    """
    settings = settings_of(home)
    engine = Quarantine(settings).engine
    if dry_run:
        would = foreseen(engine, repair_id)
        emit_record(dataclasses.asdict(would), output, title="Would be undone")
        say(f"would take back {would.events:,} events and open {would.reopened:,} records again.")
        return
    logs.configure(component="quarantine", level="warning")  # it may land what is still in the spool
    done = undo_repair(settings, engine, repair_id, who=operator_name())
    emit_record(dataclasses.asdict(done), output, title="Undone")
    if done.released_since:
        say(
            f"the current release holds them since {done.released_since}; the pipeline takes these days again by itself, "
            "`rastup pipeline run` does it now."
        )


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@home_option
@output_option
def purge(dry_run: bool, home: Path | None, output: str) -> None:
    """Remove refused events that are older than `bronze.quarantine_keep_days`. The lander does this every hour."""
    settings = settings_of(home)
    gone = expiry.purge(settings, Quarantine(settings).engine, dry_run=dry_run)
    told = dataclasses.asdict(gone)
    if output == "table":
        told |= {"damaged": ", ".join(gone.damaged) or "none", "left": "yes" if gone.left else "none"}
    emit_record(told, output, title="Would go" if dry_run else "Gone")


def _repair(document: Any, options: dict[str, Any], reason: str) -> Repair:
    """What the document and the flags say together."""
    content = _text(document) if document else None
    of_document = read(content) if content is not None else Repair()
    names = {"event": "event_", "set": "set_"}
    steps = [short_step(kind, text) for kind in IN_ORDER for text in options.pop(names.get(kind, kind))]
    given = {
        name: value for name, value in vars(filters_of(**_filters(options))).items() if value is not None
    }
    filters = dataclasses.replace(of_document.filters, **given)
    found = Repair((*of_document.steps, *steps), filters, title_of(reason) or of_document.title)
    if not found.steps:
        raise UsageError(
            "say what to change: a document, or --rename, --cast, --set, --default, --drop, --event-name."
        )
    return found


def _filters(options: dict[str, Any]) -> dict[str, str | None]:
    return {name: options[name] for name in ("code", "event", "path", "source", "since", "state")}


def _text(document: Any) -> str:
    try:
        return str(document.read(MOST_BYTES + 1).decode())
    except UnicodeDecodeError as error:
        raise UsageError("the repair is not UTF-8.") from error


def _records(found: Quarantine, filters: Filters, bad_ids: tuple[str, ...]) -> Iterator[BadRecord]:
    """What is meant and came in until now: what comes in while the repair runs is not what was tried."""
    if bad_ids:
        return iter([found.get(bad_id) for bad_id in bad_ids])
    meant = dataclasses.replace(filters, until=filters.until or rfc3339_ms(system_clock()))
    return (bad for bad in found.records(meant) if bad.state != REPLAYED)


def _show_trial(tried: Trial, output: str) -> None:
    if output == "json":
        emit_record(_plain(tried), output)
        return
    emit_rows([vars(verdict) for verdict in tried.verdicts], VERDICT_COLUMNS, output)
    if output == "table":
        for sample in tried.samples:
            rows = [vars(change) for change in sample.changes]
            title = f"{sample.bad.id}  {sample.outcome.state}"
            emit_rows(rows, ["kind", "path", "before", "after"], output, title=title)
    say(
        f"would pass: {tried.passed:,}; refused again: {tried.refused:,}; nothing to change in: {tried.untouched:,}. "
        "Nothing has changed; --yes carries it out."
    )


def _show_report(done: history.Report, output: str) -> None:
    if output == "json":
        emit_record(dataclasses.asdict(done), output)
        return
    emit_rows([vars(verdict) for verdict in done.verdicts], VERDICT_COLUMNS, output)
    say(
        f"{done.repair_id} {done.state}: {done.passed:,} passed, {done.refused:,} refused again. "
        f"`rastup quarantine undo {done.repair_id}` takes it back."
    )


def _plain(tried: Trial) -> dict[str, Any]:
    samples = [
        {
            "id": s.bad.id,
            "changes": [vars(change) for change in s.changes],
            "outcome": dataclasses.asdict(s.outcome),
        }
        for s in tried.samples
    ]
    verdicts = [vars(verdict) for verdict in tried.verdicts]
    counts = {"passed": tried.passed, "refused": tried.refused, "untouched": tried.untouched}
    return {**counts, "verdicts": verdicts, "samples": samples}
