{{ config(materialized='lake_table', write='whole', touched_by={'lbg_id': 'order_id'}) }}

with orders as (
    select * from {{ ref('int_orders') }}
    where env = {{ marts_env() }}
),

lbgs as (
    select * from {{ of_touched('int_lbgs') }}
),

money as (
    select * from {{ ref('int_order_money') }}
),

touches as (
    select * from {{ ref('int_buyer_touches') }}
),

refunds as (
    select
        env,
        lbg_id,
        currency,
        {{ bigint_sum('amount_cents') }} as refunded_cents
    from {{ of_touched('fact_refunds') }}
    where kind = 'succeeded'
    group by env, lbg_id, currency
),

final as (
    select
        orders.lbg_id as order_id,
        orders.buyer_identity_id,
        coalesce(orders.confirmed_city, lbgs.city, orders.created_city, 'unknown') as city,
        lbgs.currency,
        orders.legs,
        orders.state,
        {%- for column in ['subtotal_cents', 'tax_cents', 'platform_fee_cents', 'platform_fee_tax_cents', 'total_cents'] %}
        coalesce(money.{{ column }}, 0) as {{ column }},
        {%- endfor %}
        coalesce(refunds.refunded_cents, 0) as refunded_cents,
        orders.created_at,
        orders.checkout_started_at,
        orders.confirmed_at,
        case when orders.state = 'completed' then orders.completed_at end as completed_at,
        case when orders.state = 'cancelled' then orders.cancelled_at end as cancelled_at,
        case when touches.first_seen_at < orders.checkout_started_at then touches.first_seen_at end as first_touch_at,
        orders.is_first_order
    from orders
    inner join lbgs on orders.env = lbgs.env and orders.lbg_id = lbgs.lbg_id
    left join money on orders.env = money.env and orders.lbg_id = money.lbg_id
    left join touches on orders.env = touches.env and orders.buyer_identity_id = touches.identity_id
    left join refunds
        on orders.env = refunds.env and orders.lbg_id = refunds.lbg_id and lbgs.currency = refunds.currency
)

select * from final
