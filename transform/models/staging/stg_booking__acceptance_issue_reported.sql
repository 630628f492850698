-- generated from contracts/booking/acceptance.issue_reported.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('lbg_id') }} as lbg_id,
    {{ id_field('leg_id') }} as leg_id,
    {{ payload_field('kind', 'varchar') }} as kind
from {{ ref('events') }}
where event_name = 'acceptance.issue_reported'
