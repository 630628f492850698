"""What the models and checks of the project say, as SQL of the engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSpec:
    """A model: its table, write mode, layout, the tables it reads, what it is built by, and its query.

    `links` and `seeds` of the model that says which rows belong together, and `touched_by` of those that are computed
    group by group (link and own column), are explained in `touched`.
    """

    table: str
    write: str
    partition_by: tuple[str, ...]
    sort_by: tuple[str, ...]
    is_unique: bool
    inputs: frozenset[str]
    fingerprint: str
    links: tuple[str, ...]
    seeds: tuple[tuple[str, str], ...]
    touched_by: tuple[tuple[str, str], ...]
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
