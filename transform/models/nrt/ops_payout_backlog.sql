{{ config(materialized='lake_table', write='whole') }}

with payouts as (
    select * from {{ ref('int_live_payouts') }}
),

final as (
    select
        city,
        currency,
        count(*) filter (where is_recent and kind = 'queued') as queued,
        count(*) filter (where is_recent and kind = 'in_transit') as in_transit,
        count(*) filter (where is_recent and kind = 'paid') as paid,
        count(*) filter (where is_recent and kind = 'failed') as failed,
        count(*) filter (where is_backlog) as backlog,
        {{ bigint_sum('amount_cents', 'is_backlog') }} as backlog_cents,
        min(queued_at) filter (where is_backlog) as oldest_queued_at,
        {{ as_of() }} as as_of
    from payouts
    where is_backlog or kind in ('queued', 'in_transit', 'paid', 'failed')
    group by city, currency
)

select * from final
