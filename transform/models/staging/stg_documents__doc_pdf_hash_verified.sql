-- generated from contracts/documents/doc.pdf.hash_verified.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ id_field('doc_id') }} as doc_id,
    {{ payload_field('sha256', 'varchar') }} as sha256,
    {{ payload_field('ok', 'boolean') }} as ok
from {{ ref('events') }}
where event_name = 'doc.pdf.hash_verified'
