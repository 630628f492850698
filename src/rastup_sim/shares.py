"""How much of the traffic is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shares:
    """Shares between 0 and 1.

    Attributes:
        late: of visits whose events arrive hours or days after they happened.
        duplicates: of visits whose events are sent twice.
        malformed: of events, added to them: what a broken client sends.
        unknown: of client events with a field that no contract knows.
        pii: of search queries in which somebody typed personal data.
        web: of visits that speak the web dialect.
    """

    late: float = 0.012
    duplicates: float = 0.01
    malformed: float = 0.003
    unknown: float = 0.004
    pii: float = 0.01
    web: float = 0.18
