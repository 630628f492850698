"""Guards webhooks: verified, mapped, admitted and on disk before the answer, each of them new.

Budget: 2,000 a second and provider, two workers.
Run: `python -m benchmarks webhooks [--seconds 3]`.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from benchmarks import processes
from benchmarks.collector import load
from benchmarks.collector.base import lines_below
from benchmarks.deployment import WORK, Deployment
from benchmarks.registry import Options, Say
from benchmarks.results import Figure, Result

AT_LEAST = 2_000.0
MADE_A_SECOND = {"stripe": 9_000, "ses": 9_000, "docusign": 9_000, "dropbox_sign": 9_000}
"""Requests made beforehand for each second: more than are taken, because one that is sent twice is a duplicate."""
CONNECTIONS = 32
SECRET = "bench-secret"
TOPIC = "arn:aws:sns:us-east-1:123456789012:bench"
CERTIFICATE = "SimpleNotificationService-bench.pem"
Maker = Callable[[int], tuple[str, dict[str, str], bytes]]
"""Path, headers and body of the request of a number."""


class UnsoundLoadError(RuntimeError):
    """The collector has not stored what it answered for, so its figures mean nothing."""


def run(options: Options, say: Say) -> Result:
    """One provider after the other, each against a fresh collector."""
    if (reason := load.missing()) is not None:
        return Result((), notes=(f"skipped: {reason}",))
    seconds = options.seconds or (1 if options.is_quick else 3)
    deployment = Deployment("webhooks")
    figures: list[Figure] = []
    try:
        ses = _settings(deployment)
        makers: dict[str, Maker] = {
            "stripe": _stripe,
            "ses": ses,
            "docusign": _docusign,
            "dropbox_sign": _dropbox_sign,
        }
        for provider, make in makers.items():
            say(f"{provider}: making requests")
            rate, cpu, p99 = _drive(deployment, provider, make, seconds)
            say(f"{provider}: {rate:,.0f}/s, {cpu:.0f} µs of server CPU each, p99 {p99:.1f} ms")
            figures += [
                Figure(f"{provider}: webhooks", rate, "/s", at_least=AT_LEAST),
                Figure(f"{provider}: server CPU", cpu, "µs"),
                Figure(f"{provider}: p99", p99, "ms"),
            ]
    finally:
        deployment.remove()
    return Result(tuple(figures), {"connections": CONNECTIONS, "seconds": seconds})


def _drive(deployment: Deployment, provider: str, make: Maker, seconds: int) -> tuple[float, float, float]:
    folder, spool = WORK / "requests-webhooks", deployment.home / "spool"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(spool, ignore_errors=True)
    made = _write(folder, make, MADE_A_SECOND[provider] * seconds // load.THREADS)
    with deployment.serving("ingest", "serve", "--workers", "2") as pid:
        before = processes.cpu_seconds(pid)
        done = load.drive(deployment.collector_url, folder, connections=CONNECTIONS, seconds=seconds)
        cpu_s = processes.cpu_seconds(pid) - before
    shutil.rmtree(folder, ignore_errors=True)
    stored = [line for line in lines_below(spool, "*.ndjson*") if line.startswith(b'{"event"')]
    bad = sum(line.startswith(b'{"_bad"') for line in lines_below(spool, "*.ndjson*"))
    if done.requests > made:
        raise UnsoundLoadError(
            f"{provider}: {done.requests:,} answered, more than the {made:,} that were made"
        )
    on_the_way = 2 * CONNECTIONS
    if bad or done.status_errors or not done.requests <= len(stored) <= done.requests + on_the_way:
        raise UnsoundLoadError(
            f"{provider}: {done.requests:,} answered, {len(stored):,} stored, {bad:,} refused, "
            f"{done.status_errors:,} failed"
        )
    return done.requests / done.seconds, cpu_s / done.requests * 1e6, done.p99_ms


def _write(folder: Path, make: Maker, a_thread: int) -> int:
    folder.mkdir(parents=True)
    for thread in range(load.THREADS):
        requests = [_request(*make(thread * a_thread + number)) for number in range(a_thread)]
        (folder / f"packed.{thread}").write_bytes(b"".join(requests))
        (folder / f"packed.{thread}.sizes").write_text("".join(f"{len(one)}\n" for one in requests))
    return a_thread * load.THREADS


def _request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    named = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{named}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _stripe(number: int) -> tuple[str, dict[str, str], bytes]:
    at = int(time.time())
    card = {"brand": "visa", "last4": "4242", "country": "US", "fingerprint": "x" * 16}
    charge: dict[str, Any] = {
        "id": f"ch_{number:024d}",
        "object": "charge",
        "amount": 25_000,
        "amount_captured": 25_000,
        "currency": "usd",
        "captured": True,
        "payment_intent": f"pi_{number:024d}",
        "billing_details": {
            "email": "jane@example.com",
            "name": "Jane Doe",
            "address": {"line1": "1 Main Street"},
        },
        "payment_method_details": {"type": "card", "card": card},
        "metadata": {"lbg_id": f"lbg_{number}", "charge_id": f"chg_{number}", "city": "houston"},
        "receipt_url": "https://pay.stripe.com/receipts/" + "x" * 120,
    }
    event = {"id": f"evt_{number:024d}", "object": "event", "type": "charge.captured", "created": at}
    body = json.dumps({**event, "livemode": True, "data": {"object": charge}}, indent=2).encode()
    signature = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return "/webhooks/stripe", {"Stripe-Signature": f"t={at},v1={signature}"}, body


def _docusign(number: int) -> tuple[str, dict[str, str], bytes]:
    fields = {"textCustomFields": [{"name": "doc_id", "value": f"doc_{number}"}]}
    summary = {"statusChangedDateTime": "2026-11-06T15:24:18Z", "customFields": fields}
    data = {"envelopeId": f"{number:08d}-7a77-5859-a960-bde2f2bf3fea", "envelopeSummary": summary}
    document = {"event": "envelope-completed", "generatedDateTime": "2026-11-06T15:24:18Z", "data": data}
    body = json.dumps(document).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    return "/webhooks/esign/docusign", {"X-DocuSign-Signature-1": signature}, body


def _dropbox_sign(number: int) -> tuple[str, dict[str, str], bytes]:
    at, kind = "1793976258", "signature_request_all_signed"
    signed = hmac.new(SECRET.encode(), (at + kind).encode(), hashlib.sha256).hexdigest()
    event = {"event_time": at, "event_type": kind, "event_hash": signed}
    request = {"signature_request_id": f"{number:040d}", "metadata": {"doc_id": f"doc_{number}"}}
    text = json.dumps({"event": event, "signature_request": request})
    body = f'--b\r\nContent-Disposition: form-data; name="json"\r\n\r\n{text}\r\n--b--\r\n'.encode()
    return "/webhooks/esign/dropbox-sign", {"Content-Type": "multipart/form-data; boundary=b"}, body


def _settings(deployment: Deployment) -> Maker:
    """Sets the providers up; returns the maker of SES's requests, which sign with a key of this run."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (deployment.home / CERTIFICATE).write_bytes(_certificate(key))
    (deployment.home / "rastup.toml").write_text(
        f"[webhooks]\nstripe_secrets = ['{SECRET}']\nsns_topics = ['{TOPIC}']\n"
        f"sns_certificates = '{deployment.home}'\ndocusign_keys = ['{SECRET}']\ndropbox_sign_keys = ['{SECRET}']\n"
    )

    def ses(number: int) -> tuple[str, dict[str, str], bytes]:
        mail = {"messageId": f"m{number}", "tags": {"notification_id": [f"ntf_{number}"], "template": ["t"]}}
        delivery = {"timestamp": "2026-11-06T15:24:18.000Z", "recipients": ["jane@example.com"]}
        said = json.dumps({"eventType": "Delivery", "mail": mail, "delivery": delivery})
        signed = {
            "Message": said,
            "MessageId": f"id-{number}",
            "Timestamp": "2026-11-06T15:24:18.000Z",
            "TopicArn": TOPIC,
            "Type": "Notification",
        }
        text = "".join(f"{name}\n{value}\n" for name, value in signed.items()).encode()
        signature = base64.b64encode(key.sign(text, padding.PKCS1v15(), hashes.SHA256())).decode()
        url = f"https://sns.us-east-1.amazonaws.com/{CERTIFICATE}"
        more = {"SignatureVersion": "2", "Signature": signature, "SigningCertURL": url}
        return "/webhooks/ses", {"Content-Type": "text/plain"}, json.dumps({**signed, **more}).encode()

    return ses


def _certificate(key: rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("sns.amazonaws.com")]), critical=False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
