"""Reception: a webhook becomes what any request becomes: lines for the spool, counts, and an answer."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine

from rastup.contracts.explanation import SCHEMA_INVALID, Finding
from rastup.contracts.registry import Registry
from rastup.core.clock import rfc3339_now
from rastup.core.config import Settings, WebhooksConfig
from rastup.core.errors import ConfigError, Rejected
from rastup.ingest.admission import Stamp, quarantine_line
from rastup.ingest.collector.bodies import Parsed
from rastup.ingest.collector.intake import Intake, Taken
from rastup.ingest.collector.meters import Meters
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.headers import Headers
from rastup.ingest.webhooks.docusign import DocusignDoor
from rastup.ingest.webhooks.door import SIGNATURE_INVALID, ClosedDoor, Delivery, Document, Door, log
from rastup.ingest.webhooks.dropbox_sign import DropboxSignDoor
from rastup.ingest.webhooks.mapping import IGNORED, Mapped, ProviderMapping, load_mapping
from rastup.ingest.webhooks.references import References
from rastup.ingest.webhooks.stripe import StripeDoor, require_library
from rastup.ingest.webhooks.thin import StripeApi

ROUTES = {
    "/webhooks/stripe": "stripe",
    "/webhooks/ses": "ses",
    "/webhooks/esign/docusign": "docusign",
    "/webhooks/esign/dropbox-sign": "dropbox_sign",
}
PROVIDERS = tuple(ROUTES.values())
MOST_UNKNOWN_TOLD = 200
TEST_ENV = "stage"


@dataclass(frozen=True, slots=True)
class Received:
    """What one webhook came to."""

    taken: Taken
    place: tuple[str, str]
    content_type: str
    answer: bytes


class Reception:
    """The doors of one worker, and what lies behind them."""

    def __init__(
        self,
        config: WebhooksConfig,
        doors: Mapping[str, Door],
        mappings: Mapping[str, ProviderMapping],
        intake: Intake,
        seen: SeenIds,
        meters: Meters,
        references: References,
    ) -> None:
        self._references = references
        self._config = config
        self._doors = doors
        self._mappings = mappings
        self._intake = intake
        self._seen = seen
        self._meters = meters
        self._told: set[tuple[str, str]] = set()

    def place(self, path: str) -> tuple[str, str]:
        """Source and environment of what comes in at a path."""
        return ROUTES[path], self._config.env

    async def receive(self, path: str, headers: Headers, body: bytes) -> Received:
        """Verifies, maps and admits one webhook.

        Raises:
            Rejected: as `Door.receive` does; 415 for a body that is packed, because signatures are over plain ones.
        """
        if (headers.get("content-encoding") or "identity") != "identity":
            raise Rejected(415, "EVENT_ENVELOPE_INVALID", "Content-Encoding is not supported on webhooks.")
        provider = ROUTES[path]
        door = self._doors[provider]
        try:
            delivery = await door.receive(headers, body)
        except Rejected as error:
            self._meters.webhook(
                provider, "other", "refused" if error.code == SIGNATURE_INVALID else "failed"
            )
            raise
        stamp = Stamp(rfc3339_now(), self._env(door, delivery), provider)
        taken, ignored = await self._take(provider, delivery, stamp)
        kind, answer = door.answer or ("application/json", taken.answer(ignored=ignored))
        return Received(taken, (provider, stamp.env), kind, answer)

    def _env(self, door: Door, delivery: Delivery) -> str:
        """The environment of a delivery. A test that came without having been asked for never counts as prod."""
        env = self._config.env
        if not delivery.is_test:
            return env
        return self._config.test_env or (TEST_ENV if env == "prod" and not door.has_test_keys else env)

    async def _take(self, provider: str, delivery: Delivery, stamp: Stamp) -> tuple[Taken, int]:
        if delivery.document is None:
            self._meters.webhook(provider, "other", delivery.note)
            return Taken(), 1
        mapping = self._mappings[provider]
        key = mapping.id_of(delivery.document)
        if key is not None and self._has_seen(mark := f"webhook {provider} {key}"):
            self._meters.webhook(provider, "other", "duplicate")
            return Taken(duplicates=1), 0
        if delivery.aside is not None and mapping.type_of(delivery.document) not in mapping.ignored:
            taken = self._set_aside(provider, *delivery.aside, stamp)
        else:
            mapped = mapping.map(await self._with_known(mapping, delivery.document))
            self._meters.webhook(provider, mapped.type, mapped.outcome)
            if not mapped.records:
                self._tell(provider, mapped, delivery.document)
                return Taken(), 1
            raws = [orjson.dumps(record) for record in mapped.records]
            taken = self._intake.take(Parsed(list(mapped.records), [], raws.__getitem__), stamp)
        if key is not None and taken.lines:
            taken.ids.add(mark)
        return taken, 0

    async def _with_known(self, mapping: ProviderMapping, document: Document) -> Document:
        """The document, and as `known` what earlier ones have told of the objects that it names."""
        if (said := mapping.references(document)) is None or not said.refs:
            return document
        if said.is_telling and said.ids:
            self._references.tell(mapping.provider, said.refs, said.ids)
        if not said.is_asking:
            return document
        known = await asyncio.to_thread(self._references.known, mapping.provider, said.refs)
        return {**document, "known": known} if known else document

    def close(self) -> None:
        """Writes what is left to be written."""
        self._references.close()

    def _has_seen(self, mark: str) -> bool:
        return mark in self._seen.current or mark in self._seen.previous

    def _set_aside(self, provider: str, why: str, allowed: dict[str, Any], stamp: Stamp) -> Taken:
        self._meters.webhook(provider, "thin", "quarantined")
        finding = Finding(SCHEMA_INVALID, "$.data", why)
        line = quarantine_line(
            orjson.dumps(allowed), finding, stamp, dialect="domain", event=allowed.get("type")
        )
        result = {"index": 0, "event_id": None, "status": "quarantined", "code": finding.code, "message": why}
        return Taken(lines=[line], quarantined=1, kept_aside=1, results=[result])

    def _tell(self, provider: str, mapped: Mapped, document: Any) -> None:
        """Says once which type has no mapping; a type is a provider's word, never a person's."""
        kind = self._mappings[provider].type_of(document)
        if mapped.outcome != IGNORED and len(self._told) < MOST_UNKNOWN_TOLD:
            if (provider, kind) not in self._told:
                log.info("webhook without a mapping, acknowledged", provider=provider, type=kind)
            self._told.add((provider, kind))


def check(settings: Settings, registry: Registry) -> None:
    """Says at once what would keep webhooks from working.

    Raises:
        ConfigError: a setting, a mapping or a library is wrong or missing.
    """
    config = settings.webhooks
    if config.stripe_secrets:
        require_library()
    for provider in PROVIDERS:
        load_mapping(provider, registry)
    try:
        re.compile(config.sns_host_pattern)
    except re.error as error:
        raise ConfigError(f"webhooks.sns_host_pattern is not a regular expression: {error}.") from error
    if config.sns_topics or config.sns_authorities:
        _sns(config)


def open_reception(
    config: WebhooksConfig,
    registry: Registry,
    intake: Intake,
    seen: SeenIds,
    meters: Meters,
    engine: Engine,
) -> Reception:
    """The reception of a worker, speaking with the real world."""
    mappings = {provider: load_mapping(provider, registry) for provider in PROVIDERS}
    doors: list[Door] = [
        StripeDoor(
            config.stripe_secrets,
            config.stripe_tolerance_s,
            StripeApi(config.stripe_api_key) if config.stripe_api_key else None,
            mappings["stripe"].rules.__contains__,
        ),
        _sns(config) if config.sns_topics else ClosedDoor("ses", "sns_topics"),
        DocusignDoor(config.docusign_keys),
        DropboxSignDoor(config.dropbox_sign_keys),
    ]
    references = References(engine)
    references.start()
    return Reception(
        config, {door.provider: door for door in doors}, mappings, intake, seen, meters, references
    )


def _sns(config: WebhooksConfig) -> Door:
    # Its cryptography is a twentieth of a second of every worker's start: only where a topic is allowed.
    from rastup.ingest.webhooks.certificates import Certificates, Folder, Https
    from rastup.ingest.webhooks.sns import SnsDoor

    source = Folder(Path(config.sns_certificates), Https()) if config.sns_certificates else Https()
    authorities = Path(config.sns_authorities) if config.sns_authorities else None
    certificates = Certificates(source, config.sns_host_pattern, authorities)
    return SnsDoor(config.sns_topics, certificates, config.sns_host_pattern, Https())
