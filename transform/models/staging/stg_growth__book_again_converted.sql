-- generated from contracts/growth/book_again.converted.v*.json by `rastup contracts generate`; edit the contract instead
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
    {{ payload_field('notification_id', 'varchar') }} as notification_id
from {{ ref('events') }}
where event_name = 'book_again.converted'
