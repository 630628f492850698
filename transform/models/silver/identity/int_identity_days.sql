{{ config(materialized='lake_table', write='event', partition_by='dt') }}

with events as (
    select * from {{ ref('events') }}
    where {{ in_scope() }}
),

final as (
    select
        dt,
        env,
        identity_id,
        min(occurred_at) as first_seen_at
    from events
    where identity_id is not null
    group by dt, env, identity_id
)

select * from final
