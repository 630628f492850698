-- generated from contracts/messaging/action.state_change.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('action_id', 'varchar') }} as action_id,
    {{ payload_field('from', 'varchar') }} as payload_from,
    {{ payload_field('to', 'varchar') }} as payload_to
from {{ ref('events') }}
where event_name = 'action.state_change'
