-- generated from contracts/messaging/action.create.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('thread_id', 'varchar') }} as thread_id,
    {{ payload_field('kind', 'varchar') }} as kind
from {{ ref('events') }}
where event_name = 'action.create'
