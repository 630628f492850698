-- generated from contracts/messaging/message.send.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('length', 'bigint') }} as length,
    {{ payload_field('has_attachment', 'boolean') }} as has_attachment
from {{ ref('events') }}
where event_name = 'message.send'
