-- generated from contracts/identity/session.start.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('entry_path', 'varchar') }} as entry_path
from {{ ref('events') }}
where event_name = 'session.start'
