-- generated from contracts/checkout/checkout.payment_succeeded.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('order_id', 'varchar') }} as order_id,
    {{ payload_field('amount_cents', 'bigint') }} as payload_amount_cents,
    {{ payload_field('method', 'varchar') }} as method
from {{ ref('events') }}
where event_name = 'checkout.payment_succeeded'
