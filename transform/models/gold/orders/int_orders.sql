{{ config(materialized='ephemeral') }}

with orders as (
    select
        *,
        case
            when confirmed_event_id is not null and buyer_identity_id is not null
                then row_number() over (
                    partition by env, buyer_identity_id
                    order by case when confirmed_event_id is null then 1 else 0 end, confirmed_received_at, confirmed_event_id
                ) = 1
        end as is_first_order
    from {{ ref('int_order_lifecycle') }}
),

legs as (
    select * from {{ ref('int_order_legs') }}
),

final as (
    select
        orders.*,
        coalesce(legs.legs, 0) as legs,
        legs.completed_at,
        legs.cancelled_at,
        case
            when legs.legs is null and orders.confirmed_event_id is not null then 'confirmed'
            when legs.legs is null then {{ pending_state('orders') }}
            when legs.cancelled_legs = legs.legs then 'cancelled'
            when legs.failed_legs > 0 and legs.confirmed_legs + legs.in_progress_legs + legs.completed_legs = 0 then 'failed'
            when legs.created_legs > 0 then {{ pending_state('orders') }}
            when legs.confirmed_legs > 0 then 'confirmed'
            when legs.in_progress_legs > 0 then 'in_progress'
            else 'completed'
        end as state
    from orders
    left join legs on orders.env = legs.env and orders.lbg_id = legs.lbg_id
)

select * from final
