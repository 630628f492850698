-- generated from contracts/support/help.feedback.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('slug', 'varchar') }} as slug,
    {{ payload_field('helpful', 'boolean') }} as helpful
from {{ ref('events') }}
where event_name = 'help.feedback'
