-- generated from contracts/trust/risk.score.updated.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('subject_user_id', 'varchar') }} as subject_user_id,
    {{ payload_field('score', 'bigint') }} as score,
    {{ payload_field('bucket', 'varchar') }} as bucket
from {{ ref('events') }}
where event_name = 'risk.score.updated'
