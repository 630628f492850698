"""What providers' bodies become: by hand for bodies made here, and for the public ones that nothing personal is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import shared_fixture
from tests.unit.ingest.webhooks import bodies
from tests.unit.ingest.webhooks.conftest import Worker

from rastup.contracts.registry import Registry
from rastup.core.errors import ConfigError
from rastup.ingest.webhooks.fields import LONGEST_LINK
from rastup.ingest.webhooks.mapping import ProviderMapping, load_mapping
from rastup.ingest.webhooks.reception import PROVIDERS

PERSONAL = re.compile(
    r"email|^name$|_name$|userName|phone|line1|line2|postal|address(?!_.*check)|^ip|Ip$|last4|fingerprint|secret|subject|"
    r"title|description|message$|destination|source|diagnosticCode|userAgent|receipt|idempotency|dob|reason$|Blurb|smtp|link",
    re.I,
)
"""Names of fields under which providers put what belongs to a person or to nobody but the provider."""
ALLOWED = {"fraudulent", "sns", "test"}


def _personal(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _personal(below, key if not PERSONAL.search(name) else name)
    elif isinstance(value, list):
        for below in value:
            yield from _personal(below, name)
    elif isinstance(value, str) and PERSONAL.search(name) and len(value) > 3 and value not in ALLOWED:
        yield value


def _assert_nothing_personal(source: Any, stored: list[bytes]) -> None:
    everything = b"".join(stored).decode()
    assert "@" not in everything
    for text in set(_personal(source)):
        if not re.fullmatch(r"[a-z_]+|\d+", text) and not text.startswith(
            ("ch_", "pi_", "ba_", "card_", "http", "arn:")
        ):
            assert text not in everything, text


@pytest.mark.parametrize(("kind", "thing", "more", "expected"), bodies.STRIPE)
def test_stripes_objects_become_our_events(
    worker: Worker, kind: str, thing: dict[str, Any], more: dict[str, Any], expected: list[str]
) -> None:
    worker.stripe(bodies.stripe(kind, thing, **more))
    assert (worker.quarantined, [event["event"] for event in worker.events]) == ([], expected)
    assert not [secret for secret in bodies.SECRETS if secret.encode() in b"".join(worker.stored)]
    for event in worker.events:
        assert event["occurred_at"] == "2026-11-06T14:44:18.000Z"
        assert event["ids"]["provider_event_id"] == "evt_1"
        assert event["context"]["source"] == "stripe"


def test_every_rule_of_every_provider_has_a_body_here(registry: Registry) -> None:
    tried = {
        "stripe": {kind for kind, _, _, events in bodies.STRIPE if events},
        "ses": {body.get("eventType", body.get("notificationType")) for body, events in bodies.SES if events},
        "docusign": {kind for kind, _, events in bodies.DOCUSIGN if events},
        "dropbox_sign": {kind for kind, events in bodies.DROPBOX_SIGN if events},
    }
    made = {
        "stripe": {event for *_, events in bodies.STRIPE for event in events},
        "ses": {event for _, events in bodies.SES for event in events},
        "docusign": {event for *_, events in bodies.DOCUSIGN for event in events},
        "dropbox_sign": {event for _, events in bodies.DROPBOX_SIGN for event in events},
    }
    for provider in PROVIDERS:
        mapping = load_mapping(provider, registry)
        assert set(mapping.rules) == tried[provider]
        assert {rule.event for rules in mapping.rules.values() for rule in rules} == made[provider]
        assert not set(mapping.rules) & set(mapping.ignored)


def test_money_and_references_are_those_of_the_object(worker: Worker) -> None:
    worker.stripe(bodies.stripe("charge.captured", bodies.charge(currency="jpy", amount_captured=500)))
    event = worker.events[0]
    assert event["money"] == {"amount_cents": 50_000, "currency": "jpy"}
    assert event["payload"] == {"charge_id": "chg_1", "provider_ref": "ch_1"}
    assert (event["city"], event["user_id"], event["ids"]["lbg_id"]) == ("houston", "usr_buyer", "lbg_1")


def test_events_of_connected_accounts_say_which(worker: Worker) -> None:
    worker.stripe(bodies.stripe("payout.paid", bodies.payout(), account="acct_9"))
    assert worker.events[0]["ids"]["provider_account"] == "acct_9"


@pytest.mark.parametrize(("body", "expected"), bodies.SES)
def test_sess_messages_become_our_events(worker: Worker, body: dict[str, Any], expected: list[str]) -> None:
    worker.ses({**body, "mail": bodies.MAIL})
    assert (worker.quarantined, [event["event"] for event in worker.events]) == ([], expected)
    assert not [secret for secret in bodies.SECRETS if secret.encode() in b"".join(worker.stored)]
    assert len({event["event_id"] for event in worker.events}) == len(expected)
    for event in worker.events:
        assert (event["payload"]["notification_id"], event["payload"]["template"]) == (
            "ntf_1",
            "booking.confirmed",
        )
        assert (event["occurred_at"], event["user_id"]) == (bodies.AT, "usr_9")


def _preferences(is_all: bool | None, **topics: str) -> dict[str, Any]:
    statuses = [{"topicName": name, "subscriptionStatus": status} for name, status in topics.items()]
    return {"unsubscribeAll": is_all, "topicSubscriptionStatus": statuses}


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        (_preferences(False, a="OptIn"), _preferences(False, a="OptOut"), True),
        (_preferences(False), _preferences(False, a="OptOut"), True),
        (None, _preferences(False, a="OptOut"), True),
        (_preferences(False, a="OptOut"), _preferences(False, a="OptIn"), False),
        (_preferences(False, a="OptOut"), _preferences(False, b="OptIn", a="OptOut"), False),
        (_preferences(False, a="OptOut", b="OptIn"), _preferences(False, b="OptOut", a="OptIn"), True),
        (_preferences(False, a="OptOut"), _preferences(False, a="OptOut"), False),
        (_preferences(False, a="OptOut"), _preferences(True, a="OptOut"), True),
        (_preferences(False, a="OptIn"), _preferences(True, a="OptOut"), True),
        (_preferences(True, a="OptOut"), _preferences(True, a="OptOut"), False),
        (_preferences(True), _preferences(False, a="OptIn", b="OptOut"), False),
        (_preferences(True, a="OptIn"), _preferences(False, a="OptIn"), False),
        (None, _preferences(True), True),
        (_preferences(None, a="OptIn"), _preferences(None, a="OptOut"), True),
        ("odd", {"topicSubscriptionStatus": ["OptOut", None, {"subscriptionStatus": ["OptOut"]}]}, False),
        ({"topicSubscriptionStatus": {"a": "OptIn"}}, {"topicSubscriptionStatus": "OptOut"}, False),
    ],
)
def test_an_unsubscribe_is_what_a_recipient_gives_up(
    worker: Worker, old: Any, new: Any, is_told: bool
) -> None:
    choice = {"timestamp": bodies.AT, "newTopicPreferences": new}
    if old is not None:
        choice["oldTopicPreferences"] = old
    worker.ses({"eventType": "Subscription", "subscription": choice, "mail": bodies.MAIL})
    assert [event["event"] for event in worker.events] == ["email.unsubscribe"] * is_told
    assert worker.quarantined == []


def test_of_a_click_that_waits_in_the_quarantine_nothing_personal_is_kept(worker: Worker) -> None:
    path = "u/jane.doe@example.com/reset-password/AbCdEf0123456789AbCdEf0123/" + "a" * 2_000
    click = {"link": f"https://rastup.com/{path}?e=jane.doe@example.com", "timestamp": bodies.AT}
    worker.ses({"eventType": "Click", "click": click, "mail": bodies.MAIL})
    nameless = {**bodies.MAIL, "tags": {}, "messageId": None}
    worker.ses({"eventType": "Click", "click": click, "mail": nameless}, MessageId="another")
    kept = ("https://rastup.com/u/[email]/reset-password/[url_token]/" + "a" * 2_000)[:256]
    assert [event["payload"]["link"] for event in worker.events] == [kept]
    (bad,) = worker.quarantined
    assert bad["path"] == "$.payload.notification_id"
    assert json.loads(bad["raw"])["payload"]["link"] == kept
    assert b"jane" not in b"".join(worker.stored) and b"AbCdEf" not in b"".join(worker.stored)


def test_a_link_is_never_longer_than_its_contract_takes(registry: Registry) -> None:
    found = []
    for provider in PROVIDERS:
        document = yaml.safe_load((registry.root / "mapping" / "webhooks" / f"{provider}.yaml").read_text())
        for rule in (rule for rules in document["events"].values() for rule in rules):
            contract = registry.get(rule["event"], rule.get("v", 1))
            assert contract is not None
            schemas = {field.name: field.schema for field in contract.fields}
            links = [name for name, field in rule.get("payload", {}).items() if "link" in field]
            found += [schemas[name]["maxLength"] for name in links]
    assert found and min(found) >= LONGEST_LINK


def test_an_email_without_tags_is_known_by_sess_message_id(worker: Worker) -> None:
    worker.ses({**bodies.SES[3][0], "mail": {**bodies.MAIL, "tags": {}}})
    payload = worker.events[0]["payload"]
    assert payload == {
        "notification_id": "ntf_0100018264c9a044451ca066000000",
        "template": "unknown",
        "channel": "email",
    }


@pytest.mark.parametrize(("kind", "changed", "expected"), bodies.DOCUSIGN)
def test_docusigns_messages_become_our_events(
    worker: Worker, kind: str, changed: dict[str, Any], expected: list[str]
) -> None:
    worker.docusign(bodies.docusign(kind, **changed))
    assert (worker.quarantined, [event["event"] for event in worker.events]) == ([], expected)
    assert not [secret for secret in bodies.SECRETS if secret.encode() in b"".join(worker.stored)]
    assert all(event["ids"]["doc_id"] == "doc_1" for event in worker.events)


@pytest.mark.parametrize(("kind", "expected"), bodies.DROPBOX_SIGN)
def test_dropbox_signs_callbacks_become_our_events(worker: Worker, kind: str, expected: list[str]) -> None:
    worker.dropbox_sign(bodies.dropbox_sign(kind))
    assert (worker.quarantined, [event["event"] for event in worker.events]) == ([], expected)
    assert not [secret for secret in bodies.SECRETS if secret.encode() in b"".join(worker.stored)]
    assert all(event["ids"]["doc_id"] == "doc_1" for event in worker.events)


def test_nothing_personal_of_the_public_stripe_bodies_is_stored(worker: Worker) -> None:
    folder = shared_fixture("webhooks", "stripe")
    taken = 0
    for number, path in enumerate(sorted(folder.glob("events*/*.json"))):
        event = json.loads(path.read_text()) | {"id": f"evt_public{number}"}  # they share placeholders
        thing = event["data"]["object"]
        if isinstance(thing.get("metadata"), dict):
            thing["metadata"] |= {**bodies.OURS, "payout_id": "pay_1", "refund_id": "rf_1"}
        before = len(worker.stored)
        worker.stripe(event)
        _assert_nothing_personal(event, worker.stored[before:])
        taken += len(worker.stored) > before
    assert [bad["path"] for bad in worker.quarantined] == [
        "$.payload.refund_id"
    ]  # its refund has its own metadata
    assert taken == 7  # the others have no event in the catalogue, or nothing that changed


def test_public_stripe_events_without_our_ids_wait_in_the_quarantine_without_their_bodies(
    worker: Worker,
) -> None:
    folder = shared_fixture("webhooks", "stripe", "events")
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        event = json.loads(path.read_text()) | {"id": f"evt_public{number}"}
        before = len(worker.stored)
        worker.stripe(event)
        _assert_nothing_personal(event, worker.stored[before:])
    assert worker.quarantined
    for bad in worker.quarantined:
        raw = json.loads(bad["raw"])
        assert set(raw) <= {
            "event",
            "v",
            "event_id",
            "occurred_at",
            "context",
            "ids",
            "payload",
            "money",
            "city",
            "user_id",
        }
        assert (bad["dialect"], bad["code"]) == ("domain", "EVENT_SCHEMA_INVALID")


def test_every_public_resource_of_stripe_may_come_in_any_event(worker: Worker) -> None:
    resources = json.loads(shared_fixture("webhooks", "stripe", "resources.json").read_text())["resources"]
    kinds = sorted(worker.reception._mappings["stripe"].rules)
    number = 0
    for kind in kinds:
        for resource in resources.values():
            number += 1
            before = len(worker.stored)
            event = bodies.stripe(kind, resource, number)
            assert worker.stripe(event).taken.results is not None
            _assert_nothing_personal(event, worker.stored[before:])
    assert number > 900


def test_nothing_personal_of_the_public_ses_bodies_is_stored(worker: Worker) -> None:
    folder = shared_fixture("webhooks", "ses", "bodies")
    expected = {"bounce": "email.bounce", "complaint": "email.complaint", "delivery": "notification.delivered",
                "open": "email.open", "click": "email.click", "suppressionlist": "email.bounce"}  # fmt: skip
    for number, path in enumerate(sorted(folder.glob("*.json"))):
        body = json.loads(path.read_text())
        before = len(worker.stored)
        worker.ses(body, MessageId=f"m{number}")
        new = [json.loads(line) for line in worker.stored[before:]]
        event = expected.get(path.name.partition("_")[0])
        assert [record.get("event") for record in new] == ([event] if event else [])
        _assert_nothing_personal({k: v for k, v in body.items() if k != "click"}, worker.stored[before:])
    assert worker.quarantined == []


def test_nothing_personal_of_the_public_esign_bodies_is_stored(worker: Worker) -> None:
    folder = shared_fixture("webhooks", "esign")
    docusign = json.loads((folder / "docusign" / "cases.json").read_text())["cases"]
    dropbox = json.loads((folder / "dropbox_sign" / "cases.json").read_text())["cases"]
    for case in docusign:
        before = len(worker.stored)
        body = json.loads(case["body"])
        worker.docusign(body)
        _assert_nothing_personal(body, worker.stored[before:])
    for case in dropbox:
        if case["json"].get("event", {}).get("event_time"):
            before = len(worker.stored)
            worker.dropbox_sign(case["json"])
            _assert_nothing_personal(case["json"], worker.stored[before:])
    assert {event["event"] for event in worker.events} >= {
        "doc.envelope.sent",
        "doc.envelope.completed",
        "doc.envelope.declined",
    }
    assert all(event["ids"]["doc_id"].startswith("doc_") for event in worker.events)


SMALL = {"id": ["id"], "type": "type", "occurred_at": "at"}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"event": "payment.intent.craeted"}, "no contract payment.intent.craeted v1"),
        ({"event": "email.open", "v": 9}, "no contract email.open v9"),
        ({"event": "email.open", "payload": {"colour": {"const": "red"}}}, "no payload field 'colour'"),
        ({"event": "email.open", "payload": {"template": {"text": "x"}}}, "a field has one of"),
        ({"event": "email.open", "payload": {"template": {"ref": "a b"}}}, "is not a path"),
        ({"event": "email.open", "paylaod": {}}, "unknown .'paylaod'."),
        ({"event": "email.open", "when": [{"path": "x", "is": 1}]}, "a condition has"),
    ],
)
def test_a_mapping_that_cannot_be_is_named_with_what_is_wrong(
    registry: Registry, rule: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConfigError, match=rf"ses\.yaml: opened: .*{says}"):
        ProviderMapping("ses", {**SMALL, "events": {"opened": [rule]}}, registry)


def test_a_mapping_that_is_absent_or_no_yaml_is_named(registry: Registry, tmp_path: Path) -> None:
    folder = tmp_path / "mapping" / "webhooks"
    folder.mkdir(parents=True)
    for text in ("", "events: [", "id: [id]\n"):
        (folder / "broken.yaml").write_text(text)
        elsewhere = Registry(tmp_path, registry.contracts, registry.envelopes)
        with pytest.raises(ConfigError, match=r"broken\.yaml"):
            load_mapping("broken", elsewhere)
