-- generated from contracts/experiments/exp.exposed.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('exp_key', 'varchar') }} as exp_key,
    {{ payload_field('variant', 'varchar') }} as variant,
    {{ payload_field('checkpoint', 'varchar') }} as checkpoint
from {{ ref('events') }}
where event_name = 'exp.exposed'
