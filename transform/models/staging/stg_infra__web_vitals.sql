-- generated from contracts/infra/web.vitals.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('lcp', 'double') }} as lcp,
    {{ payload_field('cls', 'double') }} as cls,
    {{ payload_field('inp', 'double') }} as inp
from {{ ref('events') }}
where event_name = 'web.vitals'
