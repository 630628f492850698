"""Quarantine: what was refused, with its original bytes, wherever it lies now (spool or Bronze), and what became of it.

records   one refused event, read from its `_bad` line; which of them are meant
groups    records that share code, event, path and source
reading   the records of a deployment, each with its state
"""

from __future__ import annotations

from rastup.ingest.quarantine.groups import Group, grouped
from rastup.ingest.quarantine.reading import LEASE, Quarantine
from rastup.ingest.quarantine.records import (
    CLAIMED,
    IDS,
    OPEN,
    REFUSED,
    REPLAYED,
    STATES,
    BadRecord,
    Filters,
)

__all__ = [
    "CLAIMED",
    "IDS",
    "LEASE",
    "OPEN",
    "REFUSED",
    "REPLAYED",
    "STATES",
    "BadRecord",
    "Filters",
    "Group",
    "Quarantine",
    "grouped",
]
