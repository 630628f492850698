{{ config(materialized='lake_table', write='whole', touched_by={'leg_id': 'leg_id'}) }}

with leg_events as (
    select * from {{ of_touched('int_order_events') }}
    where event_name in ({{ leg_event_names() }}) and leg_id is not null
),

lbgs as (
    select * from {{ of_touched('int_lbgs') }}
),

legs as (
    select
        env,
        leg_id,
        min_by(lbg_id, {{ arrival() }}) as lbg_id,
        {{ first_known('city') }} as own_city,
        {{ first_known('leg_type') }} as leg_type,
        {{ first_known('seller_user_id') }} as seller_user_id,
        {{ first_known('service_profile_id') }} as service_profile_id,
        {{ first_known('studio_id') }} as studio_id,
        {{ first_known('start_at') }} as start_at,
        {{ first_known('end_at') }} as end_at
    from leg_events
    group by env, leg_id
),

final as (
    select
        legs.env,
        legs.leg_id,
        legs.lbg_id,
        legs.own_city,
        coalesce(legs.own_city, lbgs.city) as city,
        coalesce(lbgs.currency, 'USD') as currency,
        legs.leg_type,
        legs.seller_user_id,
        legs.service_profile_id,
        legs.studio_id,
        legs.start_at,
        legs.end_at
    from legs
    left join lbgs on legs.env = lbgs.env and legs.lbg_id = lbgs.lbg_id
)

select * from final
