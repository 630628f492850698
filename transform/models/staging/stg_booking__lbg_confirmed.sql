-- generated from contracts/booking/lbg.confirmed.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('leg_count', 'bigint') }} as leg_count,
    {{ payload_field('payment_method', 'varchar') }} as payment_method,
    {{ payload_field('total_cents', 'bigint') }} as total_cents,
    {{ payload_field('has_deposit_auth', 'boolean') }} as has_deposit_auth
from {{ ref('events') }}
where event_name = 'lbg.confirmed'
