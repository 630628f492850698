"""A collector with every provider set up as an operator does: secrets in the environment, a folder of certificates."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.integration.collector.conftest import Collector
from tests.unit.ingest.webhooks import signing

SECRET, KEY = "whsec_of_this_test", "key of this test"


class Providers:
    """Sends to a collector as the providers do."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self._client = httpx.Client(base_url=collector.url, timeout=20)

    def post(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        """Sends bytes as they are, over a connection that stays open."""
        return self._client.post(
            path, content=body, headers={n.replace("_", "-"): v for n, v in headers.items()}
        )

    def close(self) -> None:
        self._client.close()

    def stripe(self, event: Any) -> httpx.Response:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        header = signing.stripe_header(body, SECRET, time.time())
        return self.post("/webhooks/stripe", body, stripe_signature=header)

    def ses(self, message: Any, **changed: Any) -> httpx.Response:
        signed = signing.sign_sns(signing.sns_message(message, **changed))
        kind = {"content_type": "text/plain; charset=UTF-8"}
        return self.post("/webhooks/ses", json.dumps(signed).encode(), **kind)

    def docusign(self, document: Any) -> httpx.Response:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        signature = {"X-DocuSign-Signature-1": signing.docusign_signature(body, KEY)}
        return self.post("/webhooks/esign/docusign", body, **signature)

    def dropbox_sign(self, document: Any) -> httpx.Response:
        event = document["event"]
        event["event_hash"] = signing.event_hash(event["event_time"], event["event_type"], KEY)
        body, kind = signing.multipart(document)
        return self.post("/webhooks/esign/dropbox-sign", body, content_type=kind)


def environ(folder: Path) -> dict[str, str]:
    """The settings of all providers."""
    folder.mkdir(exist_ok=True)
    (folder / signing.CERT_URL.rpartition("/")[2]).write_bytes(signing.authority().served)
    return {
        "RASTUP_INGEST__WORKERS": "1",
        "RASTUP_WEBHOOKS__STRIPE_SECRETS": f"whsec_older,{SECRET}",
        "RASTUP_WEBHOOKS__SNS_TOPICS": signing.TOPIC,
        "RASTUP_WEBHOOKS__SNS_CERTIFICATES": str(folder),
        "RASTUP_WEBHOOKS__DOCUSIGN_KEYS": f"older,{KEY}",
        "RASTUP_WEBHOOKS__DROPBOX_SIGN_KEYS": f"older,{KEY}",
    }


@pytest.fixture(scope="module")
def providers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Providers]:
    """One collector for all tests of a module that only send."""
    folder = tmp_path_factory.mktemp("webhooks")
    collector = Collector(folder / "home", **environ(folder / "certificates"))
    sending = Providers(collector)
    yield sending
    sending.close()
    assert collector.stop() == 0
    assert "Traceback" not in (folder / "home.log").read_text()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Providers]]:
    """Starts one with settings of its own; it is ended after the test."""
    started: list[Providers] = []

    def start_one(**changed: str) -> Providers:
        settings = {**environ(tmp_path / "certificates"), **changed}
        started.append(Providers(Collector(tmp_path / "home", **settings)))
        return started[-1]

    yield start_one
    for sending in started:
        sending.close()
        sending.collector.stop()
