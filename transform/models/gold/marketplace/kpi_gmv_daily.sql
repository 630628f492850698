{{ config(materialized='lake_table', write='whole') }}

with legs as (
    select * from {{ ref('fact_booking_legs') }}
    where env = {{ marts_env() }} and status = 'confirmed'
),

lbgs as (
    select * from {{ ref('int_lbg_confirmations') }}
    where env = {{ marts_env() }}
),

counted as (
    select
        dt,
        city,
        currency,
        1 as legs_confirmed,
        subtotal_cents as gmv_cents,
        0 as lbgs_confirmed
    from legs
    union all
    select
        dt,
        city,
        currency,
        0 as legs_confirmed,
        0 as gmv_cents,
        1 as lbgs_confirmed
    from lbgs
),

summed as (
    select
        dt,
        city,
        currency,
        {{ bigint_sum('legs_confirmed') }} as legs_confirmed,
        {{ bigint_sum('gmv_cents') }} as gmv_cents,
        {{ bigint_sum('lbgs_confirmed') }} as lbgs_confirmed
    from counted
    group by dt, city, currency
),

final as (
    select
        *,
        {{ ratio('gmv_cents', 'lbgs_confirmed') }} as aov_cents
    from summed
)

select * from final
