-- generated from contracts/promotions/promo.campaign.activate.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('campaign_id') }} as campaign_id,
    {{ payload_field('campaign_id', 'varchar') }} as payload_campaign_id,
    {{ payload_field('reason', 'varchar') }} as reason
from {{ ref('events') }}
where event_name = 'promo.campaign.activate'
