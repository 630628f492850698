-- generated from contracts/payments/recon.variance.notice.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('close_dt', 'varchar') }} as close_dt,
    {{ payload_field('variance_cents', 'bigint') }} as variance_cents,
    {{ payload_field('variance_pct', 'double') }} as variance_pct,
    {{ payload_field('gate', 'varchar') }} as gate
from {{ ref('events') }}
where event_name = 'recon.variance.notice'
