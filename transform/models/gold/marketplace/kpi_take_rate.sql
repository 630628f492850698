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
        {{ bigint_sum('gmv_cents') }} as gmv_cents,
        {{ bigint_sum('platform_fee_cents') }} as platform_fee_cents,
        {{ bigint_sum('earned_fee_cents') }} as earned_fee_cents
    from counted
    group by dt, city, currency
),

final as (
    select
        dt,
        city,
        currency,
        gmv_cents,
        platform_fee_cents,
        {{ ratio('platform_fee_cents', 'gmv_cents') }} as take_rate,
        earned_fee_cents
    from summed
)

select * from final
