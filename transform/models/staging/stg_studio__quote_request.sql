-- generated from contracts/studio/studio.quote.request.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('quote_id', 'varchar') }} as quote_id,
    {{ payload_field('studio_id', 'varchar') }} as studio_id,
    {{ payload_field('hours', 'double') }} as hours
from {{ ref('events') }}
where event_name = 'studio.quote.request'
