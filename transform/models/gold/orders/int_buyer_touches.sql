{{ config(materialized='ephemeral') }}

with days as (
    select * from {{ ref('int_identity_days') }}
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
        days.env,
        days.identity_id,
        min(days.first_seen_at) as first_seen_at
    from days
    inner join buyers on days.env = buyers.env and days.identity_id = buyers.buyer_identity_id
    group by days.env, days.identity_id
)

select * from final
