-- generated from contracts/search/search.query.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('query_hash', 'varchar') }} as query_hash,
    {{ payload_field('q', 'varchar') }} as q,
    {{ payload_field('filters', 'varchar') }} as filters,
    {{ payload_field('sort', 'varchar') }} as sort,
    {{ payload_field('results', 'bigint') }} as results
from {{ ref('events') }}
where event_name = 'search.query'
