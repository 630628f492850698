-- generated from contracts/growth/referral.clawback.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('referral_id', 'varchar') }} as referral_id,
    {{ payload_field('beneficiary_user_id', 'varchar') }} as beneficiary_user_id,
    {{ payload_field('reason', 'varchar') }} as reason
from {{ ref('events') }}
where event_name = 'referral.clawback'
