"""Webhooks that came twice, to collectors that know nothing of each other, are in Silver once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.deployment import Deployment
from tests.integration.webhooks.conftest import Providers
from tests.unit.ingest.webhooks import bodies

from rastup.ingest import lander


@pytest.mark.slow
def test_what_came_twice_is_in_silver_once(start: Callable[..., Providers], tmp_path: Path) -> None:
    for _ in range(2):
        providers = start()
        providers.stripe(bodies.stripe("charge.captured", bodies.charge(currency="jpy", amount_captured=500)))
        providers.ses({**bodies.SES[1][0], "mail": bodies.MAIL})
        providers.docusign(bodies.docusign("envelope-completed"))
        providers.dropbox_sign(bodies.dropbox_sign("signature_request_sent"))
        assert providers.collector.stop() == 0
    assert len(providers.collector.spooled()) == 2 * 6
    deployment = Deployment(tmp_path)
    try:
        lander.run(deployment.settings, threading.Event(), once=True)
        deployment.run()
        rows = deployment.rows(
            "select event_name, source, amount_cents, currency, env from silver.events order by event_name"
        )
    finally:
        deployment.close()
    assert [tuple(row.values()) for row in rows] == [
        ("doc.envelope.completed", "docusign", None, None, "prod"),
        ("doc.envelope.sent", "dropbox_sign", None, None, "prod"),
        *[("email.bounce", "ses", None, None, "prod")] * 3,
        ("payment.capture.succeeded", "stripe", 50_000, "JPY", "prod"),
    ]
