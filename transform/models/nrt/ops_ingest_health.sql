{{ config(materialized='lake_table', write='whole') }}

with counts as (
    select
        minute,
        source,
        {{ bigint_sum('accepted') }} as accepted,
        {{ bigint_sum('duplicates') }} as duplicates,
        {{ bigint_sum('quarantined') }} as quarantined
    from {{ ref('int_live_meters') }}
    group by minute, source
),

rejections as (
    select * from {{ ref('int_live_rejections') }}
),

lags as (
    select * from {{ ref('int_live_lags') }}
),

final as (
    select
        counts.minute,
        counts.source,
        counts.accepted,
        counts.duplicates,
        counts.quarantined,
        coalesce(rejections.rejected, '{}') as rejected,
        lags.p95_lag_s,
        {{ as_of() }} as as_of
    from counts
    left join rejections on counts.minute = rejections.minute and counts.source = rejections.source
    left join lags on counts.minute = lags.minute and counts.source = lags.source
    where
        counts.accepted + counts.duplicates + counts.quarantined > 0
        or rejections.rejected is not null
)

select * from final
