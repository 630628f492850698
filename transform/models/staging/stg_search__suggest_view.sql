-- generated from contracts/search/suggest.view.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('scope', 'varchar') }} as scope,
    {{ payload_field('q', 'varchar') }} as q,
    {{ payload_field('items', 'bigint') }} as items
from {{ ref('events') }}
where event_name = 'suggest.view'
