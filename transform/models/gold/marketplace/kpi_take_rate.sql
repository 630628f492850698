{{ config(materialized='lake_table', write='whole') }}

with confirmed as (
    select * from {{ ref('fact_booking_legs') }}
    where env = {{ marts_env() }} and status = 'confirmed'
),

earned as (
    select * from {{ ref('int_earned_fees') }}
    where env = {{ marts_env() }}
),

counted as (
    select
        dt,
        city,
        currency,
        subtotal_cents as gmv_cents,
        platform_fee_cents,
        0 as earned_fee_cents
    from confirmed
    union all
    select
        dt,
        city,
        currency,
        0 as gmv_cents,
        0 as platform_fee_cents,
        earned_fee_cents
    from earned
),

summed as (
    select
        dt,
        city,
        currency,
        cast(sum(gmv_cents) as bigint) as gmv_cents,
        cast(sum(platform_fee_cents) as bigint) as platform_fee_cents,
        cast(sum(earned_fee_cents) as bigint) as earned_fee_cents
    from counted
    group by dt, city, currency
),

final as (
    select
        *,
        {{ ratio('platform_fee_cents', 'gmv_cents') }} as take_rate
    from summed
)

select * from final
