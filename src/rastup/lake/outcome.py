"""What a run of models and checks came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rastup.core.errors import RastupError


@dataclass(frozen=True)
class ModelRun:
    """One model of a run: `status` is success, error or skipped."""

    model: str
    status: str
    seconds: float
    rows: int | None
    message: str = ""


@dataclass(frozen=True)
class FailedCheck:
    """A check that refused the run: how many rows, some of them, and on which days they are."""

    check: str
    table: str
    failures: int
    days: tuple[str, ...]
    sample: tuple[dict[str, Any], ...]
    message: str


@dataclass(frozen=True)
class Outcome:
    """What a run of dbt came to."""

    models: tuple[ModelRun, ...] = ()
    failed: tuple[FailedCheck, ...] = ()
    checks_run: int = 0
    errors: tuple[str, ...] = field(default=())


class ModelFailed(RastupError):
    """A model could not be built; the release is untouched."""
