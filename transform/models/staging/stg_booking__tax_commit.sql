-- generated from contracts/booking/tax.commit.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('tax_cents', 'bigint') }} as tax_cents,
    {{ payload_field('jurisdiction', 'varchar') }} as jurisdiction
from {{ ref('events') }}
where event_name = 'tax.commit'
