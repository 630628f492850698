"""What a browser's request tells besides its body: the user agent (hashed), whether it is a crawler, and a coarse place.

Addresses and user agents are used here and kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import maxminddb

from rastup.contracts.mapping import city_code, hashed
from rastup.contracts.validation import Record
from rastup.core.errors import ConfigError

_CRAWLER = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|headless|lighthouse|facebookexternalhit|preview|monitor|curl/|wget/", re.I
)
_CDN_HEADERS = {  # header: part of `geo`
    "cf-ipcountry": "country",
    "cloudfront-viewer-country": "country",
    "cloudfront-viewer-country-region": "region",
    "cloudfront-viewer-city": "city",
    "cf-ipcity": "city",
    "cf-region-code": "region",
}


class Enrichment:
    """Adds to the records of one request what its headers and its address tell.

    Args:
        geo_database: a MaxMind-format file, or empty.
        trusted_proxies: addresses whose forwarding and geo headers are believed.
        cities: names of cities and their codes.
    """

    def __init__(
        self, geo_database: str, trusted_proxies: tuple[str, ...], cities: Mapping[str, str]
    ) -> None:
        self._trusted = frozenset(trusted_proxies)
        self._cities = cities
        try:
            self._database = maxminddb.open_database(geo_database) if geo_database else None
        except (OSError, maxminddb.InvalidDatabaseError) as error:
            raise ConfigError(
                f"ingest.geo_database = {geo_database!r}: {error}. Give a MaxMind-format file."
            ) from error

    def of_request(self, headers: Any, client: str) -> tuple[dict[str, str], str, bool]:
        """`geo`, the hash of the user agent (empty without one) and whether it is a crawler's."""
        agent = headers.get("user-agent") or ""
        return (
            self._geo(headers, client.rpartition(":")[0].strip("[]")),
            hashed(agent) if agent else "",
            is_crawler(agent),
        )

    def enrich(self, record: Record, geo: dict[str, str], ua_hash: str) -> None:
        """Fills what the record does not say itself."""
        if ua_hash and "ua_hash" not in record.setdefault("device", {}):
            record["device"]["ua_hash"] = ua_hash
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


def is_crawler(agent: str) -> bool:
    """Whether a user agent calls itself a crawler or a program."""
    return bool(_CRAWLER.search(agent))
