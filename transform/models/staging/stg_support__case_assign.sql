-- generated from contracts/support/support.case.assign.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('case_id', 'varchar') }} as case_id,
    {{ payload_field('team', 'varchar') }} as team
from {{ ref('events') }}
where event_name = 'support.case.assign'
