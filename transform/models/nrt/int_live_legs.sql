{{ config(materialized='ephemeral') }}

with live as (
    select * from {{ ref('int_live_order_events') }}
    where leg_id is not null
),

released as (
    select * from {{ ref('int_legs') }}
    where env = {{ marts_env() }} and leg_id in (select leg_id from live)
),

live_lbgs as (
    select * from {{ ref('int_live_lbgs') }}
),

live_legs as (
    select
        leg_id,
        min_by(lbg_id, {{ arrival() }}) filter (where event_name in ({{ leg_event_names() }})) as lbg_id,
        min_by(city, {{ arrival() }}) filter (
            where city is not null and event_name in ({{ leg_event_names() }})
        ) as own_city
    from live
    group by leg_id
),

final as (
    select
        live_legs.leg_id,
        coalesce(released.lbg_id, live_legs.lbg_id) as lbg_id,
        coalesce(released.own_city, live_legs.own_city, live_lbgs.city, released.city) as city,
        coalesce(live_lbgs.currency, released.currency, 'USD') as currency
    from live_legs
    left join released on live_legs.leg_id = released.leg_id
    left join live_lbgs on coalesce(released.lbg_id, live_legs.lbg_id) = live_lbgs.lbg_id
)

select * from final
