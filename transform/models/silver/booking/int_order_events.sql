{{ config(
    materialized='lake_table', write='event', partition_by='dt', sort_by=['event_name'],
    links=['lbg_id', 'leg_id', 'charge_id', 'refund_id', 'payout_id', 'amendment_id', 'buyer_identity_id'],
    seeds={'buyer_identity_id': 'identity_id'}
) }}

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
