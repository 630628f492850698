-- generated from contracts/booking/amendment.added.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('amendment_id', 'varchar') }} as amendment_id,
    {{ payload_field('kind', 'varchar') }} as kind,
    {{ payload_field('subtotal_delta_cents', 'bigint') }} as subtotal_delta_cents,
    {{ payload_field('tax_delta_cents', 'bigint') }} as tax_delta_cents,
    {{ payload_field('platform_fee_delta_cents', 'bigint') }} as platform_fee_delta_cents,
    {{ payload_field('platform_fee_tax_delta_cents', 'bigint') }} as platform_fee_tax_delta_cents
from {{ ref('events') }}
where event_name = 'amendment.added'
