{{ config(materialized='lake_table', write='event', partition_by='dt', sort_by=['event_name'], held=true) }}

with events as (
    select * from {{ ref('events') }}
    where {{ in_scope() }}
),

final as (
    select {{ order_event_columns() }}
    from events
    where event_name in ({{ order_event_names() }})
)

select * from final
