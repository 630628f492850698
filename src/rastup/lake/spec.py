"""What the models and checks of the project say, as SQL of the engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSpec:
    """A model: its table, write mode, layout, the tables it reads, what it is built by, and its query.

    `is_held`: many models read it, so that a run which changes it reads it into memory once.
    """

    table: str
    write: str
    partition_by: tuple[str, ...]
    sort_by: tuple[str, ...]
    is_unique: bool
    inputs: frozenset[str]
    fingerprint: str
    is_held: bool
    query: str


@dataclass(frozen=True)
class CheckSpec:
    """A check: its query, whose rows are failures, and the SQL condition over them by which it fails.

    `table` is what it is about, `inputs` are all the tables that it reads.
    """

    name: str
    table: str
    inputs: frozenset[str]
    query: str
    count: str
    fails_if: str
    description: str
