"""What commands share: the deployment's folder and its settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from rastup.core import config

F = TypeVar("F", bound=Callable[..., Any])


def home_option(command: F) -> F:
    """`--home DIR`, accepted after the command too."""
    return click.option(
        "--home",
        type=click.Path(path_type=Path),
        help="The deployment's folder [RASTUP_HOME, else ./.rastup].",
    )(command)


def settings_of(home: Path | None, **overrides: Any) -> config.Settings:
    """The settings for this call; `overrides` are `part__field=value`, None is ignored."""
    if home is None:
        context = click.get_current_context(silent=True)
        home = (context.find_root().obj or {}).get("home") if context else None
    return config.load(home, overrides={k.replace("__", "."): v for k, v in overrides.items()})
