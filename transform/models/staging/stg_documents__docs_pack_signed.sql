-- generated from contracts/documents/docs.pack.signed.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('pack_id', 'varchar') }} as pack_id,
    {{ payload_field('documents', 'bigint') }} as documents
from {{ ref('events') }}
where event_name = 'docs.pack.signed'
