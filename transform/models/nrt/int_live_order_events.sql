{{ config(materialized='ephemeral') }}

with events as (
    select * from {{ source('live', 'tail_events') }}
    where env = {{ marts_env() }} and event_name in ({{ order_event_names() }})
),

final as (
    select {{ order_event_columns() }}
    from events
)

select * from final
