"""Bodies of providers, made here: small, with personal data in every place where providers put some."""

from __future__ import annotations

from typing import Any

PERSON = {
    "email": "jane.doe@example.com",
    "name": "Jane Doe",
    "phone": "+1 713 555 0142",
    "address": {"line1": "1 Main Street", "city": "Houston", "postal_code": "77002"},
}
SECRETS = (
    "jane.doe@example.com",
    "Jane Doe",
    "713 555 0142",
    "1 Main Street",
    "203.0.113.9",
    "4242",
    "sk_secret",
)
OURS = {
    "lbg_id": "lbg_1",
    "leg_id": "leg_1",
    "charge_id": "chg_1",
    "city": "houston",
    "buyer_user_id": "usr_buyer",
}


def stripe(kind: str, thing: dict[str, Any], number: int = 1, **more: Any) -> dict[str, Any]:
    """A snapshot event; `previous` are the previous attributes."""
    data: dict[str, Any] = {
        "object": {**PERSON, "billing_details": PERSON, "shipping": PERSON, "ip": "203.0.113.9", **thing}
    }
    if "previous" in more:
        data["previous_attributes"] = more.pop("previous")
    head = {"id": f"evt_{number}", "object": "event", "api_version": "2026-09-30", "created": 1_793_976_258}
    return {**head, "type": kind, "livemode": True, "data": data, **more}


def intent(**changed: Any) -> dict[str, Any]:
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 25_000,
        "amount_received": 25_000,
        "currency": "usd",
        "payment_method_types": ["card"],
        "latest_charge": "ch_1",
        "client_secret": "sk_secret",
        "metadata": OURS,
        "charges": {"data": [{"payment_method_details": {"card": {"last4": "4242"}}}]},
        **changed,
    }


def charge(**changed: Any) -> dict[str, Any]:
    base = {"id": "ch_1", "object": "charge", "amount": 25_000, "amount_captured": 20_000, "currency": "usd"}
    return {**base, "payment_intent": "pi_1", "captured": True, "metadata": OURS, **changed}


def refund(**changed: Any) -> dict[str, Any]:
    base = {"id": "re_1", "object": "refund", "amount": 5_000, "currency": "usd", "charge": "ch_1"}
    metadata = {**OURS, "refund_id": "rf_1", "reason": "issue"}
    return {**base, "payment_intent": "pi_1", "status": "succeeded", "metadata": metadata, **changed}


def payout(**changed: Any) -> dict[str, Any]:
    metadata = {**OURS, "payout_id": "pay_1", "payee_user_id": "usr_seller"}
    base = {"id": "po_1", "object": "payout", "amount": 18_000, "currency": "usd", "status": "in_transit"}
    return {**base, "metadata": metadata, **changed}


def dispute(**changed: Any) -> dict[str, Any]:
    base = {"id": "dp_1", "object": "dispute", "amount": 25_000, "currency": "usd", "charge": "ch_1"}
    details = {"due_by": 1_794_976_258, "submission_count": 0}
    return {**base, "payment_intent": "pi_1", "reason": "fraudulent", "status": "needs_response", "metadata": {},
            "evidence_details": details, "evidence": {"customer_name": "Jane Doe"}, **changed}  # fmt: skip


def session(**changed: Any) -> dict[str, Any]:
    base = {"id": "vs_1", "object": "identity.verification_session", "metadata": {"user_id": "usr_9"}}
    return {**base, "verified_outputs": PERSON, "status": "verified", **changed}


def account(**changed: Any) -> dict[str, Any]:
    base = {"id": "acct_1", "object": "account", "charges_enabled": True, "payouts_enabled": True}
    return {**base, "individual": PERSON, "metadata": {"user_id": "usr_9"}, **changed}


DEPOSIT = {"leg_id": "leg_1", "deposit_id": "dep_1"}
STRIPE: list[tuple[str, dict[str, Any], dict[str, Any], list[str]]] = [
    ("payment_intent.created", intent(), {}, ["payment.intent.created"]),
    ("payment_intent.requires_action", intent(), {}, ["payment.intent.requires_action"]),
    ("payment_intent.amount_capturable_updated", intent(), {}, ["payment.intent.succeeded"]),
    ("payment_intent.amount_capturable_updated", intent(metadata=DEPOSIT), {}, ["deposit.auth.authorized"]),
    ("payment_intent.succeeded", intent(), {}, ["payment.intent.succeeded"]),
    ("payment_intent.succeeded", intent(metadata=DEPOSIT), {}, ["deposit.auth.captured"]),
    ("payment_intent.payment_failed", intent(last_payment_error={"code": "card_declined", "message": "Jane Doe"}), {},
     ["payment.intent.failed"]),
    ("payment_intent.canceled", intent(), {}, []),
    ("payment_intent.canceled", intent(metadata=DEPOSIT, cancellation_reason="automatic"), {}, ["deposit.auth.expired"]),
    ("payment_intent.canceled", intent(metadata=DEPOSIT), {}, ["deposit.auth.voided"]),
    ("charge.captured", charge(), {}, ["payment.capture.succeeded"]),
    ("charge.succeeded", charge(), {}, ["payment.capture.succeeded"]),
    ("charge.succeeded", charge(captured=False), {}, []),
    ("charge.expired", charge(), {}, ["payment.capture.failed"]),
    ("charge.failed", charge(), {}, []),
    ("charge.failed", charge(payment_intent=None, failure_code="card_declined"), {}, ["payment.intent.failed"]),
    ("refund.created", refund(status="pending"), {}, ["refund.created"]),
    ("refund.created", refund(), {}, ["refund.created", "refund.succeeded"]),
    ("refund.created", refund(status="failed"), {}, ["refund.created", "refund.failed"]),
    ("refund.updated", refund(), {}, ["refund.succeeded"]),
    ("refund.updated", refund(status="pending"), {}, []),
    ("refund.updated", refund(status="failed"), {}, ["refund.failed"]),
    ("refund.failed", refund(status="failed"), {}, ["refund.failed"]),
    ("charge.refund.updated", refund(), {}, ["refund.succeeded"]),
    ("charge.refund.updated", refund(status="failed"), {}, ["refund.failed"]),
    ("charge.refunded", charge(refunds={"data": [refund()]}), {}, ["refund.succeeded"]),
    ("charge.refunded", charge(), {}, []),
    ("payout.created", payout(status="pending"), {}, ["payout.queued"]),
    ("payout.created", payout(), {}, ["payout.in_transit"]),
    ("payout.updated", payout(), {}, ["payout.in_transit"]),
    ("payout.updated", payout(status="paid"), {}, []),
    ("payout.paid", payout(status="paid"), {}, ["payout.paid"]),
    ("payout.failed", payout(status="failed"), {}, ["payout.failed"]),
    ("payout.canceled", payout(status="canceled"), {}, ["payout.canceled"]),
    ("transfer.created", payout(id="tr_1", object="transfer"), {}, ["payout.in_transit"]),
    ("transfer.paid", payout(id="tr_1", object="transfer"), {}, ["payout.paid"]),
    ("transfer.failed", payout(id="tr_1", object="transfer"), {}, ["payout.failed"]),
    ("transfer.reversed", payout(id="tr_1", object="transfer"), {}, []),
    ("transfer.reversed", payout(id="tr_1", amount_reversed=900, metadata={**OURS, "dispute_id": "dsp_1"}), {},
     ["chargeback.clawback.applied"]),
    ("charge.dispute.created", dispute(metadata=OURS), {}, ["dispute.opened"]),
    ("charge.dispute.updated", dispute(), {}, []),
    ("charge.dispute.updated", dispute(status="under_review", evidence_details={"submission_count": 1}), {},
     ["dispute.evidence_submitted"]),
    ("charge.dispute.closed", dispute(status="won"), {}, ["dispute.won"]),
    ("charge.dispute.closed", dispute(status="lost"), {}, ["dispute.lost"]),
    ("charge.dispute.closed", dispute(status="warning_closed"), {}, ["chargeback.closed"]),
    ("account.updated", account(), {"previous": {"payouts_enabled": False}}, ["seller.activated"]),
    ("account.updated", account(), {"previous": {"charges_enabled": False}}, ["seller.activated"]),
    ("account.updated", account(), {"previous": {"email": "old@example.com"}}, []),
    ("account.updated", account(payouts_enabled=False), {"previous": {"charges_enabled": False}}, []),
    ("identity.verification_session.created", session(), {}, ["idv.started"]),
    ("identity.verification_session.verified", session(metadata={}, client_reference_id="usr_9"), {}, ["idv.passed"]),
    ("identity.verification_session.requires_input", session(last_error={"code": "document_expired"}), {}, ["idv.failed"]),
    ("identity.verification_session.canceled", session(), {}, ["idv.expired"]),
]  # fmt: skip

MAIL = {
    "messageId": "0100018264c9a044-451ca066-000000",
    "source": "jane.doe@example.com",
    "sourceIp": "203.0.113.9",
    "destination": ["jane.doe@example.com"],
    "headers": [{"name": "To", "value": "Jane Doe <jane.doe@example.com>"}],
    "commonHeaders": {"subject": "Hello Jane Doe", "to": ["jane.doe@example.com"]},
    "tags": {"notification_id": ["ntf_1"], "template": ["booking.confirmed"], "user_id": ["usr_9"]},
}
AT = "2026-11-06T15:24:17.500Z"
_WHO = [{"emailAddress": "jane.doe@example.com", "diagnosticCode": "smtp; 550 Jane Doe"}]
SES: list[tuple[dict[str, Any], list[str]]] = [
    ({"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": _WHO, "timestamp": AT}},
     ["email.bounce"]),
    ({"notificationType": "Bounce", "bounce": {"bounceType": "Transient", "bouncedRecipients": _WHO * 3, "timestamp": AT}},
     ["email.bounce"] * 3),
    ({"eventType": "Complaint", "complaint": {"complainedRecipients": _WHO * 2, "timestamp": AT}}, ["email.complaint"]),
    ({"eventType": "Delivery", "delivery": {"recipients": ["jane.doe@example.com"], "timestamp": AT}},
     ["notification.delivered"]),
    ({"eventType": "Open", "open": {"ipAddress": "203.0.113.9", "userAgent": "x", "timestamp": AT}}, ["email.open"]),
    ({"eventType": "Click", "click": {"ipAddress": "203.0.113.9", "link": "https://rastup.com/o?e=jane.doe@example.com",
      "timestamp": AT}},
     ["email.click"]),
    ({"eventType": "Subscription", "subscription": {"timestamp": AT, "newTopicPreferences": {"unsubscribeAll": True}}},
     ["email.unsubscribe"]),
    ({"eventType": "Subscription", "subscription": {"timestamp": AT, "newTopicPreferences": {
        "unsubscribeAll": False, "topicSubscriptionStatus": [{"topicName": "t", "subscriptionStatus": "OptOut"}]}}},
     ["email.unsubscribe"]),
    ({"eventType": "Subscription", "subscription": {"timestamp": AT, "newTopicPreferences": {
        "unsubscribeAll": False, "topicSubscriptionStatus": [{"topicName": "t", "subscriptionStatus": "OptIn"}]}}}, []),
    ({"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "MailboxFull", "delayedRecipients": _WHO,
      "timestamp": AT}}, []),
    ({"eventType": "Reject", "reject": {"reason": "Bad content"}}, []),
    ({"eventType": "Rendering Failure", "failure": {"errorMessage": "Jane Doe", "templateName": "t"}}, []),
    ({"eventType": "Send", "send": {}}, []),
]  # fmt: skip


def docusign(event: str, **changed: Any) -> dict[str, Any]:
    fields = [
        {"name": "doc_id", "value": "doc_1"},
        {"name": "lbg_id", "value": "lbg_1"},
        {"name": "note", "value": "Jane Doe"},
    ]
    summary = {
        "statusChangedDateTime": "2026-11-06T15:24:10.000Z",
        "emailSubject": "For Jane Doe",
        "sender": {**PERSON, "ipAddress": "203.0.113.9"},
        "recipients": {"signers": [{**PERSON, "declinedReason": "call +1 713 555 0142"}]},
        "customFields": {"textCustomFields": fields},
        **changed,
    }
    data = {"envelopeId": "6b0cff6d-1def-40c3", "recipientId": "1", "envelopeSummary": summary}
    return {
        "event": event,
        "generatedDateTime": "2026-11-06T15:24:11.2740396Z",
        "retryCount": 0,
        "data": data,
    }


DOCUSIGN = [
    ("envelope-sent", {}, ["doc.envelope.sent"]),
    ("envelope-resent", {}, ["doc.envelope.sent"]),
    ("envelope-delivered", {}, ["doc.envelope.viewed"]),
    ("envelope-completed", {}, ["doc.envelope.completed"]),
    ("envelope-declined", {}, ["doc.envelope.declined"]),
    ("envelope-voided", {"voidedReason": "Envelope has expired."}, ["doc.envelope.expired"]),
    ("envelope-voided", {"voidedReason": "Jane Doe asked"}, []),
    ("recipient-delivered", {}, ["doc.envelope.viewed"]),
    ("recipient-completed", {}, ["doc.envelope.signed"]),
    ("envelope-purge", {}, []),
]


def dropbox_sign(kind: str) -> dict[str, Any]:
    request = {
        "signature_request_id": "fa5c8a0b0f492d76",
        "title": "For Jane Doe",
        "requester_email_address": "jane.doe@example.com",
        "metadata": {"doc_id": "doc_1", "lbg_id": "lbg_1"},
        "signatures": [{"signer_email_address": "jane.doe@example.com", "signer_name": "Jane Doe"}],
        "response_data": [{"value": "1 Main Street"}],
    }
    return {"event": {"event_time": "1793976258", "event_type": kind}, "signature_request": request}


DROPBOX_SIGN = [
    ("signature_request_sent", ["doc.envelope.sent"]),
    ("signature_request_viewed", ["doc.envelope.viewed"]),
    ("signature_request_signed", ["doc.envelope.signed"]),
    ("signature_request_all_signed", ["doc.envelope.completed"]),
    ("signature_request_declined", ["doc.envelope.declined"]),
    ("signature_request_expired", ["doc.envelope.expired"]),
    ("callback_test", []),
]
