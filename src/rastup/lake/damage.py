"""Bronze files that are not what was landed, found by checksum and by the ledger before a release lacks their events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rastup.core.errors import DamageFound
from rastup.lake.bronze import unpack
from rastup.lake.ledger import LandedFile
from rastup.lake.storage import NoSuchObject, ObjectStore

_NAMED = 5


def refuse_damage(files: Iterable[LandedFile], store: ObjectStore) -> None:
    """Reads every file to its end.

    Raises:
        DamageFound: names those that are gone, fail their checksum, or hold another number of records than was landed.
    """
    _refuse(
        [f"{file.path} {why}" for file in files if (why := _damage(file, store))],
        "or move them out of Bronze and",
    )


def refuse_loss(gone: Sequence[str], store: ObjectStore) -> None:
    """Lets nobody take a Bronze that is not mounted, or not all there, for all that there is.

    Raises:
        DamageFound: names the files that are gone.
    """
    _refuse([f"{path} is gone from {store.url}" for path in gone], "or")


def _refuse(found: Sequence[str], other_way: str) -> None:
    if found:
        more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
        raise DamageFound(
            f"Bronze is damaged: {'; '.join(found[:_NAMED])}{more}. The last release keeps serving. Put the files back from "
            f"a copy, {other_way} run `rastup pipeline run --full-refresh --accept-loss` to go on without their events; "
            "what is put back after that is taken in by the next full refresh."
        )


def _damage(file: LandedFile, store: ObjectStore) -> str:
    try:
        records = len(unpack(store.get(file.path), file.path))
    except NoSuchObject:
        return "is gone"
    except DamageFound as error:
        return f"fails its checksum ({error.__cause__})"
    return "" if records == file.records else f"holds {records} records instead of {file.records}"
