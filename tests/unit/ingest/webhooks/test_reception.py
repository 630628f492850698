"""One way for all webhooks: once each, whatever the order; unknown ones acknowledged; thin ones fetched or set aside."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path
from typing import Any

import pytest
import requests
import urllib3
from tests.unit.ingest.webhooks import bodies, signing
from tests.unit.ingest.webhooks.conftest import SECRETS, Served, Worker

from rastup.contracts.registry import Registry
from rastup.core.config import IngestConfig, load
from rastup.core.errors import ConfigError, Rejected
from rastup.ingest.admission import Stamp
from rastup.ingest.collector.exposition import expose
from rastup.ingest.readmission import Readmission
from rastup.ingest.webhooks import door, thin
from rastup.ingest.webhooks.certificates import Certificates, Https
from rastup.ingest.webhooks.reception import check
from rastup.ingest.webhooks.references import References
from rastup.ingest.webhooks.sns import SnsDoor
from rastup.ingest.webhooks.stripe import StripeDoor
from rastup.state.database import open_state


def test_a_delivery_that_is_sent_again_is_a_duplicate_and_stores_nothing(worker: Worker) -> None:
    event = bodies.stripe("refund.created", bodies.refund())
    answers = [json.loads(worker.stripe(event).answer) for _ in range(3)]
    assert [(a["accepted"], a["duplicates"]) for a in answers] == [(2, 0), (0, 1), (0, 1)]
    assert len(worker.events) == 2


def test_another_body_under_the_same_id_of_the_provider_is_a_duplicate(worker: Worker) -> None:
    worker.stripe(bodies.stripe("payout.paid", bodies.payout(), 7))
    worker.stripe(bodies.stripe("charge.captured", bodies.charge(), 7))
    assert [event["event"] for event in worker.events] == ["payout.paid"]


def test_a_worker_that_forgot_gives_the_same_event_ids(worker: Worker) -> None:
    sent: list[Any] = [
        lambda: worker.stripe(bodies.stripe("refund.created", bodies.refund())),
        lambda: worker.ses({**bodies.SES[1][0], "mail": bodies.MAIL}),
        lambda: worker.docusign(bodies.docusign("envelope-sent")),
        lambda: worker.dropbox_sign(bodies.dropbox_sign("signature_request_sent")),
    ]
    for send in sent:
        send()
    first = [event["event_id"] for event in worker.events]
    worker.stored.clear()
    for _ in range(2):  # both generations of what it remembers
        worker.seen.previous, worker.seen.current = worker.seen.current, set()
    for send in sent:
        send()
    assert [event["event_id"] for event in worker.events] == first
    assert len(set(first)) == 2 + 3 + 1 + 1


def test_a_retry_of_docusign_counts_its_tries_and_stays_the_same_event(worker: Worker) -> None:
    again = bodies.docusign("envelope-completed") | {
        "retryCount": 3,
        "generatedDateTime": "2026-11-06T16:00:00Z",
    }
    worker.docusign(bodies.docusign("envelope-completed"))
    worker.docusign(again)
    worker.seen.previous = worker.seen.current = set()
    worker.docusign(again)
    assert len({event["event_id"] for event in worker.events}) == 1


def test_an_envelope_that_is_sent_again_twice_was_sent_twice_more(worker: Worker) -> None:
    first = bodies.docusign("envelope-resent")
    second = first | {"generatedDateTime": "2026-11-07T09:00:00.0000000Z"}
    assert first["data"]["envelopeSummary"] == second["data"]["envelopeSummary"]
    for message in (bodies.docusign("envelope-sent"), first, second, second, first | {"retryCount": 1}):
        worker.docusign(message)
    assert [event["event"] for event in worker.events] == ["doc.envelope.sent"] * 3
    assert len({event["event_id"] for event in worker.events}) == 3
    assert worker.events[2]["occurred_at"] == "2026-11-07T09:00:00.000Z"


def test_the_order_of_deliveries_changes_no_event(tmp_path: Path, worker: Worker) -> None:
    deliveries = [
        bodies.stripe(kind, thing, number, **dict(more))
        for number, (kind, thing, more, _) in enumerate(bodies.STRIPE)
    ]
    found = []
    for seed in range(3):
        random.Random(seed).shuffle(deliveries)
        worker.stored.clear()
        worker.seen.previous = worker.seen.current = set()
        for delivery in deliveries:
            worker.stripe(delivery)
        found.append(
            {(e["event_id"], e["event"], e["occurred_at"], str(e["payload"])) for e in worker.events}
        )
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == sum(len(events) for *_, events in bodies.STRIPE)


def test_what_no_mapping_knows_is_acknowledged_counted_and_not_stored(worker: Worker) -> None:
    for event in (
        bodies.stripe("customer.created", bodies.PERSON),
        {"id": "evt_2"},
        {"type": "payout.paid"},
        {"id": ["x"], "type": {"y": 1}, "created": "z", "data": 5},
        {"id": "x" * 600, "type": "payout.paid"},
        {},
    ):
        assert json.loads(worker.stripe(event).answer)["ignored"] == 1
    worker.docusign({"event": "envelope-something-new", "data": {"envelopeId": "e"}})
    worker.dropbox_sign(bodies.dropbox_sign("something_new_2030"))
    worker.stripe(bodies.stripe("charge.updated", bodies.charge(), 9))
    assert worker.stored == []
    assert worker.counts() == {
        ("stripe", "other", "unknown"): 6,
        ("docusign", "other", "unknown"): 1,
        ("dropbox_sign", "other", "unknown"): 1,
        ("stripe", "charge.updated", "ignored"): 1,
    }


@pytest.mark.parametrize("strange", [None, 5, "text", [], [1], {"object": 5}, {"object": [None]}])
def test_a_signed_body_of_any_shape_breaks_nothing(worker: Worker, strange: Any) -> None:
    for number, kind in enumerate(worker.reception._mappings["stripe"].rules):
        worker.stripe({"id": f"evt_{number}", "type": kind, "created": strange, "data": strange})
        worker.docusign({"event": "envelope-sent", "data": strange, "generatedDateTime": strange})
    assert worker.events == []


def test_what_waits_in_the_quarantine_is_replayed_as_the_same_event(worker: Worker) -> None:
    without = bodies.charge(metadata={"charge_id": "chg_1"})
    worker.stripe(bodies.stripe("charge.captured", without))
    bad = worker.quarantined[0]
    assert (bad["path"], bad["source"], bad["event"]) == (
        "$.ids.lbg_id",
        "stripe",
        "payment.capture.succeeded",
    )
    mended = json.loads(bad["raw"])
    mended["ids"]["lbg_id"] = "lbg_1"
    stamp = Stamp("2026-11-07T00:00:00.000Z", bad["env"], bad["source"])
    line = Readmission(IngestConfig()).replay(
        json.dumps(mended).encode(), bad["dialect"], stamp, signing.MOMENT
    )
    worker.seen.previous = worker.seen.current = set()
    worker.stripe(bodies.stripe("charge.captured", bodies.charge()))
    assert isinstance(line, bytes)
    assert json.loads(line)["event_id"] == worker.events[0]["event_id"]


def test_a_dispute_finds_the_order_that_its_payment_told_of(worker: Worker) -> None:
    worker.stripe(bodies.stripe("charge.dispute.created", bodies.dispute(), 1))
    worker.stripe(bodies.stripe("payment_intent.succeeded", bodies.intent(), 2))
    worker.stripe(bodies.stripe("charge.dispute.created", bodies.dispute(id="dp_2"), 3))
    worker.stripe(bodies.stripe("charge.dispute.created", bodies.dispute(id="dp_3", payment_intent=None), 4))
    assert [bad["path"] for bad in worker.quarantined] == ["$.ids.lbg_id"]
    opened = [event for event in worker.events if event["event"] == "dispute.opened"]
    assert [(e["ids"]["lbg_id"], e["payload"]["charge_id"], e["payload"]["dispute_id"]) for e in opened] == [
        ("lbg_1", "chg_1", "dsp_dp2"),
        ("lbg_1", "chg_1", "dsp_dp3"),
    ]


def test_what_one_worker_was_told_another_knows_and_keeps(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    one, other = References(open_state(url)), References(open_state(url))
    one.start()
    one.tell("stripe", ["pi_1", "ch_1"], {"lbg_id": "lbg_1"})
    one.tell("stripe", ["pi_1"], {"lbg_id": "lbg_2"})
    one.close()
    assert other.known("stripe", ["unheard", "ch_1", "pi_1"]) == {"lbg_id": "lbg_1"}
    assert other.known("stripe", ["pi_1"]) == {"lbg_id": "lbg_2"}
    assert other.known("ses", ["pi_1"]) == other.known("stripe", ["x"]) == {}
    other.tell("stripe", ["pi_1"], {"lbg_id": "lbg_3"})
    other.close()
    assert References(open_state(url)).known("stripe", ["pi_1"]) == {"lbg_id": "lbg_3"}


THIN = {
    "id": "evt_thin",
    "object": "v2.core.event",
    "type": "v1.charge.captured",
    "created": "2026-11-06T15:24:18.000Z",
    "livemode": True,
    "context": "acct_9",
    "related_object": {"id": "ch_1", "type": "charge", "url": "/v1/charges/ch_1"},
    "reason": {"request": {"idempotency_key": "jane.doe@example.com"}},
}


class Objects:
    """Stripe's API, as far as a test needs it."""

    def __init__(self, found: dict[str, Any] | Exception) -> None:
        self.found = found
        self.asked: list[tuple[str, str | None]] = []

    def fetch(self, path: str, account: str | None) -> dict[str, Any]:
        self.asked.append((path, account))
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


def _with_objects(worker: Worker, objects: thin.ObjectSource | None) -> None:
    reading = StripeDoor(SECRETS, source=objects, clock=lambda: signing.MOMENT)
    worker.reception._doors = {**worker.reception._doors, "stripe": reading}


def test_a_thin_event_is_read_with_its_object(worker: Worker) -> None:
    objects = Objects(bodies.charge())
    _with_objects(worker, objects)
    worker.stripe(THIN)
    assert objects.asked == [("/v1/charges/ch_1", "acct_9")]
    assert [(e["event"], e["occurred_at"], e["ids"]["provider_account"]) for e in worker.events] == [
        ("payment.capture.succeeded", "2026-11-06T15:24:18.000Z", "acct_9")
    ]


@pytest.mark.parametrize("objects", [None, Objects(thin.NoObjectError("gone"))])
def test_a_thin_event_that_cannot_be_read_waits_with_its_reference_alone(
    worker: Worker, objects: Objects | None
) -> None:
    _with_objects(worker, objects)
    received = worker.stripe(THIN)
    worker.stripe(THIN)
    assert json.loads(received.answer)["quarantined"] == 1
    assert [json.loads(bad["raw"]) for bad in worker.quarantined] == [
        {
            "id": "evt_thin",
            "object": "v2.core.event",
            "type": "v1.charge.captured",
            "context": "acct_9",
            "created": "2026-11-06T15:24:18.000Z",
            "related_object": {"id": "ch_1", "type": "charge"},
        }
    ]


def test_objects_of_no_use_are_not_fetched_and_a_ping_is_acknowledged(worker: Worker) -> None:
    objects = Objects(bodies.charge())
    wanted = worker.reception._mappings["stripe"].rules.__contains__
    stripe_door = StripeDoor(SECRETS, source=objects, is_wanted=wanted, clock=lambda: signing.MOMENT)
    worker.reception._doors = {**worker.reception._doors, "stripe": stripe_door}
    worker.stripe(THIN | {"type": "v1.billing.meter.error_report_triggered"})
    _with_objects(worker, None)
    worker.stripe(THIN | {"id": "evt_ping", "type": "v2.core.event_destination.ping"})
    assert (objects.asked, worker.stored) == ([], [])
    assert worker.counts() == {
        ("stripe", "other", "unknown"): 1,
        ("stripe", "v2.core.event_destination.ping", "ignored"): 1,
    }


def test_many_refusals_of_one_kind_are_told_once_in_a_while(
    worker: Worker, capsys: pytest.CaptureFixture[str]
) -> None:
    door._told.clear()
    for _ in range(50):
        with pytest.raises(Rejected):
            worker.post("/webhooks/stripe", b"{}")
    assert "".join(capsys.readouterr()).count("webhook refused") == 1


def test_stripe_is_asked_to_come_again_while_the_object_cannot_be_had(worker: Worker) -> None:
    _with_objects(worker, Objects(OSError("away")))
    with pytest.raises(Rejected) as caught:
        worker.stripe(THIN)
    assert (caught.value.status, worker.stored) == (503, [])


@pytest.mark.parametrize(
    "url", ["https://evil.example/x", "//evil.example/v1/x", "/v1/../x", "/v1/x?y=1", 5, None]
)
def test_an_object_is_read_at_the_api_alone(worker: Worker, url: Any) -> None:
    objects = Objects(bodies.charge())
    _with_objects(worker, objects)
    worker.stripe(THIN | {"related_object": {"id": "ch_1", "url": url}})
    assert (objects.asked, len(worker.quarantined)) == ([], 1)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, None),
        (404, thin.NoObjectError),
        (410, thin.NoObjectError),
        (403, thin.NoObjectError),
        (429, OSError),
        (302, OSError),
    ],
)
def test_the_api_is_asked_with_the_key_and_the_account(
    monkeypatch: pytest.MonkeyPatch, status: int, outcome: type[Exception] | None
) -> None:
    import io

    def get(
        url: str, *, headers: dict[str, str], timeout: object, allow_redirects: bool, stream: bool
    ) -> Any:
        assert url == "https://api.stripe.com/v1/charges/ch_1"
        assert headers == {"Authorization": "Bearer rk_1", "Stripe-Account": "acct_9"}
        assert timeout and stream and not allow_redirects
        return Answer()

    class Answer:
        status_code = status

        class raw:  # noqa: N801
            @staticmethod
            def read(size: int, decode_content: bool) -> bytes:
                return io.BytesIO(b'{"id":"ch_1"}').read(size)

        def __enter__(self) -> Answer:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(requests, "get", get)
    api = thin.StripeApi("rk_1")
    if outcome:
        with pytest.raises(outcome):
            api.fetch("/v1/charges/ch_1", "acct_9")
    else:
        assert api.fetch("/v1/charges/ch_1", "acct_9") == {"id": "ch_1"}


class _Answered:
    """An answer of Stripe's API, or one that breaks off while it is read."""

    def __init__(self, status: int, body: bytes | Exception) -> None:
        self.status_code, self.raw, self._body = status, self, body

    def read(self, size: int, decode_content: bool) -> bytes:
        if isinstance(self._body, Exception):
            raise self._body
        return self._body[:size]

    def __enter__(self) -> _Answered:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""


LACKING = b"""{"error": {"type": "invalid_request_error", "message": "The provided key 'rk_live_***1' does not have the \
required permissions for this endpoint on account 'acct_1'. Having the 'rak_charge_read' permission would allow this \
request to continue."}}"""
REVOKED = b"""{"error": {"type": "invalid_request_error", "code": "account_invalid", "message": "The provided key \
'rk_live_***1' does not have access to account 'acct_9' (or that account does not exist). Application access may have \
been revoked."}}"""
"""As Stripe answers both, with status 403."""


def test_the_event_of_an_account_that_has_revoked_its_access_is_kept_aside_and_acknowledged(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests, "get", lambda *_, **__: _Answered(403, REVOKED))
    _with_objects(worker, thin.StripeApi("rk_1"))
    worker.stripe(THIN)
    (bad,) = worker.quarantined
    assert "account" in bad["message"] and "exist" not in bad["message"]
    assert worker.events == []


def test_a_key_that_may_not_read_is_told_of_with_what_it_lacks_and_nothing_is_lost(
    worker: Worker,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(requests, "get", lambda *_, **__: _Answered(403, LACKING))
    _with_objects(worker, thin.StripeApi("rk_1"))
    with pytest.raises(Rejected) as caught:
        worker.stripe(THIN)
    assert (caught.value.status, worker.stored) == (503, [])
    told = "".join(capsys.readouterr())
    assert "may not read" in told and "rak_charge_read" in told and "ch_1" not in told and "rk_1" not in told


@pytest.mark.parametrize(
    "fault",
    [
        urllib3.exceptions.ReadTimeoutError(None, "", "Read timed out."),  # type: ignore[arg-type]
        urllib3.exceptions.IncompleteRead(10, 90),
        urllib3.exceptions.ProtocolError("Connection broken"),
        urllib3.exceptions.DecodeError("not gzip"),
    ],
)
def test_an_answer_that_breaks_off_is_a_fault_of_the_network(
    worker: Worker, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(requests, "get", lambda *_, **__: _Answered(200, fault))
    _with_objects(worker, thin.StripeApi("rk_1"))
    sns = SnsDoor([signing.TOPIC], Certificates(Https(), signing.HOSTS), signing.HOSTS, Https())
    worker.reception._doors = {**worker.reception._doors, "ses": sns}
    for send in (lambda: worker.stripe(THIN), lambda: worker.ses({"eventType": "Send", "mail": bodies.MAIL})):
        with pytest.raises(Rejected) as caught:
            send()
        assert (caught.value.status, caught.value.code, worker.stored) == (503, "EVENT_PUT_FAILED", [])


def test_events_of_the_test_mode_may_have_an_environment_of_their_own(worker: Worker) -> None:
    event = bodies.stripe("payout.paid", bodies.payout()) | {"livemode": False}
    worker.stripe(event)
    worker.reception._config = type(worker.reception._config)(test_env="stage")
    worker.stripe(event | {"id": "evt_2"})
    assert [e["context"]["env"] for e in worker.events] == ["prod", "stage"]


@pytest.mark.parametrize(
    ("test_mode", "env", "test_env", "expected"),
    [
        (None, "prod", "", "prod"),
        (False, "prod", "", "prod"),
        (0, "prod", "dev", "prod"),
        ("no", "prod", "", "prod"),
        (True, "prod", "", "stage"),
        (1, "prod", "", "stage"),
        ("1", "prod", "", "stage"),
        (True, "prod", "dev", "dev"),
        (True, "dev", "", "dev"),
        (False, "dev", "", "dev"),
    ],
)
def test_a_test_request_of_dropbox_sign_never_counts_as_prod(
    worker: Worker, test_mode: Any, env: str, test_env: str, expected: str
) -> None:
    worker.reception._config = type(worker.reception._config)(env=env, test_env=test_env)
    callback = bodies.dropbox_sign("signature_request_signed")
    callback["signature_request"] |= {} if test_mode is None else {"test_mode": test_mode}
    worker.dropbox_sign(callback)
    assert [event["context"]["env"] for event in worker.events] == [expected]


def test_a_packed_body_is_refused_unread(worker: Worker) -> None:
    with pytest.raises(Rejected) as caught:
        worker.post("/webhooks/stripe", b"x", content_encoding="gzip")
    assert caught.value.status == 415


def test_refusals_are_counted_by_provider(worker: Worker) -> None:
    for path in ("stripe", "ses", "esign/docusign"):
        with pytest.raises(Rejected):
            asyncio.run(worker.reception.receive(f"/webhooks/{path}", {}, b"{}"))
    assert worker.counts() == {(p, "other", "refused"): 1 for p in ("stripe", "ses", "docusign")}
    text = expose(worker.meters.everyones(), is_ready=True)
    assert b'rastup_webhooks_total{outcome="refused",provider="ses",type="other"} 1.0' in text


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ENV", "live", "webhooks.env = 'live' .* dev, stage or prod"),
        ("TEST_ENV", "test", r"webhooks\.test_env"),
        ("SNS_HOST_PATTERN", "sns(", "not a regular expression"),
        ("SNS_AUTHORITIES", "/nowhere.pem", "sns_authorities"),
    ],
)
def test_a_wrong_setting_is_told_before_the_first_request(
    tmp_path: Path, registry: Registry, name: str, value: str, says: str
) -> None:
    with pytest.raises(ConfigError, match=says):
        check(load(tmp_path, environ={f"RASTUP_WEBHOOKS__{name}": value}), registry)
    check(load(tmp_path, environ={}), registry)


def test_a_certificate_source_of_a_test_is_what_a_worker_uses(worker: Worker, certificates: Served) -> None:
    worker.ses({"eventType": "Send", "mail": bodies.MAIL})
    assert certificates.asked == [signing.CERT_URL]
