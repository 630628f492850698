{{ config(materialized='lake_table', write='whole') }}

with refunds as (
    select * from {{ ref('fact_refunds') }}
    where env = {{ marts_env() }} and kind = 'succeeded'
),

final as (
    select
        dt,
        city,
        currency,
        coalesce(reason, 'unknown') as reason,
        count(*) as refunds,
        {{ bigint_sum('amount_cents') }} as refund_cents
    from refunds
    group by 1, 2, 3, 4
)

select * from final
