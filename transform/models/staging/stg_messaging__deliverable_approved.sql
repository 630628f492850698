-- generated from contracts/messaging/deliverable.approved.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('count', 'bigint') }} as count
from {{ ref('events') }}
where event_name = 'deliverable.approved'
