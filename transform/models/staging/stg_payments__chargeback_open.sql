-- generated from contracts/payments/chargeback.open.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('dispute_id', 'varchar') }} as dispute_id,
    {{ payload_field('charge_id', 'varchar') }} as charge_id,
    {{ payload_field('reason', 'varchar') }} as reason,
    {{ payload_field('due_at', 'timestamptz') }} as due_at
from {{ ref('events') }}
where event_name = 'chargeback.open'
