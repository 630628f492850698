{{ config(materialized='ephemeral') }}

with bookings as (
    select * from {{ ref('int_live_bookings') }}
),

legs as (
    select * from {{ ref('int_legs') }}
),

lbgs as (
    select * from {{ ref('int_lbgs') }}
),

live_legs as (
    select * from {{ ref('int_live_legs') }}
),

live_lbgs as (
    select * from {{ ref('int_live_lbgs') }}
),

final as (
    select
        bookings.event_name,
        {{ utc_minute('bookings.received_at') }} as minute,
        coalesce(
            bookings.city, live_legs.city, legs.city, live_lbgs.city, lbgs.city, 'unknown'
        ) as city,
        coalesce(live_lbgs.currency, lbgs.currency, 'USD') as currency,
        bookings.subtotal_cents
    from bookings
    left join live_legs on bookings.leg_id = live_legs.leg_id
    left join legs on bookings.env = legs.env and bookings.leg_id = legs.leg_id
    left join live_lbgs on bookings.lbg_id = live_lbgs.lbg_id
    left join lbgs on bookings.env = lbgs.env and bookings.lbg_id = lbgs.lbg_id
)

select * from final
