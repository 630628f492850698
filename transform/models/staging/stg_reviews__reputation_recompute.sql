-- generated from contracts/reviews/reputation.recompute.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('target_type', 'varchar') }} as target_type,
    {{ payload_field('target_id', 'varchar') }} as target_id,
    {{ payload_field('score', 'double') }} as score
from {{ ref('events') }}
where event_name = 'reputation.recompute'
