"""What the live pages read beside the lake: the tail and the quarantine of one deployment, through one open store."""

from __future__ import annotations

from functools import lru_cache

from rastup.console.services import Services
from rastup.core.config import BronzeConfig
from rastup.ingest.quarantine import Quarantine
from rastup.ingest.tail import TailItem, latest
from rastup.lake.storage import ObjectStore, open_store


@lru_cache(maxsize=4)
def _store(url: str, config: BronzeConfig) -> ObjectStore:
    return open_store(url, config)  # one store for all requests: the tail remembers files by it


def store_of(services: Services) -> ObjectStore:
    """Bronze's store."""
    return _store(services.settings.bronze_url, services.settings.bronze)


def quarantine_of(services: Services) -> Quarantine:
    """The quarantine."""
    return Quarantine(services.settings, engine=services.engine, store=store_of(services))


def tail_of(
    services: Services,
    limit: int,
    event: str | None = None,
    source: str | None = None,
    status: str | None = None,
    event_id: str | None = None,
) -> list[TailItem]:
    """The newest events, newest first."""
    return latest(
        services.settings,
        limit=limit,
        event=event,
        source=source,
        status=status,
        event_id=event_id,
        engine=services.engine,
        store=store_of(services),
    )
