-- Each leg stands somewhere, once, and its order is there.
with legs as (
    select * from {{ ref('int_legs') }}
),

latest as (
    select * from {{ ref('fact_booking_legs_latest') }}
),

orders as (
    select * from {{ ref('fact_orders') }}
),

lost as (
    select
        'a leg of int_legs stands in fact_booking_legs_latest' as expectation,
        legs.env,
        legs.lbg_id,
        legs.leg_id
    from legs
    left join latest on legs.env = latest.env and legs.leg_id = latest.leg_id
    where latest.leg_id is null
    union all
    select
        'the order of a leg is in fact_orders' as expectation,
        latest.env,
        latest.lbg_id,
        latest.leg_id
    from latest
    left join orders on latest.lbg_id = orders.order_id
    where latest.env = {{ marts_env() }} and latest.lbg_id is not null and orders.order_id is null
)

select * from lost
