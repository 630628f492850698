-- generated from contracts/infra/api.request.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('route', 'varchar') }} as route,
    {{ payload_field('method', 'varchar') }} as method,
    {{ payload_field('status', 'bigint') }} as status,
    {{ payload_field('latency_ms', 'double') }} as latency_ms,
    {{ payload_field('sample_rate', 'double') }} as sample_rate
from {{ ref('events') }}
where event_name = 'api.request'
