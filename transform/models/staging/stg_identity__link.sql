-- generated from contracts/identity/identity.link.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('anon_id', 'varchar') }} as payload_anon_id,
    {{ payload_field('device_fp', 'varchar') }} as device_fp
from {{ ref('events') }}
where event_name = 'identity.link'
