"""SNS: a certificate chain made here, messages that AWS signed, and every way to get around either."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import shared_fixture
from tests.unit.ingest.webhooks import signing
from tests.unit.ingest.webhooks.conftest import Served, Worker

from rastup.core.errors import ConfigError, Rejected
from rastup.ingest.webhooks import certificates as certificates_module
from rastup.ingest.webhooks.certificates import Certificates, Folder, Https
from rastup.ingest.webhooks.sns import SnsDoor, signed_text

SENT = {"eventType": "Send", "mail": {"messageId": "m1"}}


def _door(served: Served, *, authorities: Path | None = None, topic: str = signing.TOPIC) -> SnsDoor:
    certificates = Certificates(served, signing.HOSTS, authorities)
    return SnsDoor([topic], certificates, signing.HOSTS, Served({}))


def _status(door: SnsDoor, message: dict[str, Any]) -> int:
    try:
        asyncio.run(door.receive({}, json.dumps(message).encode()))
    except Rejected as error:
        assert error.code == ("EVENT_PUT_FAILED" if error.status == 503 else "WEBHOOK_SIGNATURE_INVALID")
        return error.status
    return 200


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_signature_versions_hold(certificates: Served, version: str) -> None:
    message = signing.sign_sns(signing.sns_message(SENT, SignatureVersion=version, Subject="Ámazon"))
    assert _status(_door(certificates), message) == 200


def test_messages_that_aws_signed_hold_at_their_own_time_after_the_certificate_has_ended() -> None:
    folder = shared_fixture("webhooks", "ses", "signed_by_aws")
    messages = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    assert {message["SignatureVersion"] for message in messages} == {"1", "2"}
    for message in messages:
        url = message["SigningCertURL"]
        served = Served({url: (folder / url.rpartition("/")[2]).read_bytes()})
        assert _status(_door(served, topic=message["TopicArn"]), message) == 200
        assert _status(_door(served, topic=message["TopicArn"]), message | {"Message": "Hello"}) == 401


def test_the_public_cases_are_judged_as_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shared_fixture("webhooks", "ses", "test_signed")
    document = json.loads((folder / "cases.json").read_text())
    certificate = (folder / document["cert_file"]).read_bytes()
    for case in document["cases"]:
        served = Served({document["cert_url"]: certificate})
        status = _status(_door(served, topic=document["allowed_topic"]), case["sns"])
        if case["accept"] != "either":
            assert (case["name"], status == 200) == (case["name"], case["accept"] in (True, "ignore"))
        assert set(served.asked) <= {document["cert_url"]}, case["name"]


@pytest.mark.parametrize("field", ["Message", "MessageId", "Timestamp", "TopicArn", "Type", "Signature"])
def test_every_signed_field_is_covered(certificates: Served, field: str) -> None:
    message = signing.sign_sns(signing.sns_message(SENT))
    door = _door(certificates)
    assert _status(door, message) == 200
    changed = {"Timestamp": "2026-11-06T15:24:19.000Z", "TopicArn": signing.TOPIC + "x"}.get(field, "AAAA")
    assert _status(door, message | {field: changed}) == 401
    assert _status(door, {name: value for name, value in message.items() if name != field}) == 401
    assert _status(door, message | {field: ["x"]}) == 401


def test_a_subject_that_is_added_or_taken_away_breaks_the_signature(certificates: Served) -> None:
    with_subject = signing.sign_sns(signing.sns_message(SENT, Subject="Hello"))
    without = {name: value for name, value in with_subject.items() if name != "Subject"}
    assert _status(_door(certificates), without) == 401
    assert _status(_door(certificates), signing.sign_sns(signing.sns_message(SENT)) | {"Subject": "x"}) == 401


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-a.pem",
        "https://user@sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-a.pem",
        "https://evil.example/#https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://evil.example\\.sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com/../x/SimpleNotificationService-a.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem?x",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-a.pem\n",
        "https://snsxus-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://s3.us-east-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://169.254.169.254/SimpleNotificationService-a.pem",
        "file:///etc/SimpleNotificationService-a.pem",
        "",
    ],
)
def test_no_certificate_is_asked_for_at_any_other_address(url: str) -> None:
    served = Served({url: signing.authority().served})
    message = signing.sign_sns(signing.sns_message(SENT, SigningCertURL=url))
    assert _status(_door(served), message) == 401
    assert served.asked == []


def test_another_topic_is_refused_before_any_certificate_is_asked_for(certificates: Served) -> None:
    message = signing.sign_sns(signing.sns_message(SENT, TopicArn="arn:aws:sns:us-east-1:999999999999:mine"))
    assert _status(_door(certificates), message) == 401
    assert certificates.asked == []


@pytest.mark.parametrize(
    "pem",
    [
        signing.authority("sns.evil.example").served,
        signing.authority("evilsns.amazonaws.com").served,
        signing.authority(with_names=False).served,
        signing.authority(bits=1024).served,
        signing.authority(valid_from=2024).served,
        signing.authority().leaf + signing.authority("sns.evil.example").intermediate,
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        b"",
    ],
    ids=["name", "suffix", "no name", "weak key", "ended", "not its issuer", "broken", "empty"],
)
def test_a_certificate_that_may_not_sign_for_sns_is_refused(pem: bytes) -> None:
    message = signing.sign_sns(signing.sns_message(SENT))
    assert _status(_door(Served({signing.CERT_URL: pem})), message) == 401


def test_a_chain_is_followed_to_the_authorities_that_are_given(tmp_path: Path) -> None:
    ours, others = tmp_path / "ours.pem", tmp_path / "others.pem"
    ours.write_bytes(signing.authority().root)
    others.write_bytes(signing.authority("sns.evil.example").root)
    message = signing.sign_sns(signing.sns_message(SENT))
    whole = Served({signing.CERT_URL: signing.authority().served})
    alone = Served({signing.CERT_URL: signing.authority().leaf})
    assert _status(_door(whole, authorities=ours), message) == 200
    assert _status(_door(whole, authorities=others), message) == 401
    assert _status(_door(alone, authorities=ours), message) == 401


def test_authorities_that_cannot_be_read_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name in ("empty.pem", "absent.pem"):
        with pytest.raises(ConfigError, match=name):
            Certificates(Served({}), signing.HOSTS, tmp_path / name)


def test_a_certificate_is_fetched_once(certificates: Served) -> None:
    message = json.dumps(signing.sign_sns(signing.sns_message(SENT))).encode()
    door = _door(certificates)

    async def many() -> None:
        await asyncio.gather(*(door.receive({}, message) for _ in range(20)))

    asyncio.run(many())
    asyncio.run(many())
    assert certificates.asked == [signing.CERT_URL]


def test_while_the_certificate_cannot_be_had_sns_is_asked_to_come_again_and_strangers_cause_few_downloads() -> (
    None
):
    served = Served({})
    door = _door(served)
    answers = [
        _status(door, signing.sign_sns(signing.sns_message(SENT, SigningCertURL=url)))
        for url in [signing.CERT_URL] * 3 + [signing.CERT_URL.replace("0123", f"{n:04d}") for n in range(40)]
    ]
    assert set(answers) == {503}
    assert served.asked.count(signing.CERT_URL) == 1
    assert len(served.asked) == certificates_module.DOWNLOADS_A_MINUTE


def test_certificates_that_an_operator_has_put_there_need_no_network(tmp_path: Path) -> None:
    (tmp_path / signing.CERT_URL.rpartition("/")[2]).write_bytes(signing.authority().served)
    elsewhere = Served({})
    folder = Folder(tmp_path, elsewhere)
    assert folder.fetch(signing.CERT_URL) == signing.authority().served
    with pytest.raises(OSError, match="no such address"):
        folder.fetch(signing.CERT_URL.replace("0123", "9999"))
    assert len(elsewhere.asked) == 1


def test_a_download_is_not_redirected_and_ends_at_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    import requests

    class Answer:
        def __init__(self, status: int, body: bytes) -> None:
            self.status_code, self.raw = status, self
            self._body = io.BytesIO(body)

        def read(self, size: int, decode_content: bool) -> bytes:
            return self._body.read(size)

        def __enter__(self) -> Answer:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    def given(status: int, body: bytes) -> None:
        def get(_url: str, *, timeout: object, allow_redirects: bool, stream: bool) -> Answer:
            assert timeout and stream and not allow_redirects
            return Answer(status, body)

        monkeypatch.setattr(requests, "get", get)

    given(200, b"pem")
    assert Https().fetch("https://x") == b"pem"
    for status, body in ((302, b""), (500, b""), (200, b"x" * 100_000)):
        given(status, body)
        with pytest.raises(OSError, match=r"status|too large"):
            Https().fetch("https://x")


def _subscribe(door: SnsDoor, message: dict[str, Any]) -> int:
    async def receive_and_wait() -> int:
        try:
            await door.receive({}, json.dumps(message).encode())
        except Rejected as error:
            return error.status
        await asyncio.sleep(0.05)
        return 200

    return asyncio.run(receive_and_wait())


def test_a_subscription_is_confirmed_for_an_allowed_topic_alone(certificates: Served) -> None:
    message = signing.sign_sns(signing.sns_message("hello", kind="SubscriptionConfirmation"))
    url = message["SubscribeURL"]
    for topic, status, asked in ((signing.TOPIC, 200, [url]), (signing.TOPIC + "-other", 401, [])):
        confirming = Served({url: b"<ConfirmSubscriptionResponse/>"})
        door = SnsDoor([topic], Certificates(certificates, signing.HOSTS), signing.HOSTS, confirming)
        assert (_subscribe(door, message), confirming.asked) == (status, asked)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?Action=ConfirmSubscription&TopicArn=" + signing.TOPIC,
        "http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + signing.TOPIC,
        "https://sns.us-east-1.amazonaws.com/?Action=DeleteTopic&TopicArn=" + signing.TOPIC,
        "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=another",
        "https://sns.us-east-1.amazonaws.com@evil.example/?Action=ConfirmSubscription&TopicArn="
        + signing.TOPIC,
        "https://sns.us-east-1.amazonaws.com/x?Action=ConfirmSubscription&TopicArn=" + signing.TOPIC,
    ],
)
def test_even_a_signed_subscribe_url_is_never_visited_elsewhere(certificates: Served, url: str) -> None:
    confirming = Served({url: b""})
    door = SnsDoor([signing.TOPIC], Certificates(certificates, signing.HOSTS), signing.HOSTS, confirming)
    message = signing.sign_sns(signing.sns_message("hi", kind="SubscriptionConfirmation", SubscribeURL=url))
    assert (_subscribe(door, message), confirming.asked) == (401, [])


def test_a_subscription_that_cannot_be_confirmed_is_tried_again(
    certificates: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rastup.ingest.webhooks.sns.CONFIRM_AFTER_S", (0.0, 0.001, 0.001))
    confirming = Served({})
    door = SnsDoor([signing.TOPIC], Certificates(certificates, signing.HOSTS), signing.HOSTS, confirming)
    message = signing.sign_sns(signing.sns_message("hi", kind="SubscriptionConfirmation"))
    assert _subscribe(door, message) == 200
    assert confirming.asked == [message["SubscribeURL"]] * 3


def test_the_end_of_a_subscription_is_acknowledged_and_visits_nothing(
    worker: Worker, confirming: Served
) -> None:
    received = worker.ses("bye", kind="UnsubscribeConfirmation")
    assert json.loads(received.answer)["ignored"] == 1
    assert confirming.asked == []
    assert worker.counts() == {("ses", "other", "unsubscribed"): 1}


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b"\xff"])
def test_what_is_no_message_at_all_is_not_signed(worker: Worker, body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        worker.post("/webhooks/ses", body)
    assert (caught.value.status, caught.value.code) == (400, "WEBHOOK_SIGNATURE_INVALID")


def test_the_signed_text_is_as_in_awss_documentation() -> None:
    message = {"Message": "M", "MessageId": "I", "Timestamp": "T", "TopicArn": "A", "Type": "Notification"}
    assert (
        signed_text(message) == b"Message\nM\nMessageId\nI\nTimestamp\nT\nTopicArn\nA\nType\nNotification\n"
    )
    assert signed_text(message | {"Type": "Foo"}) is None
