"""Taking files into the ledger that lie in Bronze without it knowing, as after a state database was lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import Engine

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.logs import get_logger
from rastup.lake.bronze import UNDONE, unpack
from rastup.lake.ledger import LandedFile, insert_files, known_paths
from rastup.lake.storage import ObjectStore, open_store
from rastup.lake.storage.base import ObjectInfo
from rastup.lake.withdrawals import marked

_KEY = re.compile(
    r"(?:events|_(?P<kind>bad|meter))/dt=(?P<dt>\d{4}-\d\d-\d\d)/hour=(?P<hour>\d\d)/"
    r"(?:env=(?P<env>[^/]+)/event=(?P<event>[^/]+)/)?"
    r"part-(?P<stream>.+?)-(?P<first>\d{1,16})-(?P<end>\d{1,16})(?:-\d+)?(?:-x[0-9a-f]{8})?\.json\.gz"
)
_log = get_logger(__name__)


def relist(settings: Settings, engine: Engine) -> int:
    """Notes every Bronze file that the ledger does not know; returns how many. Their records are counted by reading them.

    Raises:
        DamageFound: one of them cannot be read.
    """
    store = open_store(settings.bronze_url, settings.bronze)
    known = known_paths(engine)
    found = [info for prefix in ("events", "_bad", "_meter") for info in store.list(prefix)]
    return insert_files(engine, _unknown(store, [info for info in found if info.key not in known]))


def _unknown(store: ObjectStore, infos: list[ObjectInfo]) -> Iterator[LandedFile]:
    now, withdrawn = rfc3339_ms(system_clock()), marked(store) if infos else frozenset()
    for info in infos:
        match = _KEY.fullmatch(info.key)
        if match is None:
            _log.warning("no name of a Bronze file: its records are left out", file=info.key)
            continue
        yield LandedFile(
            path=info.key,
            kind=match["kind"] or (UNDONE if match["stream"] in withdrawn else "events"),
            dt=match["dt"],
            hour=int(match["hour"]),
            env=match["env"],
            event=match["event"],
            records=len(unpack(store.get(info.key), info.key)),
            bytes=info.size,
            stream=match["stream"],
            first_offset=int(match["first"]),
            end_offset=int(match["end"]),
            landed_at=now,
        )
