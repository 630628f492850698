"""What would most likely mend a group of refused events, read from why they were refused."""

from __future__ import annotations

import re

from rastup.core.errors import UsageError
from rastup.ingest.quarantine import BadRecord
from rastup.ingest.repair.casts import KINDS
from rastup.ingest.repair.paths import Path
from rastup.ingest.repair.steps import Cast, Drop, MapEvent, Set, Step

_NEAREST = re.compile(r"did you mean ([\w.]{1,128})\?")
_EXPECTED = re.compile(r"expected (\w+)[ ,]")
_AS_WRITTEN = ("domain", "web")
"""In these dialects a finding's path is nearly always that of the message."""


def suggested(bad: BadRecord) -> Step | None:
    """A first step to try, None when nothing is plain. A person looks at the diff before anything happens."""
    if bad.dialect not in _AS_WRITTEN or not bad.path or not bad.message:
        return None
    if (near := _NEAREST.search(bad.message)) and bad.event:
        return MapEvent(near[1], bad.event)
    try:
        path = Path.parse(bad.path)
    except UsageError:
        return None
    if "unknown field" in bad.message or bad.code == "EVENT_PII_FORBIDDEN":
        return Drop(path)
    if bad.message.startswith("required"):
        return Set(path, "", if_missing=True)
    kind = _EXPECTED.match(bad.message)
    if kind and kind[1] in KINDS:
        return Cast(path, kind[1])
    return Cast(path, "timestamp") if "RFC 3339" in bad.message else None
