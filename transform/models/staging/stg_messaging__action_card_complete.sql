-- generated from contracts/messaging/action_card.complete.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('kind', 'varchar') }} as kind,
    {{ payload_field('order_id', 'varchar') }} as order_id,
    {{ payload_field('delta', 'bigint') }} as delta,
    {{ payload_field('action_id', 'varchar') }} as action_id
from {{ ref('events') }}
where event_name = 'action_card.complete'
