-- generated from contracts/identity/dsar.hold.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('user_id', 'varchar') }} as payload_user_id,
    {{ payload_field('hold_id', 'varchar') }} as hold_id,
    {{ payload_field('reason', 'varchar') }} as reason
from {{ ref('events') }}
where event_name = 'dsar.hold'
