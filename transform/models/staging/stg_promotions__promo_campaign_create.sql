-- generated from contracts/promotions/promo.campaign.create.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('owner_user_id', 'varchar') }} as owner_user_id,
    {{ payload_field('budget_cents', 'bigint') }} as budget_cents,
    {{ payload_field('start_at', 'timestamptz') }} as start_at,
    {{ payload_field('end_at', 'timestamptz') }} as end_at,
    {{ payload_field('name', 'varchar') }} as name
from {{ ref('events') }}
where event_name = 'promo.campaign.create'
