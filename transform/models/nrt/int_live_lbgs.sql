{{ config(materialized='ephemeral') }}

with live as (
    select * from {{ ref('int_live_order_events') }}
),

released as (
    select * from {{ ref('int_lbgs') }}
    where env = {{ marts_env() }} and lbg_id in (select lbg_id from live)
),

live_legs as (
    select
        leg_id,
        {{ first_known('city') }} as city
    from live
    where event_name in ({{ leg_event_names() }})
    group by leg_id
),

live_lbgs as (
    select
        lbg_id,
        min_by(leg_id, {{ arrival() }}) filter (where event_name in ({{ leg_event_names() }})) as first_leg_id,
        {{ payment_currency() }} as payment_currency
    from live
    where lbg_id is not null
    group by lbg_id
),

final as (
    select
        live_lbgs.lbg_id,
        coalesce(released.city, live_legs.city) as city,
        coalesce(released.payment_currency, live_lbgs.payment_currency, 'USD') as currency
    from live_lbgs
    left join released on live_lbgs.lbg_id = released.lbg_id
    left join live_legs on coalesce(released.first_leg_id, live_lbgs.first_leg_id) = live_legs.leg_id
)

select * from final
