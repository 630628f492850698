-- generated from contracts/support/support.hold.apply.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('leg_id') }} as leg_id,
    {{ payload_field('case_id', 'varchar') }} as case_id,
    {{ payload_field('reason', 'varchar') }} as reason
from {{ ref('events') }}
where event_name = 'support.hold.apply'
