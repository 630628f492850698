-- generated from contracts/search/search.card_click.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('impression_id') }} as impression_id,
    {{ payload_field('target_id', 'varchar') }} as target_id,
    {{ payload_field('result_pos', 'bigint') }} as result_pos
from {{ ref('events') }}
where event_name = 'search.card_click'
