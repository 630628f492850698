"""What tells of a device and its place: the user agent of a request or a message, and where its address is.

Addresses and user agents are used here and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import maxminddb

from rastup.contracts.mapping import city_code
from rastup.contracts.validation import Record
from rastup.core.errors import ConfigError
from rastup.ingest.user_agents import AgentFields, describe, load, read

Flags = Mapping[str, Any]
Enricher = Callable[[Record, Any], Flags | None]
"""Adds to a record what its message and its request tell; gives what is to be noted in `schema_flags`."""
BOT: Flags = MappingProxyType({"bot": True})

_CDN_HEADERS = {  # header: part of `geo`
    "cf-ipcountry": "country",
    "cloudfront-viewer-country": "country",
    "cloudfront-viewer-country-region": "region",
    "cloudfront-viewer-city": "city",
    "cf-ipcity": "city",
    "cf-region-code": "region",
}


def open_geo_database(path: str) -> maxminddb.Reader:
    """Opens a MaxMind-format file.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return maxminddb.open_database(path)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(f"ingest.geo_database = {path!r}: {reason}. Give a MaxMind-format file.") from error


class Enrichment:
    """Makes what adds to records.

    Args:
        fields: where messages say their user agent.
        geo_database: a MaxMind-format file, or empty.
        trusted_proxies: addresses whose forwarding and geo headers are believed.
        cities: names of cities and their codes.
    """

    def __init__(
        self,
        fields: AgentFields,
        geo_database: str,
        trusted_proxies: tuple[str, ...],
        cities: Mapping[str, str],
    ) -> None:
        load()
        self._fields = fields
        self._trusted = frozenset(trusted_proxies)
        self._cities = cities
        self._database = open_geo_database(geo_database) if geo_database else None

    def of_browser(self, dialect: str, headers: Any, client: str) -> Enricher:
        """For the messages of a request that comes from the device itself: headers and address tell of it."""
        geo = self._geo(headers, client.rpartition(":")[0].strip("[]"))
        of_request = read(agent) if (agent := headers.get("user-agent")) else None

        def enrich(record: Record, message: Any) -> Flags | None:
            self._place(record, geo)
            agent = self._fields.of(dialect, message) or of_request
            if agent is not None:
                describe(record, agent)
            is_bot = (agent is not None and agent.is_bot) or (of_request is not None and of_request.is_bot)
            return BOT if is_bot else None

        return enrich

    def of_sdk(self, dialect: str) -> Enricher:
        """For the messages of an SDK: its request may come from a server, so only what a message says itself counts."""
        fields = self._fields

        def enrich(record: Record, message: Any) -> Flags | None:
            if (agent := fields.of(dialect, message)) is None:
                return None
            describe(record, agent)
            return BOT if agent.is_bot else None

        return enrich

    def _place(self, record: Record, geo: Mapping[str, str]) -> None:
        if geo and "geo" not in record:
            record["geo"] = dict(geo)
            if "city" in geo and "city" not in record:
                record["city"] = city_code(geo["city"], self._cities)

    def _geo(self, headers: Any, address: str) -> dict[str, str]:
        if address in self._trusted:
            told = {part: headers.get(name) for name, part in _CDN_HEADERS.items() if headers.get(name)}
            if told:
                return {part: value[:64] for part, value in told.items()}
            forwarded = headers.get("x-forwarded-for")
            address = forwarded.split(",")[0].strip() if forwarded else address
        return self._looked_up(address)

    def _looked_up(self, address: str) -> dict[str, str]:
        if self._database is None:
            return {}
        try:
            found: Any = self._database.get(address)
        except ValueError:
            return {}
        if not isinstance(found, dict):
            return {}
        regions = found.get("subdivisions") or [{}]
        geo = {
            "country": found.get("country", {}).get("iso_code"),
            "region": regions[0].get("iso_code"),
            "city": found.get("city", {}).get("names", {}).get("en"),
        }
        return {part: str(value)[:64] for part, value in geo.items() if value}
