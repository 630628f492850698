"""`rastup send FILE --to URL --key K`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from rastup.cli.render import emit_record, emit_rows, output_option
from rastup.core.errors import CheckFailed
from rastup.ingest.sending import REASONS_KEPT, Sender, Sent


@click.command()
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
)
@click.option(
    "--to", "url", required=True, help="The collector's address, for example http://127.0.0.1:8700."
)
@click.option("--key", required=True, envvar="RASTUP_WRITE_KEY", help="A write key [RASTUP_WRITE_KEY].")
@output_option
def send(files: tuple[Path, ...], url: str, key: str, output: str) -> None:
    """Send files of events to a collector: NDJSON, plain, gzip or Zstandard, in the domain or the web dialect.

    Events are sent as of now. `rastup import` is for history that keeps its days.
    """
    with Console(stderr=True).status("sending") as status:

        def on_progress(sent: Sent) -> None:
            status.update(f"{sent.accepted:,} accepted, {sent.quarantined:,} quarantined")

        sender = Sender(url, key, on_progress)
        for path in files:
            sender.send(path)
    sent = sender.sent
    counts = {"accepted": sent.accepted, "duplicates": sent.duplicates, "quarantined": sent.quarantined}
    reasons = [
        {"events": count, "code": code, "path": path, "message": message}
        for (code, path, message), count in sent.reasons.most_common(REASONS_KEPT)
    ]
    if output == "table":
        emit_record(counts, output, title="Sent")
        if reasons:
            emit_rows(reasons, list(reasons[0]), output, title="Quarantined")
    else:
        emit_record({**counts, "reasons": reasons}, output)
    if sent.quarantined:
        raise CheckFailed(
            f"{sent.quarantined:,} events were quarantined; `rastup quarantine list` shows them."
        )
