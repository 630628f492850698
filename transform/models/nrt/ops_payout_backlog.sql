{{ config(materialized='lake_table', write='whole') }}

with payouts as (
    select
        *,
        occurred_at > {{ add_seconds(as_of(), -86400) }} and occurred_at <= {{ as_of() }} as is_recent,
        age_no = 1 and kind in ('queued', 'in_transit') as is_backlog
    from {{ ref('int_live_payouts') }}
),

final as (
    select
        city,
        money_currency as currency,
        count(*) filter (where is_recent and kind = 'queued') as queued,
        count(*) filter (where is_recent and kind = 'in_transit') as in_transit,
        count(*) filter (where is_recent and kind = 'paid') as paid,
        count(*) filter (where is_recent and kind = 'failed') as failed,
        count(*) filter (where is_backlog) as backlog,
        cast(coalesce(sum(amount_cents) filter (where is_backlog), 0) as bigint) as backlog_cents,
        min(coalesce(queued_at, first_at)) filter (where is_backlog) as oldest_queued_at,
        {{ as_of() }} as as_of
    from payouts
    where is_backlog or (is_recent and kind in ('queued', 'in_transit', 'paid', 'failed'))
    group by city, money_currency
)

select * from final
