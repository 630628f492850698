-- generated from contracts/infra/alarm.triggered.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('alarm', 'varchar') }} as alarm,
    {{ payload_field('severity', 'varchar') }} as severity
from {{ ref('events') }}
where event_name = 'alarm.triggered'
