-- generated from contracts/documents/doc.envelope.viewed.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('provider', 'varchar') }} as provider,
    {{ payload_field('provider_ref', 'varchar') }} as provider_ref,
    {{ payload_field('reason', 'varchar') }} as reason
from {{ ref('events') }}
where event_name = 'doc.envelope.viewed'
