"""A reception as a worker has it, with clocks and sources of the test's own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete
from tests.unit.ingest.webhooks import signing

from rastup.contracts.registry import Registry, load_registry
from rastup.contracts.validation import Validator
from rastup.core.config import WebhooksConfig
from rastup.ingest.admission import Admission
from rastup.ingest.collector.intake import Intake
from rastup.ingest.collector.meters import Meters
from rastup.ingest.collector.seen import SeenIds
from rastup.ingest.webhooks.certificates import Certificates
from rastup.ingest.webhooks.docusign import DocusignDoor
from rastup.ingest.webhooks.door import Door
from rastup.ingest.webhooks.dropbox_sign import DropboxSignDoor
from rastup.ingest.webhooks.mapping import ProviderMapping, load_mapping
from rastup.ingest.webhooks.reception import PROVIDERS, Received, Reception
from rastup.ingest.webhooks.references import References
from rastup.ingest.webhooks.sns import SnsDoor
from rastup.ingest.webhooks.stripe import StripeDoor
from rastup.state.database import open_state
from rastup.state.schema import webhook_references

SECRETS = ("whsec_old", "whsec_new")
KEYS = ("key one", "key two")


class Served:
    """Files by address; an `OSError` is raised."""

    def __init__(self, files: Mapping[str, bytes | OSError]) -> None:
        self.files = dict(files)
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        found = self.files.get(url, OSError("no such address"))
        if isinstance(found, OSError):
            raise found
        return found


class Worker:
    """A reception and what it has taken, as if each answer had been stored."""

    def __init__(
        self,
        folder: Path,
        registry: Registry,
        doors: list[Door],
        mappings: Mapping[str, ProviderMapping],
        state: Engine,
    ) -> None:
        validator = Validator(registry)
        self.seen = SeenIds(10_000)
        self.meters = Meters(folder / "meters")
        self.references = References(state)
        self.stored: list[bytes] = []
        self.reception = Reception(
            WebhooksConfig(),
            {door.provider: door for door in doors},
            mappings,
            Intake(Admission(validator), self.seen),
            self.seen,
            self.meters,
            self.references,
        )

    def post(self, path: str, body: bytes, **headers: str) -> Received:
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        received = asyncio.run(self.reception.receive(path, named, body))
        self.stored += received.taken.lines
        self.seen.add(received.taken.ids)
        return received

    def stripe(self, event: Any) -> Received:
        body = json.dumps(event).encode()
        header = signing.stripe_header(body, SECRETS[1], signing.MOMENT.timestamp())
        return self.post("/webhooks/stripe", body, stripe_signature=header)

    def ses(self, message: Any, **changed: Any) -> Received:
        signed = signing.sign_sns(signing.sns_message(message, **changed))
        return self.post("/webhooks/ses", json.dumps(signed).encode())

    def docusign(self, document: Any) -> Received:
        body = json.dumps(document).encode()
        signature = signing.docusign_signature(body, KEYS[1])
        return self.post("/webhooks/esign/docusign", body, **{"X-DocuSign-Signature-1": signature})

    def dropbox_sign(self, document: Any) -> Received:
        event = document["event"]
        event["event_hash"] = signing.event_hash(event["event_time"], event["event_type"], KEYS[1])
        body, kind = signing.multipart(document)
        return self.post("/webhooks/esign/dropbox-sign", body, content_type=kind)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events that were stored."""
        found = [json.loads(line) for line in self.stored]
        return [record for record in found if "_bad" not in record]

    @property
    def quarantined(self) -> list[dict[str, Any]]:
        """The records that were quarantined."""
        found = [json.loads(line) for line in self.stored]
        return [record["_bad"] for record in found if "_bad" in record]

    def counts(self) -> dict[tuple[str, ...], int]:
        """Webhooks by provider, type and outcome."""
        self.meters.publish()
        totals = self.meters.everyones()["totals"]
        return {key[1:]: n for key, n in totals.items() if key[0] == "webhooks"}


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="session")
def mappings(registry: Registry) -> Mapping[str, ProviderMapping]:
    return {provider: load_mapping(provider, registry) for provider in PROVIDERS}


@pytest.fixture(scope="session")
def state_of_all(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_state(f"sqlite:///{tmp_path_factory.mktemp('state') / 'state.db'}")


@pytest.fixture
def state(state_of_all: Engine) -> Engine:
    """An empty state; migrating one for each test would take longer than the tests."""
    with state_of_all.begin() as connection:
        connection.execute(delete(webhook_references))
    return state_of_all


@pytest.fixture
def certificates() -> Served:
    return Served({signing.CERT_URL: signing.authority().served})


@pytest.fixture
def confirming() -> Served:
    return Served({})


@pytest.fixture
def worker(
    tmp_path: Path,
    registry: Registry,
    mappings: Mapping[str, ProviderMapping],
    state: Engine,
    certificates: Served,
    confirming: Served,
) -> Iterator[Worker]:
    topics = [signing.TOPIC]
    doors: list[Door] = [
        StripeDoor(SECRETS, clock=lambda: signing.MOMENT),
        SnsDoor(topics, Certificates(certificates, signing.HOSTS), signing.HOSTS, confirming),
        DocusignDoor(KEYS),
        DropboxSignDoor(KEYS),
    ]
    found = Worker(tmp_path, registry, doors, mappings, state)
    yield found
    found.references.close()
