-- generated from contracts/reviews/review.create.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('leg_id') }} as leg_id,
    {{ payload_field('review_id', 'varchar') }} as review_id,
    {{ payload_field('rating', 'bigint') }} as rating,
    {{ payload_field('target_type', 'varchar') }} as target_type,
    {{ payload_field('target_id', 'varchar') }} as target_id
from {{ ref('events') }}
where event_name = 'review.create'
