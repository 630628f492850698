-- generated from contracts/identity/consent.update.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('marketing', 'boolean') }} as marketing,
    {{ payload_field('analytics', 'boolean') }} as analytics
from {{ ref('events') }}
where event_name = 'consent.update'
