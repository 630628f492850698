-- generated from contracts/messaging/thread.open.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('thread_id', 'varchar') }} as thread_id,
    {{ payload_field('counterpart_role', 'varchar') }} as counterpart_role
from {{ ref('events') }}
where event_name = 'thread.open'
