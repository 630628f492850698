{{ config(materialized='ephemeral') }}

-- A collector reports every second, so what a report counts was received half a second before it, give or take as much.
with moments as (
    select
        {{ add_seconds('received_at', -0.5) }} as moment,
        0 as is_refresh,
        cast(null as timestamptz) as visible_at,
        minute,
        source,
        accepted
    from {{ ref('int_live_meters') }}
    where accepted > 0
    union all
    select
        as_of as moment,
        1 as is_refresh,
        visible_at,
        cast(null as timestamptz) as minute,
        cast(null as varchar) as source,
        cast(null as bigint) as accepted
    from {{ source('live', 'refreshes') }}
),

-- Seen first by the first refresh at or after it; of what came before the oldest known refresh nothing can be said.
seen as (
    select
        *,
        min(visible_at) over (
            order by moment, is_refresh rows between current row and unbounded following
        ) as seen_at,
        min(case when is_refresh = 1 then moment end) over () as known_since
    from moments
),

lags as (
    select
        minute,
        source,
        accepted,
        greatest({{ seconds_between('moment', 'seen_at') }}, 0e0) as lag_s
    from seen
    where is_refresh = 0 and moment > known_since and seen_at is not null
),

ranked as (
    select
        *,
        sum(accepted) over (partition by minute, source order by lag_s) as events_up_to,
        sum(accepted) over (partition by minute, source) as events
    from lags
),

final as (
    select
        minute,
        source,
        {{ weighted_quantile('lag_s', 0.95, 'events_up_to', 'events') }} as p95_lag_s
    from ranked
    group by minute, source
)

select * from final
