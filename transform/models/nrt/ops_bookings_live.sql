{{ config(materialized='lake_table', write='whole') }}

with bookings as (
    select * from {{ ref('int_live_placed_bookings') }}
),

impressions as (
    select * from {{ ref('int_live_impressions') }}
),

-- What has no currency of its own stands on one row of its city and minute, so that sums over rows are right.
confirmations as (
    select
        city,
        minute,
        currency,
        0 as impressions,
        0 as checkouts,
        case when event_name = 'lbg.confirmed' then 1 else 0 end as confirmed,
        case when event_name = 'leg.confirmed' then subtotal_cents else 0 end as gmv_cents
    from bookings
    where event_name <> 'checkout.start'
),

main_currencies as (
    select
        city,
        minute,
        min(currency) as currency
    from confirmations
    group by city, minute
),

visits as (
    select
        city,
        minute,
        impressions,
        0 as checkouts
    from impressions
    union all
    select
        city,
        minute,
        0 as impressions,
        1 as checkouts
    from bookings
    where event_name = 'checkout.start'
),

counted as (
    select * from confirmations
    union all
    select
        visits.city,
        visits.minute,
        coalesce(main_currencies.currency, 'USD') as currency,
        visits.impressions,
        visits.checkouts,
        0 as confirmed,
        0 as gmv_cents
    from visits
    left join main_currencies on visits.city = main_currencies.city and visits.minute = main_currencies.minute
),

final as (
    select
        city,
        minute,
        currency,
        {{ bigint_sum('impressions') }} as impressions,
        {{ bigint_sum('checkouts') }} as checkouts,
        {{ bigint_sum('confirmed') }} as confirmed,
        {{ bigint_sum('gmv_cents') }} as gmv_cents,
        {{ as_of() }} as as_of
    from counted
    group by city, minute, currency
)

select * from final
