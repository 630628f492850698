"""What a model says about its table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSpec:
    """How a model is kept: its table, write mode, layout, the tables it reads, and what it is built by.

    `is_held`: many models read it, so that a run which changes it reads it into memory once.
    """

    table: str
    write: str
    partition_by: tuple[str, ...]
    sort_by: tuple[str, ...]
    is_unique: bool
    inputs: frozenset[str]
    fingerprint: str
    is_held: bool = False
