-- generated from contracts/profile/profile.publish.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('profile_id', 'varchar') }} as profile_id,
    {{ payload_field('role', 'varchar') }} as payload_role,
    {{ payload_field('seller_user_id', 'varchar') }} as seller_user_id
from {{ ref('events') }}
where event_name = 'profile.publish'
