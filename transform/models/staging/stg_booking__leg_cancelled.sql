-- generated from contracts/booking/leg.cancelled.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('by', 'varchar') }} as by,
    {{ payload_field('reason', 'varchar') }} as reason,
    {{ payload_field('start_at', 'timestamptz') }} as start_at,
    {{ payload_field('subtotal_cents', 'bigint') }} as subtotal_cents
from {{ ref('events') }}
where event_name = 'leg.cancelled'
