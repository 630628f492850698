-- generated from contracts/payments/refund.failed.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('lbg_id') }} as lbg_id,
    {{ id_field('leg_id') }} as leg_id,
    {{ payload_field('refund_id', 'varchar') }} as refund_id,
    {{ payload_field('charge_id', 'varchar') }} as charge_id,
    {{ payload_field('reason', 'varchar') }} as reason,
    {{ payload_field('provider_ref', 'varchar') }} as provider_ref
from {{ ref('events') }}
where event_name = 'refund.failed'
