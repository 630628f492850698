{{ config(materialized='ephemeral') }}

-- A request that was refused for its key has neither source nor environment: both are said to be unknown, and it counts.
with final as (
    select * from {{ source('live', 'tail_meter') }}
    where
        env in ({{ marts_env() }}, 'unknown')
        and minute >= {{ live_window_start() }}
        and minute <= {{ as_of() }}
)

select * from final
