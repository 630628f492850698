-- generated from contracts/growth/growth.alert.click.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('alert_id', 'varchar') }} as alert_id,
    {{ payload_field('notification_id', 'varchar') }} as notification_id
from {{ ref('events') }}
where event_name = 'growth.alert.click'
