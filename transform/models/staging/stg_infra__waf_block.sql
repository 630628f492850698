-- generated from contracts/infra/waf.block.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('rule', 'varchar') }} as rule,
    {{ payload_field('route', 'varchar') }} as route
from {{ ref('events') }}
where event_name = 'waf.block'
