-- generated from contracts/promotions/promo.invalid_click.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('impression_id', 'varchar') }} as impression_id,
    {{ payload_field('campaign_id', 'varchar') }} as campaign_id,
    {{ payload_field('invalid_reason', 'varchar') }} as invalid_reason
from {{ ref('events') }}
where event_name = 'promo.invalid_click'
