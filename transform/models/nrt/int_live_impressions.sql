{{ config(materialized='ephemeral') }}

with released as (
    select
        city,
        received_at
    from {{ ref('fact_search_impressions') }}
    where
        env = {{ marts_env() }}
        and dt >= {{ utc_date(live_window_start()) }}
        and received_at >= {{ live_window_start() }}
),

live as (
    select
        coalesce(city, 'unknown') as city,
        received_at
    from {{ source('live', 'tail_events') }}
    where env = {{ marts_env() }} and event_name = 'search.card_impression'
),

seen as (
    select * from released
    union all
    select * from live
),

final as (
    select
        city,
        {{ utc_minute('received_at') }} as minute,
        count(*) as impressions
    from seen
    where received_at >= {{ live_window_start() }} and received_at <= {{ as_of() }}
    group by 1, 2
)

select * from final
