-- generated from contracts/search/search.result_click.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('hit_id', 'varchar') }} as hit_id,
    {{ payload_field('rank', 'bigint') }} as rank,
    {{ payload_field('scope', 'varchar') }} as scope
from {{ ref('events') }}
where event_name = 'search.result_click'
