{{ config(materialized='ephemeral') }}

with events as (
    select * from {{ ref('events') }}
    where identity_id is not null
),

buyers as (
    select distinct
        env,
        buyer_identity_id
    from {{ ref('int_order_lifecycle') }}
    where buyer_identity_id is not null
),

final as (
    select
        events.env,
        events.identity_id,
        min(events.occurred_at) as first_seen_at
    from events
    inner join buyers on events.env = buyers.env and events.identity_id = buyers.buyer_identity_id
    group by events.env, events.identity_id
)

select * from final
