{{ config(materialized='lake_table', write='whole', touched_by={'lbg_id': 'lbg_id'}) }}

with events as (
    select * from {{ of_touched('int_order_events') }}
),

leg_events as (
    select * from events
    where event_name in ({{ leg_event_names() }})
),

leg_cities as (
    select
        env,
        leg_id,
        {{ first_known('city') }} as city
    from leg_events
    group by env, leg_id
),

first_legs as (
    select
        env,
        lbg_id,
        min_by(leg_id, {{ arrival() }}) as first_leg_id
    from leg_events
    group by env, lbg_id
),

lbgs as (
    select
        env,
        lbg_id,
        {{ payment_currency() }} as payment_currency
    from events
    where lbg_id is not null
    group by env, lbg_id
),

final as (
    select
        lbgs.env,
        lbgs.lbg_id,
        first_legs.first_leg_id,
        leg_cities.city,
        lbgs.payment_currency,
        coalesce(lbgs.payment_currency, 'USD') as currency
    from lbgs
    left join first_legs on lbgs.env = first_legs.env and lbgs.lbg_id = first_legs.lbg_id
    left join leg_cities on first_legs.env = leg_cities.env and first_legs.first_leg_id = leg_cities.leg_id
)

select * from final
