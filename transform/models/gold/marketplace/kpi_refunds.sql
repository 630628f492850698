{{ config(materialized='lake_table', write='whole') }}

with refunds as (
    select * from {{ ref('fact_refunds') }}
    where env = {{ marts_env() }} and kind = 'succeeded'
),

captures as (
    select * from {{ ref('fact_payments') }}
    where env = {{ marts_env() }} and kind = 'capture.succeeded'
),

newest as (
    select max(dt) as dt from {{ ref('events') }}
    where env = {{ marts_env() }}
),

amounts as (
    select
        dt,
        city,
        currency,
        1 as refunds,
        amount_cents as refund_cents,
        0 as captured_cents
    from refunds
    union all
    select
        dt,
        city,
        currency,
        0 as refunds,
        0 as refund_cents,
        amount_cents as captured_cents
    from captures
),

days as (
    select
        dt,
        city,
        currency,
        {{ bigint_sum('refunds') }} as refunds,
        {{ bigint_sum('refund_cents') }} as refund_cents,
        {{ bigint_sum('captured_cents') }} as captured_cents
    from amounts
    group by dt, city, currency
),

-- Each day counts on its own (age 0) and in the windows of the six days after it.
windows as (
    select
        {{ add_days('days.dt', 'ages.age') }} as dt,
        days.city,
        days.currency,
        {{ bigint_sum('case when ages.age = 0 then days.refunds else 0 end') }} as refunds,
        {{ bigint_sum('case when ages.age = 0 then days.refund_cents else 0 end') }} as refund_cents,
        {{ bigint_sum('case when ages.age = 0 then days.captured_cents else 0 end') }} as captured_cents,
        {{ bigint_sum('days.refund_cents') }} as refund_cents_7d,
        {{ bigint_sum('days.captured_cents') }} as captured_cents_7d
    from days
    cross join (values (0), (1), (2), (3), (4), (5), (6)) as ages (age)
    group by 1, 2, 3
),

final as (
    select
        windows.dt,
        windows.city,
        windows.currency,
        windows.refunds,
        windows.refund_cents,
        windows.captured_cents,
        {{ ratio('refund_cents', 'captured_cents') }} as refund_rate,
        windows.refund_cents_7d,
        windows.captured_cents_7d,
        {{ ratio('refund_cents_7d', 'captured_cents_7d') }} as refund_rate_7d
    from windows
    inner join newest on windows.dt <= newest.dt
    where refunds <> 0 or refund_cents_7d <> 0 or captured_cents_7d <> 0
)

select * from final
