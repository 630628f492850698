"""Webhooks at a running collector: durable before the answer, once, refused without traces, nothing personal on disk."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.conftest import shared_fixture
from tests.integration.webhooks.conftest import KEY, SECRET, Providers
from tests.unit.ingest.webhooks import bodies, signing

PATHS = ("/webhooks/stripe", "/webhooks/ses", "/webhooks/esign/docusign", "/webhooks/esign/dropbox-sign")


def _events(providers: Providers) -> list[dict[str, Any]]:
    return [record for record in providers.collector.spooled() if "_bad" not in record]


def _everything(providers: Providers) -> bytes:
    home = providers.collector.home
    files = [*home.rglob("*"), home.parent / f"{home.name}.log"]
    return b"\n".join(path.read_bytes() for path in files if path.is_file())


def _send_one_of_each(providers: Providers) -> list[httpx.Response]:
    return [
        providers.stripe(bodies.stripe("charge.captured", bodies.charge(), 100)),
        providers.ses({**bodies.SES[0][0], "mail": bodies.MAIL}, MessageId="m100"),
        providers.docusign(bodies.docusign("envelope-completed")),
        providers.dropbox_sign(bodies.dropbox_sign("signature_request_sent")),
    ]


ONE_OF_EACH = ["payment.capture.succeeded", "email.bounce", "doc.envelope.completed", "doc.envelope.sent"]


def test_what_was_answered_is_on_disk_though_the_collector_is_killed_and_comes_again_as_the_same_events(
    start: Callable[..., Providers],
) -> None:
    providers = start()
    answers = _send_one_of_each(providers)
    os.killpg(providers.collector.process.pid, signal.SIGKILL)
    providers.collector.process.wait(10)
    first = {event["event"]: event["event_id"] for event in _events(providers)}
    assert [answer.status_code for answer in answers] == [200] * 4
    assert list(first) == ONE_OF_EACH
    again = start()
    assert [answer.json()["accepted"] for answer in _send_one_of_each(again)[:3]] == [1, 1, 1]
    assert [answer.json()["duplicates"] for answer in _send_one_of_each(again)[:3]] == [1, 1, 1]
    found = [(event["event"], event["event_id"]) for event in _events(again)]
    assert len(found) == 8
    assert set(found) == set(first.items())


def test_each_provider_hears_what_it_waits_for(providers: Providers) -> None:
    stripe, ses, docusign, dropbox = _send_one_of_each(providers)
    assert [answer.status_code for answer in (stripe, ses, docusign, dropbox)] == [200] * 4
    assert dropbox.text == "Hello API Event Received"
    assert stripe.json()["accepted"] == 1
    sources = {event["context"]["source"] for event in _events(providers)}
    assert sources == {"stripe", "ses", "docusign", "dropbox_sign"}


def test_nothing_personal_and_no_secret_is_on_any_disk(providers: Providers) -> None:
    for number, (kind, thing, more, _) in enumerate(bodies.STRIPE, 200):
        assert (
            providers.stripe(bodies.stripe(kind, {**thing, "metadata": {}}, number, **dict(more))).status_code
            == 200
        )
        assert providers.stripe(bodies.stripe(kind, thing, 1000 + number, **dict(more))).status_code == 200
    for number, (body, _) in enumerate(bodies.SES):
        assert providers.ses({**body, "mail": bodies.MAIL}, MessageId=f"p{number}").status_code == 200
    for kind, changed, _ in bodies.DOCUSIGN:
        assert providers.docusign(bodies.docusign(kind, **changed)).status_code == 200
    for kind, _ in bodies.DROPBOX_SIGN:
        assert providers.dropbox_sign(bodies.dropbox_sign(kind)).status_code == 200
    refused = providers.post("/webhooks/stripe", b"{}", stripe_signature="t=1,v1=0")
    assert refused.status_code == 401
    everything = _everything(providers)
    assert [text for text in (*bodies.SECRETS, SECRET, KEY) if text.encode() in everything] == []
    assert b"lbg_1" in everything
    assert any("_bad" in record for record in providers.collector.spooled())


@pytest.mark.parametrize("path", PATHS)
def test_what_is_not_signed_is_refused_counted_and_leaves_nothing(providers: Providers, path: str) -> None:
    before = len(providers.collector.spooled())
    body, kind = signing.multipart({"event": {"event_time": "1", "event_type": "x", "event_hash": "0" * 64}})
    headers = {"stripe_signature": "t=1,v1=0", "X-DocuSign-Signature-1": "AAAA", "content_type": kind}
    content = json.dumps({"Type": "Notification"}).encode() if path == "/webhooks/ses" else body
    answer = providers.post(path, content, **headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "WEBHOOK_SIGNATURE_INVALID")
    assert answer.json()["message"] == "The request is not signed as this endpoint asks for."
    assert len(providers.collector.spooled()) == before
    source = path.rpartition("/")[2].replace("-", "_")
    wanted = f'rastup_rejected_total{{code="WEBHOOK_SIGNATURE_INVALID",env="prod",source="{source}"}}'
    _wait_for(lambda: wanted in httpx.get(f"{providers.collector.url}/metrics").text)


def test_without_settings_every_provider_is_refused(start: Callable[..., Providers]) -> None:
    nothing = {f"RASTUP_WEBHOOKS__{name}": "" for name in
               ("STRIPE_SECRETS", "SNS_TOPICS", "DOCUSIGN_KEYS", "DROPBOX_SIGN_KEYS")}  # fmt: skip
    assert [answer.status_code for answer in _send_one_of_each(start(**nothing))] == [401] * 4


def test_only_post_and_only_bodies_within_the_bound_are_taken(providers: Providers) -> None:
    for path in PATHS:
        assert httpx.get(providers.collector.url + path).status_code == 405
        assert providers.post(path, b"x" * 1_000_001).status_code == 413
        assert providers.post(path, b"{}", content_encoding="gzip").status_code == 415
    assert providers.post("/webhooks/other", b"{}").status_code == 404


def test_json_of_every_kind_that_a_provider_may_sign_is_never_our_fault(providers: Providers) -> None:
    cases = map(json.loads, shared_fixture("attacks", "json_torture.jsonl").read_text().splitlines())
    statuses: dict[str, set[int]] = {"y": set(), "n": set(), "i": set()}
    for case in cases:
        content = base64.b64decode(case["b64"])
        for answer in (providers.stripe(content) if _is_text(content) else None, providers.docusign(content)):
            if answer is not None:
                statuses[case["expect"]].add(answer.status_code)
    assert statuses["n"] == {400}
    assert statuses["y"] <= {200, 400}  # what is JSON but no object is no webhook
    assert statuses["i"] <= {200, 400}


def test_naughty_strings_in_every_field_are_harmless(providers: Providers) -> None:
    strings = json.loads(shared_fixture("attacks", "blns.json").read_text())
    before = len(providers.collector.spooled())
    for number, text in enumerate(strings):
        naughty = dict.fromkeys(("lbg_id", "charge_id", "city", "buyer_user_id", "leg_id"), text)
        thing = bodies.charge(metadata=naughty, currency=text, balance_transaction={"fee": text})
        event = bodies.stripe("charge.captured", thing, 5000 + number, account=text)
        assert providers.stripe(event).status_code == 200
    added = providers.collector.spooled()[before:]
    assert added
    assert {(record["_bad"]["code"], record["_bad"]["path"]) for record in added} == {
        ("EVENT_SCHEMA_INVALID", "$.ids.lbg_id")
    }
    assert all("_bad" in record for record in added)


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wait_for(holds: Callable[[], bool]) -> None:
    import time

    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_what_the_guide_tells_to_try_is_accepted(start: Callable[..., Providers]) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
    script = guide.partition("```bash\n")[2].partition("```")[0]
    answer = guide.partition("```json\n")[2].partition("```")[0]
    if not (shutil.which("bash") and shutil.which("openssl") and shutil.which("curl")):
        pytest.skip("bash, openssl or curl is missing")
    providers = start(RASTUP_WEBHOOKS__STRIPE_SECRETS="whsec_try")
    environment = {**os.environ, "COLLECTOR": providers.collector.url}
    done = subprocess.run(
        ["bash", "-euc", script], env=environment, capture_output=True, text=True, timeout=30
    )
    assert (done.stderr, json.loads(done.stdout)) == ("", json.loads(answer))
    assert [event["event"] for event in _events(providers)] == ["payment.capture.succeeded"]


def test_a_subscription_is_acknowledged_at_once_and_its_confirmation_holds_up_no_shutdown(
    start: Callable[..., Providers],
) -> None:
    # No such region: the address is allowed, and nobody answers there.
    nowhere = (
        "https://sns.zz-nowhere-9.amazonaws.com/?Action=ConfirmSubscription&Token=x&TopicArn=" + signing.TOPIC
    )
    providers = start()
    answer = providers.ses("hello", kind="SubscriptionConfirmation", SubscribeURL=nowhere)
    assert (answer.status_code, answer.json()["ignored"]) == (200, 1)
    log = providers.collector.home.parent / "home.log"
    _wait_for(lambda: "subscription not confirmed yet" in log.read_text())
    assert providers.collector.stop() == 0
    assert "Traceback" not in log.read_text()
    assert providers.collector.spooled() == []
