"""Every event as a function that makes it: `events.search_save(query_hash="9f8e7d6c")`, for `Client.send`.

Generated from `contracts/` by `rastup contracts generate`; edit the contract instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from rastup.client.event import Event, Scalar, event_of


def acceptance_auto_accept(
    *,
    lbg_id: str,
    leg_id: str,
) -> Event:
    """`acceptance.auto_accept` v1: The acceptance window closed without a word from the buyer; emitted by the
    booking backend, it frees the payout of the leg.

    Args:
        lbg_id: Linked booking group of the accepted leg.
        leg_id: The leg that was accepted by itself.
    """
    return event_of(
        "acceptance.auto_accept",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
    )


def acceptance_buyer_accept(
    *,
    lbg_id: str,
    leg_id: str,
) -> Event:
    """`acceptance.buyer.accept` v1: The buyer accepted the delivered work; sent by the client, it frees the
    payout of the leg.

    Args:
        lbg_id: Linked booking group of the accepted leg.
        leg_id: The leg that the buyer accepted.
    """
    return event_of(
        "acceptance.buyer.accept",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
    )


def acceptance_issue_reported(
    *,
    lbg_id: str,
    leg_id: str,
    kind: str,
) -> Event:
    """`acceptance.issue_reported` v1: The buyer reported an issue within the acceptance window; sent by the
    client, it holds the payout of the leg.

    Args:
        lbg_id: Linked booking group of the leg with the issue.
        leg_id: The leg with the issue.
        kind: What the issue is about, a code that the buyer picks from a list, for example no_show.
    """
    return event_of(
        "acceptance.issue_reported",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "kind": kind,
        },
    )


def acceptance_window_start(
    *,
    lbg_id: str,
    leg_id: str,
    ends_at: datetime | str,
) -> Event:
    """`acceptance.window.start` v1: The time in which the buyer may accept or report an issue began; emitted
    by the booking backend after the session.

    Args:
        lbg_id: Linked booking group of the delivered leg.
        leg_id: The delivered leg, whose payout waits for the window.
        ends_at: When the window closes and the leg is accepted by itself, RFC 3339.
    """
    return event_of(
        "acceptance.window.start",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "ends_at": ends_at,
        },
    )


def action_create(
    *,
    action_id: str,
    kind: str,
    thread_id: str | None = None,
) -> Event:
    """`action.create` v1: A task for one side of a booking was created, such as a shot list to confirm; sent
    by the client.

    Args:
        action_id: The new action; its state changes and cards name it again.
        kind: Code of what is to be done, for example confirm_shot_list.
        thread_id: Thread in which the action is shown; absent when it belongs to no conversation.
    """
    return event_of(
        "action.create",
        1,
        payload={
            "action_id": action_id,
            "kind": kind,
            "thread_id": thread_id,
        },
    )


def action_state_change(
    *,
    action_id: str,
    from_: str,
    to: str,
) -> Event:
    """`action.state_change` v1: An action moved from one state to another; sent by the client of the person
    who moved it.

    Args:
        action_id: Action whose state changed.
        from_: State before the change, for example open.
        to: State after the change, for example done.
    """
    return event_of(
        "action.state_change",
        1,
        payload={
            "action_id": action_id,
            "from": from_,
            "to": to,
        },
    )


def action_card_complete(
    *,
    kind: str,
    order_id: str | None = None,
    delta: int | None = None,
    action_id: str | None = None,
) -> Event:
    """`action_card.complete` v1: A person finished what the card of an action asked for; sent by the client
    once per card.

    Args:
        kind: Code of what the card asked for, for example overtime.
        order_id: Order that was changed by the card: the id of its linked booking group.
        delta: Change of the order's price that was agreed, in cents; negative when it falls.
        action_id: Action that is done with it; absent on cards without a task.
    """
    return event_of(
        "action_card.complete",
        1,
        payload={
            "kind": kind,
            "order_id": order_id,
            "delta": delta,
            "action_id": action_id,
        },
    )


def action_card_open(
    *,
    kind: str,
    order_id: str | None = None,
    delta: int | None = None,
    action_id: str | None = None,
) -> Event:
    """`action_card.open` v1: A person opened the card of an action inside a conversation; sent by the client
    once per opening.

    Args:
        kind: Code of what the card asks for, for example overtime.
        order_id: Order that the card is about: the id of its linked booking group.
        delta: Change of the order's price that the card offers, in cents; negative when it falls.
        action_id: Action that the card stands for; absent on cards without a task.
    """
    return event_of(
        "action_card.open",
        1,
        payload={
            "kind": kind,
            "order_id": order_id,
            "delta": delta,
            "action_id": action_id,
        },
    )


def alarm_triggered(
    *,
    alarm: str,
    severity: Literal["info", "warning", "critical"],
) -> Event:
    """`alarm.triggered` v1: An alarm of the platform went off; emitted by the platform's monitoring once per
    change into alarm.

    Args:
        alarm: Name of the alarm, which its runbook carries too.
        severity: How urgent the alarm is.
    """
    return event_of(
        "alarm.triggered",
        1,
        payload={
            "alarm": alarm,
            "severity": severity,
        },
    )


def amendment_added(
    *,
    lbg_id: str,
    leg_id: str,
    amendment_id: str,
    kind: Literal["change_order", "overtime", "refund_line", "admin_adjustment"],
    subtotal_delta_cents: int,
    tax_delta_cents: int,
    platform_fee_delta_cents: int,
    platform_fee_tax_delta_cents: int,
) -> Event:
    """`amendment.added` v1: The money of a leg was changed after its confirmation; emitted by the booking
    backend once per amendment.

    Args:
        lbg_id: Linked booking group of the amended leg.
        leg_id: The leg whose money changes.
        amendment_id: The amendment, unique over all legs.
        kind: What the amendment is: a change order, overtime, a refund line or an adjustment by staff.
        subtotal_delta_cents: Change of the seller's price, in cents; negative when it falls.
        tax_delta_cents: Change of the service tax, in cents; negative when it falls.
        platform_fee_delta_cents: Change of the platform fee, in cents; negative when it falls.
        platform_fee_tax_delta_cents: Change of the tax on the platform fee, in cents; negative when it falls.
    """
    return event_of(
        "amendment.added",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "amendment_id": amendment_id,
            "kind": kind,
            "subtotal_delta_cents": subtotal_delta_cents,
            "tax_delta_cents": tax_delta_cents,
            "platform_fee_delta_cents": platform_fee_delta_cents,
            "platform_fee_tax_delta_cents": platform_fee_tax_delta_cents,
        },
    )


def api_request(
    *,
    route: str,
    status: int,
    latency_ms: float,
    method: str | None = None,
    sample_rate: float | None = None,
) -> Event:
    """`api.request` v1: One request to the API, sampled; emitted by the platform's gateway, weighted by 1 /
    sample_rate in request counts.

    Args:
        route: Route template that answered, for example /v1/studios/{id}; latencies are reported by it.
        status: HTTP status code of the answer, for example 200; error rates count 4xx and 5xx.
        latency_ms: Time from the request's arrival to the end of its answer, in milliseconds.
        method: HTTP method of the request, for example GET.
        sample_rate: Share of requests that are sent as events, from 0 to 1; every request when absent.
    """
    return event_of(
        "api.request",
        1,
        payload={
            "route": route,
            "status": status,
            "latency_ms": latency_ms,
            "method": method,
            "sample_rate": sample_rate,
        },
    )


def app_end(
    *,
    cold: bool | None = None,
) -> Event:
    """`app.end` v1: The app was closed or went to the background; sent by the client when the system allows
    it.

    Args:
        cold: Whether the run that ends had begun with a fresh launch.
    """
    return event_of(
        "app.end",
        1,
        payload={
            "cold": cold,
        },
    )


def app_install(
    *,
    cold: bool | None = None,
) -> Event:
    """`app.install` v1: The app was opened for the first time after its installation; sent by the client once
    per installation.

    Args:
        cold: Whether this first opening was a fresh launch; false when the system had preloaded the app.
    """
    return event_of(
        "app.install",
        1,
        payload={
            "cold": cold,
        },
    )


def app_start(
    *,
    cold: bool | None = None,
) -> Event:
    """`app.start` v1: The app came to the foreground; sent by the client, its expected number measures how
    many events are lost.

    Args:
        cold: Whether the app was launched afresh (true) or brought back from the background (false).
    """
    return event_of(
        "app.start",
        1,
        payload={
            "cold": cold,
        },
    )


def bg_clear(
    *,
    subject_user_id: str,
    check_id: str,
) -> Event:
    """`bg.clear` v1: A background check found nothing that matters; emitted by the trust backend, the first
    outcome of a check counts.

    Args:
        subject_user_id: Person who was checked.
        check_id: Check that ended clear, as in its bg.invited.
    """
    return event_of(
        "bg.clear",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "check_id": check_id,
        },
    )


def bg_consider(
    *,
    subject_user_id: str,
    check_id: str,
) -> Event:
    """`bg.consider` v1: A background check found something that a reviewer must weigh; emitted by the trust
    backend, the first outcome of a check counts.

    Args:
        subject_user_id: Person who was checked.
        check_id: Check that needs a review, as in its bg.invited.
    """
    return event_of(
        "bg.consider",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "check_id": check_id,
        },
    )


def bg_in_progress(
    *,
    subject_user_id: str,
    check_id: str,
) -> Event:
    """`bg.in_progress` v1: A background check is being worked on; emitted by the trust backend when the
    provider begins.

    Args:
        subject_user_id: Person who is being checked.
        check_id: Check that was begun, as in its bg.invited.
    """
    return event_of(
        "bg.in_progress",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "check_id": check_id,
        },
    )


def bg_invited(
    *,
    subject_user_id: str,
    check_id: str,
) -> Event:
    """`bg.invited` v1: A person was invited to a background check; emitted by the trust backend, turnaround
    counts from here.

    Args:
        subject_user_id: Person who is to be checked.
        check_id: The new check; its progress and outcome name it again.
    """
    return event_of(
        "bg.invited",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "check_id": check_id,
        },
    )


def bg_suspended(
    *,
    subject_user_id: str,
    check_id: str,
) -> Event:
    """`bg.suspended` v1: A background check was halted by the provider or the person; emitted by the trust
    backend.

    Args:
        subject_user_id: Person whose check was halted.
        check_id: Check that was halted, as in its bg.invited.
    """
    return event_of(
        "bg.suspended",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "check_id": check_id,
        },
    )


def book_again_click(
    *,
    notification_id: str,
    prior_lbg_id: str | None = None,
) -> Event:
    """`book_again.click` v1: A buyer followed the invitation to book again; emitted by the growth backend
    from its redirect.

    Args:
        notification_id: Notification whose link was followed, as in its book_again.sent.
        prior_lbg_id: Earlier order that the invitation refers to: the id of its linked booking group.
    """
    return event_of(
        "book_again.click",
        1,
        payload={
            "notification_id": notification_id,
            "prior_lbg_id": prior_lbg_id,
        },
    )


def book_again_converted(
    *,
    lbg_id: str,
    notification_id: str,
) -> Event:
    """`book_again.converted` v1: An invitation to book again led to a new order; emitted by the growth
    backend when that order is confirmed.

    Args:
        lbg_id: The new linked booking group, not the earlier one.
        notification_id: Notification that led to the order, as in its book_again.sent.
    """
    return event_of(
        "book_again.converted",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "notification_id": notification_id,
        },
    )


def book_again_sent(
    *,
    notification_id: str,
    prior_lbg_id: str | None = None,
) -> Event:
    """`book_again.sent` v1: A buyer was invited to book the same seller again; emitted by the growth backend.

    Args:
        notification_id: Notification that carries the invitation; its click and conversion name it again.
        prior_lbg_id: Earlier order that the invitation refers to: the id of its linked booking group.
    """
    return event_of(
        "book_again.sent",
        1,
        payload={
            "notification_id": notification_id,
            "prior_lbg_id": prior_lbg_id,
        },
    )


def chargeback_clawback_applied(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    dispute_id: str,
    payee_user_id: str | None = None,
) -> Event:
    """`chargeback.clawback.applied` v1: The loss of a dispute was taken back from a payee; emitted by the
    payments backend.

    Args:
        leg_id: The leg whose payout is taken back.
        amount_cents: Amount that is taken back from the payee, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        dispute_id: Dispute whose loss is passed on.
        payee_user_id: Seller or studio owner who bears the loss.
    """
    return event_of(
        "chargeback.clawback.applied",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "dispute_id": dispute_id,
            "payee_user_id": payee_user_id,
        },
    )


def chargeback_closed(
    *,
    dispute_id: str,
    outcome: Literal["won", "lost", "warning_closed"],
) -> Event:
    """`chargeback.closed` v1: A dispute was closed, in the naming of the back office; emitted by the payments
    backend, the same fact as dispute.won or dispute.lost.

    Args:
        dispute_id: Dispute that is no longer open.
        outcome: How it ended: won or lost for the platform, or a warning that came to nothing.
    """
    return event_of(
        "chargeback.closed",
        1,
        payload={
            "dispute_id": dispute_id,
            "outcome": outcome,
        },
    )


def chargeback_open(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    dispute_id: str,
    charge_id: str,
    reason: str | None = None,
    due_at: datetime | str | None = None,
) -> Event:
    """`chargeback.open` v1: A dispute was opened, in the naming of the back office; emitted by the payments
    backend, the same fact as dispute.opened.

    Args:
        lbg_id: Linked booking group whose charge is disputed.
        amount_cents: Amount that the cardholder disputes, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        dispute_id: The dispute; its evidence and its outcome name it again.
        charge_id: The platform's charge that is disputed.
        reason: The bank's reason as staff noted it; free text that is redacted at ingest.
        due_at: Until when evidence may be handed in, RFC 3339.
    """
    return event_of(
        "chargeback.open",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "dispute_id": dispute_id,
            "charge_id": charge_id,
            "reason": reason,
            "due_at": due_at,
        },
    )


def chargeback_submit(
    *,
    dispute_id: str,
) -> Event:
    """`chargeback.submit` v1: Evidence on a dispute was handed in, in the naming of the back office; from
    Stripe's webhook, the same fact as dispute.evidence_submitted.

    Args:
        dispute_id: Dispute that the evidence is for.
    """
    return event_of(
        "chargeback.submit",
        1,
        payload={
            "dispute_id": dispute_id,
        },
    )


def checkout_abandon(
    *,
    order_id: str,
    step: Literal["details", "docs", "payment"],
) -> Event:
    """`checkout.abandon` v1: A buyer left the checkout before paying; sent by the client when the page is
    closed or idle.

    Args:
        order_id: Order whose checkout was left: the id of its linked booking group.
        step: Step of the checkout at which the buyer left.
    """
    return event_of(
        "checkout.abandon",
        1,
        payload={
            "order_id": order_id,
            "step": step,
        },
    )


def checkout_payment_succeeded(
    *,
    order_id: str,
    amount_cents: int,
    method: Literal["card", "ach"],
) -> Event:
    """`checkout.payment_succeeded` v1: The client saw its payment succeed; an echo for funnels, never the
    source of money figures.

    Args:
        order_id: Order that was paid: the id of its linked booking group.
        amount_cents: Amount that the client showed as paid, in cents; equals money when both are sent.
        method: How the buyer paid: by card or by bank transfer (ach).
    """
    return event_of(
        "checkout.payment_succeeded",
        1,
        payload={
            "order_id": order_id,
            "amount_cents": amount_cents,
            "method": method,
        },
    )


def checkout_start(
    *,
    order_id: str,
    context: Literal["person", "studio"],
    subtotal_cents: int,
) -> Event:
    """`checkout.start` v1: A buyer opened the checkout of an order; sent by the client once per opening, a
    step of the conversion funnel.

    Args:
        order_id: Order that is being checked out: the id of its linked booking group.
        context: Whether a person (a service profile) or a studio is being booked.
        subtotal_cents: Price of the sellers shown at the start, without service tax and platform fee, in
            cents.
    """
    return event_of(
        "checkout.start",
        1,
        payload={
            "order_id": order_id,
            "context": context,
            "subtotal_cents": subtotal_cents,
        },
    )


def consent_update(
    *,
    marketing: bool,
    analytics: bool,
) -> Event:
    """`consent.update` v1: A person set their consent; sent by the client at each change with both values,
    the last one is in force.

    Args:
        marketing: Whether marketing messages and exports are allowed from now on.
        analytics: Whether client events may be kept with an identity from now on.
    """
    return event_of(
        "consent.update",
        1,
        payload={
            "marketing": marketing,
            "analytics": analytics,
        },
    )


def deliverable_approved(
    *,
    leg_id: str,
    count: int,
) -> Event:
    """`deliverable.approved` v1: A buyer approved delivered files; sent by the client when the approval was
    stored.

    Args:
        leg_id: The leg whose files were approved.
        count: Number of files that were approved together, at least 1.
    """
    return event_of(
        "deliverable.approved",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "count": count,
        },
    )


def deliverable_final(
    *,
    leg_id: str,
    count: int,
) -> Event:
    """`deliverable.final` v1: A seller uploaded the final files of a leg; sent by the client when the upload
    is complete.

    Args:
        leg_id: The leg that the files are the result of.
        count: Number of final files in the upload, at least 1.
    """
    return event_of(
        "deliverable.final",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "count": count,
        },
    )


def deliverable_proof(
    *,
    leg_id: str,
    count: int,
) -> Event:
    """`deliverable.proof` v1: A seller uploaded proofs for the buyer to look at; sent by the client when the
    upload is complete.

    Args:
        leg_id: The leg that the proofs belong to.
        count: Number of files in the upload, at least 1.
    """
    return event_of(
        "deliverable.proof",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "count": count,
        },
    )


def deploy_failed(
    *,
    service: str,
    version: str,
) -> Event:
    """`deploy.failed` v1: A deployment failed and was rolled back; emitted by the platform's delivery
    pipeline.

    Args:
        service: Name of the service that could not be deployed.
        version: Version that was tried, for example a tag or a commit.
    """
    return event_of(
        "deploy.failed",
        1,
        payload={
            "service": service,
            "version": version,
        },
    )


def deploy_succeeded(
    *,
    service: str,
    version: str,
) -> Event:
    """`deploy.succeeded` v1: A service was deployed; emitted by the platform's delivery pipeline.

    Args:
        service: Name of the service that was deployed.
        version: Version that runs now, for example a tag or a commit.
    """
    return event_of(
        "deploy.succeeded",
        1,
        payload={
            "service": service,
            "version": version,
        },
    )


def deposit_auth_authorized(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    deposit_id: str,
) -> Event:
    """`deposit.auth.authorized` v1: A studio deposit was authorised on the buyer's card, never part of GMV;
    from Stripe's webhook.

    Args:
        leg_id: The studio leg that the deposit secures.
        amount_cents: Amount that was authorised on the card, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        deposit_id: The deposit, the same in all its events.
    """
    return event_of(
        "deposit.auth.authorized",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "deposit_id": deposit_id,
        },
    )


def deposit_auth_captured(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    deposit_id: str,
) -> Event:
    """`deposit.auth.captured` v1: An authorised studio deposit was taken, for example for damage; from
    Stripe's webhook.

    Args:
        leg_id: The studio leg that the deposit secures.
        amount_cents: Amount that was taken of the deposit, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        deposit_id: The deposit, the same in all its events.
    """
    return event_of(
        "deposit.auth.captured",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "deposit_id": deposit_id,
        },
    )


def deposit_auth_expired(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    deposit_id: str,
) -> Event:
    """`deposit.auth.expired` v1: The authorisation of a studio deposit ran out before it was taken or
    released; from Stripe's webhook.

    Args:
        leg_id: The studio leg that the deposit secures.
        amount_cents: Amount whose authorisation ran out, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        deposit_id: The deposit, the same in all its events.
    """
    return event_of(
        "deposit.auth.expired",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "deposit_id": deposit_id,
        },
    )


def deposit_auth_voided(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    deposit_id: str,
) -> Event:
    """`deposit.auth.voided` v1: An authorised studio deposit was released without being taken; from Stripe's
    webhook.

    Args:
        leg_id: The studio leg that the deposit secures.
        amount_cents: Amount that was released, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        deposit_id: The deposit, the same in all its events.
    """
    return event_of(
        "deposit.auth.voided",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "deposit_id": deposit_id,
        },
    )


def digest_click(
    *,
    digest: str,
    notification_id: str | None = None,
) -> Event:
    """`digest.click` v1: A person followed a link of a digest; sent by the client, a touch of attribution.

    Args:
        digest: Key of the digest that was followed, for example weekly.
        notification_id: Notification whose link was followed; absent when it was seen in the app alone.
    """
    return event_of(
        "digest.click",
        1,
        payload={
            "digest": digest,
            "notification_id": notification_id,
        },
    )


def digest_open(
    *,
    digest: str,
    notification_id: str | None = None,
) -> Event:
    """`digest.open` v1: A person opened a digest of news; sent by the client that opened it.

    Args:
        digest: Key of the digest that was opened, for example weekly.
        notification_id: Notification that carried the digest; absent when it was seen in the app alone.
    """
    return event_of(
        "digest.open",
        1,
        payload={
            "digest": digest,
            "notification_id": notification_id,
        },
    )


def dispute_evidence_submitted(
    *,
    dispute_id: str,
) -> Event:
    """`dispute.evidence_submitted` v1: Evidence on a dispute reached the processor; from Stripe's webhook,
    the same fact as chargeback.submit.

    Args:
        dispute_id: Dispute that the evidence is for.
    """
    return event_of(
        "dispute.evidence_submitted",
        1,
        payload={
            "dispute_id": dispute_id,
        },
    )


def dispute_lost(
    *,
    dispute_id: str,
) -> Event:
    """`dispute.lost` v1: A dispute was decided for the cardholder; from Stripe's webhook, the same fact as
    chargeback.closed with the outcome lost.

    Args:
        dispute_id: Dispute that was lost and is no longer open.
    """
    return event_of(
        "dispute.lost",
        1,
        payload={
            "dispute_id": dispute_id,
        },
    )


def dispute_opened(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    dispute_id: str,
    charge_id: str,
    reason: str | None = None,
    due_at: datetime | str | None = None,
) -> Event:
    """`dispute.opened` v1: A cardholder disputed a charge with the bank; from Stripe's webhook, the same fact
    as chargeback.open.

    Args:
        lbg_id: Linked booking group whose charge is disputed.
        amount_cents: Amount that the cardholder disputes, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        dispute_id: The dispute; its evidence and its outcome name it again.
        charge_id: The platform's charge that is disputed.
        reason: The bank's reason as the processor hands it on; free text that is redacted at ingest.
        due_at: Until when evidence may be handed in, RFC 3339.
    """
    return event_of(
        "dispute.opened",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "dispute_id": dispute_id,
            "charge_id": charge_id,
            "reason": reason,
            "due_at": due_at,
        },
    )


def dispute_won(
    *,
    dispute_id: str,
) -> Event:
    """`dispute.won` v1: A dispute was decided for the platform; from Stripe's webhook, the same fact as
    chargeback.closed with the outcome won.

    Args:
        dispute_id: Dispute that was won and is no longer open.
    """
    return event_of(
        "dispute.won",
        1,
        payload={
            "dispute_id": dispute_id,
        },
    )


def dmca_notice(
    *,
    notice_id: str,
    target_type: str | None = None,
    target_id: str | None = None,
) -> Event:
    """`dmca.notice` v1: A copyright notice on published work came in; emitted by the trust backend once per
    notice.

    Args:
        notice_id: The new notice; its takedown or restoration names it again.
        target_type: What the notice is about, for example service_profile or studio.
        target_id: Thing that the notice is about, as an id of the kind that target_type names.
    """
    return event_of(
        "dmca.notice",
        1,
        payload={
            "notice_id": notice_id,
            "target_type": target_type,
            "target_id": target_id,
        },
    )


def dmca_restore(
    *,
    notice_id: str,
    target_type: str | None = None,
    target_id: str | None = None,
) -> Event:
    """`dmca.restore` v1: Work that had been taken down came back after a counter-notice; emitted by the trust
    backend.

    Args:
        notice_id: Notice that was countered, as in its dmca.notice.
        target_type: What came back, for example service_profile or studio.
        target_id: Thing that came back, as an id of the kind that target_type names.
    """
    return event_of(
        "dmca.restore",
        1,
        payload={
            "notice_id": notice_id,
            "target_type": target_type,
            "target_id": target_id,
        },
    )


def dmca_takedown(
    *,
    notice_id: str,
    target_type: str | None = None,
    target_id: str | None = None,
) -> Event:
    """`dmca.takedown` v1: Work was taken down because of a copyright notice; emitted by the trust backend.

    Args:
        notice_id: Notice that was followed, as in its dmca.notice.
        target_type: What was taken down, for example service_profile or studio.
        target_id: Thing that was taken down, as an id of the kind that target_type names.
    """
    return event_of(
        "dmca.takedown",
        1,
        payload={
            "notice_id": notice_id,
            "target_type": target_type,
            "target_id": target_id,
        },
    )


def doc_envelope_completed(
    *,
    doc_id: str,
    provider: Literal["docusign", "dropbox_sign"],
    provider_ref: str,
    reason: str | None = None,
) -> Event:
    """`doc.envelope.completed` v1: Every signer signed an envelope; from the e-sign provider's webhook, the
    document is final.

    Args:
        doc_id: Document that all have signed.
        provider: E-sign provider that carried the envelope.
        provider_ref: The provider's id of the envelope, opaque.
        reason: Note that came with the provider's message; free text that is redacted at ingest.
    """
    return event_of(
        "doc.envelope.completed",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "provider": provider,
            "provider_ref": provider_ref,
            "reason": reason,
        },
    )


def doc_envelope_declined(
    *,
    doc_id: str,
    provider: Literal["docusign", "dropbox_sign"],
    provider_ref: str,
    reason: str | None = None,
) -> Event:
    """`doc.envelope.declined` v1: A signer refused to sign an envelope, which ends it; from the e-sign
    provider's webhook.

    Args:
        doc_id: Document that will not be signed.
        provider: E-sign provider that carried the envelope.
        provider_ref: The provider's id of the envelope, opaque.
        reason: Why the signer refused, in the signer's words; free text that is redacted at ingest.
    """
    return event_of(
        "doc.envelope.declined",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "provider": provider,
            "provider_ref": provider_ref,
            "reason": reason,
        },
    )


def doc_envelope_expired(
    *,
    doc_id: str,
    provider: Literal["docusign", "dropbox_sign"],
    provider_ref: str,
    reason: str | None = None,
) -> Event:
    """`doc.envelope.expired` v1: An envelope ran out of time before all had signed; from the e-sign
    provider's webhook.

    Args:
        doc_id: Document that must be sent again.
        provider: E-sign provider that carried the envelope.
        provider_ref: The provider's id of the envelope, opaque.
        reason: Note of the provider on why it ran out; free text that is redacted at ingest.
    """
    return event_of(
        "doc.envelope.expired",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "provider": provider,
            "provider_ref": provider_ref,
            "reason": reason,
        },
    )


def doc_envelope_sent(
    *,
    doc_id: str,
    provider: Literal["docusign", "dropbox_sign"],
    provider_ref: str,
    reason: str | None = None,
) -> Event:
    """`doc.envelope.sent` v1: The e-sign provider sent an envelope to its signers; from the provider's
    webhook.

    Args:
        doc_id: Document that the envelope holds.
        provider: E-sign provider that carries the envelope.
        provider_ref: The provider's id of the envelope, opaque; webhooks are de-duplicated by provider and
            event.
        reason: Note that the sender gave to the provider; free text that is redacted at ingest.
    """
    return event_of(
        "doc.envelope.sent",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "provider": provider,
            "provider_ref": provider_ref,
            "reason": reason,
        },
    )


def doc_envelope_signed(
    *,
    doc_id: str,
    provider: Literal["docusign", "dropbox_sign"],
    provider_ref: str,
    reason: str | None = None,
) -> Event:
    """`doc.envelope.signed` v1: One signer signed an envelope, others may be missing; from the e-sign
    provider's webhook.

    Args:
        doc_id: Document that was signed by one of its signers.
        provider: E-sign provider that carries the envelope.
        provider_ref: The provider's id of the envelope, opaque.
        reason: Note that the signer left with the signature; free text that is redacted at ingest.
    """
    return event_of(
        "doc.envelope.signed",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "provider": provider,
            "provider_ref": provider_ref,
            "reason": reason,
        },
    )


def doc_envelope_viewed(
    *,
    doc_id: str,
    provider: Literal["docusign", "dropbox_sign"],
    provider_ref: str,
    reason: str | None = None,
) -> Event:
    """`doc.envelope.viewed` v1: A signer opened an envelope; from the e-sign provider's webhook, once per
    opening that the provider tells.

    Args:
        doc_id: Document that the signer looked at.
        provider: E-sign provider that carries the envelope.
        provider_ref: The provider's id of the envelope, opaque.
        reason: Note that came with the provider's message; free text that is redacted at ingest.
    """
    return event_of(
        "doc.envelope.viewed",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "provider": provider,
            "provider_ref": provider_ref,
            "reason": reason,
        },
    )


def doc_pack_issued(
    *,
    lbg_id: str,
    pack_id: str,
    documents: int,
) -> Event:
    """`doc.pack.issued` v1: The documents of an order were put together and sent for signature; emitted by
    the documents backend once per pack.

    Args:
        lbg_id: Linked booking group that waits for the signatures.
        pack_id: The new pack; its signature or voiding names it again.
        documents: Number of documents in the pack, at least 1.
    """
    return event_of(
        "doc.pack.issued",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "pack_id": pack_id,
            "documents": documents,
        },
    )


def doc_pack_signed(
    *,
    lbg_id: str,
    pack_id: str,
    documents: int,
) -> Event:
    """`doc.pack.signed` v1: Every document of a pack was signed by everyone who must; emitted by the
    documents backend once per pack.

    Args:
        lbg_id: Linked booking group that may go on to payment.
        pack_id: Pack that is signed as a whole.
        documents: Number of documents that were signed, at least 1.
    """
    return event_of(
        "doc.pack.signed",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "pack_id": pack_id,
            "documents": documents,
        },
    )


def doc_pack_voided(
    *,
    lbg_id: str,
    pack_id: str,
    documents: int,
) -> Event:
    """`doc.pack.voided` v1: A pack was withdrawn before all had signed; emitted by the documents backend when
    the order changes or ends.

    Args:
        lbg_id: Linked booking group whose documents were withdrawn.
        pack_id: Pack that is no longer valid.
        documents: Number of documents that were withdrawn with it, at least 1.
    """
    return event_of(
        "doc.pack.voided",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "pack_id": pack_id,
            "documents": documents,
        },
    )


def doc_pdf_hash_verified(
    *,
    doc_id: str,
    sha256: str,
    ok: bool,
) -> Event:
    """`doc.pdf.hash_verified` v1: A stored PDF was compared with the hash taken at its signature; emitted by
    the documents backend at each check.

    Args:
        doc_id: Document whose file was checked.
        sha256: SHA-256 of the file as it is stored now, 64 hex digits.
        ok: Whether the hash equals the one taken at signature; false means that the file was changed.
    """
    return event_of(
        "doc.pdf.hash_verified",
        1,
        ids={
            "doc_id": doc_id,
        },
        payload={
            "sha256": sha256,
            "ok": ok,
        },
    )


def docs_pack_create(
    *,
    lbg_id: str,
    pack_id: str,
    documents: int,
) -> Event:
    """`docs.pack.create` v1: The documents of an order were put together for signature, in the older naming;
    emitted by the documents backend, the same fact as doc.pack.issued.

    Args:
        lbg_id: Linked booking group that the documents belong to.
        pack_id: The new pack; its signature or voiding names it again.
        documents: Number of documents in the pack, at least 1.
    """
    return event_of(
        "docs.pack.create",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "pack_id": pack_id,
            "documents": documents,
        },
    )


def docs_pack_signed(
    *,
    lbg_id: str,
    pack_id: str,
    documents: int,
) -> Event:
    """`docs.pack.signed` v1: Every document of a pack was signed, in the older naming; emitted by the
    documents backend, the same fact as doc.pack.signed.

    Args:
        lbg_id: Linked booking group that may go on to payment.
        pack_id: Pack that is signed as a whole.
        documents: Number of documents that were signed, at least 1.
    """
    return event_of(
        "docs.pack.signed",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "pack_id": pack_id,
            "documents": documents,
        },
    )


def dsar_completed(
    *,
    user_id: str,
    kind: Literal["erasure", "access"],
    ticket_id: str | None = None,
) -> Event:
    """`dsar.completed` v1: A data subject's request was fulfilled and verified; emitted by the privacy
    backend, the 30-day clock ends here.

    Args:
        user_id: Person whose request was fulfilled.
        kind: Whether the data were erased or handed out (access).
        ticket_id: Ticket of the request, as in its dsar.requested.
    """
    return event_of(
        "dsar.completed",
        1,
        payload={
            "user_id": user_id,
            "kind": kind,
            "ticket_id": ticket_id,
        },
    )


def dsar_hold(
    *,
    user_id: str,
    hold_id: str,
    reason: str,
) -> Event:
    """`dsar.hold` v1: A legal hold stops the erasure of a person's data; emitted by the privacy backend, the
    request resumes when it is lifted.

    Args:
        user_id: Person whose data must be kept for now.
        hold_id: The legal hold that stands against the erasure.
        reason: Why the data must be kept, in the words of who decided; free text that is redacted at ingest.
    """
    return event_of(
        "dsar.hold",
        1,
        payload={
            "user_id": user_id,
            "hold_id": hold_id,
            "reason": reason,
        },
    )


def dsar_requested(
    *,
    user_id: str,
    kind: Literal["erasure", "access"],
    ticket_id: str | None = None,
) -> Event:
    """`dsar.requested` v1: A person asked for the erasure or a copy of their data; emitted by the privacy
    backend, the 30-day clock starts here.

    Args:
        user_id: Person whose data the request is about.
        kind: Whether the data are to be erased or handed out (access).
        ticket_id: Ticket of the request; its later events name it again.
    """
    return event_of(
        "dsar.requested",
        1,
        payload={
            "user_id": user_id,
            "kind": kind,
            "ticket_id": ticket_id,
        },
    )


def dsar_tombstone(
    *,
    user_id: str,
    ticket_id: str | None = None,
) -> Event:
    """`dsar.tombstone` v1: The marker that a person's data must go from every table; emitted by the privacy
    backend when an erasure is accepted.

    Args:
        user_id: Person whose data must go and must not come back.
        ticket_id: Ticket of the erasure, as in its dsar.requested.
    """
    return event_of(
        "dsar.tombstone",
        1,
        payload={
            "user_id": user_id,
            "ticket_id": ticket_id,
        },
    )


def email_bounce(
    *,
    notification_id: str,
    template: str,
    bounce: Literal["hard", "soft"],
) -> Event:
    """`email.bounce` v1: An e-mail came back; from SES through SNS, once per recipient.

    Args:
        notification_id: Notification whose e-mail came back.
        template: Key of the template the e-mail was made from.
        bounce: Whether the address is lost for good (hard) or the mailbox refused for now (soft).
    """
    return event_of(
        "email.bounce",
        1,
        payload={
            "notification_id": notification_id,
            "template": template,
            "bounce": bounce,
        },
    )


def email_click(
    *,
    notification_id: str,
    template: str,
    link: str | None = None,
) -> Event:
    """`email.click` v1: A recipient followed a link of an e-mail; from SES through SNS, each notification
    counts once in the click rate.

    Args:
        notification_id: Notification whose e-mail was clicked.
        template: Key of the template the e-mail was made from.
        link: Address that the link leads to; tokens and personal data in it are redacted at ingest like free
            text.
    """
    return event_of(
        "email.click",
        1,
        payload={
            "notification_id": notification_id,
            "template": template,
            "link": link,
        },
    )


def email_complaint(
    *,
    notification_id: str,
    template: str,
) -> Event:
    """`email.complaint` v1: A recipient marked an e-mail as unwanted; from SES through SNS, a guardrail of
    every mailing.

    Args:
        notification_id: Notification that was complained about.
        template: Key of the template the e-mail was made from.
    """
    return event_of(
        "email.complaint",
        1,
        payload={
            "notification_id": notification_id,
            "template": template,
        },
    )


def email_open(
    *,
    notification_id: str,
    template: str,
) -> Event:
    """`email.open` v1: A recipient opened an e-mail; from SES through SNS, each notification counts once
    however often it is opened.

    Args:
        notification_id: Notification whose e-mail was opened.
        template: Key of the template the e-mail was made from.
    """
    return event_of(
        "email.open",
        1,
        payload={
            "notification_id": notification_id,
            "template": template,
        },
    )


def email_unsubscribe(
    *,
    notification_id: str,
    template: str,
) -> Event:
    """`email.unsubscribe` v1: A recipient unsubscribed through the link or the mail client; from SES through
    SNS.

    Args:
        notification_id: Notification whose e-mail led to it.
        template: Key of the template the e-mail was made from.
    """
    return event_of(
        "email.unsubscribe",
        1,
        payload={
            "notification_id": notification_id,
            "template": template,
        },
    )


def exp_convert(
    *,
    exp_id: str,
    order_id: str | None = None,
) -> Event:
    """`exp.convert` v1: A person in an experiment did what it is meant to improve; sent by the client,
    results are computed from the facts and not from this.

    Args:
        exp_id: Key of the experiment in which it happened.
        order_id: Order that is the conversion: the id of its linked booking group; absent for conversions
            without an order.
    """
    return event_of(
        "exp.convert",
        1,
        payload={
            "exp_id": exp_id,
            "order_id": order_id,
        },
    )


def exp_exposed(
    *,
    exp_key: str,
    variant: str,
    checkpoint: Literal["search", "profile", "checkout", "postbook"],
) -> Event:
    """`exp.exposed` v1: A person met an experiment's variant for the first time at a checkpoint; sent by the
    client, the first per experiment and unit counts.

    Args:
        exp_key: Key of the experiment in the registry, for example search_rank_v2.
        variant: Variant that was shown, as the registry names it, for example control.
        checkpoint: Place in the product at which the variant took effect.
    """
    return event_of(
        "exp.exposed",
        1,
        payload={
            "exp_key": exp_key,
            "variant": variant,
            "checkpoint": checkpoint,
        },
    )


def exp_view(
    *,
    exp_id: str,
    var: str,
    surface: str | None = None,
) -> Event:
    """`exp.view` v1: A person met an experiment's variant, in the naming of older clients; once per surface
    and session, meets exp.exposed in one fact.

    Args:
        exp_id: Key of the experiment; the exp_key of the newer naming.
        var: Variant that was shown; the variant of the newer naming.
        surface: Surface that showed the variant, for example search_results.
    """
    return event_of(
        "exp.view",
        1,
        payload={
            "exp_id": exp_id,
            "var": var,
            "surface": surface,
        },
    )


def fee_deferred_recorded(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
) -> Event:
    """`fee.deferred.recorded` v1: The platform fee of a leg was booked as deferred revenue; emitted by the
    payments backend at confirmation.

    Args:
        leg_id: The leg whose fee is deferred until it is completed.
        amount_cents: Fee that is deferred, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
    """
    return event_of(
        "fee.deferred.recorded",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
    )


def fee_earned_recorded(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
) -> Event:
    """`fee.earned.recorded` v1: A deferred platform fee became revenue; emitted by the payments backend when
    its leg is completed.

    Args:
        leg_id: The leg whose fee is earned.
        amount_cents: Fee that became revenue, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
    """
    return event_of(
        "fee.earned.recorded",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
    )


def finance_close_failed(
    *,
    close_dt: str,
) -> Event:
    """`finance.close.failed` v1: A financial day could not be closed; emitted by the platform's finance job,
    which tries again.

    Args:
        close_dt: Financial day that stays open, YYYY-MM-DD in UTC.
    """
    return event_of(
        "finance.close.failed",
        1,
        payload={
            "close_dt": close_dt,
        },
    )


def finance_close_start(
    *,
    close_dt: str,
) -> Event:
    """`finance.close.start` v1: The close of a financial day began; emitted by the platform's finance job.

    Args:
        close_dt: Financial day that is being closed, YYYY-MM-DD in UTC.
    """
    return event_of(
        "finance.close.start",
        1,
        payload={
            "close_dt": close_dt,
        },
    )


def finance_close_succeeded(
    *,
    close_dt: str,
) -> Event:
    """`finance.close.succeeded` v1: A financial day was closed, its figures are final; emitted by the
    platform's finance job.

    Args:
        close_dt: Financial day that is closed, YYYY-MM-DD in UTC.
    """
    return event_of(
        "finance.close.succeeded",
        1,
        payload={
            "close_dt": close_dt,
        },
    )


def growth_alert_click(
    *,
    alert_id: str,
    notification_id: str | None = None,
) -> Event:
    """`growth.alert.click` v1: A person followed a search alert to its results; sent by the client, a touch
    of attribution.

    Args:
        alert_id: Alert that was followed, as in its search.alert.create.
        notification_id: Notification whose link was followed; absent when it was seen in the app alone.
    """
    return event_of(
        "growth.alert.click",
        1,
        payload={
            "alert_id": alert_id,
            "notification_id": notification_id,
        },
    )


def growth_alert_open(
    *,
    alert_id: str,
    notification_id: str | None = None,
) -> Event:
    """`growth.alert.open` v1: A person opened the message of a search alert; sent by the client that opened
    it.

    Args:
        alert_id: Alert that the message is about, as in its search.alert.create.
        notification_id: Notification that carried the alert; absent when it was seen in the app alone.
    """
    return event_of(
        "growth.alert.open",
        1,
        payload={
            "alert_id": alert_id,
            "notification_id": notification_id,
        },
    )


def help_feedback(
    *,
    slug: str,
    helpful: bool,
) -> Event:
    """`help.feedback` v1: A reader said whether a help article helped; sent by the client once per vote.

    Args:
        slug: Slug of the article that was judged, the last part of its address.
        helpful: Whether the reader found the article helpful.
    """
    return event_of(
        "help.feedback",
        1,
        payload={
            "slug": slug,
            "helpful": helpful,
        },
    )


def help_view(
    *,
    slug: str,
) -> Event:
    """`help.view` v1: A help article was read; sent by the client once per page view.

    Args:
        slug: Slug of the article, the last part of its address.
    """
    return event_of(
        "help.view",
        1,
        payload={
            "slug": slug,
        },
    )


def identity_link(
    *,
    user_id: str,
    anon_id: str,
    device_fp: str | None = None,
) -> Event:
    """`identity.link` v1: A signed-in user and an anonymous id were seen to be one person; emitted by the
    auth backend at each log-in, and what identify and alias calls become.

    Args:
        user_id: User who logged in with that browser or device.
        anon_id: Anonymous id of the browser or device in which the log-in happened.
        device_fp: Hash of the device fingerprint, 8 to 64 characters of [0-9a-z]; too widely shared ones
            stitch nobody.
    """
    return event_of(
        "identity.link",
        1,
        payload={
            "user_id": user_id,
            "anon_id": anon_id,
            "device_fp": device_fp,
        },
    )


def idv_expired(
    *,
    subject_user_id: str,
    provider: str | None = None,
    reason: str | None = None,
) -> Event:
    """`idv.expired` v1: A verification ran out, unfinished or too old; emitted by the trust backend.

    Args:
        subject_user_id: Person who must verify again.
        provider: Verification provider of the session that ran out, for example stripe_identity.
        reason: What ran out, as the provider or a reviewer put it; free text that is redacted at ingest.
    """
    return event_of(
        "idv.expired",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "provider": provider,
            "reason": reason,
        },
    )


def idv_failed(
    *,
    subject_user_id: str,
    provider: str | None = None,
    reason: str | None = None,
) -> Event:
    """`idv.failed` v1: A person's identity could not be verified; emitted by the trust backend from the
    provider's verdict, counts into the pass rate.

    Args:
        subject_user_id: Person who is not verified.
        provider: Verification provider that gave the verdict, for example stripe_identity.
        reason: Why it failed, as the provider or a reviewer put it; free text that is redacted at ingest.
    """
    return event_of(
        "idv.failed",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "provider": provider,
            "reason": reason,
        },
    )


def idv_passed(
    *,
    subject_user_id: str,
    provider: str | None = None,
    reason: str | None = None,
) -> Event:
    """`idv.passed` v1: A person's identity was verified; emitted by the trust backend from the provider's
    verdict, counts into the pass rate.

    Args:
        subject_user_id: Person who is verified now.
        provider: Verification provider that gave the verdict, for example stripe_identity.
        reason: Note on the verdict by whoever reviewed it; free text that is redacted at ingest.
    """
    return event_of(
        "idv.passed",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "provider": provider,
            "reason": reason,
        },
    )


def idv_started(
    *,
    subject_user_id: str,
    provider: str | None = None,
    reason: str | None = None,
) -> Event:
    """`idv.started` v1: A person began to verify their identity; emitted by the trust backend when the
    provider's session opens.

    Args:
        subject_user_id: Person who is being verified.
        provider: Verification provider, for example stripe_identity.
        reason: Why the verification was asked for, in the words of who asked; free text that is redacted at
            ingest.
    """
    return event_of(
        "idv.started",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "provider": provider,
            "reason": reason,
        },
    )


def landing_view(
    *,
    city: str,
    role: str | None = None,
) -> Event:
    """`landing.view` v1: A landing page was viewed; sent by the client once per page view, and what page and
    screen calls become. A touch of attribution.

    Args:
        city: Code of the city that the page is about, for example houston; unknown when the page is about
            none.
        role: Role that the page offers, for example photographer; absent on pages for all roles.
    """
    return event_of(
        "landing.view",
        1,
        payload={
            "city": city,
            "role": role,
        },
    )


def lbg_confirmed(
    *,
    lbg_id: str,
    leg_count: int,
    payment_method: Literal["card", "ach"],
    total_cents: int,
    has_deposit_auth: bool | None = None,
) -> Event:
    """`lbg.confirmed` v1: Every leg of a linked booking group is confirmed; emitted by the booking backend,
    the first one per order counts as the booking.

    Args:
        lbg_id: Linked booking group that is confirmed.
        leg_count: Number of legs that were confirmed together.
        payment_method: How the buyer pays for the order: by card or by bank transfer (ach).
        total_cents: What the buyer pays for all legs with tax and fees, deposits left out, in cents.
        has_deposit_auth: Whether a studio deposit was authorised beside the charge.
    """
    return event_of(
        "lbg.confirmed",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "leg_count": leg_count,
            "payment_method": payment_method,
            "total_cents": total_cents,
            "has_deposit_auth": has_deposit_auth,
        },
    )


def lbg_create(
    *,
    lbg_id: str,
    leg_count: int,
) -> Event:
    """`lbg.create` v1: A linked booking group, one order of one or two legs, was created; emitted by the
    booking backend once per order.

    Args:
        lbg_id: The new linked booking group; its legs, charge and documents name it again.
        leg_count: Number of legs that the order starts with.
    """
    return event_of(
        "lbg.create",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "leg_count": leg_count,
        },
    )


def leg_cancelled(
    *,
    lbg_id: str,
    leg_id: str,
    by: Literal["buyer", "seller", "studio_owner", "admin", "system"],
    reason: str | None = None,
    start_at: datetime | str | None = None,
    subtotal_cents: int | None = None,
) -> Event:
    """`leg.cancelled` v1: A leg was called off before it was fulfilled; emitted by the booking backend, the
    first one per leg counts.

    Args:
        lbg_id: Linked booking group that the leg belongs to.
        leg_id: The leg that was called off.
        by: Who called the leg off; system for rules that run by themselves.
        reason: Why the leg was called off, in the words of who did it; free text that is redacted at ingest.
        start_at: Planned start of the session, RFC 3339; the lead time of the cancellation counts back from
            it.
        subtotal_cents: Price of the seller without service tax that is lost, in cents.
    """
    return event_of(
        "leg.cancelled",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "by": by,
            "reason": reason,
            "start_at": start_at,
            "subtotal_cents": subtotal_cents,
        },
    )


def leg_completed(
    *,
    lbg_id: str,
    leg_id: str,
    type: Literal["talent", "studio"],
    seller_user_id: str,
    subtotal_cents: int,
    tax_cents: int,
    platform_fee_cents: int,
    platform_fee_tax_cents: int,
    total_cents: int,
    start_at: datetime | str,
    end_at: datetime | str,
    service_profile_id: str | None = None,
    studio_id: str | None = None,
) -> Event:
    """`leg.completed` v1: The session of a leg is over, so that its platform fee is earned; emitted by the
    booking backend.

    Args:
        lbg_id: Linked booking group that the leg belongs to.
        leg_id: The leg whose state this event tells.
        type: Whether the leg books a talent (a service profile) or a studio.
        seller_user_id: Seller or studio owner who is paid for the leg.
        subtotal_cents: Price of the seller without service tax, the part of the leg that is GMV, in cents.
        tax_cents: Service tax on the subtotal, in cents.
        platform_fee_cents: Platform fee that the buyer pays for the leg, in cents.
        platform_fee_tax_cents: Tax on the platform fee, in cents.
        total_cents: What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its
            tax.
        start_at: Planned start of the session, RFC 3339.
        end_at: Planned end of the session, RFC 3339; acceptance times count from it.
        service_profile_id: Service profile that is booked; required of a talent leg.
        studio_id: Studio that is booked; required of a studio leg.
    """
    return event_of(
        "leg.completed",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "type": type,
            "seller_user_id": seller_user_id,
            "subtotal_cents": subtotal_cents,
            "tax_cents": tax_cents,
            "platform_fee_cents": platform_fee_cents,
            "platform_fee_tax_cents": platform_fee_tax_cents,
            "total_cents": total_cents,
            "start_at": start_at,
            "end_at": end_at,
            "service_profile_id": service_profile_id,
            "studio_id": studio_id,
        },
    )


def leg_confirmed(
    *,
    lbg_id: str,
    leg_id: str,
    type: Literal["talent", "studio"],
    seller_user_id: str,
    subtotal_cents: int,
    tax_cents: int,
    platform_fee_cents: int,
    platform_fee_tax_cents: int,
    total_cents: int,
    start_at: datetime | str,
    end_at: datetime | str,
    service_profile_id: str | None = None,
    studio_id: str | None = None,
) -> Event:
    """`leg.confirmed` v1: A leg is booked and paid, so that its subtotal enters GMV; emitted by the booking
    backend, the first one per leg counts.

    Args:
        lbg_id: Linked booking group that the leg belongs to.
        leg_id: The leg whose state this event tells.
        type: Whether the leg books a talent (a service profile) or a studio.
        seller_user_id: Seller or studio owner who is paid for the leg.
        subtotal_cents: Price of the seller without service tax, the part of the leg that is GMV, in cents.
        tax_cents: Service tax on the subtotal, in cents.
        platform_fee_cents: Platform fee that the buyer pays for the leg, in cents.
        platform_fee_tax_cents: Tax on the platform fee, in cents.
        total_cents: What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its
            tax.
        start_at: Planned start of the session, RFC 3339.
        end_at: Planned end of the session, RFC 3339; acceptance times count from it.
        service_profile_id: Service profile that is booked; required of a talent leg.
        studio_id: Studio that is booked; required of a studio leg.
    """
    return event_of(
        "leg.confirmed",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "type": type,
            "seller_user_id": seller_user_id,
            "subtotal_cents": subtotal_cents,
            "tax_cents": tax_cents,
            "platform_fee_cents": platform_fee_cents,
            "platform_fee_tax_cents": platform_fee_tax_cents,
            "total_cents": total_cents,
            "start_at": start_at,
            "end_at": end_at,
            "service_profile_id": service_profile_id,
            "studio_id": studio_id,
        },
    )


def leg_create(
    *,
    lbg_id: str,
    leg_id: str,
    type: Literal["talent", "studio"],
    seller_user_id: str,
    subtotal_cents: int,
    tax_cents: int,
    platform_fee_cents: int,
    platform_fee_tax_cents: int,
    total_cents: int,
    start_at: datetime | str,
    end_at: datetime | str,
    service_profile_id: str | None = None,
    studio_id: str | None = None,
) -> Event:
    """`leg.create` v1: A leg, the booking of one seller or one studio, was added to a linked booking group;
    emitted by the booking backend.

    Args:
        lbg_id: Linked booking group that the leg belongs to.
        leg_id: The leg whose state this event tells.
        type: Whether the leg books a talent (a service profile) or a studio.
        seller_user_id: Seller or studio owner who is paid for the leg.
        subtotal_cents: Price of the seller without service tax, the part of the leg that is GMV, in cents.
        tax_cents: Service tax on the subtotal, in cents.
        platform_fee_cents: Platform fee that the buyer pays for the leg, in cents.
        platform_fee_tax_cents: Tax on the platform fee, in cents.
        total_cents: What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its
            tax.
        start_at: Planned start of the session, RFC 3339.
        end_at: Planned end of the session, RFC 3339; acceptance times count from it.
        service_profile_id: Service profile that is booked; required of a talent leg.
        studio_id: Studio that is booked; required of a studio leg.
    """
    return event_of(
        "leg.create",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "type": type,
            "seller_user_id": seller_user_id,
            "subtotal_cents": subtotal_cents,
            "tax_cents": tax_cents,
            "platform_fee_cents": platform_fee_cents,
            "platform_fee_tax_cents": platform_fee_tax_cents,
            "total_cents": total_cents,
            "start_at": start_at,
            "end_at": end_at,
            "service_profile_id": service_profile_id,
            "studio_id": studio_id,
        },
    )


def leg_failed(
    *,
    lbg_id: str,
    leg_id: str,
    reason: str,
) -> Event:
    """`leg.failed` v1: A leg could not be fulfilled, for example because the seller did not appear; emitted
    by the booking backend.

    Args:
        lbg_id: Linked booking group that the leg belongs to.
        leg_id: The leg that could not be fulfilled.
        reason: Why it could not be fulfilled, in the words of who decided; free text that is redacted at
            ingest.
    """
    return event_of(
        "leg.failed",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "reason": reason,
        },
    )


def leg_in_progress(
    *,
    lbg_id: str,
    leg_id: str,
    type: Literal["talent", "studio"],
    seller_user_id: str,
    subtotal_cents: int,
    tax_cents: int,
    platform_fee_cents: int,
    platform_fee_tax_cents: int,
    total_cents: int,
    start_at: datetime | str,
    end_at: datetime | str,
    service_profile_id: str | None = None,
    studio_id: str | None = None,
) -> Event:
    """`leg.in_progress` v1: The session of a leg began; emitted by the booking backend at its start.

    Args:
        lbg_id: Linked booking group that the leg belongs to.
        leg_id: The leg whose state this event tells.
        type: Whether the leg books a talent (a service profile) or a studio.
        seller_user_id: Seller or studio owner who is paid for the leg.
        subtotal_cents: Price of the seller without service tax, the part of the leg that is GMV, in cents.
        tax_cents: Service tax on the subtotal, in cents.
        platform_fee_cents: Platform fee that the buyer pays for the leg, in cents.
        platform_fee_tax_cents: Tax on the platform fee, in cents.
        total_cents: What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its
            tax.
        start_at: Planned start of the session, RFC 3339.
        end_at: Planned end of the session, RFC 3339; acceptance times count from it.
        service_profile_id: Service profile that is booked; required of a talent leg.
        studio_id: Studio that is booked; required of a studio leg.
    """
    return event_of(
        "leg.in_progress",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        payload={
            "type": type,
            "seller_user_id": seller_user_id,
            "subtotal_cents": subtotal_cents,
            "tax_cents": tax_cents,
            "platform_fee_cents": platform_fee_cents,
            "platform_fee_tax_cents": platform_fee_tax_cents,
            "total_cents": total_cents,
            "start_at": start_at,
            "end_at": end_at,
            "service_profile_id": service_profile_id,
            "studio_id": studio_id,
        },
    )


def message_blocked(
    *,
    thread_id: str,
    rule: str,
) -> Event:
    """`message.blocked` v1: A message was held back by a rule before delivery, for example for contact
    details; emitted by the messaging backend.

    Args:
        thread_id: Thread in which the message would have appeared.
        rule: Code of the rule that blocked it, for example contact_details; never the words that matched.
    """
    return event_of(
        "message.blocked",
        1,
        payload={
            "thread_id": thread_id,
            "rule": rule,
        },
    )


def message_send(
    *,
    thread_id: str,
    length: int,
    has_attachment: bool | None = None,
) -> Event:
    """`message.send` v1: A person sent a message in a thread; sent by the client with the length only, never
    with the text.

    Args:
        thread_id: Thread in which the message was sent; first response times are taken per thread.
        length: Length of the message in characters, 0 for an attachment alone; the text itself is never sent.
        has_attachment: Whether a file was attached to the message.
    """
    return event_of(
        "message.send",
        1,
        payload={
            "thread_id": thread_id,
            "length": length,
            "has_attachment": has_attachment,
        },
    )


def notification_delivered(
    *,
    notification_id: str,
    channel: Literal["email", "sms", "push", "inapp"],
    template: str,
) -> Event:
    """`notification.delivered` v1: A notification reached its recipient's mailbox or device; from SES through
    SNS, counted on the day it was sent.

    Args:
        notification_id: Notification that arrived, as in its notification.sent.
        channel: Channel that carried it.
        template: Key of the template it was made from.
    """
    return event_of(
        "notification.delivered",
        1,
        payload={
            "notification_id": notification_id,
            "channel": channel,
            "template": template,
        },
    )


def notification_sent(
    *,
    notification_id: str,
    channel: Literal["email", "sms", "push", "inapp"],
    template: str,
) -> Event:
    """`notification.sent` v1: A notification was handed to its channel; emitted by the notification backend,
    the base of every delivery rate.

    Args:
        notification_id: The notification; its delivery, opens and bounces name it again.
        channel: Channel that carries it.
        template: Key of the template it was made from; rates are reported by it.
    """
    return event_of(
        "notification.sent",
        1,
        payload={
            "notification_id": notification_id,
            "channel": channel,
            "template": template,
        },
    )


def payment_capture_failed(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    charge_id: str,
    provider_ref: str,
    failure_code: str | None = None,
) -> Event:
    """`payment.capture.failed` v1: The capture of an authorised payment failed; from Stripe's webhook.

    Args:
        lbg_id: Linked booking group whose money could not be captured.
        amount_cents: Amount that could not be captured, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        charge_id: The platform's charge that was to be captured.
        provider_ref: Stripe's id of the payment, opaque.
        failure_code: Stripe's code of why the capture failed, for example expired_authorization.
    """
    return event_of(
        "payment.capture.failed",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "charge_id": charge_id,
            "provider_ref": provider_ref,
            "failure_code": failure_code,
        },
    )


def payment_capture_succeeded(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    charge_id: str,
    provider_ref: str,
    fee_cents: int | None = None,
) -> Event:
    """`payment.capture.succeeded` v1: The authorised money of an order was captured; from Stripe's webhook,
    the base of refund and dispute rates.

    Args:
        lbg_id: Linked booking group whose money was captured.
        amount_cents: Amount that was captured, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        charge_id: The platform's charge that funds the order; captures are counted once by it.
        provider_ref: Stripe's id of the captured payment, opaque.
        fee_cents: Fee that the processor keeps of the capture, in cents.
    """
    return event_of(
        "payment.capture.succeeded",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "charge_id": charge_id,
            "provider_ref": provider_ref,
            "fee_cents": fee_cents,
        },
    )


def payment_intent_created(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    charge_id: str,
    provider_ref: str,
    method: Literal["card", "ach"] | None = None,
) -> Event:
    """`payment.intent.created` v1: The processor opened the payment of an order; from Stripe's webhook.

    Args:
        lbg_id: Linked booking group that the payment is for.
        amount_cents: Amount that the buyer is to pay, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        charge_id: The platform's charge that funds the order; payments are counted once by it.
        provider_ref: Stripe's id of the payment intent, opaque, for example pi_3Qx7.
        method: How the buyer pays: by card or by bank transfer (ach).
    """
    return event_of(
        "payment.intent.created",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "charge_id": charge_id,
            "provider_ref": provider_ref,
            "method": method,
        },
    )


def payment_intent_failed(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    charge_id: str,
    provider_ref: str,
    failure_code: str | None = None,
) -> Event:
    """`payment.intent.failed` v1: The payment of an order was refused; from Stripe's webhook, the buyer may
    try again.

    Args:
        lbg_id: Linked booking group whose payment was refused.
        amount_cents: Amount that was refused, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        charge_id: The platform's charge that was to fund the order.
        provider_ref: Stripe's id of the payment intent, opaque, for example pi_3Qx7.
        failure_code: Stripe's code of why it was refused, for example card_declined.
    """
    return event_of(
        "payment.intent.failed",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "charge_id": charge_id,
            "provider_ref": provider_ref,
            "failure_code": failure_code,
        },
    )


def payment_intent_requires_action(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    charge_id: str,
    provider_ref: str,
    method: Literal["card", "ach"] | None = None,
) -> Event:
    """`payment.intent.requires_action` v1: The payment waits for the buyer, for example for a bank's
    confirmation; from Stripe's webhook.

    Args:
        lbg_id: Linked booking group that the payment is for.
        amount_cents: Amount that waits for the buyer, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        charge_id: The platform's charge that funds the order; payments are counted once by it.
        provider_ref: Stripe's id of the payment intent, opaque, for example pi_3Qx7.
        method: How the buyer pays: by card or by bank transfer (ach).
    """
    return event_of(
        "payment.intent.requires_action",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "charge_id": charge_id,
            "provider_ref": provider_ref,
            "method": method,
        },
    )


def payment_intent_succeeded(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    charge_id: str,
    provider_ref: str,
    method: Literal["card", "ach"] | None = None,
) -> Event:
    """`payment.intent.succeeded` v1: The buyer authorised the payment of an order; from Stripe's webhook, the
    capture is an event of its own.

    Args:
        lbg_id: Linked booking group that the payment is for.
        amount_cents: Amount that the buyer authorised, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        charge_id: The platform's charge that funds the order; payments are counted once by it.
        provider_ref: Stripe's id of the payment intent, opaque, for example pi_3Qx7.
        method: How the buyer pays: by card or by bank transfer (ach).
    """
    return event_of(
        "payment.intent.succeeded",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "charge_id": charge_id,
            "provider_ref": provider_ref,
            "method": method,
        },
    )


def payout_canceled(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    payout_id: str,
    provider_ref: str | None = None,
    payee_user_id: str | None = None,
) -> Event:
    """`payout.canceled` v1: A payout was called off before it left; emitted by the payout backend.

    Args:
        leg_id: The leg that is paid out.
        amount_cents: Amount of the payout, in cents; equals money when both are sent.
        currency: Currency of the amount, three letters of ISO 4217.
        payout_id: The payout, the same in all its states.
        provider_ref: The processor's id of the transfer, opaque; absent before it leaves.
        payee_user_id: Seller or studio owner who is paid.
    """
    return event_of(
        "payout.canceled",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "leg_id": leg_id,
            "amount_cents": amount_cents,
            "payout_id": payout_id,
            "provider_ref": provider_ref,
            "payee_user_id": payee_user_id,
        },
    )


def payout_failed(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    payout_id: str,
    provider_ref: str | None = None,
    payee_user_id: str | None = None,
) -> Event:
    """`payout.failed` v1: A payout was returned by the payee's bank and leaves the backlog; emitted by the
    payout backend.

    Args:
        leg_id: The leg that is paid out.
        amount_cents: Amount of the payout, in cents; equals money when both are sent.
        currency: Currency of the amount, three letters of ISO 4217.
        payout_id: The payout, the same in all its states.
        provider_ref: The processor's id of the transfer, opaque; absent before it leaves.
        payee_user_id: Seller or studio owner who is paid.
    """
    return event_of(
        "payout.failed",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "leg_id": leg_id,
            "amount_cents": amount_cents,
            "payout_id": payout_id,
            "provider_ref": provider_ref,
            "payee_user_id": payee_user_id,
        },
    )


def payout_in_transit(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    payout_id: str,
    provider_ref: str | None = None,
    payee_user_id: str | None = None,
) -> Event:
    """`payout.in_transit` v1: A payout is on its way to the payee's bank; emitted by the payout backend.

    Args:
        leg_id: The leg that is paid out.
        amount_cents: Amount of the payout, in cents; equals money when both are sent.
        currency: Currency of the amount, three letters of ISO 4217.
        payout_id: The payout, the same in all its states.
        provider_ref: The processor's id of the transfer, opaque; absent before it leaves.
        payee_user_id: Seller or studio owner who is paid.
    """
    return event_of(
        "payout.in_transit",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "leg_id": leg_id,
            "amount_cents": amount_cents,
            "payout_id": payout_id,
            "provider_ref": provider_ref,
            "payee_user_id": payee_user_id,
        },
    )


def payout_paid(
    *,
    leg_id: str,
    amount_cents: int,
    provider_ref: str,
    payout_id: str | None = None,
    payee_user_id: str | None = None,
) -> Event:
    """`payout.paid` v1: A payout arrived at the payee's bank; from Stripe's webhook. Without payout_id it is
    the only open payout of the leg.

    Args:
        leg_id: The leg that was paid out.
        amount_cents: Amount that arrived, in cents; equals money when both are sent.
        provider_ref: Stripe's id of the transfer, opaque.
        payout_id: The payout that arrived; absent when it is the only open payout of the leg.
        payee_user_id: Seller or studio owner who was paid.
    """
    return event_of(
        "payout.paid",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "leg_id": leg_id,
            "amount_cents": amount_cents,
            "provider_ref": provider_ref,
            "payout_id": payout_id,
            "payee_user_id": payee_user_id,
        },
    )


def payout_paused(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    payout_id: str,
    provider_ref: str | None = None,
    payee_user_id: str | None = None,
) -> Event:
    """`payout.paused` v1: A payout was stopped for review, for example by a dispute; emitted by the payout
    backend.

    Args:
        leg_id: The leg that is paid out.
        amount_cents: Amount of the payout, in cents; equals money when both are sent.
        currency: Currency of the amount, three letters of ISO 4217.
        payout_id: The payout, the same in all its states.
        provider_ref: The processor's id of the transfer, opaque; absent before it leaves.
        payee_user_id: Seller or studio owner who is paid.
    """
    return event_of(
        "payout.paused",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "leg_id": leg_id,
            "amount_cents": amount_cents,
            "payout_id": payout_id,
            "provider_ref": provider_ref,
            "payee_user_id": payee_user_id,
        },
    )


def payout_queued(
    *,
    leg_id: str,
    amount_cents: int,
    currency: str,
    payout_id: str,
    provider_ref: str | None = None,
    payee_user_id: str | None = None,
) -> Event:
    """`payout.queued` v1: A payout for a leg was queued and joins the backlog; emitted by the payout backend.

    Args:
        leg_id: The leg that is paid out.
        amount_cents: Amount of the payout, in cents; equals money when both are sent.
        currency: Currency of the amount, three letters of ISO 4217.
        payout_id: The payout, the same in all its states.
        provider_ref: The processor's id of the transfer, opaque; absent before it leaves.
        payee_user_id: Seller or studio owner who is paid.
    """
    return event_of(
        "payout.queued",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "leg_id": leg_id,
            "amount_cents": amount_cents,
            "payout_id": payout_id,
            "provider_ref": provider_ref,
            "payee_user_id": payee_user_id,
        },
    )


def profile_publish(
    *,
    profile_id: str,
    seller_user_id: str,
    role: str | None = None,
) -> Event:
    """`profile.publish` v1: A service profile became visible in search; emitted by the profile service at
    each publication.

    Args:
        profile_id: Service profile that was published.
        seller_user_id: Seller to whom the profile belongs; ties the publication to the sign-up in seller
            activation.
        role: Role in which the profile is offered, for example photographer.
    """
    return event_of(
        "profile.publish",
        1,
        payload={
            "profile_id": profile_id,
            "seller_user_id": seller_user_id,
            "role": role,
        },
    )


def profile_view(
    *,
    profile_id: str,
    role: str | None = None,
    verified: bool | None = None,
) -> Event:
    """`profile.view` v1: A service profile's page was viewed; sent by the client once per page view, a step
    of the conversion funnel.

    Args:
        profile_id: Service profile that was viewed.
        role: Role in which the profile is offered, for example photographer; not the viewer's role.
        verified: Whether the profile carried the verified mark when it was viewed.
    """
    return event_of(
        "profile.view",
        1,
        payload={
            "profile_id": profile_id,
            "role": role,
            "verified": verified,
        },
    )


def promo_campaign_activate(
    *,
    campaign_id: str,
    reason: str | None = None,
) -> Event:
    """`promo.campaign.activate` v1: A promo campaign began to be shown; emitted by the promotions backend.

    Args:
        campaign_id: Campaign that is shown from now on.
        reason: Note of who activated it; free text that is redacted at ingest.
    """
    return event_of(
        "promo.campaign.activate",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        payload={
            "campaign_id": campaign_id,
            "reason": reason,
        },
    )


def promo_campaign_create(
    *,
    campaign_id: str,
    owner_user_id: str,
    budget_cents: int,
    start_at: datetime | str,
    end_at: datetime | str,
    name: str | None = None,
) -> Event:
    """`promo.campaign.create` v1: A seller set up a promo campaign; emitted by the promotions backend once
    per campaign, pacing is measured against it.

    Args:
        campaign_id: The new campaign; its impressions, clicks and spend name it again.
        owner_user_id: Seller or studio owner who pays for the campaign.
        budget_cents: Most that the campaign may spend over its whole run, in cents.
        start_at: When the campaign begins to be shown, RFC 3339.
        end_at: When the campaign ends at the latest, RFC 3339.
        name: Name that the owner gave the campaign; free text that is redacted at ingest.
    """
    return event_of(
        "promo.campaign.create",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        payload={
            "campaign_id": campaign_id,
            "owner_user_id": owner_user_id,
            "budget_cents": budget_cents,
            "start_at": start_at,
            "end_at": end_at,
            "name": name,
        },
    )


def promo_campaign_end(
    *,
    campaign_id: str,
    reason: str | None = None,
) -> Event:
    """`promo.campaign.end` v1: A promo campaign is over, by its end date, its budget or its owner; emitted by
    the promotions backend.

    Args:
        campaign_id: Campaign that will not be shown again.
        reason: Why it ended, in the words of who ended it; free text that is redacted at ingest.
    """
    return event_of(
        "promo.campaign.end",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        payload={
            "campaign_id": campaign_id,
            "reason": reason,
        },
    )


def promo_campaign_pause(
    *,
    campaign_id: str,
    reason: str | None = None,
) -> Event:
    """`promo.campaign.pause` v1: A promo campaign was halted for the time being by its owner; emitted by the
    promotions backend.

    Args:
        campaign_id: Campaign that is not shown until it is resumed.
        reason: Why it was halted, in the words of who did it; free text that is redacted at ingest.
    """
    return event_of(
        "promo.campaign.pause",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        payload={
            "campaign_id": campaign_id,
            "reason": reason,
        },
    )


def promo_campaign_resume(
    *,
    campaign_id: str,
    reason: str | None = None,
) -> Event:
    """`promo.campaign.resume` v1: A halted promo campaign is shown again; emitted by the promotions backend.

    Args:
        campaign_id: Campaign that is shown again.
        reason: Note of who resumed it; free text that is redacted at ingest.
    """
    return event_of(
        "promo.campaign.resume",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        payload={
            "campaign_id": campaign_id,
            "reason": reason,
        },
    )


def promo_campaign_suspend(
    *,
    campaign_id: str,
    reason: str | None = None,
) -> Event:
    """`promo.campaign.suspend` v1: Staff stopped a promo campaign for breaking a rule; emitted by the
    promotions backend.

    Args:
        campaign_id: Campaign that staff stopped.
        reason: Which rule it broke, in the words of staff; free text that is redacted at ingest.
    """
    return event_of(
        "promo.campaign.suspend",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        payload={
            "campaign_id": campaign_id,
            "reason": reason,
        },
    )


def promo_click(
    *,
    impression_id: str,
    campaign_id: str,
    valid: bool,
    invalid_reason: str | None = None,
) -> Event:
    """`promo.click` v1: A paid placement was clicked; sent by the client, charged only when valid and not
    contradicted later.

    Args:
        impression_id: Impression that was clicked, as in its promo.impression.
        campaign_id: Promo campaign that pays for the click.
        valid: Whether the client's own checks found the click genuine.
        invalid_reason: Code of why the click is not genuine, for example double_click; absent on a valid
            click.
    """
    return event_of(
        "promo.click",
        1,
        payload={
            "impression_id": impression_id,
            "campaign_id": campaign_id,
            "valid": valid,
            "invalid_reason": invalid_reason,
        },
    )


def promo_impression(
    *,
    campaign_id: str,
    impression_id: str,
    slot: int | None = None,
) -> Event:
    """`promo.impression` v1: A paid placement came into view; sent by the client once per placement and
    search.

    Args:
        campaign_id: Promo campaign that pays for the placement.
        impression_id: This impression; clicks and spend name it again.
        slot: Position of the paid placement among the paid ones; the first is 1.
    """
    return event_of(
        "promo.impression",
        1,
        ids={
            "campaign_id": campaign_id,
            "impression_id": impression_id,
        },
        payload={
            "campaign_id": campaign_id,
            "impression_id": impression_id,
            "slot": slot,
        },
    )


def promo_invalid_click(
    *,
    impression_id: str,
    campaign_id: str,
    invalid_reason: str,
) -> Event:
    """`promo.invalid_click` v1: A click was found to be invalid after the fact; emitted by the promotions
    backend, contradicts the promo.click of that impression.

    Args:
        impression_id: Impression whose click is void, as in its promo.impression.
        campaign_id: Promo campaign that does not pay for the click.
        invalid_reason: Code of why the click is void, for example bot or repeated; invalid rates are reported
            by it.
    """
    return event_of(
        "promo.invalid_click",
        1,
        payload={
            "impression_id": impression_id,
            "campaign_id": campaign_id,
            "invalid_reason": invalid_reason,
        },
    )


def promo_spend_credit(
    *,
    campaign_id: str,
    amount_cents: int,
    currency: str,
    impression_id: str | None = None,
) -> Event:
    """`promo.spend.credit` v1: An earlier charge of a campaign was given back; emitted by the promotions
    backend, usually for an invalid click.

    Args:
        campaign_id: Promo campaign that gets its money back.
        amount_cents: Amount that the campaign gets back, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        impression_id: Impression whose click is no longer charged; absent on credits that no single click
            caused.
    """
    return event_of(
        "promo.spend.credit",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "campaign_id": campaign_id,
            "impression_id": impression_id,
        },
    )


def promo_spend_debit(
    *,
    campaign_id: str,
    amount_cents: int,
    currency: str,
    impression_id: str | None = None,
) -> Event:
    """`promo.spend.debit` v1: A campaign's budget was charged for a valid click; emitted by the promotions
    backend, spend is debits less credits.

    Args:
        campaign_id: Promo campaign that is charged.
        amount_cents: Amount that the campaign is charged, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        impression_id: Impression whose click is charged; absent on charges that no single click caused.
    """
    return event_of(
        "promo.spend.debit",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "campaign_id": campaign_id,
            "impression_id": impression_id,
        },
    )


def promo_topup_charge_failed(
    *,
    amount_cents: int,
    currency: str,
    wallet_user_id: str,
    campaign_id: str | None = None,
) -> Event:
    """`promo.topup.charge.failed` v1: A payment into the promotions wallet was refused; emitted by the
    promotions backend when the processor says so.

    Args:
        amount_cents: Amount that was to be paid in, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        wallet_user_id: User whose promotions wallet stays as it was.
        campaign_id: Promo campaign for which the top-up was meant; absent when it was for the wallet alone.
    """
    return event_of(
        "promo.topup.charge.failed",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "wallet_user_id": wallet_user_id,
        },
    )


def promo_topup_charge_succeeded(
    *,
    amount_cents: int,
    currency: str,
    wallet_user_id: str,
    campaign_id: str | None = None,
) -> Event:
    """`promo.topup.charge.succeeded` v1: A seller paid money into the promotions wallet; emitted by the
    promotions backend when the processor confirms.

    Args:
        amount_cents: Amount that was paid into the wallet, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        wallet_user_id: User whose promotions wallet was filled.
        campaign_id: Promo campaign for which the top-up was made; absent when it fills the wallet alone.
    """
    return event_of(
        "promo.topup.charge.succeeded",
        1,
        ids={
            "campaign_id": campaign_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "wallet_user_id": wallet_user_id,
        },
    )


def recon_variance_notice(
    *,
    close_dt: str,
    variance_cents: int,
    variance_pct: float,
    gate: Literal["open", "closed"],
) -> Event:
    """`recon.variance.notice` v1: The reconciliation of a day found our figures and the processor's apart;
    emitted by the platform's reconciliation.

    Args:
        close_dt: Financial day that was reconciled, YYYY-MM-DD in UTC.
        variance_cents: Sum of the differences between ours and the processor's figures, in cents; negative
            when ours are lower.
        variance_pct: The variance as a share of the processor's sums, so that 0.005 is half a percent.
        gate: Whether the day may be closed: open up to a share of 0.005, closed above it.
    """
    return event_of(
        "recon.variance.notice",
        1,
        payload={
            "close_dt": close_dt,
            "variance_cents": variance_cents,
            "variance_pct": variance_pct,
            "gate": gate,
        },
    )


def referral_accept(
    *,
    referral_id: str,
    referrer_user_id: str,
    referee_user_id: str | None = None,
) -> Event:
    """`referral.accept` v1: An invited person signed up through the invitation; sent by the client, a touch
    of attribution for 30 days.

    Args:
        referral_id: Referral that was accepted, as in its referral.invite.
        referrer_user_id: Person who had invited.
        referee_user_id: Person who accepted; absent before the sign-up is complete.
    """
    return event_of(
        "referral.accept",
        1,
        payload={
            "referral_id": referral_id,
            "referrer_user_id": referrer_user_id,
            "referee_user_id": referee_user_id,
        },
    )


def referral_award(
    *,
    amount_cents: int,
    currency: str,
    referral_id: str,
    beneficiary_user_id: str,
    reason: str | None = None,
) -> Event:
    """`referral.award` v1: A reward was granted for a referral; emitted by the growth backend, the amount is
    in money.

    Args:
        amount_cents: Reward that is granted, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        referral_id: Referral that is rewarded, as in its referral.invite.
        beneficiary_user_id: Person who gets the reward, who invited or who was invited.
        reason: Note on the award by who granted it; free text that is redacted at ingest.
    """
    return event_of(
        "referral.award",
        1,
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "referral_id": referral_id,
            "beneficiary_user_id": beneficiary_user_id,
            "reason": reason,
        },
    )


def referral_clawback(
    *,
    amount_cents: int,
    currency: str,
    referral_id: str,
    beneficiary_user_id: str,
    reason: str | None = None,
) -> Event:
    """`referral.clawback` v1: A referral reward was taken back; emitted by the growth backend, the amount is
    in money.

    Args:
        amount_cents: Reward that is taken back, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        referral_id: Referral whose reward is taken back, as in its referral.invite.
        beneficiary_user_id: Person who loses the reward.
        reason: Why it was taken back, in the words of who decided; free text that is redacted at ingest.
    """
    return event_of(
        "referral.clawback",
        1,
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "referral_id": referral_id,
            "beneficiary_user_id": beneficiary_user_id,
            "reason": reason,
        },
    )


def referral_invite(
    *,
    referral_id: str,
    referrer_user_id: str,
    channel: str | None = None,
) -> Event:
    """`referral.invite` v1: A person invited another to the marketplace; sent by the client, the start of the
    referral funnel.

    Args:
        referral_id: The new referral; its acceptance, qualification and award name it again.
        referrer_user_id: Person who invites and may be rewarded later.
        channel: How the invitation travels, for example link, email or sms; never to whom.
    """
    return event_of(
        "referral.invite",
        1,
        payload={
            "referral_id": referral_id,
            "referrer_user_id": referrer_user_id,
            "channel": channel,
        },
    )


def referral_qualify(
    *,
    referral_id: str,
    referee_user_id: str,
    lbg_id: str | None = None,
) -> Event:
    """`referral.qualify` v1: An invited person did what the referral programme asks for; emitted by the
    growth backend once per referral.

    Args:
        referral_id: Referral that qualified, as in its referral.invite.
        referee_user_id: Person who was invited and met the condition.
        lbg_id: Order that met the condition; absent when no order was needed.
    """
    return event_of(
        "referral.qualify",
        1,
        payload={
            "referral_id": referral_id,
            "referee_user_id": referee_user_id,
            "lbg_id": lbg_id,
        },
    )


def refund_created(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    refund_id: str,
    charge_id: str,
    reason: Literal["cancellation", "issue", "duplicate", "fraud", "goodwill", "other"],
    leg_id: str | None = None,
    provider_ref: str | None = None,
) -> Event:
    """`refund.created` v1: A refund was opened and goes to the processor; emitted by the payments backend.

    Args:
        lbg_id: Linked booking group whose buyer is refunded.
        amount_cents: Amount that is to be refunded, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        refund_id: The refund, the same in all its states.
        charge_id: The platform's charge that is paid back in part or whole.
        reason: Why it is refunded, one of a fixed list; refunds are reported by it.
        leg_id: Leg that the refund is for; absent when it is for the whole order.
        provider_ref: The processor's id of the refund, opaque; absent before it goes there.
    """
    return event_of(
        "refund.created",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "refund_id": refund_id,
            "charge_id": charge_id,
            "reason": reason,
            "provider_ref": provider_ref,
        },
    )


def refund_failed(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    refund_id: str,
    charge_id: str,
    reason: Literal["cancellation", "issue", "duplicate", "fraud", "goodwill", "other"],
    leg_id: str | None = None,
    provider_ref: str | None = None,
) -> Event:
    """`refund.failed` v1: A refund could not be paid out to the buyer; emitted by the payments backend when
    the processor says so.

    Args:
        lbg_id: Linked booking group whose buyer is refunded.
        amount_cents: Amount that could not be paid back, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        refund_id: The refund, the same in all its states.
        charge_id: The platform's charge that is paid back in part or whole.
        reason: Why it is refunded, one of a fixed list; refunds are reported by it.
        leg_id: Leg that the refund is for; absent when it is for the whole order.
        provider_ref: The processor's id of the refund, opaque; absent before it goes there.
    """
    return event_of(
        "refund.failed",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "refund_id": refund_id,
            "charge_id": charge_id,
            "reason": reason,
            "provider_ref": provider_ref,
        },
    )


def refund_proposed(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    refund_id: str,
    charge_id: str,
    reason: Literal["cancellation", "issue", "duplicate", "fraud", "goodwill", "other"],
    leg_id: str | None = None,
    provider_ref: str | None = None,
) -> Event:
    """`refund.proposed` v1: A refund was proposed by support or a rule and waits for approval; emitted by the
    payments backend.

    Args:
        lbg_id: Linked booking group whose buyer is refunded.
        amount_cents: Amount that was proposed, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        refund_id: The refund, the same in all its states.
        charge_id: The platform's charge that is paid back in part or whole.
        reason: Why it is refunded, one of a fixed list; refunds are reported by it.
        leg_id: Leg that the refund is for; absent when it is for the whole order.
        provider_ref: The processor's id of the refund, opaque; absent before it goes there.
    """
    return event_of(
        "refund.proposed",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "refund_id": refund_id,
            "charge_id": charge_id,
            "reason": reason,
            "provider_ref": provider_ref,
        },
    )


def refund_succeeded(
    *,
    lbg_id: str,
    amount_cents: int,
    currency: str,
    refund_id: str,
    charge_id: str,
    reason: Literal["cancellation", "issue", "duplicate", "fraud", "goodwill", "other"],
    leg_id: str | None = None,
    provider_ref: str | None = None,
) -> Event:
    """`refund.succeeded` v1: A refund reached the buyer; emitted by the payments backend when the processor
    says so, counted once by refund_id.

    Args:
        lbg_id: Linked booking group whose buyer is refunded.
        amount_cents: Amount that the buyer got back, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        refund_id: The refund, the same in all its states.
        charge_id: The platform's charge that is paid back in part or whole.
        reason: Why it is refunded, one of a fixed list; refunds are reported by it.
        leg_id: Leg that the refund is for; absent when it is for the whole order.
        provider_ref: The processor's id of the refund, opaque; absent before it goes there.
    """
    return event_of(
        "refund.succeeded",
        1,
        ids={
            "lbg_id": lbg_id,
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "refund_id": refund_id,
            "charge_id": charge_id,
            "reason": reason,
            "provider_ref": provider_ref,
        },
    )


def reputation_recompute(
    *,
    target_type: Literal["service_profile", "studio", "buyer"],
    target_id: str,
    score: float,
) -> Event:
    """`reputation.recompute` v1: The reputation of a profile, studio or buyer was computed anew; emitted by
    the reputation backend after each change of its reviews.

    Args:
        target_type: Whether the reputation of a service profile, a studio or a buyer was computed.
        target_id: Service profile (srv_), studio (std_) or buyer (usr_) whose reputation it is.
        score: The new reputation in stars, usually between 1 and 5, with decimals.
    """
    return event_of(
        "reputation.recompute",
        1,
        payload={
            "target_type": target_type,
            "target_id": target_id,
            "score": score,
        },
    )


def reserve_hold(
    *,
    amount_cents: int,
    currency: str,
    reserve_id: str,
    payee_user_id: str,
    leg_id: str | None = None,
) -> Event:
    """`reserve.hold` v1: Money of a payee was held back as a reserve; emitted by the payments backend.

    Args:
        amount_cents: Amount that is held back, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        reserve_id: The reserve, the same when it is held and when it is released.
        payee_user_id: Seller or studio owner whose money it is.
        leg_id: Leg whose money the reserve is; absent for a reserve over several legs.
    """
    return event_of(
        "reserve.hold",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "reserve_id": reserve_id,
            "payee_user_id": payee_user_id,
        },
    )


def reserve_release(
    *,
    amount_cents: int,
    currency: str,
    reserve_id: str,
    payee_user_id: str,
    leg_id: str | None = None,
) -> Event:
    """`reserve.release` v1: Money that was held back goes to its payee; emitted by the payments backend.

    Args:
        amount_cents: Amount that goes to the payee, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        reserve_id: The reserve, the same when it is held and when it is released.
        payee_user_id: Seller or studio owner whose money it is.
        leg_id: Leg whose money the reserve is; absent for a reserve over several legs.
    """
    return event_of(
        "reserve.release",
        1,
        ids={
            "leg_id": leg_id,
        },
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "reserve_id": reserve_id,
            "payee_user_id": payee_user_id,
        },
    )


def review_create(
    *,
    leg_id: str,
    review_id: str,
    rating: int,
    target_type: Literal["service_profile", "studio", "buyer"],
    target_id: str,
) -> Event:
    """`review.create` v1: A person reviewed the other side of a completed leg; sent by the client with the
    rating only, never with the text.

    Args:
        leg_id: The completed leg that the review is about.
        review_id: The new review, counted once; moderation names it again.
        rating: Rating in whole stars from 1 (worst) to 5 (best).
        target_type: Whether a service profile, a studio or a buyer is reviewed.
        target_id: Service profile (srv_), studio (std_) or buyer (usr_) who is reviewed.
    """
    return event_of(
        "review.create",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "review_id": review_id,
            "rating": rating,
            "target_type": target_type,
            "target_id": target_id,
        },
    )


def review_hide(
    *,
    review_id: str,
    reason: str | None = None,
) -> Event:
    """`review.hide` v1: A review was hidden from view while it is looked into; emitted by the moderation
    backend.

    Args:
        review_id: Review that is hidden, as in its review.create.
        reason: Why it is hidden, in the moderator's words; free text that is redacted at ingest.
    """
    return event_of(
        "review.hide",
        1,
        payload={
            "review_id": review_id,
            "reason": reason,
        },
    )


def review_remove(
    *,
    review_id: str,
    reason: str | None = None,
) -> Event:
    """`review.remove` v1: A review was taken down for good; emitted by the moderation backend, its rating no
    longer counts.

    Args:
        review_id: Review that was taken down, as in its review.create.
        reason: Why it was taken down, in the moderator's words; free text that is redacted at ingest.
    """
    return event_of(
        "review.remove",
        1,
        payload={
            "review_id": review_id,
            "reason": reason,
        },
    )


def review_restore(
    *,
    review_id: str,
    reason: str | None = None,
) -> Event:
    """`review.restore` v1: A hidden or removed review is visible again; emitted by the moderation backend,
    its rating counts again.

    Args:
        review_id: Review that is visible again, as in its review.create.
        reason: Why it came back, in the moderator's words; free text that is redacted at ingest.
    """
    return event_of(
        "review.restore",
        1,
        payload={
            "review_id": review_id,
            "reason": reason,
        },
    )


def risk_score_updated(
    *,
    subject_user_id: str,
    score: int,
    bucket: Literal["normal", "watch", "action", "critical"],
) -> Event:
    """`risk.score.updated` v1: The risk score of a user changed; emitted by the risk backend at each change,
    the last one of a day is the user's state.

    Args:
        subject_user_id: User whom the score is about.
        score: Risk score from 0 (no risk) to 100 (highest risk), a plain number without unit.
        bucket: Bucket that the score falls into by the risk policy in force; movements between buckets are
            reported.
    """
    return event_of(
        "risk.score.updated",
        1,
        payload={
            "subject_user_id": subject_user_id,
            "score": score,
            "bucket": bucket,
        },
    )


def search_alert_create(
    *,
    alert_id: str,
    query_hash: str | None = None,
) -> Event:
    """`search.alert.create` v1: A person asked to be told of new results; sent by the client when the alert
    was stored.

    Args:
        alert_id: The new alert; its triggers and the opens of its messages name it again.
        query_hash: Hash of the search that the alert repeats, as in its search.query.
    """
    return event_of(
        "search.alert.create",
        1,
        payload={
            "alert_id": alert_id,
            "query_hash": query_hash,
        },
    )


def search_alert_triggered(
    *,
    alert_id: str,
    matches: int | None = None,
) -> Event:
    """`search.alert.triggered` v1: A stored alert found new results; emitted by the alert job of the search
    backend, once per alert and run with matches.

    Args:
        alert_id: The alert that found something, as in its search.alert.create.
        matches: Number of results that are new since the alert's last run.
    """
    return event_of(
        "search.alert.triggered",
        1,
        payload={
            "alert_id": alert_id,
            "matches": matches,
        },
    )


def search_card_click(
    *,
    impression_id: str,
    target_id: str,
    result_pos: int,
) -> Event:
    """`search.card_click` v1: A result card was clicked; sent by the search page, joined to its impression by
    impression_id.

    Args:
        impression_id: Impression of the card that was clicked, as in its search.card_impression.
        target_id: Service profile (srv_) or studio (std_) that the click opened.
        result_pos: Position of the clicked card in the result list; the first is 1.
    """
    return event_of(
        "search.card_click",
        1,
        ids={
            "impression_id": impression_id,
        },
        payload={
            "target_id": target_id,
            "result_pos": result_pos,
        },
    )


def search_card_impression(
    *,
    impression_id: str,
    query_hash: str,
    result_pos: int,
    target_type: Literal["service_profile", "studio"],
    target_id: str,
    filters: Mapping[str, Scalar],
    campaign_id: str | None = None,
) -> Event:
    """`search.card_impression` v1: One result card came into view; sent by the search page once per card and
    search, the entry of the conversion funnel.

    Args:
        impression_id: This impression; search.card_click and promo.click name it again.
        query_hash: Hash of the search that the card answers, as in its search.query.
        result_pos: Position of the card in the whole result list, counted through its pages; the first is 1.
        target_type: Whether the card shows a service profile or a studio.
        target_id: Service profile (srv_) or studio (std_) that the card shows.
        filters: Filters in force when the card was shown, name to scalar value; an empty object when there
            were none.
        campaign_id: Promo campaign that paid for the placement; absent on an organic card.
    """
    return event_of(
        "search.card_impression",
        1,
        ids={
            "impression_id": impression_id,
        },
        payload={
            "query_hash": query_hash,
            "result_pos": result_pos,
            "target_type": target_type,
            "target_id": target_id,
            "filters": filters,
            "campaign_id": campaign_id,
        },
    )


def search_error(
    *,
    code: str,
    query_hash: str | None = None,
) -> Event:
    """`search.error` v1: The search service could not answer a search; emitted by the search backend, once
    per failed request.

    Args:
        code: Error code of the search service, for example timeout; never its message.
        query_hash: Hash of the search that failed, as in its search.query; absent when the request could not
            be read.
    """
    return event_of(
        "search.error",
        1,
        payload={
            "code": code,
            "query_hash": query_hash,
        },
    )


def search_latency(
    *,
    ms: float,
    query_hash: str | None = None,
) -> Event:
    """`search.latency` v1: How long one search took on the server; emitted by the search backend for each
    answered search.

    Args:
        ms: Time from the request's arrival to its answer on the server, in milliseconds.
        query_hash: Hash of the search that was measured, as in its search.query.
    """
    return event_of(
        "search.latency",
        1,
        payload={
            "ms": ms,
            "query_hash": query_hash,
        },
    )


def search_query(
    *,
    query_hash: str,
    q: str | None = None,
    filters: Mapping[str, Scalar] | None = None,
    sort: Literal["relevance", "price", "rating", "distance", "newest"] | None = None,
    results: int | None = None,
) -> Event:
    """`search.query` v1: A person submitted a search; sent by the search page once per submit, not per
    keystroke.

    Args:
        query_hash: Hash of the normalised query and filters, 8 to 64 characters of [0-9a-z]; joins this
            search to its result views, impressions and latency.
        q: What the person typed into the search box, up to 4000 characters; free text that is redacted at
            ingest.
        filters: Filters in force when the search was submitted, name to scalar value, for example role or
            max_price in cents.
        sort: Order in which the person asked for the results.
        results: Number of results that the search found in all, before paging.
    """
    return event_of(
        "search.query",
        1,
        payload={
            "query_hash": query_hash,
            "q": q,
            "filters": filters,
            "sort": sort,
            "results": results,
        },
    )


def search_result_click(
    *,
    hit_id: str,
    rank: int,
    scope: str | None = None,
) -> Event:
    """`search.result_click` v1: A result was clicked, in the naming of older clients; meets search.card_click
    in one Silver fact.

    Args:
        hit_id: Service profile or studio that the click opened; the target_id of the newer naming.
        rank: Position of the clicked result in the list, the first is 1; the result_pos of the newer naming.
        scope: Part of the product whose list was clicked, for example search or suggest.
    """
    return event_of(
        "search.result_click",
        1,
        payload={
            "hit_id": hit_id,
            "rank": rank,
            "scope": scope,
        },
    )


def search_results_view(
    *,
    query_hash: str,
    count: int,
) -> Event:
    """`search.results_view` v1: A page of search results was shown; sent by the search page when the list is
    drawn, once per page of results.

    Args:
        query_hash: Hash of the search whose results are shown, as in its search.query.
        count: Number of results on the page that was shown; 0 for an empty page.
    """
    return event_of(
        "search.results_view",
        1,
        payload={
            "query_hash": query_hash,
            "count": count,
        },
    )


def search_save(
    *,
    query_hash: str,
) -> Event:
    """`search.save` v1: A person saved a search to come back to it; sent by the search page when the save was
    confirmed.

    Args:
        query_hash: Hash of the search that was saved, as in its search.query.
    """
    return event_of(
        "search.save",
        1,
        payload={
            "query_hash": query_hash,
        },
    )


def seller_activated(
    *,
    seller_user_id: str,
) -> Event:
    """`seller.activated` v1: A seller met every condition to be booked; emitted by the seller backend once,
    when the last condition is met.

    Args:
        seller_user_id: Seller who may be booked from now on.
    """
    return event_of(
        "seller.activated",
        1,
        payload={
            "seller_user_id": seller_user_id,
        },
    )


def session_end(
    *,
    entry_path: str | None = None,
) -> Event:
    """`session.end` v1: The client ended a session after 30 minutes without an event or at log-out; evidence
    only.

    Args:
        entry_path: Path of the session's first page without its host; tokens and personal data in it are
            redacted at ingest like free text.
    """
    return event_of(
        "session.end",
        1,
        payload={
            "entry_path": entry_path,
        },
    )


def session_start(
    *,
    entry_path: str | None = None,
) -> Event:
    """`session.start` v1: The client began a session; evidence only, sessions are computed from gaps of 30
    minutes.

    Args:
        entry_path: Path of the first page without its host; tokens and personal data in it are redacted at
            ingest like free text.
    """
    return event_of(
        "session.start",
        1,
        payload={
            "entry_path": entry_path,
        },
    )


def sharecard_click(
    *,
    share_id: str,
    target_type: str | None = None,
    target_id: str | None = None,
) -> Event:
    """`sharecard.click` v1: Somebody followed a shared card to the marketplace; sent by the client on
    arrival, a touch of attribution.

    Args:
        share_id: Share card that was followed, as in its sharecard.create.
        target_type: What the card shows, for example service_profile or studio.
        target_id: Service profile (srv_) or studio (std_) that the card led to.
    """
    return event_of(
        "sharecard.click",
        1,
        payload={
            "share_id": share_id,
            "target_type": target_type,
            "target_id": target_id,
        },
    )


def sharecard_create(
    *,
    share_id: str,
    target_type: str | None = None,
    target_id: str | None = None,
) -> Event:
    """`sharecard.create` v1: A person made a card to share a profile or studio elsewhere; sent by the client.

    Args:
        share_id: The new share card; clicks on it name it again.
        target_type: What the card shows, for example service_profile or studio.
        target_id: Service profile (srv_) or studio (std_) that the card shows.
    """
    return event_of(
        "sharecard.create",
        1,
        payload={
            "share_id": share_id,
            "target_type": target_type,
            "target_id": target_id,
        },
    )


def studio_create(
    *,
    studio_id: str,
    owner_user_id: str,
) -> Event:
    """`studio.create` v1: A studio was created as a draft; emitted by the studio service once per studio.

    Args:
        studio_id: The new studio; every later event of it names this id.
        owner_user_id: Owner of the studio, who is paid for its legs.
    """
    return event_of(
        "studio.create",
        1,
        payload={
            "studio_id": studio_id,
            "owner_user_id": owner_user_id,
        },
    )


def studio_publish(
    *,
    studio_id: str,
) -> Event:
    """`studio.publish` v1: A studio became bookable and visible in search; emitted by the studio service.

    Args:
        studio_id: Studio that counts as published until its next studio.unpublish.
    """
    return event_of(
        "studio.publish",
        1,
        payload={
            "studio_id": studio_id,
        },
    )


def studio_quote_accept(
    *,
    quote_id: str,
    studio_id: str,
    lbg_id: str | None = None,
) -> Event:
    """`studio.quote.accept` v1: A buyer accepted a studio's offer; sent by the client when the acceptance was
    stored.

    Args:
        quote_id: Request whose offer was accepted, as in its studio.quote.request.
        studio_id: Studio whose offer was accepted.
        lbg_id: Order that came of the acceptance, when it exists already.
    """
    return event_of(
        "studio.quote.accept",
        1,
        payload={
            "quote_id": quote_id,
            "studio_id": studio_id,
            "lbg_id": lbg_id,
        },
    )


def studio_quote_request(
    *,
    quote_id: str,
    studio_id: str,
    hours: float | None = None,
) -> Event:
    """`studio.quote.request` v1: A buyer asked a studio for a quote; sent by the client when the request was
    stored.

    Args:
        quote_id: The new request; its response and acceptance name it again.
        studio_id: Studio that was asked.
        hours: Length of the session that the buyer asked for, in hours.
    """
    return event_of(
        "studio.quote.request",
        1,
        payload={
            "quote_id": quote_id,
            "studio_id": studio_id,
            "hours": hours,
        },
    )


def studio_quote_response(
    *,
    quote_id: str,
    studio_id: str,
    outcome: Literal["offered", "declined"],
    total_cents: int | None = None,
) -> Event:
    """`studio.quote.response` v1: A studio answered a request for a quote; emitted by the quote backend, the
    first answer per quote counts.

    Args:
        quote_id: Request that was answered, as in its studio.quote.request.
        studio_id: Studio that answered.
        outcome: Whether the studio made an offer or declined.
        total_cents: Price that the studio offered, in cents; absent when it declined.
    """
    return event_of(
        "studio.quote.response",
        1,
        payload={
            "quote_id": quote_id,
            "studio_id": studio_id,
            "outcome": outcome,
            "total_cents": total_cents,
        },
    )


def studio_unpublish(
    *,
    studio_id: str,
    reason: str | None = None,
) -> Event:
    """`studio.unpublish` v1: A studio was taken out of search; emitted by the studio service.

    Args:
        studio_id: Studio that no longer counts as published.
        reason: Why it was taken out, in the words of who did it; free text that is redacted at ingest.
    """
    return event_of(
        "studio.unpublish",
        1,
        payload={
            "studio_id": studio_id,
            "reason": reason,
        },
    )


def studio_update(
    *,
    studio_id: str,
    fields: Sequence[str] | None = None,
) -> Event:
    """`studio.update` v1: A studio was edited by its owner or by staff; emitted by the studio service at each
    save.

    Args:
        studio_id: Studio that was edited.
        fields: Names of the fields that the save changed, never their values; at most 256.
    """
    return event_of(
        "studio.update",
        1,
        payload={
            "studio_id": studio_id,
            "fields": fields,
        },
    )


def studio_verification_approved(
    *,
    studio_id: str,
) -> Event:
    """`studio.verification.approved` v1: A studio passed verification; emitted by the verification backend.

    Args:
        studio_id: Studio that is verified until a later rejection or revocation.
    """
    return event_of(
        "studio.verification.approved",
        1,
        payload={
            "studio_id": studio_id,
        },
    )


def studio_verification_rejected(
    *,
    studio_id: str,
    reason: str | None = None,
) -> Event:
    """`studio.verification.rejected` v1: A studio failed verification; emitted by the verification backend.

    Args:
        studio_id: Studio whose documents were refused.
        reason: Why the documents were refused, in the reviewer's words; free text that is redacted at ingest.
    """
    return event_of(
        "studio.verification.rejected",
        1,
        payload={
            "studio_id": studio_id,
            "reason": reason,
        },
    )


def studio_verification_revoked(
    *,
    studio_id: str,
    reason: str | None = None,
) -> Event:
    """`studio.verification.revoked` v1: A studio lost its verification; emitted by the verification backend.

    Args:
        studio_id: Studio that is no longer verified.
        reason: Why the verification was taken back, in the reviewer's words; free text that is redacted at
            ingest.
    """
    return event_of(
        "studio.verification.revoked",
        1,
        payload={
            "studio_id": studio_id,
            "reason": reason,
        },
    )


def studio_verification_submitted(
    *,
    studio_id: str,
) -> Event:
    """`studio.verification.submitted` v1: A studio handed in its documents for verification; emitted by the
    verification backend at each submission.

    Args:
        studio_id: Studio that waits for the review.
    """
    return event_of(
        "studio.verification.submitted",
        1,
        payload={
            "studio_id": studio_id,
        },
    )


def studio_view(
    *,
    studio_id: str,
    verified: bool | None = None,
) -> Event:
    """`studio.view` v1: A studio's page was viewed; sent by the client once per page view, a step of the
    conversion funnel.

    Args:
        studio_id: Studio that was viewed.
        verified: Whether the studio carried the verified mark when it was viewed.
    """
    return event_of(
        "studio.view",
        1,
        payload={
            "studio_id": studio_id,
            "verified": verified,
        },
    )


def suggest_view(
    *,
    scope: str,
    items: int,
    q: str | None = None,
) -> Event:
    """`suggest.view` v1: Suggestions were shown below the search box; sent by the client when the list
    settles, not per keystroke.

    Args:
        scope: Search box that suggested, for example header or landing.
        items: Number of suggestions that were shown.
        q: What the person had typed so far, up to 4000 characters; free text that is redacted at ingest.
    """
    return event_of(
        "suggest.view",
        1,
        payload={
            "scope": scope,
            "items": items,
            "q": q,
        },
    )


def support_case_assign(
    *,
    case_id: str,
    team: str | None = None,
) -> Event:
    """`support.case.assign` v1: A support case was given to a team; emitted by the support backend at each
    assignment.

    Args:
        case_id: Case that was assigned, as in its support.case.open.
        team: Key of the team that has the case now; never a person's name.
    """
    return event_of(
        "support.case.assign",
        1,
        payload={
            "case_id": case_id,
            "team": team,
        },
    )


def support_case_open(
    *,
    case_id: str,
    topic: str,
    priority: Literal["low", "normal", "high", "urgent"],
) -> Event:
    """`support.case.open` v1: A support case was opened by a user or by staff; emitted by the support backend
    once per case, response times count from here.

    Args:
        case_id: The new case; its later events name it again.
        topic: Code of what the case is about, for example payout_late.
        priority: Priority at opening, which sets the time for the first response: 1 h urgent, 4 h high, 24 h
            normal, 72 h low.
    """
    return event_of(
        "support.case.open",
        1,
        payload={
            "case_id": case_id,
            "topic": topic,
            "priority": priority,
        },
    )


def support_case_resolve(
    *,
    case_id: str,
    outcome: str | None = None,
) -> Event:
    """`support.case.resolve` v1: A support case was resolved; emitted by the support backend, resolution time
    ends here.

    Args:
        case_id: Case that was resolved, as in its support.case.open.
        outcome: Code of how it was resolved, for example refunded.
    """
    return event_of(
        "support.case.resolve",
        1,
        payload={
            "case_id": case_id,
            "outcome": outcome,
        },
    )


def support_case_status_change(
    *,
    case_id: str,
    to: Literal["open", "pending", "waiting", "resolved", "closed"],
    from_: str | None = None,
    by: Literal["agent", "customer", "system"] | None = None,
) -> Event:
    """`support.case.status_change` v1: The status of a support case changed; emitted by the support backend,
    the first change by an agent is the first response.

    Args:
        case_id: Case whose status changed, as in its support.case.open.
        to: Status after the change.
        from_: Status before the change; absent on the first one.
        by: Who changed it: an agent, the customer, or a rule of the system.
    """
    return event_of(
        "support.case.status_change",
        1,
        payload={
            "case_id": case_id,
            "to": to,
            "from": from_,
            "by": by,
        },
    )


def support_hold_apply(
    *,
    case_id: str,
    leg_id: str | None = None,
    reason: str | None = None,
) -> Event:
    """`support.hold.apply` v1: Support put a hold on payouts while a case is open; emitted by the support
    backend.

    Args:
        case_id: Case that the hold belongs to, as in its support.case.open.
        leg_id: Leg whose payout is held; absent when the hold covers the whole account.
        reason: Why the hold was put on, in the agent's words; free text that is redacted at ingest.
    """
    return event_of(
        "support.hold.apply",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "case_id": case_id,
            "reason": reason,
        },
    )


def support_hold_release(
    *,
    case_id: str,
    leg_id: str | None = None,
    reason: str | None = None,
) -> Event:
    """`support.hold.release` v1: Support lifted a hold on payouts; emitted by the support backend.

    Args:
        case_id: Case that the hold belonged to, as in its support.case.open.
        leg_id: Leg whose payout may go on; absent when the hold covered the whole account.
        reason: Why the hold was lifted, in the agent's words; free text that is redacted at ingest.
    """
    return event_of(
        "support.hold.release",
        1,
        ids={
            "leg_id": leg_id,
        },
        payload={
            "case_id": case_id,
            "reason": reason,
        },
    )


def tax_commit(
    *,
    lbg_id: str,
    tax_cents: int,
    jurisdiction: str | None = None,
) -> Event:
    """`tax.commit` v1: The tax of an order was committed to the tax service; emitted by the booking backend
    after payment.

    Args:
        lbg_id: Linked booking group whose tax is due.
        tax_cents: Service tax of the whole order as committed, in cents.
        jurisdiction: Tax jurisdiction to which the tax is due, for example US-TX.
    """
    return event_of(
        "tax.commit",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "tax_cents": tax_cents,
            "jurisdiction": jurisdiction,
        },
    )


def tax_quote(
    *,
    lbg_id: str,
    tax_cents: int,
    jurisdiction: str | None = None,
) -> Event:
    """`tax.quote` v1: Tax was calculated for an order before payment; emitted by the booking backend from the
    tax service's answer.

    Args:
        lbg_id: Linked booking group that the tax was calculated for.
        tax_cents: Service tax of the whole order as quoted, in cents; not due yet.
        jurisdiction: Tax jurisdiction of the order, for example US-TX.
    """
    return event_of(
        "tax.quote",
        1,
        ids={
            "lbg_id": lbg_id,
        },
        payload={
            "tax_cents": tax_cents,
            "jurisdiction": jurisdiction,
        },
    )


def thread_create(
    *,
    thread_id: str,
    counterpart_user_id: str,
    profile_id: str | None = None,
    studio_id: str | None = None,
) -> Event:
    """`thread.create` v1: A person opened a new conversation with another; sent by the client when the thread
    was stored, counted as a thread of messaging.

    Args:
        thread_id: The new thread; its messages and views name it again.
        counterpart_user_id: The other person in the thread, not the one who opened it.
        profile_id: Service profile from whose page the thread was opened; absent when it began elsewhere.
        studio_id: Studio from whose page the thread was opened; absent when it began elsewhere.
    """
    return event_of(
        "thread.create",
        1,
        payload={
            "thread_id": thread_id,
            "counterpart_user_id": counterpart_user_id,
            "profile_id": profile_id,
            "studio_id": studio_id,
        },
    )


def thread_open(
    *,
    thread_id: str,
    counterpart_role: str | None = None,
) -> Event:
    """`thread.open` v1: A person opened an existing conversation to read it; sent by the client once per
    opening.

    Args:
        thread_id: Thread that was opened.
        counterpart_role: Role of the other person in the thread, for example seller.
    """
    return event_of(
        "thread.open",
        1,
        payload={
            "thread_id": thread_id,
            "counterpart_role": counterpart_role,
        },
    )


def user_signup(
    *,
    role: Literal["buyer", "seller", "studio_owner"],
    method: str | None = None,
    country: str | None = None,
) -> Event:
    """`user.signup` v1: A person created an account; emitted by the auth backend once per account, sellers'
    cohorts begin here.

    Args:
        role: Role that the person signed up for.
        method: How the person signed up, for example password, google or apple.
        country: Country of the account, two letters of ISO 3166-1, for example US.
    """
    return event_of(
        "user.signup",
        1,
        payload={
            "role": role,
            "method": method,
            "country": country,
        },
    )


def waf_block(
    *,
    rule: str,
    route: str | None = None,
) -> Event:
    """`waf.block` v1: The web application firewall refused a request; emitted by the platform from the
    firewall's log.

    Args:
        rule: Name of the firewall rule that matched; blocks are reported by it.
        route: Route template that was asked for, for example /v1/search, without ids and query.
    """
    return event_of(
        "waf.block",
        1,
        payload={
            "rule": rule,
            "route": route,
        },
    )


def wallet_credit(
    *,
    amount_cents: int,
    currency: str,
    wallet_user_id: str,
    reason: str | None = None,
) -> Event:
    """`wallet.credit` v1: Money was added to a user's wallet; emitted by the wallet backend.

    Args:
        amount_cents: Amount that was added, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        wallet_user_id: User whose wallet the entry is in.
        reason: Why the entry was made, in the words of who made it; free text that is redacted at ingest.
    """
    return event_of(
        "wallet.credit",
        1,
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "wallet_user_id": wallet_user_id,
            "reason": reason,
        },
    )


def wallet_debit(
    *,
    amount_cents: int,
    currency: str,
    wallet_user_id: str,
    reason: str | None = None,
) -> Event:
    """`wallet.debit` v1: Money was taken from a user's wallet; emitted by the wallet backend.

    Args:
        amount_cents: Amount that was taken, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        wallet_user_id: User whose wallet the entry is in.
        reason: Why the entry was made, in the words of who made it; free text that is redacted at ingest.
    """
    return event_of(
        "wallet.debit",
        1,
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "wallet_user_id": wallet_user_id,
            "reason": reason,
        },
    )


def wallet_reversal(
    *,
    amount_cents: int,
    currency: str,
    wallet_user_id: str,
    reason: str | None = None,
) -> Event:
    """`wallet.reversal` v1: An earlier entry of a user's wallet was undone; emitted by the wallet backend.

    Args:
        amount_cents: Amount of the entry that was undone, in cents of the currency.
        currency: Currency of the amount, three letters of ISO 4217.
        wallet_user_id: User whose wallet the entry is in.
        reason: Why the entry was made, in the words of who made it; free text that is redacted at ingest.
    """
    return event_of(
        "wallet.reversal",
        1,
        money={
            "amount_cents": amount_cents,
            "currency": currency,
        },
        payload={
            "wallet_user_id": wallet_user_id,
            "reason": reason,
        },
    )


def web_vitals(
    *,
    route: str | None = None,
    lcp: float | None = None,
    cls: float | None = None,
    inp: float | None = None,
) -> Event:
    """`web.vitals` v1: Core Web Vitals of one page view; sent by the client when the page is hidden.

    Args:
        route: Route template of the page, for example /studios/{id}, without ids and query.
        lcp: Largest contentful paint, in milliseconds from the start of the navigation.
        cls: Cumulative layout shift of the page view, a score without unit; 0 is perfectly still.
        inp: Interaction to next paint, the slowest answer to an input, in milliseconds.
    """
    return event_of(
        "web.vitals",
        1,
        payload={
            "route": route,
            "lcp": lcp,
            "cls": cls,
            "inp": inp,
        },
    )
