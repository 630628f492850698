"""`rastup pipeline run | watch`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from rastup.cli.interruption import interruption
from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_record, output_option, say
from rastup.core import logs
from rastup.core.operators import operator_name

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def pipeline() -> None:
    """Build, check and publish releases."""


@pipeline.command()
@click.option("--from", "from_dt", type=DAY, help="First day (UTC) to take again from Bronze.")
@click.option("--to", "to_dt", type=DAY, help="Last day; today when only --from is given.")
@click.option("--full-refresh", is_flag=True, help="Take everything again from Bronze.")
@click.option(
    "--accept-loss", is_flag=True, help="With --full-refresh: go on without files that are gone from Bronze."
)
@home_option
@output_option
def run(
    from_dt: datetime | None,
    to_dt: datetime | None,
    full_refresh: bool,
    accept_loss: bool,
    home: Path | None,
    output: str,
) -> None:
    """Take new Bronze files into Silver and Gold, check them, publish a release."""
    from rastup.lake import pipeline as lake

    logs.configure(component="pipeline", level="warning")
    result = lake.run(
        settings_of(home),
        from_dt=from_dt and from_dt.date(),
        to_dt=to_dt and to_dt.date(),
        full_refresh=full_refresh,
        accept_loss=accept_loss,
        who=operator_name(),
        on_progress=lambda line: say(f"… {line}"),
    )
    emit_record(
        {
            "state": result.state,
            "release_id": result.release.release_id if result.release else None,
            "run_id": result.run_id,
            "new_files": result.new_files,
            "new_records": result.new_records,
            "models": len(result.outcome.models),
            "checks": result.outcome.checks_run,
            "seconds": round(result.seconds, 2),
        },
        output,
        title="Pipeline run",
    )


@pipeline.command()
@home_option
def watch(home: Path | None) -> None:
    """Build whenever Bronze has something new, refresh the operations views all the time, until interrupted."""
    from rastup.ops import pipeline_loop

    logs.configure(component="pipeline")
    pipeline_loop.watch(settings_of(home), interruption())
