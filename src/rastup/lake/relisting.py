"""Making the ledger tell of what lies in Bronze, as after a state database was lost or damaged files were removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine

from rastup.core.clock import rfc3339_ms, system_clock
from rastup.core.config import Settings
from rastup.core.logs import get_logger
from rastup.lake.bronze import EVENTS, UNDONE, unpack
from rastup.lake.damage import refuse_loss
from rastup.lake.ledger import LandedFile, forget, insert_files, known_paths
from rastup.lake.storage import ObjectStore, open_store
from rastup.lake.storage.base import ObjectInfo
from rastup.lake.withdrawals import marked

_KEY = re.compile(
    r"(?:events|_(?P<kind>bad|meter))/dt=(?P<dt>\d{4}-\d\d-\d\d)/hour=(?P<hour>\d\d)/"
    r"(?:env=(?P<env>[^/]+)/event=(?P<event>[^/]+)/)?"
    r"part-(?P<stream>.+?)-(?P<first>\d{1,16})-(?P<end>\d{1,16})(?:-\d+)?(?:-x[0-9a-f]{8})?\.json\.gz"
)
_AT_ONCE = 500
_log = get_logger(__name__)


@dataclass(frozen=True)
class Relisted:
    """How many files were noted, and how many forgotten because they are gone."""

    new: int
    gone: int


def relist(settings: Settings, engine: Engine, *, accept_loss: bool = False) -> Relisted:
    """Notes every Bronze file that the ledger does not know, and forgets those that are gone. Records are counted by
    reading them.

    Args:
        settings: of the deployment.
        engine: of its state.
        accept_loss: whether files of events may be gone.

    Raises:
        DamageFound: one of them cannot be read, or files of events are gone.
    """
    store = open_store(settings.bronze_url, settings.bronze)
    known = known_paths(engine)
    found = {info.key: info for prefix in (EVENTS, "_bad", "_meter") for info in store.list(prefix)}
    gone = sorted(known - found.keys())
    if not accept_loss:
        refuse_loss([path for path in gone if path.startswith(f"{EVENTS}/")], store)
    for start in range(0, len(gone), _AT_ONCE):
        forget(engine, gone[start : start + _AT_ONCE])
    for path in gone:
        _log.warning("a Bronze file is gone: its records are left out from now on", file=path)
    new = insert_files(engine, _unknown(store, [info for key, info in found.items() if key not in known]))
    return Relisted(new, len(gone))


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
