-- generated from contracts/trust/bg.consider.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('subject_user_id', 'varchar') }} as subject_user_id,
    {{ payload_field('check_id', 'varchar') }} as check_id
from {{ ref('events') }}
where event_name = 'bg.consider'
