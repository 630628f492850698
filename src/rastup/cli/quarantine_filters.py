"""Which quarantined records a command means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from rastup.core.since import since_of
from rastup.ingest.quarantine import STATES, Filters

F = TypeVar("F", bound=Callable[..., Any])


def filter_options(command: F) -> F:
    """`--code --event --source --path --since --state`."""
    for option in reversed(
        (
            click.option("--code", help="Only this code, for example EVENT_SCHEMA_INVALID."),
            click.option("--event", help="Only this event."),
            click.option("--path", help="Only what was wrong here, for example $.payload.result_pos."),
            click.option("--source", help="Only this source."),
            click.option("--since", help="Only since this day, moment or age: 2026-11-06, 24h."),
            click.option("--state", type=click.Choice(STATES), help="Only records in this state."),
        )
    ):
        command = option(command)
    return command


def filters_of(
    code: str | None = None,
    event: str | None = None,
    path: str | None = None,
    source: str | None = None,
    since: str | None = None,
    state: str | None = None,
) -> Filters:
    """The filters that the options mean."""
    return Filters(code, event, source, since_of(since), state, path)
