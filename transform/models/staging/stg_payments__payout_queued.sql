-- generated from contracts/payments/payout.queued.v*.json by `rastup contracts generate`; edit the contract instead
select
    event_id,
    dt,
    occurred_at,
    received_at,
    user_id,
    anon_id,
    actor_key,
    identity_id,
    session_id,
    city,
    role,
    env,
    source,
    is_bot,
    amount_cents,
    currency,
    _run_id,
    {{ id_field('leg_id') }} as leg_id,
    {{ payload_field('payout_id', 'varchar') }} as payout_id,
    {{ payload_field('leg_id', 'varchar') }} as payload_leg_id,
    {{ payload_field('amount_cents', 'bigint') }} as payload_amount_cents,
    {{ payload_field('provider_ref', 'varchar') }} as provider_ref,
    {{ payload_field('payee_user_id', 'varchar') }} as payee_user_id
from {{ ref('events') }}
where event_name = 'payout.queued'
