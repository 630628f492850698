-- generated from contracts/experiments/exp.convert.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('exp_id', 'varchar') }} as exp_id,
    {{ payload_field('order_id', 'varchar') }} as order_id
from {{ ref('events') }}
where event_name = 'exp.convert'
