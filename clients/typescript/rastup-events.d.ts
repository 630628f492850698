// Types of every event in the domain dialect, as `POST /collect` takes them.
// Generated from `contracts/` by `rastup contracts generate`; edit the contract instead.

export type Scalar = string | number | boolean | null;

/** The one amount that an event is about. */
export interface Money {
  /** In cents of the currency, an integer of at least 0. */
  amount_cents: number;
  /** Three letters of ISO 4217. */
  currency: string;
}

/** What every event carries around its ids and payload. */
export interface Envelope<Name extends string, Version extends number> {
  /** `evt_` and a ULID; give one, so that a retry is the same event. */
  event_id?: `evt_${string}`;
  event: Name;
  /** Version of the event's contract. */
  v: Version;
  /** When it happened, RFC 3339. */
  occurred_at: string;
  user_id?: `usr_${string}`;
  anon_id?: `an_${string}`;
  session_id?: `ses_${string}`;
  /** Code of the city, for example `houston`. */
  city?: string;
  device?: { ua_hash?: string; os?: string; app_ver?: string };
  context: { role: "buyer" | "seller" | "studio_owner" | "admin" | "guest"; [name: string]: unknown };
}

/** The acceptance window closed without a word from the buyer; emitted by the booking backend, it frees the payout of the leg. Emitted by backend. */
export interface AcceptanceAutoAcceptV1 extends Envelope<"acceptance.auto_accept", 1> {
  ids: {
    /** Linked booking group of the accepted leg. */
    lbg_id: `lbg_${string}`;
    /** The leg that was accepted by itself. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    [name: string]: unknown;
  };
}

/** The buyer accepted the delivered work; sent by the client, it frees the payout of the leg. Emitted by client. */
export interface AcceptanceBuyerAcceptV1 extends Envelope<"acceptance.buyer.accept", 1> {
  ids: {
    /** Linked booking group of the accepted leg. */
    lbg_id: `lbg_${string}`;
    /** The leg that the buyer accepted. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    [name: string]: unknown;
  };
}

/** The buyer reported an issue within the acceptance window; sent by the client, it holds the payout of the leg. Emitted by client. */
export interface AcceptanceIssueReportedV1 extends Envelope<"acceptance.issue_reported", 1> {
  ids: {
    /** Linked booking group of the leg with the issue. */
    lbg_id: `lbg_${string}`;
    /** The leg with the issue. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** What the issue is about, a code that the buyer picks from a list, for example no_show. */
    kind: string;
    [name: string]: unknown;
  };
}

/** The time in which the buyer may accept or report an issue began; emitted by the booking backend after the session. Emitted by backend. */
export interface AcceptanceWindowStartV1 extends Envelope<"acceptance.window.start", 1> {
  ids: {
    /** Linked booking group of the delivered leg. */
    lbg_id: `lbg_${string}`;
    /** The delivered leg, whose payout waits for the window. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** When the window closes and the leg is accepted by itself, RFC 3339. */
    ends_at: string;
    [name: string]: unknown;
  };
}

/** A task for one side of a booking was created, such as a shot list to confirm; sent by the client. Emitted by client. */
export interface ActionCreateV1 extends Envelope<"action.create", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new action; its state changes and cards name it again. */
    action_id: `act_${string}`;
    /** Thread in which the action is shown; absent when it belongs to no conversation. */
    thread_id?: `thr_${string}`;
    /** Code of what is to be done, for example confirm_shot_list. */
    kind: string;
    [name: string]: unknown;
  };
}

/** An action moved from one state to another; sent by the client of the person who moved it. Emitted by client. */
export interface ActionStateChangeV1 extends Envelope<"action.state_change", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Action whose state changed. */
    action_id: `act_${string}`;
    /** State before the change, for example open. */
    from: string;
    /** State after the change, for example done. */
    to: string;
    [name: string]: unknown;
  };
}

/** A person finished what the card of an action asked for; sent by the client once per card. Emitted by client. */
export interface ActionCardCompleteV1 extends Envelope<"action_card.complete", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Code of what the card asked for, for example overtime. */
    kind: string;
    /** Order that was changed by the card: the id of its linked booking group. */
    order_id?: `lbg_${string}`;
    /** Change of the order's price that was agreed, in cents; negative when it falls. */
    delta?: number;
    /** Action that is done with it; absent on cards without a task. */
    action_id?: `act_${string}`;
    [name: string]: unknown;
  };
}

/** A person opened the card of an action inside a conversation; sent by the client once per opening. Emitted by client. */
export interface ActionCardOpenV1 extends Envelope<"action_card.open", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Code of what the card asks for, for example overtime. */
    kind: string;
    /** Order that the card is about: the id of its linked booking group. */
    order_id?: `lbg_${string}`;
    /** Change of the order's price that the card offers, in cents; negative when it falls. */
    delta?: number;
    /** Action that the card stands for; absent on cards without a task. */
    action_id?: `act_${string}`;
    [name: string]: unknown;
  };
}

/** An alarm of the platform went off; emitted by the platform's monitoring once per change into alarm. Emitted by platform. */
export interface AlarmTriggeredV1 extends Envelope<"alarm.triggered", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Name of the alarm, which its runbook carries too. */
    alarm: string;
    /** How urgent the alarm is. */
    severity: "info" | "warning" | "critical";
    [name: string]: unknown;
  };
}

/** The money of a leg was changed after its confirmation; emitted by the booking backend once per amendment. Emitted by backend. */
export interface AmendmentAddedV1 extends Envelope<"amendment.added", 1> {
  ids: {
    /** Linked booking group of the amended leg. */
    lbg_id: `lbg_${string}`;
    /** The leg whose money changes. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The amendment, unique over all legs. */
    amendment_id: `amd_${string}`;
    /** What the amendment is: a change order, overtime, a refund line or an adjustment by staff. */
    kind: "change_order" | "overtime" | "refund_line" | "admin_adjustment";
    /** Change of the seller's price, in cents; negative when it falls. */
    subtotal_delta_cents: number;
    /** Change of the service tax, in cents; negative when it falls. */
    tax_delta_cents: number;
    /** Change of the platform fee, in cents; negative when it falls. */
    platform_fee_delta_cents: number;
    /** Change of the tax on the platform fee, in cents; negative when it falls. */
    platform_fee_tax_delta_cents: number;
    [name: string]: unknown;
  };
}

/** One request to the API, sampled; emitted by the platform's gateway, weighted by 1 / sample_rate in request counts. Emitted by platform. */
export interface ApiRequestV1 extends Envelope<"api.request", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Route template that answered, for example /v1/studios/{id}; latencies are reported by it. */
    route: string;
    /** HTTP method of the request, for example GET. */
    method?: string;
    /** HTTP status code of the answer, for example 200; error rates count 4xx and 5xx. */
    status: number;
    /** Time from the request's arrival to the end of its answer, in milliseconds. */
    latency_ms: number;
    /** Share of requests that are sent as events, from 0 to 1; every request when absent. */
    sample_rate?: number;
    [name: string]: unknown;
  };
}

/** The app was closed or went to the background; sent by the client when the system allows it. Emitted by client. */
export interface AppEndV1 extends Envelope<"app.end", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the run that ends had begun with a fresh launch. */
    cold?: boolean;
    [name: string]: unknown;
  };
}

/** The app was opened for the first time after its installation; sent by the client once per installation. Emitted by client. */
export interface AppInstallV1 extends Envelope<"app.install", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether this first opening was a fresh launch; false when the system had preloaded the app. */
    cold?: boolean;
    [name: string]: unknown;
  };
}

/** The app came to the foreground; sent by the client, its expected number measures how many events are lost. Emitted by client. */
export interface AppStartV1 extends Envelope<"app.start", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the app was launched afresh (true) or brought back from the background (false). */
    cold?: boolean;
    [name: string]: unknown;
  };
}

/** A background check found nothing that matters; emitted by the trust backend, the first outcome of a check counts. Emitted by backend. */
export interface BgClearV1 extends Envelope<"bg.clear", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who was checked. */
    subject_user_id: `usr_${string}`;
    /** Check that ended clear, as in its bg.invited. */
    check_id: `bgc_${string}`;
    [name: string]: unknown;
  };
}

/** A background check found something that a reviewer must weigh; emitted by the trust backend, the first outcome of a check counts. Emitted by backend. */
export interface BgConsiderV1 extends Envelope<"bg.consider", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who was checked. */
    subject_user_id: `usr_${string}`;
    /** Check that needs a review, as in its bg.invited. */
    check_id: `bgc_${string}`;
    [name: string]: unknown;
  };
}

/** A background check is being worked on; emitted by the trust backend when the provider begins. Emitted by backend. */
export interface BgInProgressV1 extends Envelope<"bg.in_progress", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who is being checked. */
    subject_user_id: `usr_${string}`;
    /** Check that was begun, as in its bg.invited. */
    check_id: `bgc_${string}`;
    [name: string]: unknown;
  };
}

/** A person was invited to a background check; emitted by the trust backend, turnaround counts from here. Emitted by backend. */
export interface BgInvitedV1 extends Envelope<"bg.invited", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who is to be checked. */
    subject_user_id: `usr_${string}`;
    /** The new check; its progress and outcome name it again. */
    check_id: `bgc_${string}`;
    [name: string]: unknown;
  };
}

/** A background check was halted by the provider or the person; emitted by the trust backend. Emitted by backend. */
export interface BgSuspendedV1 extends Envelope<"bg.suspended", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person whose check was halted. */
    subject_user_id: `usr_${string}`;
    /** Check that was halted, as in its bg.invited. */
    check_id: `bgc_${string}`;
    [name: string]: unknown;
  };
}

/** A buyer followed the invitation to book again; emitted by the growth backend from its redirect. Emitted by backend. */
export interface BookAgainClickV1 extends Envelope<"book_again.click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification whose link was followed, as in its book_again.sent. */
    notification_id: `ntf_${string}`;
    /** Earlier order that the invitation refers to: the id of its linked booking group. */
    prior_lbg_id?: `lbg_${string}`;
    [name: string]: unknown;
  };
}

/** An invitation to book again led to a new order; emitted by the growth backend when that order is confirmed. Emitted by backend. */
export interface BookAgainConvertedV1 extends Envelope<"book_again.converted", 1> {
  ids: {
    /** The new linked booking group, not the earlier one. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification that led to the order, as in its book_again.sent. */
    notification_id: `ntf_${string}`;
    [name: string]: unknown;
  };
}

/** A buyer was invited to book the same seller again; emitted by the growth backend. Emitted by backend. */
export interface BookAgainSentV1 extends Envelope<"book_again.sent", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification that carries the invitation; its click and conversion name it again. */
    notification_id: `ntf_${string}`;
    /** Earlier order that the invitation refers to: the id of its linked booking group. */
    prior_lbg_id?: `lbg_${string}`;
    [name: string]: unknown;
  };
}

/** The loss of a dispute was taken back from a payee; emitted by the payments backend. Emitted by backend. */
export interface ChargebackClawbackAppliedV1 extends Envelope<"chargeback.clawback.applied", 1> {
  ids: {
    /** The leg whose payout is taken back. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that is taken back from the payee, in cents of the currency. */
  money: Money;
  payload: {
    /** Dispute whose loss is passed on. */
    dispute_id: `dsp_${string}`;
    /** Seller or studio owner who bears the loss. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A dispute was closed, in the naming of the back office; emitted by the payments backend, the same fact as dispute.won or dispute.lost. Emitted by backend. */
export interface ChargebackClosedV1 extends Envelope<"chargeback.closed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Dispute that is no longer open. */
    dispute_id: `dsp_${string}`;
    /** How it ended: won or lost for the platform, or a warning that came to nothing. */
    outcome: "won" | "lost" | "warning_closed";
    [name: string]: unknown;
  };
}

/** A dispute was opened, in the naming of the back office; emitted by the payments backend, the same fact as dispute.opened. Emitted by backend. */
export interface ChargebackOpenV1 extends Envelope<"chargeback.open", 1> {
  ids: {
    /** Linked booking group whose charge is disputed. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that the cardholder disputes, in cents of the currency. */
  money: Money;
  payload: {
    /** The dispute; its evidence and its outcome name it again. */
    dispute_id: `dsp_${string}`;
    /** The platform's charge that is disputed. */
    charge_id: `chg_${string}`;
    /** The bank's reason as staff noted it; free text that is redacted at ingest. */
    reason?: string;
    /** Until when evidence may be handed in, RFC 3339. */
    due_at?: string;
    [name: string]: unknown;
  };
}

/** Evidence on a dispute was handed in, in the naming of the back office; from Stripe's webhook, the same fact as dispute.evidence_submitted. Emitted by stripe. */
export interface ChargebackSubmitV1 extends Envelope<"chargeback.submit", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Dispute that the evidence is for. */
    dispute_id: `dsp_${string}`;
    [name: string]: unknown;
  };
}

/** A buyer left the checkout before paying; sent by the client when the page is closed or idle. Emitted by client. */
export interface CheckoutAbandonV1 extends Envelope<"checkout.abandon", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Order whose checkout was left: the id of its linked booking group. */
    order_id: `lbg_${string}`;
    /** Step of the checkout at which the buyer left. */
    step: "details" | "docs" | "payment";
    [name: string]: unknown;
  };
}

/** The client saw its payment succeed; an echo for funnels, never the source of money figures. Emitted by client. */
export interface CheckoutPaymentSucceededV1 extends Envelope<"checkout.payment_succeeded", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Order that was paid: the id of its linked booking group. */
    order_id: `lbg_${string}`;
    /** Amount that the client showed as paid, in cents; equals money when both are sent. */
    amount_cents: number;
    /** How the buyer paid: by card or by bank transfer (ach). */
    method: "card" | "ach";
    [name: string]: unknown;
  };
}

/** A buyer opened the checkout of an order; sent by the client once per opening, a step of the conversion funnel. Emitted by client. */
export interface CheckoutStartV1 extends Envelope<"checkout.start", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Order that is being checked out: the id of its linked booking group. */
    order_id: `lbg_${string}`;
    /** Whether a person (a service profile) or a studio is being booked. */
    context: "person" | "studio";
    /** Price of the sellers shown at the start, without service tax and platform fee, in cents. */
    subtotal_cents: number;
    [name: string]: unknown;
  };
}

/** A person set their consent; sent by the client at each change with both values, the last one is in force. Emitted by client. */
export interface ConsentUpdateV1 extends Envelope<"consent.update", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether marketing messages and exports are allowed from now on. */
    marketing: boolean;
    /** Whether client events may be kept with an identity from now on. */
    analytics: boolean;
    [name: string]: unknown;
  };
}

/** A buyer approved delivered files; sent by the client when the approval was stored. Emitted by client. */
export interface DeliverableApprovedV1 extends Envelope<"deliverable.approved", 1> {
  ids: {
    /** The leg whose files were approved. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Number of files that were approved together, at least 1. */
    count: number;
    [name: string]: unknown;
  };
}

/** A seller uploaded the final files of a leg; sent by the client when the upload is complete. Emitted by client. */
export interface DeliverableFinalV1 extends Envelope<"deliverable.final", 1> {
  ids: {
    /** The leg that the files are the result of. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Number of final files in the upload, at least 1. */
    count: number;
    [name: string]: unknown;
  };
}

/** A seller uploaded proofs for the buyer to look at; sent by the client when the upload is complete. Emitted by client. */
export interface DeliverableProofV1 extends Envelope<"deliverable.proof", 1> {
  ids: {
    /** The leg that the proofs belong to. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Number of files in the upload, at least 1. */
    count: number;
    [name: string]: unknown;
  };
}

/** A deployment failed and was rolled back; emitted by the platform's delivery pipeline. Emitted by platform. */
export interface DeployFailedV1 extends Envelope<"deploy.failed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Name of the service that could not be deployed. */
    service: string;
    /** Version that was tried, for example a tag or a commit. */
    version: string;
    [name: string]: unknown;
  };
}

/** A service was deployed; emitted by the platform's delivery pipeline. Emitted by platform. */
export interface DeploySucceededV1 extends Envelope<"deploy.succeeded", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Name of the service that was deployed. */
    service: string;
    /** Version that runs now, for example a tag or a commit. */
    version: string;
    [name: string]: unknown;
  };
}

/** A studio deposit was authorised on the buyer's card, never part of GMV; from Stripe's webhook. Emitted by stripe. */
export interface DepositAuthAuthorizedV1 extends Envelope<"deposit.auth.authorized", 1> {
  ids: {
    /** The studio leg that the deposit secures. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that was authorised on the card, in cents of the currency. */
  money: Money;
  payload: {
    /** The deposit, the same in all its events. */
    deposit_id: `dep_${string}`;
    [name: string]: unknown;
  };
}

/** An authorised studio deposit was taken, for example for damage; from Stripe's webhook. Emitted by stripe. */
export interface DepositAuthCapturedV1 extends Envelope<"deposit.auth.captured", 1> {
  ids: {
    /** The studio leg that the deposit secures. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that was taken of the deposit, in cents of the currency. */
  money: Money;
  payload: {
    /** The deposit, the same in all its events. */
    deposit_id: `dep_${string}`;
    [name: string]: unknown;
  };
}

/** The authorisation of a studio deposit ran out before it was taken or released; from Stripe's webhook. Emitted by stripe. */
export interface DepositAuthExpiredV1 extends Envelope<"deposit.auth.expired", 1> {
  ids: {
    /** The studio leg that the deposit secures. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount whose authorisation ran out, in cents of the currency. */
  money: Money;
  payload: {
    /** The deposit, the same in all its events. */
    deposit_id: `dep_${string}`;
    [name: string]: unknown;
  };
}

/** An authorised studio deposit was released without being taken; from Stripe's webhook. Emitted by stripe. */
export interface DepositAuthVoidedV1 extends Envelope<"deposit.auth.voided", 1> {
  ids: {
    /** The studio leg that the deposit secures. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that was released, in cents of the currency. */
  money: Money;
  payload: {
    /** The deposit, the same in all its events. */
    deposit_id: `dep_${string}`;
    [name: string]: unknown;
  };
}

/** A person followed a link of a digest; sent by the client, a touch of attribution. Emitted by client. */
export interface DigestClickV1 extends Envelope<"digest.click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Key of the digest that was followed, for example weekly. */
    digest: string;
    /** Notification whose link was followed; absent when it was seen in the app alone. */
    notification_id?: `ntf_${string}`;
    [name: string]: unknown;
  };
}

/** A person opened a digest of news; sent by the client that opened it. Emitted by client. */
export interface DigestOpenV1 extends Envelope<"digest.open", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Key of the digest that was opened, for example weekly. */
    digest: string;
    /** Notification that carried the digest; absent when it was seen in the app alone. */
    notification_id?: `ntf_${string}`;
    [name: string]: unknown;
  };
}

/** Evidence on a dispute reached the processor; from Stripe's webhook, the same fact as chargeback.submit. Emitted by stripe. */
export interface DisputeEvidenceSubmittedV1 extends Envelope<"dispute.evidence_submitted", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Dispute that the evidence is for. */
    dispute_id: `dsp_${string}`;
    [name: string]: unknown;
  };
}

/** A dispute was decided for the cardholder; from Stripe's webhook, the same fact as chargeback.closed with the outcome lost. Emitted by stripe. */
export interface DisputeLostV1 extends Envelope<"dispute.lost", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Dispute that was lost and is no longer open. */
    dispute_id: `dsp_${string}`;
    [name: string]: unknown;
  };
}

/** A cardholder disputed a charge with the bank; from Stripe's webhook, the same fact as chargeback.open. Emitted by stripe. */
export interface DisputeOpenedV1 extends Envelope<"dispute.opened", 1> {
  ids: {
    /** Linked booking group whose charge is disputed. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that the cardholder disputes, in cents of the currency. */
  money: Money;
  payload: {
    /** The dispute; its evidence and its outcome name it again. */
    dispute_id: `dsp_${string}`;
    /** The platform's charge that is disputed. */
    charge_id: `chg_${string}`;
    /** The bank's reason as the processor hands it on; free text that is redacted at ingest. */
    reason?: string;
    /** Until when evidence may be handed in, RFC 3339. */
    due_at?: string;
    [name: string]: unknown;
  };
}

/** A dispute was decided for the platform; from Stripe's webhook, the same fact as chargeback.closed with the outcome won. Emitted by stripe. */
export interface DisputeWonV1 extends Envelope<"dispute.won", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Dispute that was won and is no longer open. */
    dispute_id: `dsp_${string}`;
    [name: string]: unknown;
  };
}

/** A copyright notice on published work came in; emitted by the trust backend once per notice. Emitted by backend. */
export interface DmcaNoticeV1 extends Envelope<"dmca.notice", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new notice; its takedown or restoration names it again. */
    notice_id: `dmc_${string}`;
    /** What the notice is about, for example service_profile or studio. */
    target_type?: string;
    /** Thing that the notice is about, as an id of the kind that target_type names. */
    target_id?: string;
    [name: string]: unknown;
  };
}

/** Work that had been taken down came back after a counter-notice; emitted by the trust backend. Emitted by backend. */
export interface DmcaRestoreV1 extends Envelope<"dmca.restore", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notice that was countered, as in its dmca.notice. */
    notice_id: `dmc_${string}`;
    /** What came back, for example service_profile or studio. */
    target_type?: string;
    /** Thing that came back, as an id of the kind that target_type names. */
    target_id?: string;
    [name: string]: unknown;
  };
}

/** Work was taken down because of a copyright notice; emitted by the trust backend. Emitted by backend. */
export interface DmcaTakedownV1 extends Envelope<"dmca.takedown", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notice that was followed, as in its dmca.notice. */
    notice_id: `dmc_${string}`;
    /** What was taken down, for example service_profile or studio. */
    target_type?: string;
    /** Thing that was taken down, as an id of the kind that target_type names. */
    target_id?: string;
    [name: string]: unknown;
  };
}

/** Every signer signed an envelope; from the e-sign provider's webhook, the document is final. Emitted by esign. */
export interface DocEnvelopeCompletedV1 extends Envelope<"doc.envelope.completed", 1> {
  ids: {
    /** Document that all have signed. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** E-sign provider that carried the envelope. */
    provider: "docusign" | "dropbox_sign";
    /** The provider's id of the envelope, opaque. */
    provider_ref: string;
    /** Note that came with the provider's message; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A signer refused to sign an envelope, which ends it; from the e-sign provider's webhook. Emitted by esign. */
export interface DocEnvelopeDeclinedV1 extends Envelope<"doc.envelope.declined", 1> {
  ids: {
    /** Document that will not be signed. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** E-sign provider that carried the envelope. */
    provider: "docusign" | "dropbox_sign";
    /** The provider's id of the envelope, opaque. */
    provider_ref: string;
    /** Why the signer refused, in the signer's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** An envelope ran out of time before all had signed; from the e-sign provider's webhook. Emitted by esign. */
export interface DocEnvelopeExpiredV1 extends Envelope<"doc.envelope.expired", 1> {
  ids: {
    /** Document that must be sent again. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** E-sign provider that carried the envelope. */
    provider: "docusign" | "dropbox_sign";
    /** The provider's id of the envelope, opaque. */
    provider_ref: string;
    /** Note of the provider on why it ran out; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** The e-sign provider sent an envelope to its signers; from the provider's webhook. Emitted by esign. */
export interface DocEnvelopeSentV1 extends Envelope<"doc.envelope.sent", 1> {
  ids: {
    /** Document that the envelope holds. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** E-sign provider that carries the envelope. */
    provider: "docusign" | "dropbox_sign";
    /** The provider's id of the envelope, opaque; webhooks are de-duplicated by provider and event. */
    provider_ref: string;
    /** Note that the sender gave to the provider; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** One signer signed an envelope, others may be missing; from the e-sign provider's webhook. Emitted by esign. */
export interface DocEnvelopeSignedV1 extends Envelope<"doc.envelope.signed", 1> {
  ids: {
    /** Document that was signed by one of its signers. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** E-sign provider that carries the envelope. */
    provider: "docusign" | "dropbox_sign";
    /** The provider's id of the envelope, opaque. */
    provider_ref: string;
    /** Note that the signer left with the signature; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A signer opened an envelope; from the e-sign provider's webhook, once per opening that the provider tells. Emitted by esign. */
export interface DocEnvelopeViewedV1 extends Envelope<"doc.envelope.viewed", 1> {
  ids: {
    /** Document that the signer looked at. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** E-sign provider that carries the envelope. */
    provider: "docusign" | "dropbox_sign";
    /** The provider's id of the envelope, opaque. */
    provider_ref: string;
    /** Note that came with the provider's message; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** The documents of an order were put together and sent for signature; emitted by the documents backend once per pack. Emitted by backend. */
export interface DocPackIssuedV1 extends Envelope<"doc.pack.issued", 1> {
  ids: {
    /** Linked booking group that waits for the signatures. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new pack; its signature or voiding names it again. */
    pack_id: `pck_${string}`;
    /** Number of documents in the pack, at least 1. */
    documents: number;
    [name: string]: unknown;
  };
}

/** Every document of a pack was signed by everyone who must; emitted by the documents backend once per pack. Emitted by backend. */
export interface DocPackSignedV1 extends Envelope<"doc.pack.signed", 1> {
  ids: {
    /** Linked booking group that may go on to payment. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Pack that is signed as a whole. */
    pack_id: `pck_${string}`;
    /** Number of documents that were signed, at least 1. */
    documents: number;
    [name: string]: unknown;
  };
}

/** A pack was withdrawn before all had signed; emitted by the documents backend when the order changes or ends. Emitted by backend. */
export interface DocPackVoidedV1 extends Envelope<"doc.pack.voided", 1> {
  ids: {
    /** Linked booking group whose documents were withdrawn. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Pack that is no longer valid. */
    pack_id: `pck_${string}`;
    /** Number of documents that were withdrawn with it, at least 1. */
    documents: number;
    [name: string]: unknown;
  };
}

/** A stored PDF was compared with the hash taken at its signature; emitted by the documents backend at each check. Emitted by backend. */
export interface DocPdfHashVerifiedV1 extends Envelope<"doc.pdf.hash_verified", 1> {
  ids: {
    /** Document whose file was checked. */
    doc_id: `doc_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** SHA-256 of the file as it is stored now, 64 hex digits. */
    sha256: string;
    /** Whether the hash equals the one taken at signature; false means that the file was changed. */
    ok: boolean;
    [name: string]: unknown;
  };
}

/** The documents of an order were put together for signature, in the older naming; emitted by the documents backend, the same fact as doc.pack.issued. Emitted by backend. */
export interface DocsPackCreateV1 extends Envelope<"docs.pack.create", 1> {
  ids: {
    /** Linked booking group that the documents belong to. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new pack; its signature or voiding names it again. */
    pack_id: `pck_${string}`;
    /** Number of documents in the pack, at least 1. */
    documents: number;
    [name: string]: unknown;
  };
}

/** Every document of a pack was signed, in the older naming; emitted by the documents backend, the same fact as doc.pack.signed. Emitted by backend. */
export interface DocsPackSignedV1 extends Envelope<"docs.pack.signed", 1> {
  ids: {
    /** Linked booking group that may go on to payment. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Pack that is signed as a whole. */
    pack_id: `pck_${string}`;
    /** Number of documents that were signed, at least 1. */
    documents: number;
    [name: string]: unknown;
  };
}

/** A data subject's request was fulfilled and verified; emitted by the privacy backend, the 30-day clock ends here. Emitted by backend. */
export interface DsarCompletedV1 extends Envelope<"dsar.completed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person whose request was fulfilled. */
    user_id: `usr_${string}`;
    /** Whether the data were erased or handed out (access). */
    kind: "erasure" | "access";
    /** Ticket of the request, as in its dsar.requested. */
    ticket_id?: `dsr_${string}`;
    [name: string]: unknown;
  };
}

/** A legal hold stops the erasure of a person's data; emitted by the privacy backend, the request resumes when it is lifted. Emitted by backend. */
export interface DsarHoldV1 extends Envelope<"dsar.hold", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person whose data must be kept for now. */
    user_id: `usr_${string}`;
    /** The legal hold that stands against the erasure. */
    hold_id: `hld_${string}`;
    /** Why the data must be kept, in the words of who decided; free text that is redacted at ingest. */
    reason: string;
    [name: string]: unknown;
  };
}

/** A person asked for the erasure or a copy of their data; emitted by the privacy backend, the 30-day clock starts here. Emitted by backend. */
export interface DsarRequestedV1 extends Envelope<"dsar.requested", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person whose data the request is about. */
    user_id: `usr_${string}`;
    /** Whether the data are to be erased or handed out (access). */
    kind: "erasure" | "access";
    /** Ticket of the request; its later events name it again. */
    ticket_id?: `dsr_${string}`;
    [name: string]: unknown;
  };
}

/** The marker that a person's data must go from every table; emitted by the privacy backend when an erasure is accepted. Emitted by backend. */
export interface DsarTombstoneV1 extends Envelope<"dsar.tombstone", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person whose data must go and must not come back. */
    user_id: `usr_${string}`;
    /** Ticket of the erasure, as in its dsar.requested. */
    ticket_id?: `dsr_${string}`;
    [name: string]: unknown;
  };
}

/** An e-mail came back; from SES through SNS, once per recipient. Emitted by ses. */
export interface EmailBounceV1 extends Envelope<"email.bounce", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification whose e-mail came back. */
    notification_id: `ntf_${string}`;
    /** Key of the template the e-mail was made from. */
    template: string;
    /** Whether the address is lost for good (hard) or the mailbox refused for now (soft). */
    bounce: "hard" | "soft";
    [name: string]: unknown;
  };
}

/** A recipient followed a link of an e-mail; from SES through SNS, each notification counts once in the click rate. Emitted by ses. */
export interface EmailClickV1 extends Envelope<"email.click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification whose e-mail was clicked. */
    notification_id: `ntf_${string}`;
    /** Key of the template the e-mail was made from. */
    template: string;
    /** Address that the link leads to; tokens and personal data in it are redacted at ingest like free text. */
    link?: string;
    [name: string]: unknown;
  };
}

/** A recipient marked an e-mail as unwanted; from SES through SNS, a guardrail of every mailing. Emitted by ses. */
export interface EmailComplaintV1 extends Envelope<"email.complaint", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification that was complained about. */
    notification_id: `ntf_${string}`;
    /** Key of the template the e-mail was made from. */
    template: string;
    [name: string]: unknown;
  };
}

/** A recipient opened an e-mail; from SES through SNS, each notification counts once however often it is opened. Emitted by ses. */
export interface EmailOpenV1 extends Envelope<"email.open", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification whose e-mail was opened. */
    notification_id: `ntf_${string}`;
    /** Key of the template the e-mail was made from. */
    template: string;
    [name: string]: unknown;
  };
}

/** A recipient unsubscribed through the link or the mail client; from SES through SNS. Emitted by ses. */
export interface EmailUnsubscribeV1 extends Envelope<"email.unsubscribe", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification whose e-mail led to it. */
    notification_id: `ntf_${string}`;
    /** Key of the template the e-mail was made from. */
    template: string;
    [name: string]: unknown;
  };
}

/** A person in an experiment did what it is meant to improve; sent by the client, results are computed from the facts and not from this. Emitted by client. */
export interface ExpConvertV1 extends Envelope<"exp.convert", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Key of the experiment in which it happened. */
    exp_id: string;
    /** Order that is the conversion: the id of its linked booking group; absent for conversions without an order. */
    order_id?: `lbg_${string}`;
    [name: string]: unknown;
  };
}

/** A person met an experiment's variant for the first time at a checkpoint; sent by the client, the first per experiment and unit counts. Emitted by client. */
export interface ExpExposedV1 extends Envelope<"exp.exposed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Key of the experiment in the registry, for example search_rank_v2. */
    exp_key: string;
    /** Variant that was shown, as the registry names it, for example control. */
    variant: string;
    /** Place in the product at which the variant took effect. */
    checkpoint: "search" | "profile" | "checkout" | "postbook";
    [name: string]: unknown;
  };
}

/** A person met an experiment's variant, in the naming of older clients; once per surface and session, meets exp.exposed in one fact. Emitted by client. */
export interface ExpViewV1 extends Envelope<"exp.view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Key of the experiment; the exp_key of the newer naming. */
    exp_id: string;
    /** Variant that was shown; the variant of the newer naming. */
    var: string;
    /** Surface that showed the variant, for example search_results. */
    surface?: string;
    [name: string]: unknown;
  };
}

/** The platform fee of a leg was booked as deferred revenue; emitted by the payments backend at confirmation. Emitted by backend. */
export interface FeeDeferredRecordedV1 extends Envelope<"fee.deferred.recorded", 1> {
  ids: {
    /** The leg whose fee is deferred until it is completed. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Fee that is deferred, in cents of the currency. */
  money: Money;
  payload: {
    [name: string]: unknown;
  };
}

/** A deferred platform fee became revenue; emitted by the payments backend when its leg is completed. Emitted by backend. */
export interface FeeEarnedRecordedV1 extends Envelope<"fee.earned.recorded", 1> {
  ids: {
    /** The leg whose fee is earned. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Fee that became revenue, in cents of the currency. */
  money: Money;
  payload: {
    [name: string]: unknown;
  };
}

/** A financial day could not be closed; emitted by the platform's finance job, which tries again. Emitted by platform. */
export interface FinanceCloseFailedV1 extends Envelope<"finance.close.failed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Financial day that stays open, YYYY-MM-DD in UTC. */
    close_dt: string;
    [name: string]: unknown;
  };
}

/** The close of a financial day began; emitted by the platform's finance job. Emitted by platform. */
export interface FinanceCloseStartV1 extends Envelope<"finance.close.start", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Financial day that is being closed, YYYY-MM-DD in UTC. */
    close_dt: string;
    [name: string]: unknown;
  };
}

/** A financial day was closed, its figures are final; emitted by the platform's finance job. Emitted by platform. */
export interface FinanceCloseSucceededV1 extends Envelope<"finance.close.succeeded", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Financial day that is closed, YYYY-MM-DD in UTC. */
    close_dt: string;
    [name: string]: unknown;
  };
}

/** A person followed a search alert to its results; sent by the client, a touch of attribution. Emitted by client. */
export interface GrowthAlertClickV1 extends Envelope<"growth.alert.click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Alert that was followed, as in its search.alert.create. */
    alert_id: `alr_${string}`;
    /** Notification whose link was followed; absent when it was seen in the app alone. */
    notification_id?: `ntf_${string}`;
    [name: string]: unknown;
  };
}

/** A person opened the message of a search alert; sent by the client that opened it. Emitted by client. */
export interface GrowthAlertOpenV1 extends Envelope<"growth.alert.open", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Alert that the message is about, as in its search.alert.create. */
    alert_id: `alr_${string}`;
    /** Notification that carried the alert; absent when it was seen in the app alone. */
    notification_id?: `ntf_${string}`;
    [name: string]: unknown;
  };
}

/** A reader said whether a help article helped; sent by the client once per vote. Emitted by client. */
export interface HelpFeedbackV1 extends Envelope<"help.feedback", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Slug of the article that was judged, the last part of its address. */
    slug: string;
    /** Whether the reader found the article helpful. */
    helpful: boolean;
    [name: string]: unknown;
  };
}

/** A help article was read; sent by the client once per page view. Emitted by client. */
export interface HelpViewV1 extends Envelope<"help.view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Slug of the article, the last part of its address. */
    slug: string;
    [name: string]: unknown;
  };
}

/** A signed-in user and an anonymous id were seen to be one person; emitted by the auth backend at each log-in, and what identify and alias calls become. Emitted by backend. */
export interface IdentityLinkV1 extends Envelope<"identity.link", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** User who logged in with that browser or device. */
    user_id: `usr_${string}`;
    /** Anonymous id of the browser or device in which the log-in happened. */
    anon_id: `an_${string}`;
    /** Hash of the device fingerprint, 8 to 64 characters of [0-9a-z]; too widely shared ones stitch nobody. */
    device_fp?: string;
    [name: string]: unknown;
  };
}

/** A verification ran out, unfinished or too old; emitted by the trust backend. Emitted by backend. */
export interface IdvExpiredV1 extends Envelope<"idv.expired", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who must verify again. */
    subject_user_id: `usr_${string}`;
    /** Verification provider of the session that ran out, for example stripe_identity. */
    provider?: string;
    /** What ran out, as the provider or a reviewer put it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A person's identity could not be verified; emitted by the trust backend from the provider's verdict, counts into the pass rate. Emitted by backend. */
export interface IdvFailedV1 extends Envelope<"idv.failed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who is not verified. */
    subject_user_id: `usr_${string}`;
    /** Verification provider that gave the verdict, for example stripe_identity. */
    provider?: string;
    /** Why it failed, as the provider or a reviewer put it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A person's identity was verified; emitted by the trust backend from the provider's verdict, counts into the pass rate. Emitted by backend. */
export interface IdvPassedV1 extends Envelope<"idv.passed", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who is verified now. */
    subject_user_id: `usr_${string}`;
    /** Verification provider that gave the verdict, for example stripe_identity. */
    provider?: string;
    /** Note on the verdict by whoever reviewed it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A person began to verify their identity; emitted by the trust backend when the provider's session opens. Emitted by backend. */
export interface IdvStartedV1 extends Envelope<"idv.started", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Person who is being verified. */
    subject_user_id: `usr_${string}`;
    /** Verification provider, for example stripe_identity. */
    provider?: string;
    /** Why the verification was asked for, in the words of who asked; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A landing page was viewed; sent by the client once per page view, and what page and screen calls become. A touch of attribution. Emitted by client. */
export interface LandingViewV1 extends Envelope<"landing.view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Code of the city that the page is about, for example houston; unknown when the page is about none. */
    city: string;
    /** Role that the page offers, for example photographer; absent on pages for all roles. */
    role?: string;
    [name: string]: unknown;
  };
}

/** Every leg of a linked booking group is confirmed; emitted by the booking backend, the first one per order counts as the booking. Emitted by backend. */
export interface LbgConfirmedV1 extends Envelope<"lbg.confirmed", 1> {
  ids: {
    /** Linked booking group that is confirmed. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Number of legs that were confirmed together. */
    leg_count: number;
    /** How the buyer pays for the order: by card or by bank transfer (ach). */
    payment_method: "card" | "ach";
    /** What the buyer pays for all legs with tax and fees, deposits left out, in cents. */
    total_cents: number;
    /** Whether a studio deposit was authorised beside the charge. */
    has_deposit_auth?: boolean;
    [name: string]: unknown;
  };
}

/** A linked booking group, one order of one or two legs, was created; emitted by the booking backend once per order. Emitted by backend. */
export interface LbgCreateV1 extends Envelope<"lbg.create", 1> {
  ids: {
    /** The new linked booking group; its legs, charge and documents name it again. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Number of legs that the order starts with. */
    leg_count: number;
    [name: string]: unknown;
  };
}

/** A leg was called off before it was fulfilled; emitted by the booking backend, the first one per leg counts. Emitted by backend. */
export interface LegCancelledV1 extends Envelope<"leg.cancelled", 1> {
  ids: {
    /** Linked booking group that the leg belongs to. */
    lbg_id: `lbg_${string}`;
    /** The leg that was called off. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Who called the leg off; system for rules that run by themselves. */
    by: "buyer" | "seller" | "studio_owner" | "admin" | "system";
    /** Why the leg was called off, in the words of who did it; free text that is redacted at ingest. */
    reason?: string;
    /** Planned start of the session, RFC 3339; the lead time of the cancellation counts back from it. */
    start_at?: string;
    /** Price of the seller without service tax that is lost, in cents. */
    subtotal_cents?: number;
    [name: string]: unknown;
  };
}

/** The session of a leg is over, so that its platform fee is earned; emitted by the booking backend. Emitted by backend. */
export interface LegCompletedV1 extends Envelope<"leg.completed", 1> {
  ids: {
    /** Linked booking group that the leg belongs to. */
    lbg_id: `lbg_${string}`;
    /** The leg whose state this event tells. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the leg books a talent (a service profile) or a studio. */
    type: "talent" | "studio";
    /** Seller or studio owner who is paid for the leg. */
    seller_user_id: `usr_${string}`;
    /** Service profile that is booked; required of a talent leg. */
    service_profile_id?: `srv_${string}`;
    /** Studio that is booked; required of a studio leg. */
    studio_id?: `std_${string}`;
    /** Price of the seller without service tax, the part of the leg that is GMV, in cents. */
    subtotal_cents: number;
    /** Service tax on the subtotal, in cents. */
    tax_cents: number;
    /** Platform fee that the buyer pays for the leg, in cents. */
    platform_fee_cents: number;
    /** Tax on the platform fee, in cents. */
    platform_fee_tax_cents: number;
    /** What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its tax. */
    total_cents: number;
    /** Planned start of the session, RFC 3339. */
    start_at: string;
    /** Planned end of the session, RFC 3339; acceptance times count from it. */
    end_at: string;
    [name: string]: unknown;
  };
}

/** A leg is booked and paid, so that its subtotal enters GMV; emitted by the booking backend, the first one per leg counts. Emitted by backend. */
export interface LegConfirmedV1 extends Envelope<"leg.confirmed", 1> {
  ids: {
    /** Linked booking group that the leg belongs to. */
    lbg_id: `lbg_${string}`;
    /** The leg whose state this event tells. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the leg books a talent (a service profile) or a studio. */
    type: "talent" | "studio";
    /** Seller or studio owner who is paid for the leg. */
    seller_user_id: `usr_${string}`;
    /** Service profile that is booked; required of a talent leg. */
    service_profile_id?: `srv_${string}`;
    /** Studio that is booked; required of a studio leg. */
    studio_id?: `std_${string}`;
    /** Price of the seller without service tax, the part of the leg that is GMV, in cents. */
    subtotal_cents: number;
    /** Service tax on the subtotal, in cents. */
    tax_cents: number;
    /** Platform fee that the buyer pays for the leg, in cents. */
    platform_fee_cents: number;
    /** Tax on the platform fee, in cents. */
    platform_fee_tax_cents: number;
    /** What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its tax. */
    total_cents: number;
    /** Planned start of the session, RFC 3339. */
    start_at: string;
    /** Planned end of the session, RFC 3339; acceptance times count from it. */
    end_at: string;
    [name: string]: unknown;
  };
}

/** A leg, the booking of one seller or one studio, was added to a linked booking group; emitted by the booking backend. Emitted by backend. */
export interface LegCreateV1 extends Envelope<"leg.create", 1> {
  ids: {
    /** Linked booking group that the leg belongs to. */
    lbg_id: `lbg_${string}`;
    /** The leg whose state this event tells. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the leg books a talent (a service profile) or a studio. */
    type: "talent" | "studio";
    /** Seller or studio owner who is paid for the leg. */
    seller_user_id: `usr_${string}`;
    /** Service profile that is booked; required of a talent leg. */
    service_profile_id?: `srv_${string}`;
    /** Studio that is booked; required of a studio leg. */
    studio_id?: `std_${string}`;
    /** Price of the seller without service tax, the part of the leg that is GMV, in cents. */
    subtotal_cents: number;
    /** Service tax on the subtotal, in cents. */
    tax_cents: number;
    /** Platform fee that the buyer pays for the leg, in cents. */
    platform_fee_cents: number;
    /** Tax on the platform fee, in cents. */
    platform_fee_tax_cents: number;
    /** What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its tax. */
    total_cents: number;
    /** Planned start of the session, RFC 3339. */
    start_at: string;
    /** Planned end of the session, RFC 3339; acceptance times count from it. */
    end_at: string;
    [name: string]: unknown;
  };
}

/** A leg could not be fulfilled, for example because the seller did not appear; emitted by the booking backend. Emitted by backend. */
export interface LegFailedV1 extends Envelope<"leg.failed", 1> {
  ids: {
    /** Linked booking group that the leg belongs to. */
    lbg_id: `lbg_${string}`;
    /** The leg that could not be fulfilled. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Why it could not be fulfilled, in the words of who decided; free text that is redacted at ingest. */
    reason: string;
    [name: string]: unknown;
  };
}

/** The session of a leg began; emitted by the booking backend at its start. Emitted by backend. */
export interface LegInProgressV1 extends Envelope<"leg.in_progress", 1> {
  ids: {
    /** Linked booking group that the leg belongs to. */
    lbg_id: `lbg_${string}`;
    /** The leg whose state this event tells. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the leg books a talent (a service profile) or a studio. */
    type: "talent" | "studio";
    /** Seller or studio owner who is paid for the leg. */
    seller_user_id: `usr_${string}`;
    /** Service profile that is booked; required of a talent leg. */
    service_profile_id?: `srv_${string}`;
    /** Studio that is booked; required of a studio leg. */
    studio_id?: `std_${string}`;
    /** Price of the seller without service tax, the part of the leg that is GMV, in cents. */
    subtotal_cents: number;
    /** Service tax on the subtotal, in cents. */
    tax_cents: number;
    /** Platform fee that the buyer pays for the leg, in cents. */
    platform_fee_cents: number;
    /** Tax on the platform fee, in cents. */
    platform_fee_tax_cents: number;
    /** What the buyer pays for the leg, in cents; the sum of subtotal, tax, platform fee and its tax. */
    total_cents: number;
    /** Planned start of the session, RFC 3339. */
    start_at: string;
    /** Planned end of the session, RFC 3339; acceptance times count from it. */
    end_at: string;
    [name: string]: unknown;
  };
}

/** A message was held back by a rule before delivery, for example for contact details; emitted by the messaging backend. Emitted by backend. */
export interface MessageBlockedV1 extends Envelope<"message.blocked", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Thread in which the message would have appeared. */
    thread_id: `thr_${string}`;
    /** Code of the rule that blocked it, for example contact_details; never the words that matched. */
    rule: string;
    [name: string]: unknown;
  };
}

/** A person sent a message in a thread; sent by the client with the length only, never with the text. Emitted by client. */
export interface MessageSendV1 extends Envelope<"message.send", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Thread in which the message was sent; first response times are taken per thread. */
    thread_id: `thr_${string}`;
    /** Length of the message in characters, 0 for an attachment alone; the text itself is never sent. */
    length: number;
    /** Whether a file was attached to the message. */
    has_attachment?: boolean;
    [name: string]: unknown;
  };
}

/** A notification reached its recipient's mailbox or device; from SES through SNS, counted on the day it was sent. Emitted by ses. */
export interface NotificationDeliveredV1 extends Envelope<"notification.delivered", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Notification that arrived, as in its notification.sent. */
    notification_id: `ntf_${string}`;
    /** Channel that carried it. */
    channel: "email" | "sms" | "push" | "inapp";
    /** Key of the template it was made from. */
    template: string;
    [name: string]: unknown;
  };
}

/** A notification was handed to its channel; emitted by the notification backend, the base of every delivery rate. Emitted by backend. */
export interface NotificationSentV1 extends Envelope<"notification.sent", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The notification; its delivery, opens and bounces name it again. */
    notification_id: `ntf_${string}`;
    /** Channel that carries it. */
    channel: "email" | "sms" | "push" | "inapp";
    /** Key of the template it was made from; rates are reported by it. */
    template: string;
    [name: string]: unknown;
  };
}

/** The capture of an authorised payment failed; from Stripe's webhook. Emitted by stripe. */
export interface PaymentCaptureFailedV1 extends Envelope<"payment.capture.failed", 1> {
  ids: {
    /** Linked booking group whose money could not be captured. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that could not be captured, in cents of the currency. */
  money: Money;
  payload: {
    /** The platform's charge that was to be captured. */
    charge_id: `chg_${string}`;
    /** Stripe's id of the payment, opaque. */
    provider_ref: string;
    /** Stripe's code of why the capture failed, for example expired_authorization. */
    failure_code?: string;
    [name: string]: unknown;
  };
}

/** The authorised money of an order was captured; from Stripe's webhook, the base of refund and dispute rates. Emitted by stripe. */
export interface PaymentCaptureSucceededV1 extends Envelope<"payment.capture.succeeded", 1> {
  ids: {
    /** Linked booking group whose money was captured. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that was captured, in cents of the currency. */
  money: Money;
  payload: {
    /** The platform's charge that funds the order; captures are counted once by it. */
    charge_id: `chg_${string}`;
    /** Stripe's id of the captured payment, opaque. */
    provider_ref: string;
    /** Fee that the processor keeps of the capture, in cents. */
    fee_cents?: number;
    [name: string]: unknown;
  };
}

/** The processor opened the payment of an order; from Stripe's webhook. Emitted by stripe. */
export interface PaymentIntentCreatedV1 extends Envelope<"payment.intent.created", 1> {
  ids: {
    /** Linked booking group that the payment is for. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that the buyer is to pay, in cents of the currency. */
  money: Money;
  payload: {
    /** The platform's charge that funds the order; payments are counted once by it. */
    charge_id: `chg_${string}`;
    /** Stripe's id of the payment intent, opaque, for example pi_3Qx7. */
    provider_ref: string;
    /** How the buyer pays: by card or by bank transfer (ach). */
    method?: "card" | "ach";
    [name: string]: unknown;
  };
}

/** The payment of an order was refused; from Stripe's webhook, the buyer may try again. Emitted by stripe. */
export interface PaymentIntentFailedV1 extends Envelope<"payment.intent.failed", 1> {
  ids: {
    /** Linked booking group whose payment was refused. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that was refused, in cents of the currency. */
  money: Money;
  payload: {
    /** The platform's charge that was to fund the order. */
    charge_id: `chg_${string}`;
    /** Stripe's id of the payment intent, opaque, for example pi_3Qx7. */
    provider_ref: string;
    /** Stripe's code of why it was refused, for example card_declined. */
    failure_code?: string;
    [name: string]: unknown;
  };
}

/** The payment waits for the buyer, for example for a bank's confirmation; from Stripe's webhook. Emitted by stripe. */
export interface PaymentIntentRequiresActionV1 extends Envelope<"payment.intent.requires_action", 1> {
  ids: {
    /** Linked booking group that the payment is for. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that waits for the buyer, in cents of the currency. */
  money: Money;
  payload: {
    /** The platform's charge that funds the order; payments are counted once by it. */
    charge_id: `chg_${string}`;
    /** Stripe's id of the payment intent, opaque, for example pi_3Qx7. */
    provider_ref: string;
    /** How the buyer pays: by card or by bank transfer (ach). */
    method?: "card" | "ach";
    [name: string]: unknown;
  };
}

/** The buyer authorised the payment of an order; from Stripe's webhook, the capture is an event of its own. Emitted by stripe. */
export interface PaymentIntentSucceededV1 extends Envelope<"payment.intent.succeeded", 1> {
  ids: {
    /** Linked booking group that the payment is for. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  /** Amount that the buyer authorised, in cents of the currency. */
  money: Money;
  payload: {
    /** The platform's charge that funds the order; payments are counted once by it. */
    charge_id: `chg_${string}`;
    /** Stripe's id of the payment intent, opaque, for example pi_3Qx7. */
    provider_ref: string;
    /** How the buyer pays: by card or by bank transfer (ach). */
    method?: "card" | "ach";
    [name: string]: unknown;
  };
}

/** A payout was called off before it left; emitted by the payout backend. Emitted by backend. */
export interface PayoutCanceledV1 extends Envelope<"payout.canceled", 1> {
  ids: {
    /** The leg that is paid out, as in the payload. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that is not paid out, in cents of the currency. */
  money: Money;
  payload: {
    /** The payout, the same in all its states. */
    payout_id: `pay_${string}`;
    /** The leg that is paid out. */
    leg_id: `leg_${string}`;
    /** Amount of the payout, in cents; equals money when both are sent. */
    amount_cents: number;
    /** The processor's id of the transfer, opaque; absent before it leaves. */
    provider_ref?: string;
    /** Seller or studio owner who is paid. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A payout was returned by the payee's bank and leaves the backlog; emitted by the payout backend. Emitted by backend. */
export interface PayoutFailedV1 extends Envelope<"payout.failed", 1> {
  ids: {
    /** The leg that is paid out, as in the payload. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that came back, in cents of the currency. */
  money: Money;
  payload: {
    /** The payout, the same in all its states. */
    payout_id: `pay_${string}`;
    /** The leg that is paid out. */
    leg_id: `leg_${string}`;
    /** Amount of the payout, in cents; equals money when both are sent. */
    amount_cents: number;
    /** The processor's id of the transfer, opaque; absent before it leaves. */
    provider_ref?: string;
    /** Seller or studio owner who is paid. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A payout is on its way to the payee's bank; emitted by the payout backend. Emitted by backend. */
export interface PayoutInTransitV1 extends Envelope<"payout.in_transit", 1> {
  ids: {
    /** The leg that is paid out, as in the payload. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that is on its way, in cents of the currency. */
  money: Money;
  payload: {
    /** The payout, the same in all its states. */
    payout_id: `pay_${string}`;
    /** The leg that is paid out. */
    leg_id: `leg_${string}`;
    /** Amount of the payout, in cents; equals money when both are sent. */
    amount_cents: number;
    /** The processor's id of the transfer, opaque; absent before it leaves. */
    provider_ref?: string;
    /** Seller or studio owner who is paid. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A payout arrived at the payee's bank; from Stripe's webhook. Without payout_id it is the only open payout of the leg. Emitted by stripe. */
export interface PayoutPaidV1 extends Envelope<"payout.paid", 1> {
  ids: {
    /** The leg that was paid out, as in the payload. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The leg that was paid out. */
    leg_id: `leg_${string}`;
    /** Amount that arrived, in cents; equals money when both are sent. */
    amount_cents: number;
    /** Stripe's id of the transfer, opaque. */
    provider_ref: string;
    /** The payout that arrived; absent when it is the only open payout of the leg. */
    payout_id?: `pay_${string}`;
    /** Seller or studio owner who was paid. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A payout was stopped for review, for example by a dispute; emitted by the payout backend. Emitted by backend. */
export interface PayoutPausedV1 extends Envelope<"payout.paused", 1> {
  ids: {
    /** The leg that is paid out, as in the payload. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that was stopped, in cents of the currency. */
  money: Money;
  payload: {
    /** The payout, the same in all its states. */
    payout_id: `pay_${string}`;
    /** The leg that is paid out. */
    leg_id: `leg_${string}`;
    /** Amount of the payout, in cents; equals money when both are sent. */
    amount_cents: number;
    /** The processor's id of the transfer, opaque; absent before it leaves. */
    provider_ref?: string;
    /** Seller or studio owner who is paid. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A payout for a leg was queued and joins the backlog; emitted by the payout backend. Emitted by backend. */
export interface PayoutQueuedV1 extends Envelope<"payout.queued", 1> {
  ids: {
    /** The leg that is paid out, as in the payload. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  /** Amount that waits to be paid out, in cents of the currency. */
  money: Money;
  payload: {
    /** The payout, the same in all its states. */
    payout_id: `pay_${string}`;
    /** The leg that is paid out. */
    leg_id: `leg_${string}`;
    /** Amount of the payout, in cents; equals money when both are sent. */
    amount_cents: number;
    /** The processor's id of the transfer, opaque; absent before it leaves. */
    provider_ref?: string;
    /** Seller or studio owner who is paid. */
    payee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A service profile became visible in search; emitted by the profile service at each publication. Emitted by backend. */
export interface ProfilePublishV1 extends Envelope<"profile.publish", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Service profile that was published. */
    profile_id: `srv_${string}`;
    /** Role in which the profile is offered, for example photographer. */
    role?: string;
    /** Seller to whom the profile belongs; ties the publication to the sign-up in seller activation. */
    seller_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A service profile's page was viewed; sent by the client once per page view, a step of the conversion funnel. Emitted by client. */
export interface ProfileViewV1 extends Envelope<"profile.view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Service profile that was viewed. */
    profile_id: `srv_${string}`;
    /** Role in which the profile is offered, for example photographer; not the viewer's role. */
    role?: string;
    /** Whether the profile carried the verified mark when it was viewed. */
    verified?: boolean;
    [name: string]: unknown;
  };
}

/** A promo campaign began to be shown; emitted by the promotions backend. Emitted by backend. */
export interface PromoCampaignActivateV1 extends Envelope<"promo.campaign.activate", 1> {
  ids: {
    /** Campaign that is shown from now on, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Campaign that is shown from now on. */
    campaign_id: `pcmp_${string}`;
    /** Note of who activated it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A seller set up a promo campaign; emitted by the promotions backend once per campaign, pacing is measured against it. Emitted by backend. */
export interface PromoCampaignCreateV1 extends Envelope<"promo.campaign.create", 1> {
  ids: {
    /** The new campaign, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new campaign; its impressions, clicks and spend name it again. */
    campaign_id: `pcmp_${string}`;
    /** Seller or studio owner who pays for the campaign. */
    owner_user_id: `usr_${string}`;
    /** Most that the campaign may spend over its whole run, in cents. */
    budget_cents: number;
    /** When the campaign begins to be shown, RFC 3339. */
    start_at: string;
    /** When the campaign ends at the latest, RFC 3339. */
    end_at: string;
    /** Name that the owner gave the campaign; free text that is redacted at ingest. */
    name?: string;
    [name: string]: unknown;
  };
}

/** A promo campaign is over, by its end date, its budget or its owner; emitted by the promotions backend. Emitted by backend. */
export interface PromoCampaignEndV1 extends Envelope<"promo.campaign.end", 1> {
  ids: {
    /** Campaign that will not be shown again, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Campaign that will not be shown again. */
    campaign_id: `pcmp_${string}`;
    /** Why it ended, in the words of who ended it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A promo campaign was halted for the time being by its owner; emitted by the promotions backend. Emitted by backend. */
export interface PromoCampaignPauseV1 extends Envelope<"promo.campaign.pause", 1> {
  ids: {
    /** Campaign that is not shown until it is resumed, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Campaign that is not shown until it is resumed. */
    campaign_id: `pcmp_${string}`;
    /** Why it was halted, in the words of who did it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A halted promo campaign is shown again; emitted by the promotions backend. Emitted by backend. */
export interface PromoCampaignResumeV1 extends Envelope<"promo.campaign.resume", 1> {
  ids: {
    /** Campaign that is shown again, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Campaign that is shown again. */
    campaign_id: `pcmp_${string}`;
    /** Note of who resumed it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** Staff stopped a promo campaign for breaking a rule; emitted by the promotions backend. Emitted by backend. */
export interface PromoCampaignSuspendV1 extends Envelope<"promo.campaign.suspend", 1> {
  ids: {
    /** Campaign that staff stopped, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Campaign that staff stopped. */
    campaign_id: `pcmp_${string}`;
    /** Which rule it broke, in the words of staff; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A paid placement was clicked; sent by the client, charged only when valid and not contradicted later. Emitted by client. */
export interface PromoClickV1 extends Envelope<"promo.click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Impression that was clicked, as in its promo.impression. */
    impression_id: `imp_${string}`;
    /** Promo campaign that pays for the click. */
    campaign_id: `pcmp_${string}`;
    /** Whether the client's own checks found the click genuine. */
    valid: boolean;
    /** Code of why the click is not genuine, for example double_click; absent on a valid click. */
    invalid_reason?: string;
    [name: string]: unknown;
  };
}

/** A paid placement came into view; sent by the client once per placement and search. Emitted by client. */
export interface PromoImpressionV1 extends Envelope<"promo.impression", 1> {
  ids: {
    /** Promo campaign that pays for the placement, as in the payload. */
    campaign_id: `pcmp_${string}`;
    /** This impression, as in the payload. */
    impression_id: `imp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Promo campaign that pays for the placement. */
    campaign_id: `pcmp_${string}`;
    /** This impression; clicks and spend name it again. */
    impression_id: `imp_${string}`;
    /** Position of the paid placement among the paid ones; the first is 1. */
    slot?: number;
    [name: string]: unknown;
  };
}

/** A click was found to be invalid after the fact; emitted by the promotions backend, contradicts the promo.click of that impression. Emitted by backend. */
export interface PromoInvalidClickV1 extends Envelope<"promo.invalid_click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Impression whose click is void, as in its promo.impression. */
    impression_id: `imp_${string}`;
    /** Promo campaign that does not pay for the click. */
    campaign_id: `pcmp_${string}`;
    /** Code of why the click is void, for example bot or repeated; invalid rates are reported by it. */
    invalid_reason: string;
    [name: string]: unknown;
  };
}

/** An earlier charge of a campaign was given back; emitted by the promotions backend, usually for an invalid click. Emitted by backend. */
export interface PromoSpendCreditV1 extends Envelope<"promo.spend.credit", 1> {
  ids: {
    /** Promo campaign that gets its money back, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  /** Amount that the campaign gets back, in cents of the currency. */
  money: Money;
  payload: {
    /** Promo campaign that gets its money back. */
    campaign_id: `pcmp_${string}`;
    /** Impression whose click is no longer charged; absent on credits that no single click caused. */
    impression_id?: `imp_${string}`;
    [name: string]: unknown;
  };
}

/** A campaign's budget was charged for a valid click; emitted by the promotions backend, spend is debits less credits. Emitted by backend. */
export interface PromoSpendDebitV1 extends Envelope<"promo.spend.debit", 1> {
  ids: {
    /** Promo campaign that is charged, as in the payload. */
    campaign_id: `pcmp_${string}`;
    [name: string]: string;
  };
  /** Amount that the campaign is charged, in cents of the currency. */
  money: Money;
  payload: {
    /** Promo campaign that is charged. */
    campaign_id: `pcmp_${string}`;
    /** Impression whose click is charged; absent on charges that no single click caused. */
    impression_id?: `imp_${string}`;
    [name: string]: unknown;
  };
}

/** A payment into the promotions wallet was refused; emitted by the promotions backend when the processor says so. Emitted by backend. */
export interface PromoTopupChargeFailedV1 extends Envelope<"promo.topup.charge.failed", 1> {
  ids: {
    /** Promo campaign for which the top-up was meant; absent when it was for the wallet alone. */
    campaign_id?: `pcmp_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that was to be paid in, in cents of the currency. */
  money: Money;
  payload: {
    /** User whose promotions wallet stays as it was. */
    wallet_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A seller paid money into the promotions wallet; emitted by the promotions backend when the processor confirms. Emitted by backend. */
export interface PromoTopupChargeSucceededV1 extends Envelope<"promo.topup.charge.succeeded", 1> {
  ids: {
    /** Promo campaign for which the top-up was made; absent when it fills the wallet alone. */
    campaign_id?: `pcmp_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that was paid into the wallet, in cents of the currency. */
  money: Money;
  payload: {
    /** User whose promotions wallet was filled. */
    wallet_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** The reconciliation of a day found our figures and the processor's apart; emitted by the platform's reconciliation. Emitted by platform. */
export interface ReconVarianceNoticeV1 extends Envelope<"recon.variance.notice", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Financial day that was reconciled, YYYY-MM-DD in UTC. */
    close_dt: string;
    /** Sum of the differences between ours and the processor's figures, in cents; negative when ours are lower. */
    variance_cents: number;
    /** The variance as a share of the processor's sums, so that 0.005 is half a percent. */
    variance_pct: number;
    /** Whether the day may be closed: open up to a share of 0.005, closed above it. */
    gate: "open" | "closed";
    [name: string]: unknown;
  };
}

/** An invited person signed up through the invitation; sent by the client, a touch of attribution for 30 days. Emitted by client. */
export interface ReferralAcceptV1 extends Envelope<"referral.accept", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Referral that was accepted, as in its referral.invite. */
    referral_id: `ref_${string}`;
    /** Person who had invited. */
    referrer_user_id: `usr_${string}`;
    /** Person who accepted; absent before the sign-up is complete. */
    referee_user_id?: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A reward was granted for a referral; emitted by the growth backend, the amount is in money. Emitted by backend. */
export interface ReferralAwardV1 extends Envelope<"referral.award", 1> {
  ids: {
    [name: string]: string;
  };
  /** Reward that is granted, in cents of the currency. */
  money: Money;
  payload: {
    /** Referral that is rewarded, as in its referral.invite. */
    referral_id: `ref_${string}`;
    /** Person who gets the reward, who invited or who was invited. */
    beneficiary_user_id: `usr_${string}`;
    /** Note on the award by who granted it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A referral reward was taken back; emitted by the growth backend, the amount is in money. Emitted by backend. */
export interface ReferralClawbackV1 extends Envelope<"referral.clawback", 1> {
  ids: {
    [name: string]: string;
  };
  /** Reward that is taken back, in cents of the currency. */
  money: Money;
  payload: {
    /** Referral whose reward is taken back, as in its referral.invite. */
    referral_id: `ref_${string}`;
    /** Person who loses the reward. */
    beneficiary_user_id: `usr_${string}`;
    /** Why it was taken back, in the words of who decided; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A person invited another to the marketplace; sent by the client, the start of the referral funnel. Emitted by client. */
export interface ReferralInviteV1 extends Envelope<"referral.invite", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new referral; its acceptance, qualification and award name it again. */
    referral_id: `ref_${string}`;
    /** Person who invites and may be rewarded later. */
    referrer_user_id: `usr_${string}`;
    /** How the invitation travels, for example link, email or sms; never to whom. */
    channel?: string;
    [name: string]: unknown;
  };
}

/** An invited person did what the referral programme asks for; emitted by the growth backend once per referral. Emitted by backend. */
export interface ReferralQualifyV1 extends Envelope<"referral.qualify", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Referral that qualified, as in its referral.invite. */
    referral_id: `ref_${string}`;
    /** Person who was invited and met the condition. */
    referee_user_id: `usr_${string}`;
    /** Order that met the condition; absent when no order was needed. */
    lbg_id?: `lbg_${string}`;
    [name: string]: unknown;
  };
}

/** A refund was opened and goes to the processor; emitted by the payments backend. Emitted by backend. */
export interface RefundCreatedV1 extends Envelope<"refund.created", 1> {
  ids: {
    /** Linked booking group whose buyer is refunded. */
    lbg_id: `lbg_${string}`;
    /** Leg that the refund is for; absent when it is for the whole order. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that is to be refunded, in cents of the currency. */
  money: Money;
  payload: {
    /** The refund, the same in all its states. */
    refund_id: `rf_${string}`;
    /** The platform's charge that is paid back in part or whole. */
    charge_id: `chg_${string}`;
    /** Why it is refunded, one of a fixed list; refunds are reported by it. */
    reason: "cancellation" | "issue" | "duplicate" | "fraud" | "goodwill" | "other";
    /** The processor's id of the refund, opaque; absent before it goes there. */
    provider_ref?: string;
    [name: string]: unknown;
  };
}

/** A refund could not be paid out to the buyer; emitted by the payments backend when the processor says so. Emitted by backend. */
export interface RefundFailedV1 extends Envelope<"refund.failed", 1> {
  ids: {
    /** Linked booking group whose buyer is refunded. */
    lbg_id: `lbg_${string}`;
    /** Leg that the refund is for; absent when it is for the whole order. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that could not be paid back, in cents of the currency. */
  money: Money;
  payload: {
    /** The refund, the same in all its states. */
    refund_id: `rf_${string}`;
    /** The platform's charge that is paid back in part or whole. */
    charge_id: `chg_${string}`;
    /** Why it is refunded, one of a fixed list; refunds are reported by it. */
    reason: "cancellation" | "issue" | "duplicate" | "fraud" | "goodwill" | "other";
    /** The processor's id of the refund, opaque; absent before it goes there. */
    provider_ref?: string;
    [name: string]: unknown;
  };
}

/** A refund was proposed by support or a rule and waits for approval; emitted by the payments backend. Emitted by backend. */
export interface RefundProposedV1 extends Envelope<"refund.proposed", 1> {
  ids: {
    /** Linked booking group whose buyer is refunded. */
    lbg_id: `lbg_${string}`;
    /** Leg that the refund is for; absent when it is for the whole order. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that was proposed, in cents of the currency. */
  money: Money;
  payload: {
    /** The refund, the same in all its states. */
    refund_id: `rf_${string}`;
    /** The platform's charge that is paid back in part or whole. */
    charge_id: `chg_${string}`;
    /** Why it is refunded, one of a fixed list; refunds are reported by it. */
    reason: "cancellation" | "issue" | "duplicate" | "fraud" | "goodwill" | "other";
    /** The processor's id of the refund, opaque; absent before it goes there. */
    provider_ref?: string;
    [name: string]: unknown;
  };
}

/** A refund reached the buyer; emitted by the payments backend when the processor says so, counted once by refund_id. Emitted by backend. */
export interface RefundSucceededV1 extends Envelope<"refund.succeeded", 1> {
  ids: {
    /** Linked booking group whose buyer is refunded. */
    lbg_id: `lbg_${string}`;
    /** Leg that the refund is for; absent when it is for the whole order. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that the buyer got back, in cents of the currency. */
  money: Money;
  payload: {
    /** The refund, the same in all its states. */
    refund_id: `rf_${string}`;
    /** The platform's charge that is paid back in part or whole. */
    charge_id: `chg_${string}`;
    /** Why it is refunded, one of a fixed list; refunds are reported by it. */
    reason: "cancellation" | "issue" | "duplicate" | "fraud" | "goodwill" | "other";
    /** The processor's id of the refund, opaque; absent before it goes there. */
    provider_ref?: string;
    [name: string]: unknown;
  };
}

/** The reputation of a profile, studio or buyer was computed anew; emitted by the reputation backend after each change of its reviews. Emitted by backend. */
export interface ReputationRecomputeV1 extends Envelope<"reputation.recompute", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Whether the reputation of a service profile, a studio or a buyer was computed. */
    target_type: "service_profile" | "studio" | "buyer";
    /** Service profile (srv_), studio (std_) or buyer (usr_) whose reputation it is. */
    target_id: string;
    /** The new reputation in stars, usually between 1 and 5, with decimals. */
    score: number;
    [name: string]: unknown;
  };
}

/** Money of a payee was held back as a reserve; emitted by the payments backend. Emitted by backend. */
export interface ReserveHoldV1 extends Envelope<"reserve.hold", 1> {
  ids: {
    /** Leg whose money the reserve is; absent for a reserve over several legs. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that is held back, in cents of the currency. */
  money: Money;
  payload: {
    /** The reserve, the same when it is held and when it is released. */
    reserve_id: `rsv_${string}`;
    /** Seller or studio owner whose money it is. */
    payee_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** Money that was held back goes to its payee; emitted by the payments backend. Emitted by backend. */
export interface ReserveReleaseV1 extends Envelope<"reserve.release", 1> {
  ids: {
    /** Leg whose money the reserve is; absent for a reserve over several legs. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  /** Amount that goes to the payee, in cents of the currency. */
  money: Money;
  payload: {
    /** The reserve, the same when it is held and when it is released. */
    reserve_id: `rsv_${string}`;
    /** Seller or studio owner whose money it is. */
    payee_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A person reviewed the other side of a completed leg; sent by the client with the rating only, never with the text. Emitted by client. */
export interface ReviewCreateV1 extends Envelope<"review.create", 1> {
  ids: {
    /** The completed leg that the review is about. */
    leg_id: `leg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new review, counted once; moderation names it again. */
    review_id: `rev_${string}`;
    /** Rating in whole stars from 1 (worst) to 5 (best). */
    rating: number;
    /** Whether a service profile, a studio or a buyer is reviewed. */
    target_type: "service_profile" | "studio" | "buyer";
    /** Service profile (srv_), studio (std_) or buyer (usr_) who is reviewed. */
    target_id: string;
    [name: string]: unknown;
  };
}

/** A review was hidden from view while it is looked into; emitted by the moderation backend. Emitted by backend. */
export interface ReviewHideV1 extends Envelope<"review.hide", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Review that is hidden, as in its review.create. */
    review_id: `rev_${string}`;
    /** Why it is hidden, in the moderator's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A review was taken down for good; emitted by the moderation backend, its rating no longer counts. Emitted by backend. */
export interface ReviewRemoveV1 extends Envelope<"review.remove", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Review that was taken down, as in its review.create. */
    review_id: `rev_${string}`;
    /** Why it was taken down, in the moderator's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A hidden or removed review is visible again; emitted by the moderation backend, its rating counts again. Emitted by backend. */
export interface ReviewRestoreV1 extends Envelope<"review.restore", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Review that is visible again, as in its review.create. */
    review_id: `rev_${string}`;
    /** Why it came back, in the moderator's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** The risk score of a user changed; emitted by the risk backend at each change, the last one of a day is the user's state. Emitted by backend. */
export interface RiskScoreUpdatedV1 extends Envelope<"risk.score.updated", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** User whom the score is about. */
    subject_user_id: `usr_${string}`;
    /** Risk score from 0 (no risk) to 100 (highest risk), a plain number without unit. */
    score: number;
    /** Bucket that the score falls into by the risk policy in force; movements between buckets are reported. */
    bucket: "normal" | "watch" | "action" | "critical";
    [name: string]: unknown;
  };
}

/** A person asked to be told of new results; sent by the client when the alert was stored. Emitted by client. */
export interface SearchAlertCreateV1 extends Envelope<"search.alert.create", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new alert; its triggers and the opens of its messages name it again. */
    alert_id: `alr_${string}`;
    /** Hash of the search that the alert repeats, as in its search.query. */
    query_hash?: string;
    [name: string]: unknown;
  };
}

/** A stored alert found new results; emitted by the alert job of the search backend, once per alert and run with matches. Emitted by backend. */
export interface SearchAlertTriggeredV1 extends Envelope<"search.alert.triggered", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The alert that found something, as in its search.alert.create. */
    alert_id: `alr_${string}`;
    /** Number of results that are new since the alert's last run. */
    matches?: number;
    [name: string]: unknown;
  };
}

/** A result card was clicked; sent by the search page, joined to its impression by impression_id. Emitted by client. */
export interface SearchCardClickV1 extends Envelope<"search.card_click", 1> {
  ids: {
    /** Impression of the card that was clicked, as in its search.card_impression. */
    impression_id: `imp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Service profile (srv_) or studio (std_) that the click opened. */
    target_id: string;
    /** Position of the clicked card in the result list; the first is 1. */
    result_pos: number;
    [name: string]: unknown;
  };
}

/** One result card came into view; sent by the search page once per card and search, the entry of the conversion funnel. Emitted by client. */
export interface SearchCardImpressionV1 extends Envelope<"search.card_impression", 1> {
  ids: {
    /** This impression; search.card_click and promo.click name it again. */
    impression_id: `imp_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Hash of the search that the card answers, as in its search.query. */
    query_hash: string;
    /** Position of the card in the whole result list, counted through its pages; the first is 1. */
    result_pos: number;
    /** Whether the card shows a service profile or a studio. */
    target_type: "service_profile" | "studio";
    /** Service profile (srv_) or studio (std_) that the card shows. */
    target_id: string;
    /** Filters in force when the card was shown, name to scalar value; an empty object when there were none. */
    filters: Record<string, Scalar>;
    /** Promo campaign that paid for the placement; absent on an organic card. */
    campaign_id?: `pcmp_${string}`;
    [name: string]: unknown;
  };
}

/** The search service could not answer a search; emitted by the search backend, once per failed request. Emitted by backend. */
export interface SearchErrorV1 extends Envelope<"search.error", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Error code of the search service, for example timeout; never its message. */
    code: string;
    /** Hash of the search that failed, as in its search.query; absent when the request could not be read. */
    query_hash?: string;
    [name: string]: unknown;
  };
}

/** How long one search took on the server; emitted by the search backend for each answered search. Emitted by backend. */
export interface SearchLatencyV1 extends Envelope<"search.latency", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Time from the request's arrival to its answer on the server, in milliseconds. */
    ms: number;
    /** Hash of the search that was measured, as in its search.query. */
    query_hash?: string;
    [name: string]: unknown;
  };
}

/** A person submitted a search; sent by the search page once per submit, not per keystroke. Emitted by client. */
export interface SearchQueryV1 extends Envelope<"search.query", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Hash of the normalised query and filters, 8 to 64 characters of [0-9a-z]; joins this search to its result views, impressions and latency. */
    query_hash: string;
    /** What the person typed into the search box, up to 4000 characters; free text that is redacted at ingest. */
    q?: string;
    /** Filters in force when the search was submitted, name to scalar value, for example role or max_price in cents. */
    filters?: Record<string, Scalar>;
    /** Order in which the person asked for the results. */
    sort?: "relevance" | "price" | "rating" | "distance" | "newest";
    /** Number of results that the search found in all, before paging. */
    results?: number;
    [name: string]: unknown;
  };
}

/** A result was clicked, in the naming of older clients; meets search.card_click in one Silver fact. Emitted by client. */
export interface SearchResultClickV1 extends Envelope<"search.result_click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Service profile or studio that the click opened; the target_id of the newer naming. */
    hit_id: string;
    /** Position of the clicked result in the list, the first is 1; the result_pos of the newer naming. */
    rank: number;
    /** Part of the product whose list was clicked, for example search or suggest. */
    scope?: string;
    [name: string]: unknown;
  };
}

/** A page of search results was shown; sent by the search page when the list is drawn, once per page of results. Emitted by client. */
export interface SearchResultsViewV1 extends Envelope<"search.results_view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Hash of the search whose results are shown, as in its search.query. */
    query_hash: string;
    /** Number of results on the page that was shown; 0 for an empty page. */
    count: number;
    [name: string]: unknown;
  };
}

/** A person saved a search to come back to it; sent by the search page when the save was confirmed. Emitted by client. */
export interface SearchSaveV1 extends Envelope<"search.save", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Hash of the search that was saved, as in its search.query. */
    query_hash: string;
    [name: string]: unknown;
  };
}

/** A seller met every condition to be booked; emitted by the seller backend once, when the last condition is met. Emitted by backend. */
export interface SellerActivatedV1 extends Envelope<"seller.activated", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Seller who may be booked from now on. */
    seller_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** The client ended a session after 30 minutes without an event or at log-out; evidence only. Emitted by client. */
export interface SessionEndV1 extends Envelope<"session.end", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Path of the session's first page without its host; tokens and personal data in it are redacted at ingest like free text. */
    entry_path?: string;
    [name: string]: unknown;
  };
}

/** The client began a session; evidence only, sessions are computed from gaps of 30 minutes. Emitted by client. */
export interface SessionStartV1 extends Envelope<"session.start", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Path of the first page without its host; tokens and personal data in it are redacted at ingest like free text. */
    entry_path?: string;
    [name: string]: unknown;
  };
}

/** Somebody followed a shared card to the marketplace; sent by the client on arrival, a touch of attribution. Emitted by client. */
export interface SharecardClickV1 extends Envelope<"sharecard.click", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Share card that was followed, as in its sharecard.create. */
    share_id: `shr_${string}`;
    /** What the card shows, for example service_profile or studio. */
    target_type?: string;
    /** Service profile (srv_) or studio (std_) that the card led to. */
    target_id?: string;
    [name: string]: unknown;
  };
}

/** A person made a card to share a profile or studio elsewhere; sent by the client. Emitted by client. */
export interface SharecardCreateV1 extends Envelope<"sharecard.create", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new share card; clicks on it name it again. */
    share_id: `shr_${string}`;
    /** What the card shows, for example service_profile or studio. */
    target_type?: string;
    /** Service profile (srv_) or studio (std_) that the card shows. */
    target_id?: string;
    [name: string]: unknown;
  };
}

/** A studio was created as a draft; emitted by the studio service once per studio. Emitted by backend. */
export interface StudioCreateV1 extends Envelope<"studio.create", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new studio; every later event of it names this id. */
    studio_id: `std_${string}`;
    /** Owner of the studio, who is paid for its legs. */
    owner_user_id: `usr_${string}`;
    [name: string]: unknown;
  };
}

/** A studio became bookable and visible in search; emitted by the studio service. Emitted by backend. */
export interface StudioPublishV1 extends Envelope<"studio.publish", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that counts as published until its next studio.unpublish. */
    studio_id: `std_${string}`;
    [name: string]: unknown;
  };
}

/** A buyer accepted a studio's offer; sent by the client when the acceptance was stored. Emitted by client. */
export interface StudioQuoteAcceptV1 extends Envelope<"studio.quote.accept", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Request whose offer was accepted, as in its studio.quote.request. */
    quote_id: `quo_${string}`;
    /** Studio whose offer was accepted. */
    studio_id: `std_${string}`;
    /** Order that came of the acceptance, when it exists already. */
    lbg_id?: `lbg_${string}`;
    [name: string]: unknown;
  };
}

/** A buyer asked a studio for a quote; sent by the client when the request was stored. Emitted by client. */
export interface StudioQuoteRequestV1 extends Envelope<"studio.quote.request", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new request; its response and acceptance name it again. */
    quote_id: `quo_${string}`;
    /** Studio that was asked. */
    studio_id: `std_${string}`;
    /** Length of the session that the buyer asked for, in hours. */
    hours?: number;
    [name: string]: unknown;
  };
}

/** A studio answered a request for a quote; emitted by the quote backend, the first answer per quote counts. Emitted by backend. */
export interface StudioQuoteResponseV1 extends Envelope<"studio.quote.response", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Request that was answered, as in its studio.quote.request. */
    quote_id: `quo_${string}`;
    /** Studio that answered. */
    studio_id: `std_${string}`;
    /** Whether the studio made an offer or declined. */
    outcome: "offered" | "declined";
    /** Price that the studio offered, in cents; absent when it declined. */
    total_cents?: number;
    [name: string]: unknown;
  };
}

/** A studio was taken out of search; emitted by the studio service. Emitted by backend. */
export interface StudioUnpublishV1 extends Envelope<"studio.unpublish", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that no longer counts as published. */
    studio_id: `std_${string}`;
    /** Why it was taken out, in the words of who did it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A studio was edited by its owner or by staff; emitted by the studio service at each save. Emitted by backend. */
export interface StudioUpdateV1 extends Envelope<"studio.update", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that was edited. */
    studio_id: `std_${string}`;
    /** Names of the fields that the save changed, never their values; at most 256. */
    fields?: Array<string>;
    [name: string]: unknown;
  };
}

/** A studio passed verification; emitted by the verification backend. Emitted by backend. */
export interface StudioVerificationApprovedV1 extends Envelope<"studio.verification.approved", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that is verified until a later rejection or revocation. */
    studio_id: `std_${string}`;
    [name: string]: unknown;
  };
}

/** A studio failed verification; emitted by the verification backend. Emitted by backend. */
export interface StudioVerificationRejectedV1 extends Envelope<"studio.verification.rejected", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio whose documents were refused. */
    studio_id: `std_${string}`;
    /** Why the documents were refused, in the reviewer's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A studio lost its verification; emitted by the verification backend. Emitted by backend. */
export interface StudioVerificationRevokedV1 extends Envelope<"studio.verification.revoked", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that is no longer verified. */
    studio_id: `std_${string}`;
    /** Why the verification was taken back, in the reviewer's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** A studio handed in its documents for verification; emitted by the verification backend at each submission. Emitted by backend. */
export interface StudioVerificationSubmittedV1 extends Envelope<"studio.verification.submitted", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that waits for the review. */
    studio_id: `std_${string}`;
    [name: string]: unknown;
  };
}

/** A studio's page was viewed; sent by the client once per page view, a step of the conversion funnel. Emitted by client. */
export interface StudioViewV1 extends Envelope<"studio.view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Studio that was viewed. */
    studio_id: `std_${string}`;
    /** Whether the studio carried the verified mark when it was viewed. */
    verified?: boolean;
    [name: string]: unknown;
  };
}

/** Suggestions were shown below the search box; sent by the client when the list settles, not per keystroke. Emitted by client. */
export interface SuggestViewV1 extends Envelope<"suggest.view", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Search box that suggested, for example header or landing. */
    scope: string;
    /** What the person had typed so far, up to 4000 characters; free text that is redacted at ingest. */
    q?: string;
    /** Number of suggestions that were shown. */
    items: number;
    [name: string]: unknown;
  };
}

/** A support case was given to a team; emitted by the support backend at each assignment. Emitted by backend. */
export interface SupportCaseAssignV1 extends Envelope<"support.case.assign", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Case that was assigned, as in its support.case.open. */
    case_id: `cas_${string}`;
    /** Key of the team that has the case now; never a person's name. */
    team?: string;
    [name: string]: unknown;
  };
}

/** A support case was opened by a user or by staff; emitted by the support backend once per case, response times count from here. Emitted by backend. */
export interface SupportCaseOpenV1 extends Envelope<"support.case.open", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new case; its later events name it again. */
    case_id: `cas_${string}`;
    /** Code of what the case is about, for example payout_late. */
    topic: string;
    /** Priority at opening, which sets the time for the first response: 1 h urgent, 4 h high, 24 h normal, 72 h low. */
    priority: "low" | "normal" | "high" | "urgent";
    [name: string]: unknown;
  };
}

/** A support case was resolved; emitted by the support backend, resolution time ends here. Emitted by backend. */
export interface SupportCaseResolveV1 extends Envelope<"support.case.resolve", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Case that was resolved, as in its support.case.open. */
    case_id: `cas_${string}`;
    /** Code of how it was resolved, for example refunded. */
    outcome?: string;
    [name: string]: unknown;
  };
}

/** The status of a support case changed; emitted by the support backend, the first change by an agent is the first response. Emitted by backend. */
export interface SupportCaseStatusChangeV1 extends Envelope<"support.case.status_change", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Case whose status changed, as in its support.case.open. */
    case_id: `cas_${string}`;
    /** Status before the change; absent on the first one. */
    from?: string;
    /** Status after the change. */
    to: "open" | "pending" | "waiting" | "resolved" | "closed";
    /** Who changed it: an agent, the customer, or a rule of the system. */
    by?: "agent" | "customer" | "system";
    [name: string]: unknown;
  };
}

/** Support put a hold on payouts while a case is open; emitted by the support backend. Emitted by backend. */
export interface SupportHoldApplyV1 extends Envelope<"support.hold.apply", 1> {
  ids: {
    /** Leg whose payout is held; absent when the hold covers the whole account. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  money?: Money;
  payload: {
    /** Case that the hold belongs to, as in its support.case.open. */
    case_id: `cas_${string}`;
    /** Why the hold was put on, in the agent's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** Support lifted a hold on payouts; emitted by the support backend. Emitted by backend. */
export interface SupportHoldReleaseV1 extends Envelope<"support.hold.release", 1> {
  ids: {
    /** Leg whose payout may go on; absent when the hold covered the whole account. */
    leg_id?: `leg_${string}`;
    [name: string]: string | undefined;
  };
  money?: Money;
  payload: {
    /** Case that the hold belonged to, as in its support.case.open. */
    case_id: `cas_${string}`;
    /** Why the hold was lifted, in the agent's words; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** The tax of an order was committed to the tax service; emitted by the booking backend after payment. Emitted by backend. */
export interface TaxCommitV1 extends Envelope<"tax.commit", 1> {
  ids: {
    /** Linked booking group whose tax is due. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Service tax of the whole order as committed, in cents. */
    tax_cents: number;
    /** Tax jurisdiction to which the tax is due, for example US-TX. */
    jurisdiction?: string;
    [name: string]: unknown;
  };
}

/** Tax was calculated for an order before payment; emitted by the booking backend from the tax service's answer. Emitted by backend. */
export interface TaxQuoteV1 extends Envelope<"tax.quote", 1> {
  ids: {
    /** Linked booking group that the tax was calculated for. */
    lbg_id: `lbg_${string}`;
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Service tax of the whole order as quoted, in cents; not due yet. */
    tax_cents: number;
    /** Tax jurisdiction of the order, for example US-TX. */
    jurisdiction?: string;
    [name: string]: unknown;
  };
}

/** A person opened a new conversation with another; sent by the client when the thread was stored, counted as a thread of messaging. Emitted by client. */
export interface ThreadCreateV1 extends Envelope<"thread.create", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** The new thread; its messages and views name it again. */
    thread_id: `thr_${string}`;
    /** The other person in the thread, not the one who opened it. */
    counterpart_user_id: `usr_${string}`;
    /** Service profile from whose page the thread was opened; absent when it began elsewhere. */
    profile_id?: `srv_${string}`;
    /** Studio from whose page the thread was opened; absent when it began elsewhere. */
    studio_id?: `std_${string}`;
    [name: string]: unknown;
  };
}

/** A person opened an existing conversation to read it; sent by the client once per opening. Emitted by client. */
export interface ThreadOpenV1 extends Envelope<"thread.open", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Thread that was opened. */
    thread_id: `thr_${string}`;
    /** Role of the other person in the thread, for example seller. */
    counterpart_role?: string;
    [name: string]: unknown;
  };
}

/** A person created an account; emitted by the auth backend once per account, sellers' cohorts begin here. Emitted by backend. */
export interface UserSignupV1 extends Envelope<"user.signup", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Role that the person signed up for. */
    role: "buyer" | "seller" | "studio_owner";
    /** How the person signed up, for example password, google or apple. */
    method?: string;
    /** Country of the account, two letters of ISO 3166-1, for example US. */
    country?: string;
    [name: string]: unknown;
  };
}

/** The web application firewall refused a request; emitted by the platform from the firewall's log. Emitted by platform. */
export interface WafBlockV1 extends Envelope<"waf.block", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Name of the firewall rule that matched; blocks are reported by it. */
    rule: string;
    /** Route template that was asked for, for example /v1/search, without ids and query. */
    route?: string;
    [name: string]: unknown;
  };
}

/** Money was added to a user's wallet; emitted by the wallet backend. Emitted by backend. */
export interface WalletCreditV1 extends Envelope<"wallet.credit", 1> {
  ids: {
    [name: string]: string;
  };
  /** Amount that was added, in cents of the currency. */
  money: Money;
  payload: {
    /** User whose wallet the entry is in. */
    wallet_user_id: `usr_${string}`;
    /** Why the entry was made, in the words of who made it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** Money was taken from a user's wallet; emitted by the wallet backend. Emitted by backend. */
export interface WalletDebitV1 extends Envelope<"wallet.debit", 1> {
  ids: {
    [name: string]: string;
  };
  /** Amount that was taken, in cents of the currency. */
  money: Money;
  payload: {
    /** User whose wallet the entry is in. */
    wallet_user_id: `usr_${string}`;
    /** Why the entry was made, in the words of who made it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** An earlier entry of a user's wallet was undone; emitted by the wallet backend. Emitted by backend. */
export interface WalletReversalV1 extends Envelope<"wallet.reversal", 1> {
  ids: {
    [name: string]: string;
  };
  /** Amount of the entry that was undone, in cents of the currency. */
  money: Money;
  payload: {
    /** User whose wallet the entry is in. */
    wallet_user_id: `usr_${string}`;
    /** Why the entry was made, in the words of who made it; free text that is redacted at ingest. */
    reason?: string;
    [name: string]: unknown;
  };
}

/** Core Web Vitals of one page view; sent by the client when the page is hidden. Emitted by client. */
export interface WebVitalsV1 extends Envelope<"web.vitals", 1> {
  ids: {
    [name: string]: string;
  };
  money?: Money;
  payload: {
    /** Route template of the page, for example /studios/{id}, without ids and query. */
    route?: string;
    /** Largest contentful paint, in milliseconds from the start of the navigation. */
    lcp?: number;
    /** Cumulative layout shift of the page view, a score without unit; 0 is perfectly still. */
    cls?: number;
    /** Interaction to next paint, the slowest answer to an input, in milliseconds. */
    inp?: number;
    [name: string]: unknown;
  };
}

/** Every event by name and version. */
export interface Events {
  "acceptance.auto_accept.v1": AcceptanceAutoAcceptV1;
  "acceptance.buyer.accept.v1": AcceptanceBuyerAcceptV1;
  "acceptance.issue_reported.v1": AcceptanceIssueReportedV1;
  "acceptance.window.start.v1": AcceptanceWindowStartV1;
  "action.create.v1": ActionCreateV1;
  "action.state_change.v1": ActionStateChangeV1;
  "action_card.complete.v1": ActionCardCompleteV1;
  "action_card.open.v1": ActionCardOpenV1;
  "alarm.triggered.v1": AlarmTriggeredV1;
  "amendment.added.v1": AmendmentAddedV1;
  "api.request.v1": ApiRequestV1;
  "app.end.v1": AppEndV1;
  "app.install.v1": AppInstallV1;
  "app.start.v1": AppStartV1;
  "bg.clear.v1": BgClearV1;
  "bg.consider.v1": BgConsiderV1;
  "bg.in_progress.v1": BgInProgressV1;
  "bg.invited.v1": BgInvitedV1;
  "bg.suspended.v1": BgSuspendedV1;
  "book_again.click.v1": BookAgainClickV1;
  "book_again.converted.v1": BookAgainConvertedV1;
  "book_again.sent.v1": BookAgainSentV1;
  "chargeback.clawback.applied.v1": ChargebackClawbackAppliedV1;
  "chargeback.closed.v1": ChargebackClosedV1;
  "chargeback.open.v1": ChargebackOpenV1;
  "chargeback.submit.v1": ChargebackSubmitV1;
  "checkout.abandon.v1": CheckoutAbandonV1;
  "checkout.payment_succeeded.v1": CheckoutPaymentSucceededV1;
  "checkout.start.v1": CheckoutStartV1;
  "consent.update.v1": ConsentUpdateV1;
  "deliverable.approved.v1": DeliverableApprovedV1;
  "deliverable.final.v1": DeliverableFinalV1;
  "deliverable.proof.v1": DeliverableProofV1;
  "deploy.failed.v1": DeployFailedV1;
  "deploy.succeeded.v1": DeploySucceededV1;
  "deposit.auth.authorized.v1": DepositAuthAuthorizedV1;
  "deposit.auth.captured.v1": DepositAuthCapturedV1;
  "deposit.auth.expired.v1": DepositAuthExpiredV1;
  "deposit.auth.voided.v1": DepositAuthVoidedV1;
  "digest.click.v1": DigestClickV1;
  "digest.open.v1": DigestOpenV1;
  "dispute.evidence_submitted.v1": DisputeEvidenceSubmittedV1;
  "dispute.lost.v1": DisputeLostV1;
  "dispute.opened.v1": DisputeOpenedV1;
  "dispute.won.v1": DisputeWonV1;
  "dmca.notice.v1": DmcaNoticeV1;
  "dmca.restore.v1": DmcaRestoreV1;
  "dmca.takedown.v1": DmcaTakedownV1;
  "doc.envelope.completed.v1": DocEnvelopeCompletedV1;
  "doc.envelope.declined.v1": DocEnvelopeDeclinedV1;
  "doc.envelope.expired.v1": DocEnvelopeExpiredV1;
  "doc.envelope.sent.v1": DocEnvelopeSentV1;
  "doc.envelope.signed.v1": DocEnvelopeSignedV1;
  "doc.envelope.viewed.v1": DocEnvelopeViewedV1;
  "doc.pack.issued.v1": DocPackIssuedV1;
  "doc.pack.signed.v1": DocPackSignedV1;
  "doc.pack.voided.v1": DocPackVoidedV1;
  "doc.pdf.hash_verified.v1": DocPdfHashVerifiedV1;
  "docs.pack.create.v1": DocsPackCreateV1;
  "docs.pack.signed.v1": DocsPackSignedV1;
  "dsar.completed.v1": DsarCompletedV1;
  "dsar.hold.v1": DsarHoldV1;
  "dsar.requested.v1": DsarRequestedV1;
  "dsar.tombstone.v1": DsarTombstoneV1;
  "email.bounce.v1": EmailBounceV1;
  "email.click.v1": EmailClickV1;
  "email.complaint.v1": EmailComplaintV1;
  "email.open.v1": EmailOpenV1;
  "email.unsubscribe.v1": EmailUnsubscribeV1;
  "exp.convert.v1": ExpConvertV1;
  "exp.exposed.v1": ExpExposedV1;
  "exp.view.v1": ExpViewV1;
  "fee.deferred.recorded.v1": FeeDeferredRecordedV1;
  "fee.earned.recorded.v1": FeeEarnedRecordedV1;
  "finance.close.failed.v1": FinanceCloseFailedV1;
  "finance.close.start.v1": FinanceCloseStartV1;
  "finance.close.succeeded.v1": FinanceCloseSucceededV1;
  "growth.alert.click.v1": GrowthAlertClickV1;
  "growth.alert.open.v1": GrowthAlertOpenV1;
  "help.feedback.v1": HelpFeedbackV1;
  "help.view.v1": HelpViewV1;
  "identity.link.v1": IdentityLinkV1;
  "idv.expired.v1": IdvExpiredV1;
  "idv.failed.v1": IdvFailedV1;
  "idv.passed.v1": IdvPassedV1;
  "idv.started.v1": IdvStartedV1;
  "landing.view.v1": LandingViewV1;
  "lbg.confirmed.v1": LbgConfirmedV1;
  "lbg.create.v1": LbgCreateV1;
  "leg.cancelled.v1": LegCancelledV1;
  "leg.completed.v1": LegCompletedV1;
  "leg.confirmed.v1": LegConfirmedV1;
  "leg.create.v1": LegCreateV1;
  "leg.failed.v1": LegFailedV1;
  "leg.in_progress.v1": LegInProgressV1;
  "message.blocked.v1": MessageBlockedV1;
  "message.send.v1": MessageSendV1;
  "notification.delivered.v1": NotificationDeliveredV1;
  "notification.sent.v1": NotificationSentV1;
  "payment.capture.failed.v1": PaymentCaptureFailedV1;
  "payment.capture.succeeded.v1": PaymentCaptureSucceededV1;
  "payment.intent.created.v1": PaymentIntentCreatedV1;
  "payment.intent.failed.v1": PaymentIntentFailedV1;
  "payment.intent.requires_action.v1": PaymentIntentRequiresActionV1;
  "payment.intent.succeeded.v1": PaymentIntentSucceededV1;
  "payout.canceled.v1": PayoutCanceledV1;
  "payout.failed.v1": PayoutFailedV1;
  "payout.in_transit.v1": PayoutInTransitV1;
  "payout.paid.v1": PayoutPaidV1;
  "payout.paused.v1": PayoutPausedV1;
  "payout.queued.v1": PayoutQueuedV1;
  "profile.publish.v1": ProfilePublishV1;
  "profile.view.v1": ProfileViewV1;
  "promo.campaign.activate.v1": PromoCampaignActivateV1;
  "promo.campaign.create.v1": PromoCampaignCreateV1;
  "promo.campaign.end.v1": PromoCampaignEndV1;
  "promo.campaign.pause.v1": PromoCampaignPauseV1;
  "promo.campaign.resume.v1": PromoCampaignResumeV1;
  "promo.campaign.suspend.v1": PromoCampaignSuspendV1;
  "promo.click.v1": PromoClickV1;
  "promo.impression.v1": PromoImpressionV1;
  "promo.invalid_click.v1": PromoInvalidClickV1;
  "promo.spend.credit.v1": PromoSpendCreditV1;
  "promo.spend.debit.v1": PromoSpendDebitV1;
  "promo.topup.charge.failed.v1": PromoTopupChargeFailedV1;
  "promo.topup.charge.succeeded.v1": PromoTopupChargeSucceededV1;
  "recon.variance.notice.v1": ReconVarianceNoticeV1;
  "referral.accept.v1": ReferralAcceptV1;
  "referral.award.v1": ReferralAwardV1;
  "referral.clawback.v1": ReferralClawbackV1;
  "referral.invite.v1": ReferralInviteV1;
  "referral.qualify.v1": ReferralQualifyV1;
  "refund.created.v1": RefundCreatedV1;
  "refund.failed.v1": RefundFailedV1;
  "refund.proposed.v1": RefundProposedV1;
  "refund.succeeded.v1": RefundSucceededV1;
  "reputation.recompute.v1": ReputationRecomputeV1;
  "reserve.hold.v1": ReserveHoldV1;
  "reserve.release.v1": ReserveReleaseV1;
  "review.create.v1": ReviewCreateV1;
  "review.hide.v1": ReviewHideV1;
  "review.remove.v1": ReviewRemoveV1;
  "review.restore.v1": ReviewRestoreV1;
  "risk.score.updated.v1": RiskScoreUpdatedV1;
  "search.alert.create.v1": SearchAlertCreateV1;
  "search.alert.triggered.v1": SearchAlertTriggeredV1;
  "search.card_click.v1": SearchCardClickV1;
  "search.card_impression.v1": SearchCardImpressionV1;
  "search.error.v1": SearchErrorV1;
  "search.latency.v1": SearchLatencyV1;
  "search.query.v1": SearchQueryV1;
  "search.result_click.v1": SearchResultClickV1;
  "search.results_view.v1": SearchResultsViewV1;
  "search.save.v1": SearchSaveV1;
  "seller.activated.v1": SellerActivatedV1;
  "session.end.v1": SessionEndV1;
  "session.start.v1": SessionStartV1;
  "sharecard.click.v1": SharecardClickV1;
  "sharecard.create.v1": SharecardCreateV1;
  "studio.create.v1": StudioCreateV1;
  "studio.publish.v1": StudioPublishV1;
  "studio.quote.accept.v1": StudioQuoteAcceptV1;
  "studio.quote.request.v1": StudioQuoteRequestV1;
  "studio.quote.response.v1": StudioQuoteResponseV1;
  "studio.unpublish.v1": StudioUnpublishV1;
  "studio.update.v1": StudioUpdateV1;
  "studio.verification.approved.v1": StudioVerificationApprovedV1;
  "studio.verification.rejected.v1": StudioVerificationRejectedV1;
  "studio.verification.revoked.v1": StudioVerificationRevokedV1;
  "studio.verification.submitted.v1": StudioVerificationSubmittedV1;
  "studio.view.v1": StudioViewV1;
  "suggest.view.v1": SuggestViewV1;
  "support.case.assign.v1": SupportCaseAssignV1;
  "support.case.open.v1": SupportCaseOpenV1;
  "support.case.resolve.v1": SupportCaseResolveV1;
  "support.case.status_change.v1": SupportCaseStatusChangeV1;
  "support.hold.apply.v1": SupportHoldApplyV1;
  "support.hold.release.v1": SupportHoldReleaseV1;
  "tax.commit.v1": TaxCommitV1;
  "tax.quote.v1": TaxQuoteV1;
  "thread.create.v1": ThreadCreateV1;
  "thread.open.v1": ThreadOpenV1;
  "user.signup.v1": UserSignupV1;
  "waf.block.v1": WafBlockV1;
  "wallet.credit.v1": WalletCreditV1;
  "wallet.debit.v1": WalletDebitV1;
  "wallet.reversal.v1": WalletReversalV1;
  "web.vitals.v1": WebVitalsV1;
}

/** Any event in any of its versions. */
export type RastupEvent = { [Name in keyof Events]: Events[Name] }[keyof Events];

/** The names of all events. */
export type EventName = RastupEvent["event"];
